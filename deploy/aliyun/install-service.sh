#!/bin/bash
# Kinora on a new machine: what Cloud Assistant runs there as root. It takes the form's values and starts deploy/install.sh, which
# was put there before. Words between two @ are filled in by install.ts. The form's values come as Base64, so that no
# character of a password means anything to this shell. It ends with 0 only when the installed service has answered.
{
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin # what the agent gives is not documented

# Cloud Assistant leaves what it runs on the disk, readable for every user. Bash has read this whole block, so the file may go.
if [[ -f $0 ]] && grep -qs 'what Cloud Assistant runs there' -- "$0"; then : >"$0"; fi

value() { printf %s "$1" | base64 -d; }
region=$(value '@Region@')
model=$(value '@ModelName@')
domain=$(value '@DomainName@')
registry=$(value '@NpmRegistry@')
hub=$(value '@ModelHub@')
options=(--version "$(value '@SoftwareVersion@')" --admin "$(value '@SoftwareUserName@')")

# Networks of mainland China reach the usual sources badly.
case $region in
  cn-hongkong) mirrors= ;;
  cn-*) mirrors=yes ;;
  *) mirrors= ;;
esac
if [[ $mirrors && $registry == auto ]]; then registry=https://registry.npmmirror.com; fi
if [[ $mirrors && $hub == auto ]]; then hub=https://hf-mirror.com; fi
if [[ $registry != auto ]]; then options+=(--registry "$registry"); fi
if [[ $hub != auto ]]; then options+=(--hub "$hub"); fi
if [[ $model != demo ]]; then options+=(--model "$model=$model"); fi
if [[ $domain ]]; then options+=(--domain "$domain"); else options+=(--host 0.0.0.0 --port 80); fi

# The digest is that of deploy/install.sh in the version that the template was made from.
folder=${KINORA_INSTALL_FOLDER:-/var/lib/kinora-install}/@Digest@
unpack() {
  cat "$folder"/part-? | base64 -d | gunzip >"$folder/install.sh" &&
    echo "@Digest@  $folder/install.sh" | sha256sum --check --status
}
if ! unpack 2>/dev/null; then
  echo 'Kinora: the installation script that was put on this machine is damaged: create the stack again from an unchanged template.' >&2
  exit 1
fi
KINORA_ADMIN_PASSWORD=$(value '@SoftwarePassword@')
export KINORA_ADMIN_PASSWORD
exec bash "$folder/install.sh" "${options[@]}" </dev/null
}

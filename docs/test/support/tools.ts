// The folder of programs that the blocks of the documentation may use: this repository's `kinora`, Node, stand-ins for npm, and
// the small tools that every system has. Nothing else is on their PATH, so no page can touch the machine that tests it.

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { REPOSITORY } from './pages.ts'

const SMALL =
  'base64 bash basename cat chmod cp curl cut date dirname env false ffprobe find grep head jq ln ls mkdir mktemp mv od paste printf realpath rm sed seq sha256sum sleep sort tail tee test touch tr true uniq wc'

const MAIN = path.join(REPOSITORY, 'apps/cli/src/main.ts')

/** `serve` and `worker` stay in the foreground on a reader's screen; here the page goes on once they are ready. A new server takes the old one's place. */
const KINORA = `#!/usr/bin/env bash
set -euo pipefail
program=("${process.execPath}" --conditions=kinora-dev "${MAIN}")
role=\${1:-}
case " $* " in *" --help "* | *" --print-config "*) exec "\${program[@]}" "$@" ;; esac
case "$role" in
serve | worker) ;;
generate | upscale)
  if [ -n "\${PAGE_SMALLER:-}" ]; then
    case "$role $* " in
    upscale*) set -- "$@" --steps 2 --width 128 --height 64 ;;
    *" --video "*) set -- "$@" --steps 4 --width 64 --height 64 ;;
    *" --upscale "*) set -- "$@" --steps 2 --width 64 --height 64 --frames 4 --upscale-size 128x64 --upscale-steps 2 ;;
    *) set -- "$@" --steps 2 --width 64 --height 64 --frames 4 ;;
    esac
  fi
  exec "\${program[@]}" "$@" ;;
*) exec "\${program[@]}" "$@" ;;
esac
log="$PAGE_STATE/$role.log"
if [ "$role" = serve ] && [ -e "$PAGE_STATE/serve.pid" ]; then
  before=$(cat "$PAGE_STATE/serve.pid")
  kill "$before" 2>/dev/null || true
  while kill -0 "$before" 2>/dev/null; do sleep 0.1; done
fi
"\${program[@]}" "$@" >"$log" 2>"$log.errors" </dev/null &
pid=$!
[ "$role" = worker ] || echo "$pid" >"$PAGE_STATE/serve.pid"
until grep -Eq 'Ready to make videos|made by workers|takes jobs' "$log"; do
  kill -0 "$pid" 2>/dev/null || { cat "$log" "$log.errors" >&2; exit 1; }
  sleep 0.1
done
cat "$log"
`

/** What would be installed is here already; everything else of npm needs a mark. */
const NPM = `#!/usr/bin/env bash
set -euo pipefail
case "\${1:-}" in
ci) exit 0 ;;
i | install)
  shift
  for name in "$@"; do
    case "$name" in -*) continue ;; esac
    bare=$(printf %s "$name" | sed -E 's/(.)@[^/]*$/\\1/')
    [ -e "${REPOSITORY}node_modules/$bare" ] || { echo "npm install $name: no package of that name is ours, or installed here" >&2; exit 1; }
  done
  exit 0 ;;
run)
  [ "\${2:-}" = kinora ] && { shift 2; [ "\${1:-}" != -- ] || shift; exec kinora "$@"; }
  [ "\${2:-}" = demo ] && exec kinora generate "a big yellow triangle falling on a navy background" --seed 1 --force -o demo.mp4 ;;
esac
echo "npm $*: not here; mark the block" >&2
exit 1
`

const NPX = `#!/usr/bin/env bash
set -euo pipefail
while case "\${1:-}" in -y | --yes) true ;; *) false ;; esac; do shift; done
case "\${1:-}" in kinora | @kinora/cli | @kinora/cli@*) shift; exec kinora "$@" ;; esac
echo "npx $*: not here; mark the block" >&2
exit 1
`

/** Makes the folder. Tools that this machine lacks are absent in it. */
export function makeTools(folder: string): string {
  mkdirSync(folder)
  for (const name of SMALL.split(' ')) {
    const found = spawnSync('bash', ['-c', `type -P ${name}`], { encoding: 'utf8' }).stdout.trim()
    if (found !== '') symlinkSync(found, path.join(folder, name))
  }
  symlinkSync(process.execPath, path.join(folder, 'node'))
  for (const [name, text] of Object.entries({ kinora: KINORA, npm: NPM, npx: NPX })) {
    writeFileSync(path.join(folder, name), text)
    chmodSync(path.join(folder, name), 0o755)
  }
  return folder
}

#!/bin/bash
# Part @Part@ of @Parts@ of Kinora's deploy/install.sh, compressed, is put on the machine. install-service.sh puts the parts together.
set -euo pipefail
folder=${KINORA_INSTALL_FOLDER:-/var/lib/kinora-install}/@Digest@
mkdir -p -m 700 "$folder"
cat >"$folder/part-@Part@" <<'PART'
@Content@
PART

# shellcheck shell=sh
# doctor FOLDER PROGRAM DOTNET_ROOT: what the uploaded program itself finds on the machine.
cd "$1" || exit
[ -z "$3" ] || { DOTNET_ROOT=$3 && export DOTNET_ROOT; }
"$1/program/$2/attn-crnn" doctor --json

# shellcheck shell=sh
# doctor FOLDER PROGRAM DOTNET_ROOT: runs the uploaded program's doctor.
cd "$1" || exit
[ -z "$3" ] || { DOTNET_ROOT=$3 && export DOTNET_ROOT; }
"$1/program/$2/attn-crnn" doctor --json

#!/usr/bin/env bash
# The program for a machine without .NET, in one folder: scripts/publish.sh RID [OUT], as in: scripts/publish.sh linux-x64 artifacts/linux-x64
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"
[ $# -ge 1 ] || { say "usage: scripts/publish.sh RID [OUT], with a RID as in linux-x64 or linux-arm64"; exit 2; }
rid=$1
out=$(realpath -m "${2:-$root/artifacts/$rid}")
need_dotnet
# Built apart, so that neither the program that ./attn-crnn runs nor the locked packages, which know no RID, are touched.
apart=$root/artifacts/publish
log=$(mktemp)
trap 'rm -f "$log"' EXIT
rm -rf "$out"
if ! "$DOTNET" publish "$root/src/AttnCrnn.Cli/AttnCrnn.Cli.csproj" -c Release -r "$rid" --self-contained -o "$out" --artifacts-path "$apart" \
    -p:PublishReadyToRun=true -p:NuGetLockFilePath="$apart/\$(MSBuildProjectName).lock.json" -nodeReuse:false >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
say "$out ($(du -sm "$out" | cut -f 1) MiB)"

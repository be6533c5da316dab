#!/usr/bin/env bash
# Publishes the self-contained program, for a machine without .NET: scripts/publish.sh RID [OUT], as in
# scripts/publish.sh linux-x64 artifacts/linux-x64
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"
[ $# -ge 1 ] || { say "usage: scripts/publish.sh RID [OUT], where RID is linux-x64, linux-arm64, ..."; exit 2; }
rid=$1
out=$(realpath -m "${2:-$root/artifacts/$rid}")
need_dotnet
# Separate artifacts and lock files: the program that ./attn-crnn runs and the committed lock files, which have no RID,
# stay unchanged.
artifacts=$root/artifacts/publish
log=$(mktemp)
trap 'rm -f "$log"' EXIT
rm -rf "$out"
if ! "$DOTNET" publish "$root/src/AttnCrnn.Cli/AttnCrnn.Cli.csproj" -c Release -r "$rid" --self-contained -o "$out" \
    --artifacts-path "$artifacts" -p:PublishReadyToRun=true -nodeReuse:false \
    -p:NuGetLockFilePath="$artifacts/\$(MSBuildProjectName).lock.json" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
say "$out ($(du -sm "$out" | cut -f 1) MiB)"

#!/usr/bin/env bash
# Packs the tool and the library, installs the tool from the folder as a user would, trains with it, and builds the samples against the library's
# package. Everything goes to a folder that is removed at the end; the user's own tools and packages are not touched.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"
need_dotnet
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
feed=$scratch/feed
known=${NUGET_PACKAGES:-$HOME/.nuget/packages}
fail() { say "packages: $*"; exit 1; }
quietly() { "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; fail "$* failed"; }; }

quietly "$DOTNET" restore "$root/AttnCrnn.slnx" --locked-mode
for project in AttnCrnn AttnCrnn.Cli; do
    quietly "$DOTNET" pack "$root/src/$project" -c Release --no-restore -nodeReuse:false -o "$feed"
done
ls "$feed"/AttnCrnn.*.nupkg "$feed"/AttnCrnn.*.snupkg "$feed"/attn-crnn.*.nupkg >/dev/null || fail "a package is missing"
size=$(du -m "$feed"/attn-crnn.*.nupkg | cut -f1)
[ "$size" -le 120 ] || fail "the tool's package has $size MB"
for entry in lib/net10.0/AttnCrnn.dll lib/net10.0/AttnCrnn.xml library.md; do
    python3 -c 'import sys, zipfile; sys.exit(sys.argv[2] not in zipfile.ZipFile(sys.argv[1]).namelist())' "$feed"/AttnCrnn.[0-9]*.nupkg "$entry" || fail "the library's package lacks $entry"
done

# The tool, in a home of its own.
cat >"$scratch/nuget.config" <<CONFIG
<configuration><packageSources><clear /><add key="feed" value="$feed" /></packageSources></configuration>
CONFIG
(
    cd "$scratch"
    export DOTNET_CLI_HOME=$scratch/home PATH=$scratch/home/.dotnet/tools:$PATH
    quietly "$DOTNET" tool install --global attn-crnn --configfile "$scratch/nuget.config"
    attn-crnn --version >/dev/null
    quietly attn-crnn demo --workdir demo --epochs 2
) || exit 1

# The samples against the library's package, whose own dependencies are those that are here already.
run=$(basename "$(ls -d "$scratch"/demo/checkpoints/*)")
for sample in PredictFile TrainOnFolder; do
    mkdir -p "$scratch/$sample"
    cp "$root/samples/$sample/Program.cs" "$scratch/$sample"
    sed 's|<ProjectReference .*|<PackageReference Include="AttnCrnn" Version="*" />|; s|<OutputType>|<TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>&|' \
        "$root/samples/$sample/$sample.csproj" >"$scratch/$sample/$sample.csproj"
    quietly "$DOTNET" build "$scratch/$sample" -c Release -nodeReuse:false -p:RestorePackagesPath="$scratch/packages" -p:RestoreFallbackFolders="$known" -p:RestoreConfigFile="$scratch/nuget.config"
done
clip=$(find "$scratch/demo/synthetic_speech" -name '*.wav' | sort | head -n 1)
(cd "$scratch/demo" && "$DOTNET" "$scratch/PredictFile/bin/Release/net10.0/PredictFile.dll" "$run" "$clip") | grep -q ': [a-z]* 0\.[0-9]*, ' || fail "the sample predicted nothing"
(cd "$scratch" && "$DOTNET" "$scratch/TrainOnFolder/bin/Release/net10.0/TrainOnFolder.dll" "$scratch/demo/synthetic_speech" 1) | grep -q '^UAR 0\.[0-9]* on ' || fail "the sample trained nothing"
say "packages: the tool ($size MB) installs and trains; the samples build against the library's package and run"

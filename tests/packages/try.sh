#!/usr/bin/env bash
# Packs the tool, the two packages of the library and the encoder, installs the tool from the folder as a user would, extracts and trains
# with it, and builds the samples and a trimmed application against the packages. Everything goes to a folder that is
# removed at the end; the user's own tools and packages are not touched.
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
for project in AttnCrnn.Inference AttnCrnn AttnCrnn.Encoders.WhisperTiny AttnCrnn.Cli; do
    quietly "$DOTNET" pack "$root/src/$project" -c Release --no-restore -nodeReuse:false -warnaserror -o "$feed"
done
library=$(echo "$feed"/AttnCrnn.[0-9]*.nupkg)
inference=$(echo "$feed"/AttnCrnn.Inference.[0-9]*.nupkg)
encoder=$(echo "$feed"/AttnCrnn.Encoders.WhisperTiny.[0-9]*.nupkg)
tool=$(echo "$feed"/attn-crnn.[0-9]*.nupkg)
for package in "$library" "${library%.nupkg}.snupkg" "$inference" "${inference%.nupkg}.snupkg" "$encoder" "$tool"; do
    [ -f "$package" ] || fail "$package is missing"
done
# holds PACKAGE ENTRY...
holds() {
    python3 - "$@" <<'PYTHON' || fail "the package lacks a file"
import sys, zipfile
missing = set(sys.argv[2:]) - set(zipfile.ZipFile(sys.argv[1]).namelist())
sys.exit(f"{sys.argv[1]} lacks {', '.join(sorted(missing))}" if missing else 0)
PYTHON
}
mapfile -t model < <(cd "$root/models" && printf 'models/%s\n' whisper-tiny.en/*)
holds "$library" lib/net10.0/AttnCrnn.dll lib/net10.0/AttnCrnn.xml library.md THIRD-PARTY-NOTICES.md
holds "$inference" lib/net10.0/AttnCrnn.Inference.{dll,xml} library.md THIRD-PARTY-NOTICES.md
holds "$encoder" README.md "${model[@]}" {build,buildTransitive}/AttnCrnn.Encoders.WhisperTiny.targets
notices=(THIRD-PARTY-NOTICES.md notices/Microsoft.ML.OnnxRuntime.txt notices/ScottPlot.txt notices/System.IO.Hashing.txt
    notices/SkiaSharp.NativeAssets.Linux.NoDependencies.txt)
holds "$tool" "${model[@]/#/tools/net10.0/any/}" "${notices[@]/#/tools/net10.0/any/}"
size=$(wc -c <"$tool")
[ "$size" -le 120000000 ] || fail "the tool's package has $size bytes"
python3 - "$root" <<'PYTHON' || fail "THIRD-PARTY-NOTICES.md does not name every package"
import json, sys
root = sys.argv[1]
locked = json.load(open(f"{root}/src/AttnCrnn.Cli/packages.lock.json"))["dependencies"]["net10.0"]
packages = {name for name, package in locked.items() if package["type"] != "Project"}
rows = {line.split("|")[1].strip() for line in open(f"{root}/THIRD-PARTY-NOTICES.md") if line.startswith("| ")}
sys.exit(f"no line for {', '.join(sorted(packages - rows))}" if packages - rows else 0)
PYTHON

# The tool, in a home of its own. The configuration is in a folder of its own, where no other project finds it.
mkdir "$scratch/feed-only"
config=$scratch/feed-only/nuget.config
cat >"$config" <<CONFIG
<configuration><packageSources><clear /><add key="feed" value="$feed" /></packageSources></configuration>
CONFIG
(
    cd "$scratch"
    export DOTNET_CLI_HOME=$scratch/home PATH=$scratch/home/.dotnet/tools:$PATH
    quietly "$DOTNET" tool install --global attn-crnn --configfile "$config"
    attn-crnn --version >/dev/null
    quietly attn-crnn demo --workdir demo --epochs 2
    # The encoder inside, where there is nothing else: neither the repository nor a cache of the hub.
    mkdir empty
    cd empty
    export HOME=$scratch/empty
    quietly attn-crnn extract "$scratch/demo/synthetic_speech" --out frames
    grep -q '"whisper-tiny.en"' frames/store.json || fail "the tool's default encoder is not the one inside"
    quietly attn-crnn train --data-dirs frames --epochs 1
) || exit 1

# The samples against the packages, whose own dependencies are those that are here already.
for sample in CustomEncoder PredictFile PredictFolderInParallel PredictStream ResumeTraining TrainOnFolder; do
    mkdir -p "$scratch/$sample"
    cp "$root/samples/$sample"/*.cs "$scratch/$sample"
    defaults='<TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>'
    defaults+='<Nullable>enable</Nullable>'
    sed 's|<ProjectReference Include="[^"]*/\([^/"]*\)\.csproj"|<PackageReference Include="\1" Version="*"|
        s| ReferenceOutputAssembly="false"||; s|<OutputType>|'"$defaults"'&|' \
        "$root/samples/$sample/$sample.csproj" >"$scratch/$sample/$sample.csproj"
    quietly "$DOTNET" build "$scratch/$sample" -c Release -nodeReuse:false -p:RestorePackagesPath="$scratch/packages" \
        -p:RestoreFallbackFolders="$known" -p:RestoreConfigFile="$config"
done
# dll SAMPLE: the built sample
dll() { echo "$scratch/$1/bin/Release/net10.0/$1.dll"; }
clip=$(find "$scratch/demo/synthetic_speech" -name '*.wav' | sort | sed -n 1p)
for folder in demo empty; do
    model_file=$(find "$scratch/$folder/checkpoints" -name 'best_*.keras' | sort | sed -n 1p)
    (cd "$scratch/$folder" && "$DOTNET" "$(dll PredictFile)" "$model_file" "$clip") | grep -q ': [a-z]* 0\.[0-9]*, ' ||
        fail "the sample predicted nothing with the model of $folder"
done
"$DOTNET" "$(dll PredictFolderInParallel)" "$model_file" "$(dirname "$clip")" >"$scratch/log"
grep -q ': [a-z]* 0\.[0-9]*$' "$scratch/log" || fail "the parallel sample predicted nothing"
# The header of the file is heard as 22 samples.
"$DOTNET" "$(dll PredictStream)" "$model_file" 16000 <"$clip" | grep -q '^0\.00-.* s  [a-z]* [01]\.' ||
    fail "the sample predicted nothing from a stream"
(cd "$scratch" && "$DOTNET" "$(dll TrainOnFolder)" "$scratch/demo/synthetic_speech" 1) |
    grep -q '^UAR [01]\.[0-9]* on ' || fail "the sample trained nothing"
run=$(basename "$(ls -d "$scratch"/checkpoints/*)")
(cd "$scratch" && "$DOTNET" "$(dll ResumeTraining)" "$run") | grep -q '^UAR [01]\.[0-9]* on ' ||
    fail "the sample did not open the run"
mkdir "$scratch/custom"
(cd "$scratch/custom" && "$DOTNET" "$(dll CustomEncoder)" "$scratch/demo/synthetic_speech" "$clip" 1) |
    grep -q '^[a-z]* 0\.[0-9]*$' || fail "the sample predicted nothing with its own encoder"

# A trimmed application with its runtime. What it needs beyond the packages above comes from the machine's own sources.
version=${library##*/AttnCrnn.}
version=${version%.nupkg}
trimmed() {
    local app=$scratch/trimmed-$1
    cp -r "$root/tests/packages/TrimmedEncoder" "$app"
    quietly "$DOTNET" publish "$app" --use-current-runtime --self-contained -o "$app/out" -nodeReuse:false \
        -p:PackedVersion="$version" -p:WithEncoder="$1" -p:RestoreAdditionalProjectSources="$feed" \
        -p:RestorePackagesPath="$scratch/packages" -p:RestoreFallbackFolders="$known"
    (cd / && "$app/out/TrimmedEncoder") >"$scratch/log" 2>&1
}
if ! trimmed true || ! grep -qx '25 frames of 384 features' "$scratch/log"; then
    fail "the trimmed application: $(cat "$scratch/log")"
fi
if trimmed false || ! grep -q 'add the NuGet package AttnCrnn.Encoders.WhisperTiny' "$scratch/log"; then
    fail "the trimmed application without its encoder: $(cat "$scratch/log")"
fi
say "packages: the tool ($((size / 1000000)) MB) installs, extracts and trains; samples and a trimmed application run"

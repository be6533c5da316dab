# NEVER RUN BY ITS AUTHORS: written without a Windows machine (docs/platforms.md). Please report what fails.
# From a new clone to a report: builds, generates synthetic speech, and runs the complete workflow on it.
# .\quickstart.ps1 [FOLDER]   the output folder (.\demo by default)
param([string] $Folder = (Join-Path $PSScriptRoot 'demo'))
$ErrorActionPreference = 'Stop'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue) -or -not (dotnet --list-sdks | Select-String '^10\.')) {
    throw 'The .NET 10 SDK is missing: winget install Microsoft.DotNet.SDK.10'
}
if (-not (Get-Command ffmpeg -ErrorAction SilentlyContinue)) {
    Write-Warning 'ffmpeg is missing, which is needed for audio other than WAV and FLAC: winget install Gyan.FFmpeg'
}
$project = Join-Path $PSScriptRoot 'src/AttnCrnn.Cli/AttnCrnn.Cli.csproj'
dotnet build $project -c Release -v quiet -nologo -nodeReuse:false
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& (Join-Path $PSScriptRoot 'src/AttnCrnn.Cli/bin/Release/net10.0/attn-crnn.exe') demo --workdir $Folder
exit $LASTEXITCODE

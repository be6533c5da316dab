# NEVER RUN BY ITS AUTHORS: written without a Windows machine (docs/platforms.md). Please report what fails.
# Builds, and runs the unit tests. The integration tests need a Unix shell, ssh and tmux: they run in ./test alone.
# .\test.ps1 [ARGUMENT...]    passed to the test runner, as in: .\test.ps1 -class AttnCrnn.Tests.ArchitectureTests
$ErrorActionPreference = 'Stop'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue) -or -not (dotnet --list-sdks | Select-String '^10\.')) {
    throw 'The .NET 10 SDK is missing: winget install Microsoft.DotNet.SDK.10'
}
$project = Join-Path $PSScriptRoot 'tests/AttnCrnn.Tests/AttnCrnn.Tests.csproj'
dotnet build $project -c Release -v quiet -nologo -nodeReuse:false
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
# A test that needs Unix or Linux says so with a trait (tests/AttnCrnn.Testing/RequiresAttribute.cs).
$runner = Join-Path $PSScriptRoot 'tests/AttnCrnn.Tests/bin/Release/net10.0/AttnCrnn.Tests.exe'
& $runner -noLogo -noColor -trait- Requires=unix -trait- Requires=linux -trait- Category=Corpora @args
exit $LASTEXITCODE

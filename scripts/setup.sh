# shellcheck shell=bash
# Sourced by the commands in the root folder: checks and installs prerequisites.
# Installs only as root or with passwordless sudo; otherwise prints the command to run.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

# install_package DEBIAN FEDORA BREW: installs with the system's package manager, if it has the package and the user has
# the rights.
install_package() {
    if command -v apt-get >/dev/null; then
        apt-cache show "$1" >/dev/null 2>&1 || as_root apt-get update -qq >/dev/null 2>&1 || return 1
        apt-cache show "$1" >/dev/null 2>&1 || return 1
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
    elif command -v dnf >/dev/null; then as_root dnf install -y -q "$2" >/dev/null
    elif command -v brew >/dev/null; then brew install --quiet "$3" >/dev/null
    else return 1
    fi
}

has_sdk() {
    local dotnet
    dotnet=$(find_dotnet) || return 1
    "$dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'
}

find_dotnet() {
    command -v dotnet && return
    local folder
    for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        if [ -n "$folder" ] && [ -x "$folder/dotnet" ]; then
            printf '%s\n' "$folder/dotnet"
            return
        fi
    done
    return 1
}

need_dotnet() {
    if ! has_sdk; then
        say "The .NET 10 SDK is missing; trying the system's package manager…"
        if ! install_package dotnet-sdk-10.0 dotnet-sdk-10.0 dotnet || ! has_sdk; then
            say "The installation failed. Get it from https://dotnet.microsoft.com/download/dotnet/10.0,"
            say "or with Microsoft's script https://dot.net/v1/dotnet-install.sh, which does not need root:"
            say "  bash dotnet-install.sh --channel 10.0"
            say "Ubuntu: sudo apt-get install dotnet-sdk-10.0"
            say "Fedora: sudo dnf install dotnet-sdk-10.0"
            say "macOS:  brew install dotnet"
            exit 1
        fi
    fi
    DOTNET=$(find_dotnet)
    # The built program finds its runtime by this variable if .NET is not in the system's default location.
    if [ -z "${DOTNET_ROOT:-}" ]; then
        DOTNET_ROOT=$(dirname "$(readlink -f "$DOTNET")")
        export DOTNET_ROOT
    fi
}

want_ffmpeg() {
    command -v ffmpeg >/dev/null && return
    say "ffmpeg is missing, which is needed for audio other than WAV and FLAC (MP3, MP4, ...);" \
        "trying the system's package manager..."
    if ! install_package ffmpeg ffmpeg ffmpeg || ! command -v ffmpeg >/dev/null; then
        say "The installation failed; continuing without ffmpeg. To install it: sudo apt-get install ffmpeg," \
            "sudo dnf install ffmpeg, or brew install ffmpeg."
    fi
}

# build PROJECT…: restores and builds in Release; prints the output only on failure.
build() {
    local log locked=()
    [ "${CI:-}" != true ] || locked=(--locked-mode)
    log=$(mktemp)
    for project in "$@"; do
        if ! {
            "$DOTNET" restore "$project" "${locked[@]}" &&
                "$DOTNET" build "$project" --no-restore -c Release -nodeReuse:false
        } >"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            say "The build of $project failed; see its output above."
            return 1
        fi
    done
    rm -f "$log"
}

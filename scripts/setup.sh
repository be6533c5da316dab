# shellcheck shell=bash
# Sourced by the commands at the root: what the machine must have, what is missing, how to get it.
# Nothing is installed for a user who is neither root nor allowed to sudo without a question; then the command to type is printed.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

# install_package DEBIAN FEDORA BREW: by the system's package manager, where it has that package and we may.
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
    local at
    for at in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        if [ -n "$at" ] && [ -x "$at/dotnet" ]; then
            printf '%s\n' "$at/dotnet"
            return
        fi
    done
    return 1
}

need_dotnet() {
    if ! has_sdk; then
        say "The .NET 10 SDK is missing; trying the system's package manager…"
        if ! install_package dotnet-sdk-10.0 dotnet-sdk-10.0 dotnet || ! has_sdk; then
            say "It could not be installed here. Get it from https://dotnet.microsoft.com/download/dotnet/10.0,"
            say "or with Microsoft's script, which needs no root:  bash dotnet-install.sh --channel 10.0   (https://dot.net/v1/dotnet-install.sh)"
            say "Ubuntu: sudo apt-get install dotnet-sdk-10.0   Fedora: sudo dnf install dotnet-sdk-10.0   macOS: brew install dotnet"
            exit 1
        fi
    fi
    DOTNET=$(find_dotnet)
    # The built program finds its runtime by this where .NET was not installed in the system's usual place.
    if [ -z "${DOTNET_ROOT:-}" ]; then
        DOTNET_ROOT=$(dirname "$(readlink -f "$DOTNET")")
        export DOTNET_ROOT
    fi
}

want_ffmpeg() {
    command -v ffmpeg >/dev/null && return
    say "ffmpeg is missing: only audio other than WAV and FLAC (MP3, MP4, …) needs it; trying the system's package manager…"
    if ! install_package ffmpeg ffmpeg ffmpeg || ! command -v ffmpeg >/dev/null; then
        say "It could not be installed here; going on without it. To get it: sudo apt-get install ffmpeg, sudo dnf install ffmpeg, or brew install ffmpeg."
    fi
}

# build PROJECT…: restore and build in Release, quietly; the whole output only when it fails.
build() {
    local log locked=()
    [ "${CI:-}" != true ] || locked=(--locked-mode)
    log=$(mktemp)
    for project in "$@"; do
        if ! { "$DOTNET" restore "$project" "${locked[@]}" && "$DOTNET" build "$project" --no-restore -c Release -nodeReuse:false; } >"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            say "The build of $project failed; its output stands above."
            return 1
        fi
    done
    rm -f "$log"
}

# shellcheck shell=sh
# process_of FOLDER RUN: prints the run's process ID, or nothing. Ignores an ID that was reused by another program.
process_of() {
    [ -s "$1/pid" ] || return 0
    process=$(cat "$1/pid")
    kill -0 "$process" 2>/dev/null || return 0
    if [ -r "/proc/$process/cmdline" ]; then
        tr '\0' '\n' <"/proc/$process/cmdline" | grep -qxF -e "$2" || return 0
    fi
    echo "$process"
}

# sha256 [FILE…]: prints hashes of the files, or of standard input, in the format of sha256sum.
sha256() { if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# lock_scripts FOLDER: holds the folder's second lock until this script ends. A script keeps running after a lost
# connection; the next deployment waits for it.
lock_scripts() {
    exec 8>>"$1/.work"
    flock 8
}

# find_session FOLDER RUN: prints the session in which the run is running, ? if it is running without a session, or
# nothing.
find_session() {
    session=
    for file in "$1"/sessions/*; do
        [ "$(sed -n 1p "$file" 2>/dev/null)" = "$2" ] || continue
        session=${file##*/}
        # The session of an ended run may remain until its results are fetched.
        if [ ! -s "$1/logs/$2/exit_code" ] && job_state "$session" "$1/logs/$2" | grep -qx session=yes; then
            echo "$session"
            return
        fi
    done
    [ -z "$(process_of "$1/logs/$2" "$2")" ] || echo "${session:-?}"
}

# require_not_running FOLDER RUN: ends the script with exit code 3 if the run is already running: two processes would
# overwrite each other's checkpoints.
require_not_running() {
    session=$(find_session "$1" "$2")
    [ -n "$session" ] || return 0
    echo "$2 is already running in the session $session: with --name $session," \
        "show it by deploy --attach or monitor, or end it by stop" >&2
    exit 3
}

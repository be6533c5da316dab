# shellcheck shell=sh
# process_of FOLDER RUN: the run's process ID, or nothing. Ignores an ID that was reused by another program.
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

# at_work FOLDER: holds the folder's second lock until this script ends. A script keeps running after a lost connection;
# the next deployment waits for it.
at_work() {
    exec 8>>"$1/.work"
    flock 8
}

# working_in FOLDER RUN: the session in which the run is running, ? if it is running without one, nothing otherwise.
working_in() {
    about=
    for file in "$1"/sessions/*; do
        [ "$(sed -n 1p "$file" 2>/dev/null)" = "$2" ] || continue
        about=${file##*/}
        # The session of an ended run may remain until its results are fetched.
        if [ ! -s "$1/logs/$2/exit_code" ] && job_state "$about" "$1/logs/$2" | grep -qx session=yes; then
            echo "$about"
            return
        fi
    done
    [ -z "$(process_of "$1/logs/$2" "$2")" ] || echo "${about:-?}"
}

# alone FOLDER RUN: refuses if the run is already running: two processes would overwrite each other's checkpoints.
alone() {
    working=$(working_in "$1" "$2")
    [ -n "$working" ] || return 0
    echo "$2 is already running in the session $working: with --name $working," \
        "watch it by deploy --attach or monitor, or end it by stop" >&2
    exit 3
}

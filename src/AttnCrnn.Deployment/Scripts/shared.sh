# shellcheck shell=sh
# process_of FOLDER RUN: the number of the run's process, or nothing. A number that another program has got since is not the run's.
process_of() {
    [ -s "$1/pid" ] || return 0
    process=$(cat "$1/pid")
    kill -0 "$process" 2>/dev/null || return 0
    if [ -r "/proc/$process/cmdline" ]; then
        tr '\0' '\n' <"/proc/$process/cmdline" | grep -qxF -e "$2" || return 0
    fi
    echo "$process"
}

# sha256 FILE…: as sha256sum has it, or the input where no file is named.
sha256() { if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# at_work FOLDER: holds the folder's second lock until this script ends. A script goes on when its connection is cut; the next deployment waits for it.
at_work() {
    exec 8>>"$1/.work"
    flock 8
}

# working_in FOLDER RUN: the session that the run is at work in, ? where no session tells of it, nothing where it is not at work.
working_in() {
    about=
    for file in "$1"/sessions/*; do
        [ "$(sed -n 1p "$file" 2>/dev/null)" = "$2" ] || continue
        about=${file##*/}
        # One that has ended may wait in its session to be fetched.
        if [ ! -s "$1/logs/$2/exit_code" ] && keeper_state "$about" "$1/logs/$2" | grep -qx session=yes; then
            echo "$about"
            return
        fi
    done
    [ -z "$(process_of "$1/logs/$2" "$2")" ] || echo "${about:-?}"
}

# alone FOLDER RUN: refuses where the run is at work: two trainings of one run would write over each other's checkpoints.
alone() {
    working=$(working_in "$1" "$2")
    [ -n "$working" ] || return 0
    echo "$2 is at work already, in the session $working: with --name $working, watch it by deploy --attach or monitor, or end it by stop" >&2
    exit 3
}

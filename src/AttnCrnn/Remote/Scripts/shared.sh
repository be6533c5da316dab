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

# at_work FOLDER: holds the folder's second lock until this script ends. A script goes on when its connection is cut; the next deployment waits for it.
at_work() {
    exec 8>>"$1/.work"
    flock 8
}

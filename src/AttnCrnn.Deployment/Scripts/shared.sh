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

# for_each_progress STATE COMMAND: runs COMMAND FILE FOLD SEED for each file of events in the folder of a run's log. FOLD
# is 0 without folds; SEED is empty for a run of one seed, and for the first of several.
for_each_progress() {
    for file in "$1/progress.jsonl" "$1"/fold_*/progress.jsonl \
        "$1"/seed_*/progress.jsonl "$1"/seed_*/fold_*/progress.jsonl; do
        [ -f "$file" ] || continue
        fold=${file%/progress.jsonl}
        fold=${fold##*/fold_}
        case $fold in *[!0-9]*) fold=0 ;; esac
        seed=
        case $file in "$1"/seed_*) seed=${file#"$1"/seed_} seed=${seed%%/*} ;; esac
        case $seed in *[!0-9]*) continue ;; esac
        "$2" "$file" "$fold" "$seed"
    done
}

# seed_fields CONFIG SEED: prints the fields that the events of a seed get, so that a reader can tell the seeds of a
# repeated run apart; nothing for a run of one seed. SEED is empty for the first.
seed_fields() {
    [ -f "$1" ] || return 0
    seeds=$(sed -n 's/^ *"repeat": *\([0-9][0-9]*\),*$/\1/p' "$1")
    first=$(sed -n 's/^ *"seed": *\([0-9][0-9]*\),*$/\1/p' "$1")
    if [ "${seeds:-1}" != 1 ] && [ -n "$first" ]; then
        printf '"seed":%s,"first_seed":%s,"seeds":%s,' "${2:-$first}" "$first" "$seeds"
    fi
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

# shellcheck shell=sh
# Set by SlurmJobRunner.
# shellcheck disable=SC2154

# The job runner functions for Slurm. A run is a job, after one job array each for an extraction and for folds, if any.
# FOLDER/.jobs lists their numbers, "run 17" last, and FOLDER/.parts the names of the array tasks. Defined before:
# slurm_sbatch ARGUMENT…, which submits with the user's options and prints the job number; slurm_job and slurm_part,
# the batch scripts; slurm_extraction, a script that sets the arguments of extract, slurm_shards and slurm_store, or
# empty.

# slurm_list_tasks NUMBER: prints "STATE|REASON|NODES|TIME" for each task; nothing if Slurm no longer knows the job.
slurm_list_tasks() (
    if ! tasks=$(squeue --noheader --array --states=all --jobs="$1" --format='%T|%r|%N|%M' 2>&1); then
        case $tasks in
            *"Invalid job id"*) tasks= ;;
            *)
                # A scheduler that does not respond may still have the job.
                echo "UNKNOWN|$(printf %s "$tasks" | tr '\n|' '  ')||"
                return
                ;;
        esac
    fi
    # Slurm's scheduler removes a job minutes after its end; the accounting database, if there is one, keeps it.
    accounting() { sacct --noheader --parsable2 "$@" 2>/dev/null; }
    [ -n "$tasks" ] || tasks=$(accounting --allocations --jobs="$1" --format=State,ExitCode,NodeList,Elapsed) || tasks=
    [ -n "$tasks" ] || tasks=$(accounting --completion --jobs="$1" --format=State,ExitCode,NodeList) || tasks=
    [ -z "$tasks" ] || printf '%s\n' "$tasks"
)

# slurm_describe NUMBER: prints a job's state (over, running or waiting) and a description, as in
# "running 16: 2 running on node7, 3 pending (Resources)".
slurm_describe() {
    slurm_list_tasks "$1" | awk -F '|' -v number="$1" '
        { state = $1; sub(/ .*/, "", state); sub(/\+$/, "", state) } # CANCELLED by 1000
        state ~ /^(BOOT_FAIL|CANCELLED|COMPLETED|DEADLINE|FAILED|NODE_FAIL)$/ { over++ }
        state ~ /^(OUT_OF_MEMORY|PREEMPTED|REVOKED|TIMEOUT)$/ { over++ }
        state == "RUNNING" || state == "COMPLETING" { running++ }
        {
            text = tolower(state)
            if (state == "RUNNING") { text = text " on " $3; elapsed = $4 }
            else if ($2 != "" && $2 != "None" && $2 != "0:0" && $2 != "Unknown") text = text " (" $2 ")"
            if (!(text in count)) order[++kinds] = text
            count[text]++
        }
        END {
            for (i = 1; i <= kinds; i++) line = line (i > 1 ? ", " : "") (NR > 1 ? count[order[i]] " " : "") order[i]
            if (NR == 1 && elapsed != "") line = line " for " elapsed
            if (NR == 0) line = "unknown to the cluster, or ended too long ago"
            print (NR == 0 || over == NR ? "over" : running ? "running" : "waiting") " " number ": " line
        }'
}

slurm_job_numbers() { [ ! -f "$1/.jobs" ] || sed 's/.* //' "$1/.jobs"; }

job_state() (
    [ -f "$2/.jobs" ] || { echo session=no && return; }
    session=no stage=
    while read -r kind number; do
        job=$(slurm_describe "$number")
        [ "$kind" = run ] && label=job || label=$kind
        echo "note=$label: ${job#* }"
        [ "${job%% *}" = over ] || session=yes
        [ "${job%% *}" != running ] || stage=working
    done <"$2/.jobs"
    echo "session=$session"
    [ "$session" = no ] || echo "stage=${stage:-waiting}"
)

# slurm_submit FOLDER KIND ARGUMENT…: submits a job and records its number.
slurm_submit() {
    folder=$1 kind=$2
    shift 2
    if ! number=$(slurm_sbatch --chdir="$folder" --open-mode=append "$@"); then
        # Cancel the run's other jobs.
        slurm_job_numbers "$folder" | xargs -r scancel
        rm -f "$folder/.jobs"
        return 1
    fi
    # sbatch prints NUMBER;CLUSTER if there are several clusters.
    echo "$kind ${number%%;*}" >>"$folder/.jobs"
}

# slurm_array FOLDER KIND COUNT PROGRAM DOTNET_ROOT NAME: submits an array that starts once the previous one succeeds.
slurm_array() {
    previous_job=$(slurm_job_numbers "$1" | tail -n 1)
    slurm_submit "$1" "$2" --job-name="$6-$2" --array="1-$3" --output="slurm-%A_%a.out" \
        ${previous_job:+--dependency="afterok:$previous_job" --kill-on-invalid-dep=yes} "$1/part.sh" "$1" "$2" "$4" "$5"
    seq "$3" | sed "s/^/$2_/" >>"$1/.parts"
}

job_start() (
    root=${2%/logs/*}
    rm -f "$2/.jobs" "$2/.parts"
    printf '%s' "$slurm_job" >"$2/job.sh"
    printf '%s' "$slurm_part" >"$2/part.sh"
    if [ -n "$slurm_extraction" ]; then
        printf '%s' "$slurm_extraction" >"$2/extraction"
        echo "$slurm_shards" >"$2/shards"
        echo "$slurm_store" >"$2/data"
    fi
    # A resumed run keeps its original extraction; existing features are not recomputed.
    [ ! -f "$2/extraction" ] || slurm_array "$2" extract "$(cat "$2/shards")" "$4" "$5" "$1"
    config=$root/analysis_results/${2##*/}/config.json
    folds=$(sed -n 's/^ *"folds": *\([0-9]*\),*$/\1/p' "$config")
    # A run of a single fold needs no array.
    if [ "${folds:-0}" -gt 0 ] && grep -q '^ *"fold": *null' "$config"; then
        slurm_array "$2" fold "$folds" "$4" "$5" "$1"
    fi
    for part in $(cat "$2/.parts" 2>/dev/null || true); do rm -f "$2/$part/exit_code"; done
    [ ! -f "$2/gathered" ] || sed -i '/^closed$/d' "$2/gathered"
    previous_jobs=$(slurm_job_numbers "$2" | tr '\n' ':')
    slurm_submit "$2" run --job-name="$1" --output=slurm-%j.out \
        ${previous_jobs:+--dependency="afterany:${previous_jobs%:}"} "$2/job.sh" "$2" "$3"
)

# slurm_wait FOLDER TENTHS: waits, in tenths of a second, until all of the run's jobs have ended; fails afterwards.
slurm_wait() (
    tenths=$2
    until [ "$(job_state "" "$1" | grep '^session=')" = session=no ]; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 10))
        sleep 1
    done
)

# slurm_write_exit_code FOLDER CODE TEXT: writes the exit code of a run that can no longer write it, and TEXT to its
# log.
slurm_write_exit_code() {
    [ ! -s "$1/exit_code" ] || return 0
    echo "$3" >>"$1/remote.log"
    echo "$2" >"$1/exit_code.new" && mv -f "$1/exit_code.new" "$1/exit_code"
}

job_signal() (
    numbers=$(slurm_job_numbers "$2")
    if [ "$3" = KILL ]; then
        # Slurm sends TERM, and KILL after KillWait, 30 s by default.
        for number in $numbers; do scancel --quiet "$number"; done
        ! slurm_wait "$2" 600 || slurm_write_exit_code "$2" 137 "killed"
        return
    fi
    # Cancel queued jobs, but not the last one, which starts once the tasks have ended, and reports
    # their result.
    for number in $numbers; do
        if [ ! -f "$2/.parts" ] || [ "$number" != "$(echo "$numbers" | tail -n 1)" ]; then
            scancel --quiet --state=PENDING "$number"
        fi
    done
    if job_state "$1" "$2" | grep -q '^stage=working'; then
        for number in $numbers; do scancel --quiet --full --signal="$3" "$number"; done
    else
        for number in $numbers; do scancel --quiet "$number"; done
        ! slurm_wait "$2" 300 || slurm_write_exit_code "$2" 130 "removed from the cluster's queue before it started"
    fi
)

job_remove() (
    for number in $(slurm_job_numbers "$2"); do scancel --quiet "$number"; done
    slurm_wait "$2" 600 || echo "the cluster did not end the jobs $(slurm_job_numbers "$2" | tr '\n' ' ')" >&2
)

job_gather() { gather "$2"; }

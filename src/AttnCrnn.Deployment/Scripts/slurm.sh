# shellcheck shell=sh
# What SlurmKeeper sets before these.
# shellcheck disable=SC2154

# The functions of a keeper by Slurm. A run is a job; with folds or an extraction of its own, an array for each before it. FOLDER/.jobs has their numbers,
# "run 17" last, and FOLDER/.parts the names of the arrays' tasks. Given before: slurm_sbatch WORD…, which submits with the user's options and prints the number;
# slurm_job and slurm_part, the batch scripts; slurm_extraction, a text that sets the words of extract, slurm_shards and slurm_store, or nothing.

# slurm_tasks NUMBER: of each task "STATE|REASON|NODES|TIME"; nothing where Slurm knows nothing of the job any more.
slurm_tasks() (
    if ! tasks=$(squeue --noheader --array --states=all --jobs="$1" --format='%T|%r|%N|%M' 2>&1); then
        case $tasks in
            *"Invalid job id"*) tasks= ;;
            *)
                # A scheduler that does not answer has not lost the job.
                echo "UNKNOWN|$(printf %s "$tasks" | tr '\n|' '  ')||"
                return
                ;;
        esac
    fi
    # Minutes after its end the scheduler has forgotten a job, and the accounting, where there is one, has not.
    [ -n "$tasks" ] || tasks=$(sacct --noheader --parsable2 --allocations --jobs="$1" --format=State,ExitCode,NodeList,Elapsed 2>/dev/null) || tasks=
    [ -n "$tasks" ] || tasks=$(sacct --completion --noheader --parsable2 --jobs="$1" --format=State,ExitCode,NodeList 2>/dev/null) || tasks=
    [ -z "$tasks" ] || printf '%s\n' "$tasks"
)

# slurm_told NUMBER: a job in a line for people, as in "16: 2 running on node7, 3 pending (Resources)"; before it over, running or waiting.
slurm_told() {
    slurm_tasks "$1" | awk -F '|' -v number="$1" '
        { state = $1; sub(/ .*/, "", state); sub(/\+$/, "", state) } # CANCELLED by 1000
        state ~ /^(BOOT_FAIL|CANCELLED|COMPLETED|DEADLINE|FAILED|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|REVOKED|TIMEOUT)$/ { over++ }
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
            print (NR == 0 || over == NR ? "over" : running ? "running" : "waiting") " " number ": " (NR ? line : "unknown to the cluster, or too long ago")
        }'
}

slurm_numbers() { [ ! -f "$1/.jobs" ] || sed 's/.* //' "$1/.jobs"; }

keeper_state() (
    [ -f "$2/.jobs" ] || { echo session=no && return; }
    session=no stage=
    while read -r what number; do
        told=$(slurm_told "$number")
        [ "$what" = run ] && label=job || label=$what
        echo "note=$label: ${told#* }"
        [ "${told%% *}" = over ] || session=yes
        [ "${told%% *}" != running ] || stage=working
    done <"$2/.jobs"
    echo "session=$session"
    [ "$session" = no ] || echo "stage=${stage:-waiting}"
)

# slurm_submit FOLDER WHAT WORD…: submits, and keeps the number.
slurm_submit() {
    folder=$1 what=$2
    shift 2
    if ! number=$(slurm_sbatch --chdir="$folder" --open-mode=append "$@"); then
        # Of a run whose parts wait for what does not come, nothing stays.
        slurm_numbers "$folder" | xargs -r scancel
        rm -f "$folder/.jobs"
        return 1
    fi
    # NUMBER;CLUSTER where there are several clusters.
    echo "$what ${number%%;*}" >>"$folder/.jobs"
}

# slurm_array FOLDER WHAT COUNT PROGRAM DOTNET_ROOT NAME: an array after the one before it, and only where that did well.
slurm_array() {
    before=$(slurm_numbers "$1" | tail -n 1)
    slurm_submit "$1" "$2" --job-name="$6-$2" --array="1-$3" --output="slurm-%A_%a.out" ${before:+--dependency="afterok:$before" --kill-on-invalid-dep=yes} "$1/part.sh" "$1" "$2" "$4" "$5"
    seq "$3" | sed "s/^/$2_/" >>"$1/.parts"
}

keeper_start() (
    root=${2%/logs/*}
    rm -f "$2/.jobs" "$2/.parts"
    printf '%s' "$slurm_job" >"$2/job.sh"
    printf '%s' "$slurm_part" >"$2/part.sh"
    if [ -n "$slurm_extraction" ]; then
        printf '%s' "$slurm_extraction" >"$2/extraction"
        echo "$slurm_shards" >"$2/shards"
        echo "$slurm_store" >"$2/data"
    fi
    # A run that goes on has its extraction from the first time; what is there is not computed again.
    [ ! -f "$2/extraction" ] || slurm_array "$2" extract "$(cat "$2/shards")" "$4" "$5" "$1"
    folds=$(sed -n 's/^ *"folds": *\([0-9]*\),*$/\1/p' "$root/analysis_results/${2##*/}/config.json")
    # With a fold of its own the run is that one alone.
    if [ "${folds:-0}" -gt 0 ] && grep -q '^ *"fold": *null' "$root/analysis_results/${2##*/}/config.json"; then slurm_array "$2" fold "$folds" "$4" "$5" "$1"; fi
    for part in $(cat "$2/.parts" 2>/dev/null || true); do rm -f "$2/$part/exit_code"; done
    [ ! -f "$2/gathered" ] || sed -i '/^closed$/d' "$2/gathered"
    before=$(slurm_numbers "$2" | tr '\n' ':')
    slurm_submit "$2" run --job-name="$1" --output=slurm-%j.out ${before:+--dependency="afterany:${before%:}"} "$2/job.sh" "$2" "$3"
)

# slurm_over FOLDER TENTHS: waits until all its jobs are over.
slurm_over() (
    tenths=$2
    until [ "$(keeper_state "" "$1" | grep '^session=')" = session=no ]; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 10))
        sleep 1
    done
)

# slurm_left FOLDER CODE TEXT: an exit code for a run that cannot write its own any more.
slurm_left() {
    [ ! -s "$1/exit_code" ] || return 0
    echo "$3" >>"$1/remote.log"
    echo "$2" >"$1/exit_code.new" && mv -f "$1/exit_code.new" "$1/exit_code"
}

keeper_signal() (
    numbers=$(slurm_numbers "$2")
    if [ "$3" = KILL ]; then
        # Slurm asks once more, by TERM, and kills after KillWait, 30 s where it was not changed.
        for number in $numbers; do scancel --quiet "$number"; done
        ! slurm_over "$2" 600 || slurm_left "$2" 137 "killed"
        return
    fi
    # What has not begun needs not be asked. The last job begins when the parts have ended, and says how.
    for number in $numbers; do
        if [ ! -f "$2/.parts" ] || [ "$number" != "$(echo "$numbers" | tail -n 1)" ]; then scancel --quiet --state=PENDING "$number"; fi
    done
    if keeper_state "$1" "$2" | grep -q '^stage=working'; then
        for number in $numbers; do scancel --quiet --full --signal="$3" "$number"; done
    else
        for number in $numbers; do scancel --quiet "$number"; done
        ! slurm_over "$2" 300 || slurm_left "$2" 130 "taken from the cluster's queue before it began"
    fi
)

keeper_remove() (
    for number in $(slurm_numbers "$2"); do scancel --quiet "$number"; done
    slurm_over "$2" 600 || echo "the cluster does not end the jobs $(slurm_numbers "$2" | tr '\n' ' ')" >&2
)

keeper_gather() { gather "$2"; }

# shellcheck shell=sh
# follow FOLDER SESSION RUN BEGIN OFFSET HASH: sends the log from byte OFFSET on, as messages:
#   "bytes N" and N bytes
#   "progress N" and N bytes: events of the run, complete lines, after the lines of the log that were written before
#   them; N is 0 in the first of these messages, which precedes the first line of an epoch. Of consecutive steps only
#   the last one is sent. After a lost connection, events are sent again.
#   "heartbeat" if there are no new bytes
#   "replaced" if the log is shorter than OFFSET or HASH is not the hash of its bytes from BEGIN to OFFSET; the log then
#   follows from its beginning
#   at the end "exit CODE", or "lost" if the run ended without an exit code
state=$1/logs/$3
config=$1/analysis_results/$3/config.json
log=$state/remote.log
offset=$5
missing=0
max_bytes=65536
job_gather "$2" "$state"
# The text shown before may be from the run's log on another machine.
hash_of() { tail -c "+$(($1 + 1))" "$log" 2>/dev/null | head -c $(($2 - $1)) | sha256 | cut -c 1-64; }
if [ "$5" -gt "$4" ] && [ "$(hash_of "$4" "$5")" != "$6" ]; then
    echo replaced
    offset=0
fi
has_progress=no
# The number of complete lines of a file.
count_lines() { eval "lines_${2}_$3=$(($(wc -l <"$1")))"; }
announce() {
    [ "$has_progress" = yes ] || echo "progress 0"
    has_progress=yes
}
# Sends the lines that were counted and not sent, of a long file only the last ones.
send_events() {
    sent=0 end=0
    eval "sent=\${sent_${2}_$3:-0} end=\${lines_${2}_$3:-0}"
    [ "$((end - sent))" -le 20000 ] || sent=$((end - 20000))
    fields=$(seed_fields "$config" "$3")
    while [ "$sent" -lt "$end" ]; do
        next=$((sent + 1000))
        [ "$next" -le "$end" ] || next=$end
        events=$(sed -n "$((sent + 1)),${next}p;${next}q" "$1" | awk '
            /^[{]"event":"step",/ { step = $0; next }
            { step = ""; print }
            END { if (step != "") print step }' | sed "s/^{/{$fields/")
        echo "progress $(printf '%s\n' "$events" | wc -c | tr -d ' ')"
        printf '%s\n' "$events"
        sent=$next
    done
    eval "sent_${2}_$3=$sent"
}
while :; do
    # Before the size: once the exit code exists, the log is complete.
    code=
    [ ! -s "$state/exit_code" ] || code=$(cat "$state/exit_code")
    # Before the size, so that the lines of the log that were written before the events are sent first.
    for_each_progress "$state" count_lines
    job_gather "$2" "$state"
    size=$(($(wc -c 2>/dev/null <"$log" || echo 0)))
    for_each_progress "$state" announce
    [ "$size" -ne "$offset" ] || for_each_progress "$state" send_events
    if [ "$size" -lt "$offset" ]; then
        echo replaced
        offset=0
    elif [ "$size" -gt "$offset" ]; then
        count=$((size - offset))
        [ "$count" -le "$max_bytes" ] || count=$max_bytes
        echo "bytes $count"
        tail -c "+$((offset + 1))" "$log" | head -c "$count"
        offset=$((offset + count))
    elif [ -n "$code" ]; then
        echo "exit $code"
        exit 0
    else
        if [ -z "$(process_of "$state" "$3")" ]; then missing=$((missing + 1)); else missing=0; fi
        # Allow a few seconds for the run to start or to write its exit code.
        if [ "$missing" -ge 8 ] && [ "$(job_state "$2" "$state" | grep '^session=')" = session=no ]; then
            echo lost
            exit 0
        fi
        # Query the state of a queued run only every eight rounds.
        [ "$missing" -lt 8 ] || missing=0
        echo heartbeat
        sleep 1
    fi
done

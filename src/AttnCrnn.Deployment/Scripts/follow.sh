# shellcheck shell=sh
# follow FOLDER SESSION RUN BEGIN OFFSET HASH: the log from the byte OFFSET on, as frames: "bytes N" and N bytes; "beat" where there is nothing new;
# "other", and all from the beginning, where the log is shorter than that or HASH is not that of its bytes from BEGIN to OFFSET; at the end "exit CODE", or
# "lost" where the run is gone without a word.
state=$1/logs/$3
log=$state/remote.log
offset=$5
missing=0
most=65536
keeper_gather "$2" "$state"
# What was shown may be of the log that the run had on another machine.
if [ "$5" -gt "$4" ] && [ "$(tail -c "+$(($4 + 1))" "$log" 2>/dev/null | head -c $(($5 - $4)) | sha256 | cut -c 1-64)" != "$6" ]; then
    echo other
    offset=0
fi
while :; do
    # Before the size: what the run has written to its end is there when its exit code is.
    code=
    [ ! -s "$state/exit_code" ] || code=$(cat "$state/exit_code")
    keeper_gather "$2" "$state"
    size=$(($(wc -c 2>/dev/null <"$log" || echo 0)))
    if [ "$size" -lt "$offset" ]; then
        echo other
        offset=0
    elif [ "$size" -gt "$offset" ]; then
        count=$((size - offset))
        [ "$count" -le "$most" ] || count=$most
        echo "bytes $count"
        tail -c "+$((offset + 1))" "$log" | head -c "$count"
        offset=$((offset + count))
    elif [ -n "$code" ]; then
        echo "exit $code"
        exit 0
    else
        if [ -z "$(process_of "$state" "$3")" ]; then missing=$((missing + 1)); else missing=0; fi
        # A few seconds in which the run starts, or its exit code is being written.
        if [ "$missing" -ge 8 ] && [ "$(keeper_state "$2" "$state" | grep '^session=')" = session=no ]; then
            echo lost
            exit 0
        fi
        # A run that waits in a queue is asked about no more often than that.
        [ "$missing" -lt 8 ] || missing=0
        echo beat
        sleep 1
    fi
done

# shellcheck shell=sh
# stop FOLDER SESSION RUN SECONDS: asks the training to write a checkpoint and end, insists after some seconds, and says how it ended.
state=$1/logs/$3
process=$(process_of "$state" "$3")
if [ -z "$process" ] && [ "$(keeper_state "$2" "$state" | grep '^session=')" = session=no ] || [ -s "$state/exit_code" ]; then
    echo how=ended
else
    # await SECONDS: for the exit code.
    await() {
        tenths=$(($1 * 10))
        until [ -s "$state/exit_code" ] || [ "$tenths" -le 0 ]; do
            tenths=$((tenths - 1))
            sleep 0.1
        done
        [ -s "$state/exit_code" ]
    }
    keeper_signal "$2" "$state" INT "$process"
    if await "$4"; then
        echo how=asked
    else
        keeper_signal "$2" "$state" KILL "$(process_of "$state" "$3")"
        await 5 || true
        echo how=killed
    fi
fi
! [ -s "$state/exit_code" ] || echo "exit_code=$(cat "$state/exit_code")"

# shellcheck shell=sh
# stop FOLDER SESSION RUN SECONDS: requests the training to write a checkpoint and end, kills it after SECONDS, and
# prints result=stopped, killed or already_ended, and its exit code.
state=$1/logs/$3
process=$(process_of "$state" "$3")
has_no_session() { [ "$(job_state "$1" "$2" | grep '^session=')" = session=no ]; }
if [ -z "$process" ] && has_no_session "$2" "$state" || [ -s "$state/exit_code" ]; then
    echo result=already_ended
else
    # await SECONDS: waits for the exit code.
    await() {
        tenths=$(($1 * 10))
        until [ -s "$state/exit_code" ] || [ "$tenths" -le 0 ]; do
            tenths=$((tenths - 1))
            sleep 0.1
        done
        [ -s "$state/exit_code" ]
    }
    job_signal "$2" "$state" INT "$process"
    if await "$4"; then
        echo result=stopped
    else
        job_signal "$2" "$state" KILL "$(process_of "$state" "$3")"
        await 5 || true
        echo result=killed
    fi
fi
! [ -s "$state/exit_code" ] || echo "exit_code=$(cat "$state/exit_code")"

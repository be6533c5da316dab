# shellcheck shell=sh
# job FOLDER RUNNER: the final cluster job of a run. All tasks of the run, if any, have ended by then, whether or
# not they succeeded.
state=$1
trap : INT HUP TERM
umask 077
# After a requeue.
rm -f "$state/exit_code"
if [ -f "$state/.parts" ]; then
    gather "$state" end
    failed=0 stage=
    while read -r part; do
        code=$(cat "$state/$part/exit_code" 2>/dev/null) || code=
        [ "$code" != 0 ] || continue
        # Folds do not start after a failed extraction.
        [ -z "$stage" ] || [ "$stage" = "${part%_*}" ] || break
        stage=${part%_*}
        [ "$failed" != 0 ] || failed=${code:-1}
        if [ -n "$code" ]; then outcome="ended with $code"; else outcome="ended without an exit code"; fi
        echo "$part $outcome; its own log is $state/$part/remote.log" >>"$state/remote.log"
    done <"$state/.parts"
    if [ "$failed" != 0 ]; then
        echo "$failed" >"$state/exit_code.new" && mv -f "$state/exit_code.new" "$state/exit_code"
        exit "$failed"
    fi
fi
sh "$2" >/dev/null
exit "$(cat "$state/exit_code" 2>/dev/null || echo 1)"

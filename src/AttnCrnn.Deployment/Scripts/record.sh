# shellcheck shell=sh
# record FOLDER SESSION RUN FRESH FINGERPRINT CONFIGURATION ORIGIN DATA PROGRAM: creates the run's folders, writes its
# resolved configuration, and assigns it to the session. FRESH yes: an existing run of that name is a different one, and
# this run gets the next free name. ORIGIN (JSON): where the data came from. DATA: the data folders on this machine, one
# per line. Empty arguments leave existing files unchanged.
at_work "$1"
run=$3
number=1
if [ "$4" = yes ]; then
    until [ ! -e "$1/analysis_results/$run" ] && [ ! -e "$1/checkpoints/$run" ] && mkdir "$1/analysis_results/$run"; do
        number=$((number + 1))
        run=$3_$number
    done
fi
mkdir -p "$1/analysis_results/$run" "$1/checkpoints/$run" "$1/logs/$run"
# put FILE TEXT: writes atomically.
put() {
    printf '%s' "$2" >"$1.new"
    mv -f "$1.new" "$1"
}
[ -z "$7" ] || put "$1/analysis_results/$run/deployed.json" "$7"
[ -z "$8" ] || put "$1/logs/$run/data" "$8"
[ -z "$5" ] || put "$1/logs/$run/fingerprint" "$5"
# Distinguishes it from a run started elsewhere in the same second. Copied along with the run.
[ "$4" != yes ] || put "$1/logs/$run/birth" "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
# Last: the run exists once this file does.
[ -z "$6" ] || put "$1/analysis_results/$run/config.json" "$6"
put "$1/sessions/$2" "$run
$9
"
# Remove programs that no session uses.
for program in "$1"/program/*/; do
    [ -d "$program" ] || continue
    grep -qxF -e "$(basename "$program")" "$1"/sessions/* || rm -rf "$program"
done
# Remove earlier features from the same source folders that no run needs: a run needs its own until it ends with 0.
needed() {
    for other in "$1"/logs/*/; do
        grep -qxF -e "$2" "${other}data" 2>/dev/null || continue
        [ "$other" != "$1/logs/$run/" ] && [ "$(cat "${other}exit_code" 2>/dev/null)" = 0 ] || return 0
    done
    return 1
}
printf '%s' "$8" | while read -r data; do
    # data/NAME-FOLDER-CONTENTS; earlier versions used data/NAME-FOLDER.
    for earlier in "$1/${data%-*}" "$1/${data%-*}"-????????; do
        [ ! -d "$earlier" ] || needed "$1" "${earlier#"$1/"}" || rm -rf "$earlier"
    done
done
echo "run=$run"

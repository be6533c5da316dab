# shellcheck shell=sh
# record FOLDER SESSION RUN FRESH FINGERPRINT CONFIGURATION ORIGIN DATA PROGRAM: the run's folders and resolved configuration, and that the session is about it.
# FRESH yes: a run of that name that is there is another one, and this one gets the next free name. ORIGIN (JSON): where the data came from;
# DATA: their folders here, a line each. Texts that are empty leave what is there.
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
# put FILE TEXT: whole or not at all.
put() {
    printf '%s' "$2" >"$1.new"
    mv -f "$1.new" "$1"
}
[ -z "$7" ] || put "$1/analysis_results/$run/deployed.json" "$7"
[ -z "$8" ] || put "$1/logs/$run/data" "$8"
[ -z "$5" ] || put "$1/logs/$run/fingerprint" "$5"
# What tells it from another run that was begun in the same second elsewhere. It goes with the run's copies.
[ "$4" != yes ] || put "$1/logs/$run/birth" "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
# Last: with it the run is there.
[ -z "$6" ] || put "$1/analysis_results/$run/config.json" "$6"
put "$1/sessions/$2" "$run
$9
"
# Programs that no session is about any more.
for program in "$1"/program/*/; do
    [ -d "$program" ] || continue
    grep -qxF -e "$(basename "$program")" "$1"/sessions/* || rm -rf "$program"
done
# Features that came from the same folders as these, and that no run needs any more: one needs its own until it has ended with 0.
needed() {
    for other in "$1"/logs/*/; do
        grep -qxF -e "$2" "${other}data" 2>/dev/null || continue
        [ "$other" != "$1/logs/$run/" ] && [ "$(cat "${other}exit_code" 2>/dev/null)" = 0 ] || return 0
    done
    return 1
}
printf '%s' "$8" | while read -r data; do
    # data/NAME-FOLDER-CONTENTS; without the contents as earlier versions had it.
    for earlier in "$1/${data%-*}" "$1/${data%-*}"-????????; do
        [ ! -d "$earlier" ] || needed "$1" "${earlier#"$1/"}" || rm -rf "$earlier"
    done
done
echo "run=$run"

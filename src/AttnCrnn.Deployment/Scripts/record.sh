# shellcheck shell=sh
# record FOLDER SESSION RUN IS_NEW FINGERPRINT CONFIGURATION ORIGIN DATA PROGRAM: creates the run's folders, writes its
# resolved configuration, and assigns it to the session. IS_NEW yes: an existing run of that name is a different run,
# and this run gets the next free name. ORIGIN (JSON): the local paths of the data. DATA: the data folders on this
# machine, one per line. Empty arguments leave existing files unchanged.
lock_scripts "$1"
run=$3
number=1
if [ "$4" = yes ]; then
    until [ ! -e "$1/analysis_results/$run" ] && [ ! -e "$1/checkpoints/$run" ] && mkdir "$1/analysis_results/$run"; do
        number=$((number + 1))
        run=$3_$number
    done
fi
mkdir -p "$1/analysis_results/$run" "$1/checkpoints/$run" "$1/logs/$run"
# write_file FILE TEXT: writes a file atomically.
write_file() {
    printf '%s' "$2" >"$1.new"
    mv -f "$1.new" "$1"
}
[ -z "$7" ] || write_file "$1/analysis_results/$run/deployed.json" "$7"
[ -z "$8" ] || write_file "$1/logs/$run/data" "$8"
[ -z "$5" ] || write_file "$1/logs/$run/fingerprint" "$5"
# A random run ID distinguishes the run from a run started on another machine in the same second. Copied with the run.
[ "$4" != yes ] || write_file "$1/logs/$run/birth" "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
# Last: the run exists once this file does.
[ -z "$6" ] || write_file "$1/analysis_results/$run/config.json" "$6"
write_file "$1/sessions/$2" "$run
$9
"
# Remove programs that no session uses.
for program in "$1"/program/*/; do
    [ -d "$program" ] || continue
    grep -qxF -e "$(basename "$program")" "$1"/sessions/* || rm -rf "$program"
done
# Remove older features from the same source folders that no run needs: a run needs its features until it ends with 0.
is_needed() {
    for other_logs in "$1"/logs/*/; do
        grep -qxF -e "$2" "${other_logs}data" 2>/dev/null || continue
        [ "$other_logs" != "$1/logs/$run/" ] && [ "$(cat "${other_logs}exit_code" 2>/dev/null)" = 0 ] || return 0
    done
    return 1
}
printf '%s' "$8" | while read -r data; do
    # data/NAME-FOLDER-CONTENTS; earlier versions used data/NAME-FOLDER.
    for old_data in "$1/${data%-*}" "$1/${data%-*}"-????????; do
        [ ! -d "$old_data" ] || is_needed "$1" "${old_data#"$1/"}" || rm -rf "$old_data"
    done
done
echo "run=$run"

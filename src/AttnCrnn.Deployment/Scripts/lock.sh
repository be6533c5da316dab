# shellcheck shell=sh
# lock FOLDER HOLDER: creates and marks the folder, locks it for one deployment and checks that it can be written. The
# lock lasts while lines keep arriving on standard input, at least one a minute: a silently lost connection must not
# hold it.
mkdir -p "$1"
chmod 700 "$1"
[ -f "$1/.attn-crnn" ] ||
    echo "attn-crnn keeps its runs here; without this file it would not touch the folder" >"$1/.attn-crnn"
for folder in program data sessions checkpoints logs analysis_results; do
    mkdir -p "$1/$folder"
done
exec 9>>"$1/.lock"
tries=0
until flock -n 9; do
    tries=$((tries + 1))
    if [ "$tries" = 4 ]; then
        echo "another deployment is running here: $(cat "$1/.lock"); wait for it, or end it" >&2
        exit 3
    fi
    sleep 1
done
printf '%s' "$2" >"$1/.lock"
# Under the lock: of two deployments that try at the same time, one would find the other's file gone.
echo trial >"$1/sessions/.trial"
rm "$1/sessions/.trial"
# Wait for scripts of an earlier deployment that still run after a lost connection.
flock "$1/.work" true
echo locked
while timeout 60 sh -c 'read -r line'; do :; done

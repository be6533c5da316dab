# shellcheck shell=sh
# lock FOLDER HOLDER: creates and marks the folder, locks it for one deployment and checks that it can be written. The
# lock lasts while lines keep arriving on standard input, at least one a minute: a silently lost connection must not
# hold it.
mkdir -p "$1"
chmod 700 "$1"
[ -f "$1/.attn-crnn" ] ||
    echo "marker file: attn-crnn only uses folders that contain it" >"$1/.attn-crnn"
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
# With the lock held: concurrent deployments would remove each other's file.
echo test >"$1/sessions/.write_test"
rm "$1/sessions/.write_test"
# Wait for scripts of an earlier deployment that still run after a lost connection.
flock "$1/.work" true
echo locked
while timeout 60 sh -c 'read -r line'; do :; done

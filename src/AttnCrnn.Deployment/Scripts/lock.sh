# shellcheck shell=sh
# lock FOLDER HOLDER: creates and marks the folder, locks it for one deployment and checks that files can be written
# and programs run there. The lock lasts while lines keep arriving on standard input, at least one a minute: a
# silently lost connection must not hold it.
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
test_file=$1/sessions/.write_test
printf '#!/bin/sh\nexit 0\n' >"$test_file"
chmod u+x "$test_file"
# Mounted with noexec, or forbidden by a policy of the system.
if reason=$("$test_file" 2>&1); then
    rm "$test_file"
else
    rm "$test_file"
    echo "no program can be run in $1 (${reason##*: }): choose a folder on another file system with --dir" >&2
    exit 3
fi
# Wait for scripts of an earlier deployment that still run after a lost connection.
flock "$1/.work" true
echo locked
while timeout 60 sh -c 'read -r line'; do :; done

# shellcheck shell=sh
# latest FOLDER SESSION: the session's run, or the most recent one in the folder.
if [ ! -f "$1/.attn-crnn" ]; then
    echo "no deployment here: ${1}/.attn-crnn does not exist" >&2
    exit 3
fi
if [ -f "$1/sessions/$2" ]; then
    echo "run=$(sed -n 1p "$1/sessions/$2")"
else
    cd "$1" || exit
    echo "run=$(find analysis_results -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort | tail -n 1)"
fi

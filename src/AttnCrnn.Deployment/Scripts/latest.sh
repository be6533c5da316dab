# shellcheck shell=sh
# latest FOLDER SESSION: the session's run, or the newest that is there.
if [ ! -f "$1/.attn-crnn" ]; then
    echo "no deployment here: there is no ${1}/.attn-crnn" >&2
    exit 3
fi
if [ -f "$1/sessions/$2" ]; then
    echo "run=$(sed -n 1p "$1/sessions/$2")"
else
    cd "$1" || exit
    echo "run=$(find analysis_results -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort | tail -n 1)"
fi

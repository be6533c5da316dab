# shellcheck shell=sh
# The functions of a keeper by tmux. = before a name: tmux would take attn_crnn_v2_b for attn_crnn_v2 otherwise.
# Whoever asks may sit in a tmux of another server, and its sessions are not ours.
unset TMUX

# What tells a session from every other: tmux is the user's, and so are names in it, which another folder's runs may have as well. Numbers alone, which no
# version of tmux writes in a way of its own; the file with them is the run's, one for each session.
tmux_mark='#{pid} #{session_id} #{session_created}'

keeper_state() {
    if ! tmux has-session -t "=$1" 2>/dev/null; then
        echo session=no
    elif [ -s "$2/.session-$1" ] && tmux list-sessions -F "$tmux_mark #{session_name}" 2>/dev/null | grep -qxF -e "$(cat "$2/.session-$1") $1"; then
        echo session=yes
    else
        echo session=no
        echo taken=yes
        echo "note=tmux: the session $1 that is there is none of this run's: another folder's, or the user's own"
    fi
}

# The command goes as words of its own, so that no shell of tmux's choice reads it.
keeper_start() {
    tmux new-session -d -P -F "$tmux_mark" -s "$1" sh "$3" >"$2/.session-$1"
}

keeper_gather() { :; }

keeper_signal() {
    [ -z "$4" ] || kill "-$3" "$4"
}

keeper_remove() {
    ! keeper_state "$1" "$2" | grep -qx session=yes || tmux kill-session -t "=$1"
}

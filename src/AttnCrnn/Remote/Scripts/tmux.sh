# shellcheck shell=sh
# The functions of a keeper by tmux. = before a name: tmux would take attn_crnn_v2_b for attn_crnn_v2 otherwise.
# Whoever asks may sit in a tmux of another server, and its sessions are not ours.
unset TMUX
keeper_state() {
    if tmux has-session -t "=$1" 2>/dev/null; then echo session=yes; else echo session=no; fi
}

# The command goes as words of its own, so that no shell of tmux's choice reads it.
keeper_start() {
    tmux new-session -d -s "$1" sh "$3"
}

keeper_gather() { :; }

keeper_signal() {
    [ -z "$4" ] || kill "-$3" "$4"
}

keeper_remove() {
    ! tmux has-session -t "=$1" 2>/dev/null || tmux kill-session -t "=$1"
}

# shellcheck shell=sh
# The job runner functions for tmux. = before a name requires an exact match: otherwise attn_crnn_v2 would also match
# attn_crnn_v2_b. The caller may run inside a tmux of another server.
unset TMUX

# Identifies a session: names are not unique to a run, since the user or another folder may use them. Only numbers,
# which all versions of tmux format equally. Stored in the run's folder, in a file per session.
tmux_mark='#{pid} #{session_id} #{session_created}'

job_state() {
    if ! tmux has-session -t "=$1" 2>/dev/null; then
        echo session=no
    elif [ -s "$2/.session-$1" ] && tmux list-sessions -F "$tmux_mark #{session_name}" 2>/dev/null |
        grep -qxF -e "$(cat "$2/.session-$1") $1"; then
        echo session=yes
    else
        echo session=no
        echo taken=yes
        echo "note=tmux: the session $1 belongs to another folder or to the user, not to this run"
    fi
}

# The command is passed as separate words, so that tmux starts it without a shell.
job_start() {
    tmux new-session -d -P -F "$tmux_mark" -s "$1" sh "$3" >"$2/.session-$1"
}

job_gather() { :; }

job_signal() {
    [ -z "$4" ] || kill "-$3" "$4"
}

job_remove() {
    ! job_state "$1" "$2" | grep -qx session=yes || tmux kill-session -t "=$1"
}

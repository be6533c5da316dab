# shellcheck shell=sh
# host_info FOLDER: prints the properties of the machine and the state of the folder, using only standard Unix tools.
# The first line: whatever comes before it is printed by the user's shell.
echo "attn_crnn=begin"
echo "system=$(uname -s)"
echo "architecture=$(uname -m)"
# getconf prints glibc's version and fails on musl.
libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || { ls /lib/ld-musl-* >/dev/null 2>&1 && libc=musl; } || libc=
echo "libc=$libc"
echo "processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 1)"
if [ -r /proc/meminfo ]; then
    echo "memory_kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)"
else
    echo "memory_kib=$(($(sysctl -n hw.memsize 2>/dev/null || echo 0) / 1024))"
fi
for program in tmux rsync flock ffmpeg sbatch; do
    ! command -v "$program" >/dev/null 2>&1 || echo "program=$program"
done
if [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1; then
    ! command -v shutdown >/dev/null 2>&1 || echo can_power_off=yes
fi
# If logind ends all of a user's processes at logout, a session does not survive the connection.
if grep -qs '^KillUserProcesses=yes' /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf &&
    [ "$(loginctl show-user "$(id -un)" --property=Linger --value 2>/dev/null)" != yes ]; then
    echo kills_at_logout=yes
fi

case $1 in
    /*) folder=$1 ;;
    *) folder=$HOME/$1 ;;
esac
parent=$folder
dangling=no
while [ ! -e "$parent" ] && [ -n "$parent" ]; do
    # With a dangling link, no folder of that name can be created.
    [ ! -L "$parent" ] || dangling=yes
    parent=${parent%/*}
done
parent=${parent:-/}
echo "home=$HOME"
echo "disk_kib=$(df -Pk "$parent" | awk 'NR == 2 { print $4 }')"
# Whether programs may not be run from the folder's file system; without findmnt, lock tries it.
is_noexec() {
    options=$(findmnt -n -o OPTIONS -T "$1" 2>/dev/null | tail -n 1)
    case ",$options," in
        *,noexec,*) return 0 ;;
        *) return 1 ;;
    esac
}
folder_state() {
    if [ ! -e "$folder" ]; then
        if [ "$dangling" = yes ]; then
            echo dangling
        elif [ ! -d "$parent" ]; then
            echo file
        elif [ ! -w "$parent" ]; then
            echo read-only
        elif is_noexec "$parent"; then
            echo no-exec
        else
            echo absent
        fi
        return
    fi
    [ -d "$folder" ] || { echo file; return; }
    resolved=$(cd "$folder" 2>/dev/null && pwd -P) || { echo read-only; return; }
    if [ "$resolved" = / ] || [ "$resolved" = "$(cd "$HOME" && pwd -P)" ]; then
        echo protected
    elif [ ! -w "$folder" ] || [ ! -x "$folder" ]; then
        echo read-only
    elif is_noexec "$folder"; then
        echo no-exec
    elif [ -f "$folder/.attn-crnn" ] && [ ! -L "$folder/.attn-crnn" ]; then
        echo deployment
    elif [ -z "$(ls -A "$folder")" ]; then
        echo empty
    else
        echo unmarked
    fi
}
echo "folder=$(folder_state)"

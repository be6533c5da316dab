# shellcheck shell=sh
# survey FOLDER: what the machine is and has, with the plain tools of every Unix, and what stands where the folder should be.
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
# .NET hashes by OpenSSL's library, of one of these names.
libraries=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || libraries=
case $libraries in
    "" | *libssl.so.3* | *libssl.so.1.1*) ;;
    *) echo lacks_openssl=yes ;;
esac
if [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1; then
    ! command -v shutdown >/dev/null 2>&1 || echo can_power_off=yes
fi
# Where logind ends all processes of who logs out, a session dies with the connection.
if grep -qs '^KillUserProcesses=yes' /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf &&
    [ "$(loginctl show-user "$(id -un)" --property=Linger --value 2>/dev/null)" != yes ]; then
    echo kills_at_logout=yes
fi

case $1 in
    /*) folder=$1 ;;
    *) folder=$HOME/$1 ;;
esac
there=$folder
dangling=no
while [ ! -e "$there" ] && [ -n "$there" ]; do
    # A link to what is not there: no folder can be made of that name.
    [ ! -L "$there" ] || dangling=yes
    there=${there%/*}
done
there=${there:-/}
echo "home=$HOME"
echo "disk_kib=$(df -Pk "$there" | awk 'NR == 2 { print $4 }')"
state() {
    if [ ! -e "$folder" ]; then
        if [ "$dangling" = yes ]; then echo dangling; elif [ ! -d "$there" ]; then echo file; elif [ -w "$there" ]; then echo absent; else echo read-only; fi
        return
    fi
    [ -d "$folder" ] || { echo file; return; }
    real=$(cd "$folder" 2>/dev/null && pwd -P) || { echo read-only; return; }
    if [ "$real" = / ] || [ "$real" = "$(cd "$HOME" && pwd -P)" ]; then
        echo protected
    elif [ ! -w "$folder" ] || [ ! -x "$folder" ]; then
        echo read-only
    elif [ -f "$folder/.attn-crnn" ] && [ ! -L "$folder/.attn-crnn" ]; then
        echo ours
    elif [ -z "$(ls -A "$folder")" ]; then
        echo empty
    else
        echo other
    fi
}
echo "folder=$(state)"

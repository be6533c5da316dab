# shellcheck shell=bash
# Sourced by ./test: optional capabilities of the machine that tests require by [Requires("NAME")].

# NAME|PROBE|REMEDY. A probe succeeds if the capability is available; otherwise it prints the reason.
# shellcheck disable=SC2034 # ./test reads it
capabilities=(
    'unix|runs_on Linux Darwin|run on Linux or macOS'
    'linux|runs_on Linux|run on Linux'
    'ffmpeg|find_all ffmpeg|apt-get install ffmpeg'
    'python3|find_all python3|apt-get install python3'
    'h5py|import_h5py|apt-get install python3-h5py'
    'strace|try_strace|apt-get install strace, on a machine where processes may be traced'
    'tmpfs|mount_tmpfs|run as root, on a machine where file systems may be mounted'
    'tmux|find_all tmux|apt-get install tmux'
    'zsh|find_all zsh|apt-get install zsh'
    'fish|find_all fish|apt-get install fish'
    'sshd|find_all sshd ssh ssh-keygen tmux rsync flock pkill|apt-get install openssh-server openssh-client tmux rsync'
    'slurm|find_slurm|apt-get install slurm-wlm munge, and run as root'
    'chromium|find_any chromium chromium-browser google-chrome|apt-get install chromium'
    'onnx-web|find_onnx_web|npm ci --prefix samples/onnx-web --ignore-scripts'
)

runs_on() {
    local system
    system=$(uname -s)
    [[ " $* " == *" $system "* ]] || { echo "this is $system"; return 1; }
}

# Daemons are in folders that may not be in a user's PATH.
find_program() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }

find_all() {
    local program missing=()
    for program in "$@"; do
        find_program "$program" || missing+=("$program")
    done
    [ ${#missing[@]} = 0 ] || { echo "not found: ${missing[*]}"; return 1; }
}

find_any() {
    local program
    for program in "$@"; do
        ! find_program "$program" || return 0
    done
    echo "not found: $1"
    return 1
}

# The system's Python: another Python in PATH does not find the system's packages.
import_h5py() {
    /usr/bin/python3 -c 'import h5py' 2>/dev/null || { echo "/usr/bin/python3 cannot import it"; return 1; }
}

try_strace() {
    find_all strace || return 1
    strace -f -qq -o /dev/null true 2>/dev/null || { echo "processes may not be traced on this machine"; return 1; }
}

mount_tmpfs() {
    local folder status=0
    [ "$(id -u)" = 0 ] || { echo "not root"; return 1; }
    folder=$(mktemp -d)
    if mount -t tmpfs -o size=1m none "$folder" 2>/dev/null; then umount "$folder"; else status=1; fi
    rmdir "$folder"
    [ "$status" = 0 ] || echo "mounting is not permitted"
    return "$status"
}

find_slurm() {
    [ "$(id -u)" = 0 ] || { echo "not root, which slurmd requires to start jobs"; return 1; }
    find_all munged slurmctld slurmd sbatch
}

find_onnx_web() {
    local sample
    sample=$(dirname "${BASH_SOURCE[0]}")/../samples/onnx-web
    [ -d "$sample/node_modules/onnxruntime-web" ] || { echo "onnxruntime-web not found"; return 1; }
}

# shellcheck shell=sh
# home: the home folder.
printf '%s\n' "$HOME"

# shellcheck shell=sh
# home: prints the home folder.
printf '%s\n' "$HOME"

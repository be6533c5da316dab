# shellcheck shell=sh
# remove FOLDER SESSION RUN: removes the run's session if it still exists.
lock_scripts "$1"
job_remove "$2" "$1/logs/$3"

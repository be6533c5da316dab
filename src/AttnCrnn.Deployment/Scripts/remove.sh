# shellcheck shell=sh
# remove FOLDER SESSION RUN: ends what is left of the run's session.
at_work "$1"
job_remove "$2" "$1/logs/$3"

# shellcheck shell=sh
# remove FOLDER SESSION RUN: ends what is left of a session.
at_work "$1"
keeper_remove "$2" "$1/logs/$3"

# shellcheck shell=sh
# remove FOLDER SESSION RUN: ends what is left of a session.
keeper_remove "$2" "$1/logs/$3"

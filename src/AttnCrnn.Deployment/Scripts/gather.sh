# shellcheck shell=sh
# gather FOLDER [END]: appends new lines of the parts' logs to the run's log: complete lines, each exactly once, even
# with concurrent callers or if killed. END also appends an incomplete last line and closes the log to further
# gathering: afterwards the run itself writes to it.
# The file "gathered" describes the last chunk: the log's size before it, and each part's byte range in it.
gather() (
    [ -f "$1/.parts" ] || return 0
    exec 9>>"$1/.gather"
    flock 9
    gathered=$1/gathered
    log=$1/remote.log
    size_of() { if [ -f "$1" ]; then echo $(($(wc -c <"$1"))); else echo 0; fi; }
    append() {
        grep '^part ' "$gathered" | while read -r _ part from to; do
            tail -c "+$((from + 1))" "$1/$part/remote.log" 2>/dev/null | head -c $((to - from))
        done >>"$log"
    }

    [ -f "$gathered" ] || echo "base $(size_of "$log")" >"$gathered"
    # Repeat an interrupted append, from the same bytes.
    whole=$(awk '$1 == "base" { size = $2 } $1 == "part" { size += $4 - $3 } END { print size }' "$gathered")
    if [ "$(size_of "$log")" -lt "$whole" ]; then
        truncate -s "$(sed -n 's/^base //p' "$gathered")" "$log"
        append "$1"
    fi
    ! grep -qx closed "$gathered" || return 0

    new=no
    {
        echo "base $(size_of "$log")"
        while read -r part; do
            from=$(sed -n "s/^part $part [0-9]* //p" "$gathered")
            from=${from:-0}
            to=$(size_of "$1/$part/remote.log")
            if [ "$to" -gt "$from" ]; then
                # Exclude an incomplete last line.
                last() { tail -c "+$((from + 1))" "$1/$part/remote.log" | head -c $((to - from)) | tail -n 1; }
                if [ -z "${2:-}" ] && [ "$(last "$1" | wc -l)" -eq 0 ]; then to=$((to - $(last "$1" | wc -c))); fi
                [ "$to" -le "$from" ] || new=yes
            fi
            echo "part $part $from $to"
        done <"$1/.parts"
        [ -z "${2:-}" ] || echo closed
    } >"$gathered.new"
    [ "$new" = yes ] || [ -n "${2:-}" ] || return 0
    mv -f "$gathered.new" "$gathered"
    append "$1"
)

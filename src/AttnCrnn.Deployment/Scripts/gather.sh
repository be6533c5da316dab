# shellcheck shell=sh
# gather FOLDER [END]: appends new lines of the tasks' logs to the run's log: complete lines, each exactly once, even
# with concurrent callers or if killed. END also appends an incomplete last line and closes the log to further
# gathering: afterwards the run itself writes to it.
# The file "gathered" describes the last chunk: the log's size before it, and each task's byte range in it.
gather() (
    [ -f "$1/.parts" ] || return 0
    exec 9>>"$1/.gather"
    flock 9
    gathered=$1/gathered
    log=$1/remote.log
    size_of() { if [ -f "$1" ]; then echo $(($(wc -c <"$1"))); else echo 0; fi; }
    append() {
        grep '^part ' "$gathered" | while read -r _ part start end; do
            tail -c "+$((start + 1))" "$1/$part/remote.log" 2>/dev/null | head -c $((end - start))
        done >>"$log"
    }

    [ -f "$gathered" ] || echo "base $(size_of "$log")" >"$gathered"
    # Repeat an interrupted append, with the same bytes.
    expected_size=$(awk '$1 == "base" { size = $2 } $1 == "part" { size += $4 - $3 } END { print size }' "$gathered")
    if [ "$(size_of "$log")" -lt "$expected_size" ]; then
        truncate -s "$(sed -n 's/^base //p' "$gathered")" "$log"
        append "$1"
    fi
    ! grep -qx closed "$gathered" || return 0

    has_new_lines=no
    {
        echo "base $(size_of "$log")"
        while read -r part; do
            start=$(sed -n "s/^part $part [0-9]* //p" "$gathered")
            start=${start:-0}
            end=$(size_of "$1/$part/remote.log")
            if [ "$end" -gt "$start" ]; then
                # Exclude an incomplete last line.
                last_line() {
                    tail -c "+$((start + 1))" "$1/$part/remote.log" | head -c $((end - start)) | tail -n 1
                }
                if [ -z "${2:-}" ] && [ "$(last_line "$1" | wc -l)" -eq 0 ]; then
                    end=$((end - $(last_line "$1" | wc -c)))
                fi
                [ "$end" -le "$start" ] || has_new_lines=yes
            fi
            echo "part $part $start $end"
        done <"$1/.parts"
        [ -z "${2:-}" ] || echo closed
    } >"$gathered.new"
    [ "$has_new_lines" = yes ] || [ -n "${2:-}" ] || return 0
    mv -f "$gathered.new" "$gathered"
    append "$1"
)

#!/usr/bin/env bash
# Prints the folders of the repository, as docs/tree.txt lists them: scripts/tree.sh >docs/tree.txt
set -euo pipefail
cd "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"
# Fixtures are data, of which one level is enough. A slash sorts before every other character.
git ls-files | sed -n 's#/[^/]*$##p' | sed 's#^\(tests/fixtures/[^/]*\)/.*#\1#' |
    awk -F / '{ path = ""; for (i = 1; i <= NF; i++) { path = path (i > 1 ? "/" : "") $i; print path } }' |
    tr / '\001' | LC_ALL=C sort -u | tr '\001' / |
    awk -F / '{ indent = ""; for (i = 1; i < NF; i++) indent = indent "  "; print indent $NF "/" }'

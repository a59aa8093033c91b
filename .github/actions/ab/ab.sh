#!/usr/bin/env bash
# Measures $BASE and $HEAD interleaved, reports what was found, and ends with the exit code of the verdict. Runs in any
# CI, and by hand: GITHUB_STEP_SUMMARY and GITHUB_OUTPUT are files; where they are not set, standard output takes both.
set -uo pipefail

read -r -a barometer <<<"${BAROMETER:-npx --no-install barometer}"
# Lines, without blank ones. bash of macOS is 3.2: it has no mapfile, and takes an empty array for an unset one.
workloads=() options=()
while read -r line; do [ -z "$line" ] || workloads+=("$line"); done <<<"${WORKLOADS:-}"
while read -r line; do [ -z "$line" ] || options+=("$line"); done <<<"${OPTIONS:-}"
samples=${SAMPLES:-barometer-ab.json}
# To the end of a file. /dev/stdout would be another one where standard output is a file: each would write over the other.
to() { if [ -n "$1" ]; then cat >>"$1"; else cat; fi; }

# What an earlier step left there is not what this one measures.
rm -f -- "$samples"
"${barometer[@]}" ab "--margin=${MARGIN:-2%}" "--fail-on=${FAIL_ON:-regression}" "--out=$samples" \
  ${options[@]+"${options[@]}"} -- "$BASE" "$HEAD" ${workloads[@]+"${workloads[@]}"}
status=$?

if [ -s "$samples" ]; then
  # A verdict that nobody can read is no reason to pass.
  "${barometer[@]}" report --markdown -- "$samples" | to "${GITHUB_STEP_SUMMARY:-}" || [ "$status" -ne 0 ] || status=2
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    "${barometer[@]}" report --annotations -- "$samples" || [ "$status" -ne 0 ] || status=2
  fi
fi
echo "exit-code=$status" | to "${GITHUB_OUTPUT:-}"
exit "$status"

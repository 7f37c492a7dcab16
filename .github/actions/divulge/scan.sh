#!/usr/bin/env bash
# Scans, annotates, and writes the summary of the step; ends with the status of the scan.
set -euo pipefail

lines() { # lines NAME: the lines of a text on stdin that are not empty, as an array
  local -n into=$1
  local line
  into=()
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -n $line ]] && into+=("$line")
  done
  return 0
}

lines arguments <<<"${ARGUMENTS:-}"
lines paths <<<"${PATHS:-.}"
summary=$(mktemp)
formats=(--format github --format "markdown=$summary")
if [[ -n ${SARIF:-} ]]; then
  formats+=(--format "sarif=$SARIF")
  echo "sarif=$SARIF" >>"${GITHUB_OUTPUT:-/dev/null}"
fi

status=0
divulge scan "${formats[@]}" "${arguments[@]}" -- "${paths[@]}" || status=$?
# Where the scan could not be done there is no report, and an empty summary would look like a clean one.
if [[ -s $summary ]]; then
  cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
exit "$status"

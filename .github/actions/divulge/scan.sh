#!/usr/bin/env bash
# Scans, annotates, and writes the summary of the step; ends with the status of the scan.
set -euo pipefail

# The lines that are not empty, one argument each. It must run in the bash of macOS too, which is an old one.
arguments=()
while IFS= read -r line || [[ -n $line ]]; do
  if [[ -n $line ]]; then arguments+=("$line"); fi
done <<<"${ARGUMENTS:-}"
paths=()
while IFS= read -r line || [[ -n $line ]]; do
  if [[ -n $line ]]; then paths+=("$line"); fi
done <<<"${PATHS:-.}"

summary=$(mktemp)
formats=(--format github --format "markdown=$summary")
if [[ ${SARIF:-} == *$'\n'* ]]; then
  # A second line would be another output of the step.
  echo "the name of the SARIF file has more than one line" >&2
  exit 2
fi
if [[ -n ${SARIF:-} ]]; then
  formats+=(--format "sarif=$SARIF")
  echo "sarif=$SARIF" >>"${GITHUB_OUTPUT:-/dev/null}"
fi

status=0
divulge scan "${formats[@]}" ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} || status=$?
# Where the scan could not be done there is no report, and an empty summary would look like a clean one.
if [[ -s $summary ]]; then
  cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
exit "$status"

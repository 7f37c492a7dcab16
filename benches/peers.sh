#!/usr/bin/env bash
# Compares a scan with other tools on the same trees: benches/peers.sh DIVULGE TREE…
# Runs are interleaved, and the median of RUNS (3) is printed: CPU seconds, wall seconds, peak MB. Nothing is installed; what
# is missing is said. The names that ripgrep looks for are the packages and globals of all vendors that DIVULGE knows.
set -euo pipefail

if [[ $# -lt 2 ]]; then
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
fi
divulge=$(realpath "$1")
shift
runs=${RUNS:-3}
rules=$(cd "$(dirname "${BASH_SOURCE[0]}")/../rules" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Names of packages and globals, as the rules list them.
grep -rhoE '^ *name = "[^"]+"' "$rules/vendors" | cut -d'"' -f2 | sort -u >"$work/names"
cat >"$work/call.yml" <<'RULE'
rules:
  - id: call
    languages: [typescript]
    severity: INFO
    message: call
    pattern-either:
      - pattern: mixpanel.$F(...)
      - pattern: posthog.$F(...)
      - pattern: Sentry.$F(...)
      - pattern: analytics.$F(...)
RULE

declare -A tools=(
  [divulge]="$divulge scan --no-cache --no-config --fail-on never --format json"
  [divulge-again]="$divulge scan --no-config --fail-on never --format json --cache $work/cache"
  [rg-none]="rg --threads 2 -F thisIsNowhereAtAll"
  [rg-names]="rg --threads 2 -c -F -f $work/names"
  [ast-grep]="ast-grep run --lang tsx --pattern \$A.\$B(\$\$\$C)"
  [semgrep]="semgrep scan --metrics off --disable-version-check --quiet --jobs 2 --config $work/call.yml"
)
order=(divulge divulge-again rg-none rg-names ast-grep semgrep)

median() { sort -n | sed -n "$(((runs + 1) / 2))p"; }

printf '%-32s %-14s %8s %8s %8s\n' tree tool 'cpu s' 'wall s' 'peak MB'
for tree in "$@"; do
  for run in $(seq "$runs"); do
    for tool in "${order[@]}"; do
      read -ra command <<<"${tools[$tool]}"
      command -v "${command[0]}" >/dev/null || continue
      [[ $tool == divulge-again && $run == 1 ]] && "${command[@]}" "$tree" >/dev/null 2>&1
      /usr/bin/time -f '%U %S %e %M' -o "$work/time" "${command[@]}" "$tree" >/dev/null 2>&1 || true
      tail -n 1 "$work/time" >>"$work/$tool.runs"
    done
  done
  for tool in "${order[@]}"; do
    if [[ -s $work/$tool.runs ]]; then
      cpu=$(awk '{ print $1 + $2 }' "$work/$tool.runs" | median)
      wall=$(awk '{ print $3 }' "$work/$tool.runs" | median)
      peak=$(awk '{ print int($4 / 1024) }' "$work/$tool.runs" | median)
      printf '%-32s %-14s %8s %8s %8s\n' "$(basename "$tree")" "$tool" "$cpu" "$wall" "$peak"
      rm "$work/$tool.runs"
    else
      printf '%-32s %-14s %s\n' "$(basename "$tree")" "$tool" missing
    fi
  done
done

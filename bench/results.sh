#!/usr/bin/env bash
# Runs the bundled experiments on real data, one after the other, and evaluates each: the
# figures of docs/results.md.
#
#   bench/results.sh DATA OUT [NAME …]     DATA: folder with mitdb, breastmnist, …; OUT: a new folder
#
# medml is taken from $MEDML, or from the PATH.
set -euo pipefail
data=$(cd "$1" && pwd); out=$2; shift 2
cd "$(dirname "$0")/.."
medml=${MEDML:-medml}
declare -A source=(
  [diagnosis]=''
  [diabetes]=''
  [heart]="--set data.source=$data/uci_heart/processed.cleveland.csv --set data.split.external=$data/uci_heart/processed.hungarian.csv"
  [ecg200]="--set data.source=$data/ucr/ECG200"
  [breast_ultrasound]="--set data.source=$data/breastmnist/breastmnist.npz"
  [arrhythmia]="--set data.source=$data/mitdb"
  [icu_mortality]="--set data.source=$data/physionet2012/set-a.tar.gz"
  [brain_mri]="--set data.source=$data/brain_mri"
)
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(diagnosis diabetes heart ecg200 breast_ultrasound arrhythmia icu_mortality brain_mri)
mkdir -p "$out"
for name in "${names[@]}"; do
  began=$SECONDS
  # shellcheck disable=SC2086 # the options are words
  "$medml" sweep "experiments/$name.yaml" ${source[$name]} --store "$out/store" --quiet >"$out/$name.leaderboard"
  took=$((SECONDS - began))
  "$medml" evaluate "$name" --store "$out/store" --json >"$out/$name.json"
  echo "$name: sweep ${took} s, evaluated after $((SECONDS - began)) s"
done

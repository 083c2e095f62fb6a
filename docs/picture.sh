#!/usr/bin/env bash
# Makes docs/sweep.svg from a real sweep, caught in the middle. Needs tmux.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'tmux kill-session -t medml-picture 2>/dev/null || true; rm -rf "$dir"' EXIT
go build -o "$dir/medml" ./cmd/medml
tmux new-session -d -s medml-picture -x 118 -y 34 "COLORTERM=truecolor $dir/medml sweep experiments/diagnosis.yaml --store $dir/store"
sleep 3.5
tmux capture-pane -e -p -t medml-picture >"$dir/pane.ansi"
(cd "$dir" && go run github.com/charmbracelet/freeze@v0.2.2 pane.ansi -o pane.svg --language ansi \
  --padding 12 --font.size 12 --font.family 'DejaVu Sans Mono, Menlo, Consolas, monospace')
cp "$dir/pane.svg" docs/sweep.svg

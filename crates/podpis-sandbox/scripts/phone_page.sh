#!/usr/bin/env bash
# Drives the page of the virtual phone in a real Chromium: what it shows and does, in two sizes, in light and in dark, in both
# languages, with no violation found by axe. Needs Debian's packages chromium and nodejs with npm.
#
#     crates/podpis-sandbox/scripts/phone_page.sh PICTURES [PROGRAM]    # `podpis`; built by cargo where none is named
#
# Leaves pictures in the folder PICTURES. Not a part of the CI: a browser is a large thing to install.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
[ $# -ge 1 ] || { echo "usage: $0 PICTURES [PROGRAM]" >&2; exit 2; }
mkdir -p "$1"
pictures=$(realpath "$1")
program=${2:-}
if [ -z "$program" ]; then
    cargo build --quiet --manifest-path "$root/Cargo.toml" --package podpis-cli
    program=$root/target/debug/podpis
fi
program=$(realpath "$program")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/phone_page.mjs" "$work"
cd "$work"
PUPPETEER_SKIP_DOWNLOAD=1 npm install --silent --no-fund --no-audit puppeteer-core@24 axe-core@4 > npm.txt
node phone_page.mjs "$program" "$pictures" "$(command -v chromium)"

#!/usr/bin/env bash
# Runs the same flow in five languages against a sandbox of its own, each with an HTTP library of its package manager, and
# has OpenSSL judge every signature. Needs Debian's packages python3-venv, php-cli, php-curl, nodejs with npm, mono-mcs,
# mono-runtime with its System.Net.Http and System.Web.Extensions, curl, jq and openssl.
#
#     crates/podpis-sandbox/examples/other-languages/run.sh [PROGRAM]    # `podpis`; built by cargo where none is named
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
program=${1:-}
if [ -z "$program" ]; then
    cargo build --quiet --manifest-path "$root/Cargo.toml" --package podpis-cli
    program=$root/target/debug/podpis
fi

program=$(realpath "$program")
work=$(mktemp -d)
trap 'kill "${sandbox:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cp "$here"/sign.* "$here"/Sign.cs .

"$program" sandbox --listen 127.0.0.1:0 > sandbox.txt 2>&1 &
sandbox=$!
base=
while [ -z "$base" ]; do
    kill -0 "$sandbox"
    sleep 0.1
    base=$(grep -o 'http://127.0.0.1:[0-9]*' sandbox.txt | head -n 1 || true)
done
curl --silent --show-error --fail "$base/_sandbox/ca.pem" > ca.pem

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check requests==2.32.3
npm install --silent --no-fund --no-audit axios@1.7.9 > npm.txt
mcs Sign.cs -r:System.Net.Http -r:System.Web.Extensions

signed_by() {
    local language=$1 file=$1.txt
    shift
    printf 'an act signed by way of %s\n' "$language" > "$file"
    "$@" "$base" "$file"
    openssl cms -verify -binary -inform DER -in "$file.p7s" -content "$file" -CAfile ca.pem -purpose any \
        -out /dev/null 2> openssl.txt || { cat openssl.txt; exit 1; }
    printf '%-8s %s\n' "$language" "$(tail -n 1 openssl.txt)"
}
signed_by python venv/bin/python sign.py
signed_by node node sign.mjs
signed_by php php sign.php
signed_by mono mono Sign.exe
signed_by curl sh sign.sh

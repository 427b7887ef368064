#!/usr/bin/env bash
# OpenSSL 3.0 as Debian 12 has it (package openssl, with its libssl3)
#
# `openssl cms -sign` makes a detached signature unless -nodetach is given, and -stream, by its manual page, only chooses
# how the output is encoded: in BER with indefinite lengths. So one expects `-sign -stream -outform DER` to be the same
# detached signature in BER.
#
# Seen: with -stream the content is inside. Without it, and with all else the same, it is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison openssl | awk -F'|' '$2 ~ / 3\.0\./ {gsub(/ /, "", $2); print $2; exit}')
apt-get download --quiet "openssl=$version" "libssl3=$version" >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done
library=$(dirname "$(find root -name 'libcrypto.so.3')")
openssl() { LD_LIBRARY_PATH="$library" root/usr/bin/openssl "$@"; }

openssl version
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out signer.pem -days 2 -subj /CN=Signer 2>/dev/null
printf 'what is signed' > content
sign=(cms -sign -binary -in content -signer signer.pem -inkey key.pem -outform DER)
openssl "${sign[@]}" -out plain.p7s
openssl "${sign[@]}" -stream -out stream.p7s
holds() { grep -q 'what is signed' "$1" && echo "$1: the content is inside" || echo "$1: detached"; }
seen=$(holds plain.p7s; holds stream.p7s)
echo "$seen"
expected='plain.p7s: detached
stream.p7s: the content is inside'
[ "$seen" = "$expected" ] || { echo "this has changed"; exit 1; }

#!/usr/bin/env bash
# Logs in with a real Secret Service: the login is in the key ring and in no file, several programs at once renew it once, and
# logout removes it; a ring that is locked and asks in vain to be opened is told of. Needs cargo, curl, and of Debian gnome-keyring,
# dbus, libglib2.0-bin and libsecret-tools:
#
#   crates/podpis-cli/scripts/login_with_key_ring.sh
#
# Not a part of the CI: a key ring belongs to a session of the desktop.
set -euo pipefail
cd "$(dirname "$0")/../../.."

for program in cargo curl dbus-run-session gdbus gnome-keyring-daemon secret-tool; do
    command -v "$program" >/dev/null || { echo "$program is missing" >&2; exit 2; }
done

if [ "${1:-}" != inside ]; then
    cargo build --quiet -p podpis-cli
    podpis=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/podpis
    home=$(mktemp -d)
    trap 'rm -rf "$home"' EXIT
    # Whoever locks the ring in this session is asked by a program that never asks.
    mkdir -p "$home/dbus-1/services"
    printf '[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=/bin/sleep 30\n' \
        >"$home/dbus-1/services/org.gnome.keyring.SystemPrompter.service"
    # A session of its own, in a home of its own: nobody's key ring is touched.
    env -i PATH="$PATH" HOME="$home" XDG_RUNTIME_DIR="$home" LANG=C.UTF-8 PODPIS="$podpis" \
        dbus-run-session -- "crates/podpis-cli/scripts/$(basename "$0")" inside
    exit
fi

printf 'password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
# It goes into the background before it can be asked; a question that comes too early would wait for a person.
until printf 'ready' | timeout 5 secret-tool store --label=ready ready yes; do sleep 0.2; done
secret-tool clear ready yes
"$PODPIS" sandbox --listen 127.0.0.1:0 --phone confirm --json >"$HOME/sandbox.json" 2>/dev/null &
sandbox=$!
trap 'kill "$sandbox"' EXIT
until grep -q base_url "$HOME/sandbox.json"; do sleep 0.1; done
url=$(sed 's/.*"base_url":"\([^"]*\)".*/\1/' "$HOME/sandbox.json")

fail() { echo "FAILED: $*" >&2; exit 1; }
step() { printf '\n== %s\n' "$*"; }
in_ring() { secret-tool search --all service podpis username default.diadoc 2>/dev/null | grep -c '^secret = ' || true; }
renewals() { curl -fsS "$url/_sandbox/journal" | grep -o '"path":"/connect/token"' | wc -l; }

step "login"
"$PODPIS" login --sandbox --base-url "$url"
[ "$(in_ring)" = 1 ] || fail "the login is not in the key ring"

step "no file has a token"
token=$(secret-tool lookup service podpis username default.diadoc | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
[ ${#token} -gt 8 ] || fail "no token is in the key ring"
if grep -rlF "$token" "$HOME"; then fail "a token is in a file"; fi
find "$HOME/.local/state/podpis" -type f

step "whoami and diadoc sign without a variable"
"$PODPIS" whoami --service diadoc
echo '<act/>' >"$HOME/act.xml"
"$PODPIS" diadoc sign --yes "$HOME/act.xml" 2>&1 | tail -1

step "four programs at once, a day later"
curl -fsS -X POST "$url/_sandbox/clock" -H 'Content-Type: application/json' -d '{"advance_ms":90000000}' >/dev/null
before=$(renewals)
running=()
for _ in 1 2 3 4; do
    "$PODPIS" whoami --service diadoc >/dev/null 2>&1 &
    running+=($!)
done
for one in "${running[@]}"; do wait "$one" || fail "a program was not let in"; done
made=$(($(renewals) - before))
[ "$made" = 1 ] || fail "renewed $made times"
echo "renewed once"

step "logout"
"$PODPIS" logout --service diadoc
[ "$(in_ring)" = 0 ] || fail "the login is still in the key ring"

step "a locked key ring that waits for somebody to open it"
"$PODPIS" login --sandbox --base-url "$url" 2>/dev/null
gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
    --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >/dev/null
for words in "en does not answer yet" "ru пока не отвечает"; do
    told=$(timeout 8 "$PODPIS" --lang "${words%% *}" whoami --service diadoc 2>&1 || true)
    [[ $told = *${words#* }* ]] || fail "nobody is told what is waited for: $told"
    echo "$told"
done

printf '\nall is well with the key ring\n'

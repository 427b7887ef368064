#!/usr/bin/env bash
# Compares podpis-gost with OpenSSL's GOST engine and with BouncyCastle, on one thread.
#
#   engine.sh [ROUNDS [MILLISECONDS]]
#
# First the engine checks a value that podpis-gost made for each parameter set, and the same value with one bit turned
# over. Then each round times the three on the same key, digest and value, one after the other, set by set; the table
# has the medians of all rounds. Without rounds (0) there is no table. Needs Debian, and root where packages are missing.
set -euo pipefail
rounds=${1:-5}
milliseconds=${2:-300}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jar=/usr/share/java/bcprov.jar
missing=()
[ -e /usr/lib/"$(uname -m)"-linux-gnu/engines-3/gost.so ] || missing+=(libengine-gost-openssl)
[ -e /usr/include/openssl/engine.h ] || missing+=(libssl-dev)
[ -e "$jar" ] || missing+=(libbcprov-java)
command -v javac >/dev/null || missing+=(default-jdk-headless)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
if [ ${#missing[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
fi

cc -O2 -o "$work/engine" "$here/engine.c" -lcrypto
javac -cp "$jar" -d "$work" "$here/BouncyCastle.java"
cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml" --example verifications
target=$(cargo metadata --format-version 1 --no-deps --manifest-path "$here/../Cargo.toml" |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
verifications=$target/release/examples/verifications

"$verifications" cases >"$work/cases"
"$work/engine" check "$work/cases" >"$work/checked"
echo "Values of podpis-gost in the engine: as made, and with one bit turned over"
column -t -s $'\t' "$work/checked"
sets=$(wc -l <"$work/cases")
if [ "$(grep -c $'\tright\twrong$' "$work/checked")" -ne "$sets" ]; then
    echo "the engine does not agree" >&2
    exit 1
fi
echo "the engine agrees on $sets of $sets sets"
[ "$rounds" -gt 0 ] || exit 0

for ((round = 0; round < rounds; round++)); do
    while IFS= read -r case; do
        echo "$case" >"$work/case"
        # One after the other: they would slow each other down.
        engine=$("$work/engine" time "$work/case" "$milliseconds")
        castle=$(java -cp "$jar:$work" BouncyCastle "$work/case" "$milliseconds" | cut -f 2)
        podpis=$("$verifications" time "$work/case" "$milliseconds" | cut -f 2,3)
        printf '%s\t%s\t%s\n' "$engine" "$castle" "$podpis" >>"$work/rates"
    done <"$work/cases"
done

echo
echo "Checks a second of processor time, medians of $rounds rounds of $milliseconds ms"
# Medians column by column, in the order of the cases.
awk -F '\t' '
    function median(list,    numbers, count, i, j, number) {
        count = split(list, numbers, " ")
        for (i = 2; i <= count; i++) {
            number = numbers[i]
            for (j = i - 1; j > 0 && numbers[j] + 0 > number + 0; j--) numbers[j + 1] = numbers[j]
            numbers[j + 1] = number
        }
        return count % 2 ? numbers[(count + 1) / 2] : (numbers[count / 2] + numbers[count / 2 + 1]) / 2
    }
    function ratio(other) { return other == "-" ? "-" : sprintf("%.2f", podpis / other) }
    !($1 in engines) { names[++sets] = $1 }
    { engines[$1] = engines[$1] " " $2; castles[$1] = castles[$1] " " $3; podpises[$1] = podpises[$1] " " $4; keys[$1] = keys[$1] " " $5 }
    END {
        OFS = "\t"
        print "set", "engine/s", "BouncyCastle/s", "podpis/s", "podpis/engine", "podpis/BouncyCastle", "podpis keys/s"
        for (i = 1; i <= sets; i++) {
            name = names[i]
            podpis = median(podpises[name]); engine = median(engines[name]); castle = median(castles[name])
            print name, engine, castle, podpis, ratio(engine), ratio(castle), median(keys[name])
        }
    }' "$work/rates" | column -t -s $'\t'

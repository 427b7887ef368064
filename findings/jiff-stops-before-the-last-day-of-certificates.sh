#!/usr/bin/env bash
# jiff 0.2.43 (crates.io)
#
# RFC 5280, 4.1.2.5: a certificate without a well-defined end says 99991231235959Z. jiff's civil dates reach the end of
# the year 9999, so one expects its timestamps to hold that moment in UTC.
#
# Seen: they end on 9999-12-30 at 22:00 UTC, because every timestamp must fit into every time zone. Parsing the moment,
# and turning the civil date and time into a timestamp at offset zero, are errors; the civil type holds it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
jiff = { version = "=0.2.43", default-features = false, features = ["std"] }
TOML
cat > src/main.rs <<'RUST'
use jiff::{civil, tz::Offset, Timestamp};

fn main() {
    let end = civil::date(9999, 12, 31).at(23, 59, 59, 0);
    println!("civil: {end}");
    println!("parsed: {}", "9999-12-31T23:59:59Z".parse::<Timestamp>().is_ok());
    println!("at offset zero: {}", Offset::UTC.to_timestamp(end).is_ok());
    println!("last: {}", Timestamp::MAX);
}
RUST
seen=$(cargo run --quiet)
echo "$seen"
expected='civil: 9999-12-31T23:59:59
parsed: false
at offset zero: false
last: 9999-12-30T22:00:00.999999999Z'
[ "$seen" = "$expected" ] || { echo "this has changed"; exit 1; }

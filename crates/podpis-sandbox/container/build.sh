#!/bin/sh
# Builds a static program and, where there is docker, an image of it without a base:
#   sh crates/podpis-sandbox/container/build.sh [--release]
#   docker run --rm -p 127.0.0.1:8787:8787 podpis-sandbox --phone confirm --signatures gost
# It needs `rustup target add x86_64-unknown-linux-musl` and a C compiler for it (Debian: musl-tools). Without docker:
#   target/x86_64-unknown-linux-musl/debug/podpis sandbox
set -eu
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$here/../../.." && pwd)
target=x86_64-unknown-linux-musl
profile=debug
[ "${1:-}" = --release ] && profile=release

# A container has neither a key ring nor an operation to keep.
cargo build --manifest-path "$workspace/Cargo.toml" -p podpis-cli --no-default-features --target $target "$@"
program=${CARGO_TARGET_DIR:-$workspace/target}/$target/$profile/podpis

# Static, or it would not start in an empty image.
if readelf -l "$program" | grep -q INTERP; then
    echo "$program needs a loader: it is not static" >&2
    exit 1
fi
echo "$program is static"
if command -v docker > /dev/null && docker info > /dev/null 2>&1; then
    place=$(mktemp -d)
    trap 'rm -r "$place"' EXIT
    cp "$program" "$here/Dockerfile" "$place"
    docker build -t podpis-sandbox "$place"
else
    echo "docker is not running here: no image was made"
fi

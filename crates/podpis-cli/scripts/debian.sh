#!/usr/bin/env bash
# Makes a package for Debian with the program, its completions and its manual pages, unpacks it in a folder of its own, and
# looks whether all of it works there. Needs cargo with cargo-deb (`cargo install cargo-deb`), dpkg and man-db.
#
#     crates/podpis-cli/scripts/debian.sh [--install] FOLDER    # where the package goes
#
# With --install it is also installed, by dpkg in a fresh Debian that debootstrap makes in a folder of its own, used there and
# removed. That needs debootstrap and root.
#
# Not a part of the CI: it builds the program as it is packaged.
set -euo pipefail
is_installed=no
[ "${1-}" != --install ] || { is_installed=yes; shift; }
[ $# -eq 1 ] || { echo "usage: $0 [--install] FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(realpath "$1")
cd "$(dirname "$0")/../../.."

cargo build --profile dist --package podpis-cli
program=target/dist/podpis
made=target/package-debian
rm -rf "$made"
mkdir -p "$made/man" "$made/man-ru"
"$program" generate completions bash > "$made/podpis.bash"
"$program" generate completions zsh > "$made/_podpis"
"$program" generate completions fish > "$made/podpis.fish"
"$program" --lang en generate man "$made/man" > "$made/pages.txt"
"$program" --lang ru generate man "$made/man-ru" >> "$made/pages.txt"
cargo deb --no-build --profile dist --package podpis-cli --output "$folder/"

package=$(ls -t "$folder"/podpis_*.deb | head -n 1)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg -x "$package" "$root"
cd "$root"
usr/bin/podpis --version
printf 'an act\n' > act.txt
HOME=$root usr/bin/podpis diadoc sign --sandbox --yes act.txt
HOME=$root usr/bin/podpis verify --allow-unchecked act.txt act.txt.p7s
bash -c 'source usr/share/bash-completion/completions/podpis && complete -p podpis' > completion.txt
grep -q _podpis completion.txt
for language in "" ru/; do
    gunzip --stdout "usr/share/man/${language}man1/podpis-diadoc-sign.1.gz" > page.1
    # A warning is a line that no reader of manual pages would show right.
    LC_ALL=C.UTF-8 man --warnings --local-file page.1 > page.txt 2> warnings.txt
    [ ! -s warnings.txt ] || { cat warnings.txt; exit 1; }
    grep -q -e '--method' page.txt
done
if [ "$is_installed" = yes ]; then
    system=$root/system
    debootstrap --variant=minbase --include=bash-completion,man-db "$(. /etc/os-release; echo "$VERSION_CODENAME")" \
        "$system" > debootstrap.txt
    cp "$package" "$system/podpis.deb"
    # What is in there sees nothing of this machine but its kernel and its loopback.
    inside() { env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot "$system" "$@"; }
    # The fresh system leaves pages out of packages as containers do; a person's has them.
    rm -f "$system"/etc/dpkg/dpkg.cfg.d/*
    inside dpkg --install /podpis.deb
    inside podpis --version
    inside sh -c 'cd /root && echo act > act.txt && podpis diadoc sign --sandbox --yes act.txt &&
        podpis verify --allow-unchecked act.txt act.txt.p7s'
    inside man podpis-diadoc-sign | grep -q -e '--method'
    inside man --local-file /usr/share/man/ru/man1/podpis-diadoc-sign.1.gz | grep -q ПАРАМЕТРЫ
    inside bash -c '. /usr/share/bash-completion/bash_completion && _comp_load podpis 2> /dev/null ||
        _completion_loader podpis; complete -p podpis' | grep -q _podpis
    inside dpkg --purge podpis
    inside sh -c '! command -v podpis' > /dev/null
    echo "installed, used and removed in a fresh Debian"
fi
echo "$package: $(du -k "$package" | cut -f 1) kB, $(find usr -type f | wc -l) files, all of it works"

#!/bin/sh
# Lets OpenSSL with its GOST engine, which shares no code with the sandbox, judge what a sandbox of GOST has made:
#   sh gost.sh http://127.0.0.1:8787 FILE SIGNATURE
# It needs curl and the engine (Debian: libengine-gost-openssl; OPENSSL_ENGINES where it is not installed).
set -eu
url=$1 file=$2 signature=$3
place=$(mktemp -d)
trap 'rm -r "$place"' EXIT
cat > "$place/openssl.cnf" <<'CONFIGURATION'
openssl_conf = all
[all]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
init = 1
CONFIGURATION
export OPENSSL_CONF="$place/openssl.cnf"

curl -sf "$url/_sandbox/ca/root.pem" > "$place/root.pem"
curl -sf "$url/_sandbox/ca/issuing.crt" | openssl x509 -inform DER > "$place/issuing.pem"
openssl verify -CAfile "$place/root.pem" "$place/issuing.pem"
cat "$place/root.pem" "$place/issuing.pem" > "$place/chain.pem"
for name in root issuing; do
    curl -sf "$url/_sandbox/ca/$name.crl" | openssl crl -inform DER > "$place/$name.crl"
    openssl crl -in "$place/$name.crl" -noout -CAfile "$place/chain.pem"
    cat "$place/$name.crl" >> "$place/lists.pem"
done
openssl cms -verify -cades -binary -inform DER -in "$signature" -content "$file" -out /dev/null \
    -CAfile "$place/chain.pem" -purpose any
openssl cms -verify -binary -inform DER -in "$signature" -noverify -nosigs -signer "$place/signer.pem" \
    -content "$file" -out /dev/null
openssl verify -crl_check_all -CRLfile "$place/lists.pem" -CAfile "$place/root.pem" \
    -untrusted "$place/issuing.pem" "$place/signer.pem"

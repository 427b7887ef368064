#!/bin/sh
# Signs a file by Diadoc's CloudSign in JSON, with curl and jq: upload, start, wait, code, result.
#
#     sh sign.sh http://127.0.0.1:8787 act.txt
#
# Writes act.txt.p7s. The code of the SMS is read from the sandbox's phone, in the place of a person.
set -eu

base=$1 file=$2
authorization='DiadocAuth ddauth_api_client_id=podpis-sandbox-client'

call() {
    curl --silent --show-error --fail-with-body -H "Authorization: $authorization" -H 'Accept: application/json' "$@"
}

# Asks until there is a result; an empty answer (204) says that the service is still at work.
wait_for() {
    while answer=$(call --get "$base/$1" --data-urlencode "taskId=$2") && [ -z "$answer" ]; do sleep 1; done
    printf %s "$answer"
}

token=$(call --json '{"login":"director@romashka.example","password":"director-password"}' \
    "$base/V3/Authenticate?type=password")
authorization="$authorization,ddauth_token=$token"

name=$(call -H 'Content-Type: application/octet-stream' --data-binary "@$file" "$base/V2/ShelfUpload" | tr -d '"')
start=$(jq -n --arg shelf "$name" --arg name "$(basename "$file")" \
    '{Files: [{Content: {NameOnShelf: $shelf}, FileName: $name}]}')
task=$(call --json "$start" "$base/CloudSign" | jq -r .TaskId)
operation=$(wait_for CloudSignResult "$task" | jq -r .Token)

code=$(call "$base/_sandbox/messages" | jq -r '.[-1].code')
query=$(jq -rn --arg token "$operation" --arg code "$code" '"token=\($token | @uri)&confirmationCode=\($code)&return=Content"')
task=$(call -X POST "$base/CloudSignConfirm?$query" | jq -r .TaskId)
wait_for CloudSignConfirmResult "$task" | jq -r '.Signatures[0].Content' | base64 -d > "$file.p7s"

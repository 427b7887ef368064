"""Signs a file by Diadoc's CloudSign in JSON, with requests: upload, start, wait, code, result.

    python sign.py http://127.0.0.1:8787 act.txt

Writes act.txt.p7s. The code of the SMS is read from the sandbox's phone, in the place of a person.
"""

import base64
import sys
import time

import requests

BASE, FILE = sys.argv[1].rstrip("/"), sys.argv[2]
CLIENT = "DiadocAuth ddauth_api_client_id=podpis-sandbox-client"

session = requests.Session()
session.headers.update({"Authorization": CLIENT, "Accept": "application/json"})


def checked(answer):
    answer.raise_for_status()
    return answer


def wait(path):
    """Asks until there is a result; 204 says that the service is still at work."""
    while True:
        answer = checked(session.get(BASE + path))
        if answer.status_code != 204:
            return answer.json()
        time.sleep(float(answer.headers.get("Retry-After", 1)))


login = {"login": "director@romashka.example", "password": "director-password"}
token = checked(session.post(BASE + "/V3/Authenticate?type=password", json=login)).text
session.headers["Authorization"] = f"{CLIENT},ddauth_token={token}"

with open(FILE, "rb") as file:
    name = checked(session.post(BASE + "/V2/ShelfUpload", data=file)).text.strip('"')
start = {"Files": [{"Content": {"NameOnShelf": name}, "FileName": FILE.rsplit("/", 1)[-1]}]}
task = checked(session.post(BASE + "/CloudSign", json=start)).json()["TaskId"]
operation = wait("/CloudSignResult?taskId=" + task)["Token"]

code = checked(session.get(BASE + "/_sandbox/messages")).json()[-1]["code"]
confirm = {"token": operation, "confirmationCode": code, "return": "Content"}
task = checked(session.post(BASE + "/CloudSignConfirm", params=confirm)).json()["TaskId"]
[signature] = wait("/CloudSignConfirmResult?taskId=" + task)["Signatures"]

with open(FILE + ".p7s", "wb") as file:
    file.write(base64.b64decode(signature["Content"]))

"""Reads every message that the sandbox answers with a reader that is not ours: Python's protobuf.

Calls every method of Diadoc that answers with a message, at least once, and prints a table: whether each answer was
whole (`IsInitialized`), how many numbers of enums were outside their closed enums, and how many fields were unknown.
Ends with 1 when anything was wrong.

    python3 -m venv venv && venv/bin/pip install protobuf
    podpis sandbox --listen 127.0.0.1:8787 &
    venv/bin/python crates/podpis-sandbox/scripts/read_answers.py http://127.0.0.1:8787
"""

import json
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.unknown_fields import UnknownFieldSet

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8787"
ROOT = pathlib.Path(__file__).resolve().parents[2]
SET = ROOT / "podpis-diadoc-proto/src/generated/descriptor_set.bin"
PACKAGE = "Diadoc.Api.Proto."

POOL = descriptor_pool.DescriptorPool()
FILES = descriptor_pb2.FileDescriptorSet.FromString(SET.read_bytes())
for FILE in FILES.file:
    POOL.Add(FILE)


def kind(name):
    return message_factory.GetMessageClass(POOL.FindMessageTypeByName(PACKAGE + name))


def call(method, path, body=b"", headers=None):
    request = urllib.request.Request(BASE + path, data=body if method == "POST" else None, method=method)
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def control(method, path, body=None):
    status, text = call(method, "/_sandbox/" + path, json.dumps(body or {}).encode())
    assert status < 300, (path, status, text)
    return json.loads(text) if text else None


def strangers(message):
    """Numbers outside closed enums, which a reader of proto2 keeps as unknown fields, and fields that are unknown."""
    enums = unknown = 0
    for field in UnknownFieldSet(message):
        known = message.DESCRIPTOR.fields_by_number.get(field.field_number)
        if known is not None and known.enum_type is not None:
            enums += 1
        else:
            unknown += 1
    for known, value in message.ListFields():
        if known.message_type is None:
            continue
        for inner in value if known.is_repeated else [value]:
            below = strangers(inner)
            enums, unknown = enums + below[0], unknown + below[1]
    return enums, unknown


class Tour:
    def __init__(self):
        self.rows = {}
        world = control("GET", "world")
        self.seeds = world["diadoc"]
        self.token = self.seeds["token"]

    def read(self, method, path, name, body=b"", wanted=200):
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": ""}
        status, answer = call(method, path, body, headers)
        assert status == wanted, (path, status, answer)
        message = kind(name)()
        message.MergeFromString(answer)
        whole = message.IsInitialized()
        enums, unknown = strangers(message)
        endpoint = path.split("?")[0]
        row = self.rows.setdefault((endpoint, name), [0, 0, 0, 0])
        row[0] += 1
        row[1] += whole
        row[2] += enums
        row[3] += unknown
        return message

    def get(self, path, name, **query):
        return self.read("GET", path + "?" + urllib.parse.urlencode(query), name)

    def post(self, path, name, body, **query):
        return self.read("POST", path + "?" + urllib.parse.urlencode(query), name, body)

    def who_and_where(self):
        own = {"boxId": self.seeds["box"]}
        organization = self.seeds["organization"]
        self.get("/GetMyOrganizations", "OrganizationList", autoRegister="false")
        self.get("/GetMyCertificates", "Certificates.CertificateList", includeGoskeyCertificates="true", **own)
        self.get("/GetOrganization", "Organization", **own)
        self.get("/GetOrganizationsByInnKpp", "OrganizationList", inn=organization["inn"])
        self.get("/GetOrganizationFeatures", "Organizations.OrganizationFeatures", **own)
        self.get("/GetBox", "Box", **own)
        self.get("/GetMyUser", "User")
        self.get("/V2/GetMyUser", "UserV2")
        self.get("/GetMyEmployee", "Employees.Employee", **own)
        self.get("/GetMyPermissions", "OrganizationUserPermissions", orgId=organization["id"])
        self.get("/V3/GetCounteragents", "CounteragentList", myBoxId=own["boxId"])
        for prefix in ("", "/V2"):
            self.get(prefix + "/GetCounteragents", "CounteragentList", myOrgId=organization["id"])
        for prefix, suffix in (("", ""), ("/V2", "V2"), ("/V3", "V3")):
            name = "Documents.Types.GetDocumentTypesResponse" + suffix
            self.get(prefix + "/GetDocumentTypes", name, **own)

    def messages(self):
        box = self.seeds["box"]
        seeds = self.seeds["messages"]
        places = [(self.seeds["unsigned_document"]["message"], self.seeds["unsigned_document"]["entity"])]
        places += [(one["message"], one["entity"]) for one in seeds.values() if isinstance(one, dict) and "entity" in one]
        places += [(one["message"], one["documents"][0]) for one in seeds.values() if isinstance(one, dict) and "documents" in one]
        places += [(one["document"]["message"], one["document"]["entity"]) for one in seeds["waiting"]]
        for message, entity in dict.fromkeys(places):
            place = {"boxId": box, "messageId": message}
            for version in (3, 4, 5, 6):
                for inject in ("false", "true"):
                    self.get(f"/V{version}/GetMessage", "Events.Message", injectEntityContent=inject, **place)
            self.get("/V3/GetDocument", "Documents.Document", entityId=entity, **place)
            self.get("/GetDocumentsByMessageId", "Documents.DocumentList", **place)
        self.get(
            "/GetSignatureInfo", "SignatureInfo", boxId=box,
            messageId=seeds["counter_signed"]["message"], entityId=seeds["counter_signature"],
        )
        for category in ("Inbound", "Outbound", "InboundWaitingForRecipientSignature"):
            self.get("/V3/GetDocuments", "Documents.DocumentList", boxId=box, filterCategory="Any." + category)
        request = kind("Documents.GetDocumentsV4Request")(DocumentCategory="Incoming")
        self.post("/V4/GetDocuments", "Documents.DocumentList", request.SerializeToString(), boxId=box)

    def events(self):
        box = self.seeds["box"]
        for version in (4, 5, 6, 7, 8):
            events = self.get(f"/V{version}/GetNewEvents", "Events.BoxEventList", boxId=box).Events
        self.get("/GetLastEvent", "Events.BoxEvent", boxId=box)
        self.get("/V2/GetLastEvent", "Events.BoxEvent", boxId=box)
        for event in events:
            for version in (2, 3):
                self.get(f"/V{version}/GetEvent", "Events.BoxEvent", boxId=box, eventId=event.EventId)

    def cloud_sign(self):
        request = kind("CloudSignRequest")()
        request.Files.add(FileName="act.xml").Content.Content = b"content"
        task = self.post("/CloudSign", "AsyncMethodResult", request.SerializeToString()).TaskId
        control("POST", "clock", {"advance_ms": 2000})
        token = self.get("/CloudSignResult", "CloudSignResult", taskId=task).Token
        code = control("GET", "messages")[-1]["code"]
        task = self.post("/CloudSignConfirm", "AsyncMethodResult", b"", token=token, confirmationCode=code).TaskId
        control("POST", "clock", {"advance_ms": 2000})
        self.get("/CloudSignConfirmResult", "CloudSignConfirmResult", taskId=task)

    def dss_sign(self):
        box = self.seeds["box"]
        request = kind("Dss.DssSignRequest")()
        request.Files.add(FileName="act.xml").Content.Content = b"content"
        task = self.post("/DssSign", "AsyncMethodResult", request.SerializeToString(), boxId=box).TaskId
        self.get("/DssSignResult", "Dss.DssSignResult", boxId=box, taskId=task)
        control("POST", "clock", {"advance_ms": 2000})
        control("POST", "operations/" + control("GET", "messages")[-1]["operation"] + "/confirm")
        control("POST", "clock", {"advance_ms": 2000})
        self.get("/DssSignResult", "Dss.DssSignResult", boxId=box, taskId=task)
        request = kind("Dss.DssSignRequestV2")(SignDataSource=0)
        request.Files.add(FileName="act.xml").Content.Content = b"content"
        request.CertificateData.Thumbprint = self.seeds["dss_certificate"]
        self.post("/V2/DssSign", "AsyncMethodResult", request.SerializeToString(), boxId=box)

    def receipts(self):
        task = self.post("/AutoSignReceipts", "AsyncMethodResult", b"", boxId=self.seeds["box"]).TaskId
        control("POST", "clock", {"advance_ms": 2000})
        self.get("/AutosignReceiptsResult", "AutosignReceiptsResult", taskId=task)

    def posts(self):
        box = self.seeds["box"]
        seeds = self.seeds["messages"]
        for version, name in ((3, "MessagePatchToPost"), (4, "MessagePatchToPostV2")):
            place = self.seeds["unsigned_document"] if version == 4 else seeds["counter_signed"]
            request = kind("Events." + name)(BoxId=box, MessageId=place["message"])
            request.Signatures.add(ParentEntityId=place["entity"], SignWithTestSignature=True)
            self.post(f"/V{version}/PostMessagePatch", "Events.MessagePatch", request.SerializeToString())
        request = kind("Events.PrepareDocumentsToSignRequest")(BoxId=box)
        document = request.Documents.add()
        document.DocumentId.MessageId = seeds["unsent"]["message"]
        document.DocumentId.EntityId = seeds["unsent"]["entity"]
        document.ExtendedSigner.add(SignerCertificateThumbprint=self.seeds["certificate"])
        self.post("/PrepareDocumentsToSign", "Events.PrepareDocumentsToSignResponse", request.SerializeToString())
        request = kind("Events.DraftToSend")(BoxId=box, DraftId=seeds["draft"]["message"])
        for entity in seeds["draft"]["documents"]:
            request.DocumentSignatures.add(ParentEntityId=entity, SignWithTestSignature=True)
        self.post("/SendDraft", "Events.Message", request.SerializeToString())
        request = kind("Events.MessageToPost")(FromBoxId=box, ToBoxId=self.seeds["other_box"])
        attachment = request.DocumentAttachments.add(TypeNamedId="Nonformalized")
        attachment.SignedContent.Content = b"content"
        attachment.SignedContent.SignWithTestSignature = True
        attachment.Metadata.add(Key="FileName", Value="act.txt")
        self.post("/V3/PostMessage", "Events.Message", request.SerializeToString())


def main():
    tour = Tour()
    tour.who_and_where()
    tour.cloud_sign()
    tour.dss_sign()
    tour.receipts()
    tour.posts()
    control("POST", "clock", {"advance_ms": 2000})
    tour.messages()
    tour.events()
    print(f"{'method':<28} {'message':<44} {'answers':>7} {'whole':>5} {'enums':>5} {'unknown':>7}")
    wrong = 0
    for (endpoint, name), (answers, whole, enums, unknown) in sorted(tour.rows.items()):
        wrong += answers - whole + enums + unknown
        print(f"{endpoint:<28} {name:<44} {answers:>7} {whole:>5} {enums:>5} {unknown:>7}")
    print("wrong:", wrong)
    sys.exit(1 if wrong else 0)


main()

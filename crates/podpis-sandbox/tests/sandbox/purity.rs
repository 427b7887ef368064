//! The same history gives the same bytes, and no request makes a world panic.

use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{CloudSignFile, CloudSignRequest};
use podpis_sandbox::{Fault, SignatureFault, WorldOptions};

use crate::dss::{dss_request, inline_v3};
use crate::support::{Desk, inline, sign_request};

fn history() -> Vec<bytes::Bytes> {
    let mut desk = Desk::new();
    desk.world.inject(
        Fault::on("CloudSignConfirmResult")
            .call(1)
            .signatures(SignatureFault::OtherSigner),
    );
    let mut seen = Vec::new();
    for user in 0..3 {
        desk.be(user);
        seen.push(desk.post("/V2/ShelfUpload", "x").into_body());
        seen.extend(desk.sign(vec![inline("one"), inline("two")]));
        let signed = desk.dss_signed(vec![inline_v3("one"), inline_v3("two")]);
        seen.push(signed.encode_to_vec().into());
        let box_id = desk.info().box_id;
        for path in [
            format!("/GetMyCertificates?boxId={box_id}&includeGoskeyCertificates=true"),
            "/GetMyOrganizations".to_owned(),
        ] {
            seen.push(desk.get(&path).into_body());
        }
        seen.push(
            desk.post(&format!("/AutoSignReceipts?boxId={box_id}"), "")
                .into_body(),
        );
    }
    for path in [
        "/_sandbox/world",
        "/_sandbox/journal",
        "/_sandbox/messages",
        "/_sandbox/receipts",
        "/_sandbox/ca.pem",
    ] {
        seen.push(desk.get(path).into_body());
    }
    seen
}

#[test]
fn two_worlds_with_one_history_are_alike() {
    assert_eq!(history(), history());
}

#[test]
fn headers_are_the_same_too() {
    let answer = || {
        let mut desk = Desk::new();
        let answer = desk.post("/V2/ShelfUpload", "x");
        (answer.headers().clone(), answer.into_body())
    };
    assert_eq!(answer(), answer());
}

#[test]
fn another_seed_gives_other_ids() {
    let name = |seed: &str| {
        let mut desk = Desk::with(WorldOptions::default().seed(seed));
        desk.post("/V2/ShelfUpload", "x").into_body()
    };
    assert_ne!(name("a"), name("b"));
}

/// A small generator (xorshift), so that a failure repeats.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    /// One of the words; nothing is one when the text begins with a blank.
    pub(crate) fn word(&mut self, text: &'static str) -> &'static str {
        let words: Vec<&str> = text.split(' ').collect();
        words[self.roll(words.len())]
    }

    pub(crate) fn bytes(&mut self, longest: usize) -> Vec<u8> {
        let length = self.roll(longest + 1);
        (0..length)
            .map(|_| u8::try_from(self.roll(256)).unwrap())
            .collect()
    }
}

#[test]
fn nothing_that_is_sent_makes_a_world_panic() {
    const PATHS: &str = "\
        / // /phone/ /_sandbox /_sandbox/ /_sandbox/faults /_sandbox/faults/x/y \
        /_sandbox/operations//confirm /_sandbox/operations/x/decline /_sandbox/clock \
        /_sandbox/phone /_sandbox/reset /_sandbox/messages /V3/Authenticate /ShelfUpload \
        /ShelfDownload /V2/ShelfUpload /ShelfUploadPartInit /ShelfUploadPart /V2/ShelfDownload \
        /CloudSign /CloudSignResult /CloudSignConfirm /CloudSignConfirmResult /_sandbox/receipts \
        /DssSign /V2/DssSign /DssSignResult /AutoSignReceipts /AutosignReceiptsResult \
        /GetMyCertificates /GetMyOrganizations";
    const QUERIES: [&str; 18] = [
        "",
        "?",
        "?&&=&",
        "?type=password",
        "?type=sid",
        "?%",
        "?%ff%fe=%00",
        "?nameOnShelf=__userId__/",
        "?fileName=%2F&partIndex=4294967295&isLastPart=1",
        "?taskId=%E0%A4%A",
        "?token=&confirmationCode",
        "?certificateThumbprint=%00",
        "?isLastPart=%54rue&partIndex=9999&nameOnShelf=__userId__/x",
        "?return=Reference&token=x&confirmationCode=1",
        "?boxId=%00@diadoc.ru",
        "?boxId=d0b3a6c2-1111-4c5e-9a57-0d1ad0c00001&taskId=%ff&batchKey=",
        "?boxId=d0b3a6c21111-4c5e9a57-0d1ad0c00001&certificateThumbprint=%ff&batchKey=%ff",
        "?boxId=d0b3a6c2-1111-4c5e-9a57-0d1ad0c00001&includeGoskeyCertificates=1&autoRegister",
    ];
    const METHODS: &str = "\
        GET POST PUT DELETE HEAD ODD";
    const KINDS: [&str; 5] = ["", "application/json", "base64", ";;", "text/plain"];
    const BODIES: [&str; 9] = [
        "{}",
        "[",
        "null",
        r#"{"endpoint":"*","calls":[0,18446744073709551615],"retry_after":18446744073709551615}"#,
        r#"{"advance_ms":18446744073709551615}"#,
        r#"{"mode":"silent","delay_ms":18446744073709551615}"#,
        r#"{"login":1,"password":{}}"#,
        r#"{"endpoint":"DssSign","operation_status":-2147483648,"files":[{"file":18446744073709551615,"status":"absent"}]}"#,
        r#"{"endpoint":"*","status":999,"body":"\u0000","content_type":"\n"}"#,
    ];
    const HEADERS: [&str; 6] = [
        "DiadocAuth ,,,=",
        "DiadocAuth ddauth_api_client_id=podpis-sandbox-client",
        "Bearer ",
        "Bearer sandbox-oidc-director",
        "\t",
        "DiadocAuth ddauth_token==",
    ];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut desk = Desk::new();
    for turn in 0..20_000 {
        let path = format!("{}{}", dice.word(PATHS), QUERIES[dice.roll(18)]);
        let body = match dice.roll(5) {
            0 => dice.bytes(64),
            1 => BODIES[dice.roll(9)].as_bytes().to_vec(),
            2 => sign_request(vec![inline("x")]),
            3 => dss_request(vec![inline_v3("x"); dice.roll(3)]),
            _ => CloudSignRequest {
                files: vec![CloudSignFile::default(); dice.roll(3)],
            }
            .encode_to_vec(),
        };
        desk.authorization = Some(HEADERS[dice.roll(6)].to_owned());
        let mut request = desk.request(dice.word(METHODS), &path, body);
        let kind = KINDS[dice.roll(5)];
        if let Ok(kind) = kind.parse() {
            request.headers_mut().insert("content-type", kind);
        }
        let answer = desk.send(&request);
        assert!(answer.status().as_u16() >= 100, "turn {turn}: {path}");
        assert!(
            answer.status() != 204 || answer.headers().contains_key("retry-after"),
            "turn {turn}: {path}"
        );
        desk.wait(std::time::Duration::from_millis(dice.roll(1_000) as u64));
        if turn % 500 == 0 {
            let _ = desk.world.messages();
            desk.world.reset();
        }
    }
}

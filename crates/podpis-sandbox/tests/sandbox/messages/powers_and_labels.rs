//! Powers of attorney and labels: one test for each rule, named after it.

use bytes::Bytes;
use podpis_diadoc_proto::ContentV3;
use podpis_diadoc_proto::events::{DocumentSignature, MessagePatch, PowerOfAttorneyToPost};
use podpis_diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneySendingType, PowerOfAttorneySignedContent,
};

use super::support::{approval, refusal, test_signature};
use crate::support::{Desk, but, made, message};

fn by(power: PowerOfAttorneyToPost) -> DocumentSignature {
    but(approval(test_signature()), |it| {
        it.power_of_attorney = Some(power)
    })
}

fn full_id() -> PowerOfAttorneyToPost {
    made(|it: &mut PowerOfAttorneyToPost| {
        it.full_id = Some(PowerOfAttorneyFullId {
            registration_number: "5d2f7b1e-9f0e-4c43-9d5a-31a0c3c4a001".to_owned(),
            issuer_inn: "6676130154".to_owned(),
            representative_inn: Some("667613015400".to_owned()),
        })
    })
}

fn file() -> PowerOfAttorneySignedContent {
    let content = |text: &'static str| {
        made(|it: &mut ContentV3| it.content = Some(Bytes::from_static(text.as_bytes())))
    };
    PowerOfAttorneySignedContent {
        content: content("<Доверенность/>"),
        signature: content("signature"),
    }
}

#[test]
fn r_poa_1_a_power_of_attorney_is_named_in_exactly_one_way() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let none = PowerOfAttorneyToPost::default();
    let default = but(none.clone(), |it| it.use_default = true);
    let one_file = but(none.clone(), |it| it.content = Some(file()));
    let files = but(none.clone(), |it| it.contents = vec![file(), file()]);
    let in_document = but(none.clone(), |it| it.use_document_content = Some(true));
    let both = |power: &PowerOfAttorneyToPost| but(power.clone(), |it| it.use_default = true);
    let wrong = [
        none.clone(),
        both(&full_id()),
        both(&one_file),
        both(&files),
        both(&in_document),
        but(full_id(), |it| it.use_document_content = Some(true)),
    ];
    for power in wrong {
        let (status, text) = desk.try_attach(&document, by(power.clone()));
        assert_eq!(status, 400, "{power:?}");
        assert!(text.contains("R-POA-1"), "{text}");
    }
    let nobody = but(full_id(), |it| {
        it.full_id.as_mut().unwrap().representative_inn = None
    });
    let (status, text) = desk.try_attach(&document, by(nobody));
    assert_eq!(status, 400);
    assert!(text.contains("RepresentativeInn is not provided"), "{text}");
    for power in [default, full_id(), one_file, files, in_document] {
        let (status, text) = desk.try_attach(&document, by(power.clone()));
        assert_eq!(status, 200, "{power:?}: {text}");
    }
    let numbers: Vec<_> = desk
        .state(&document)
        .signatures
        .into_iter()
        .map(|known| known.power_of_attorney.unwrap())
        .collect();
    assert_eq!(numbers[1], full_id().full_id.unwrap().registration_number);
}

#[test]
fn r_poa_2_use_default_is_written_also_when_it_is_false() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let mut post = |power: &[u8]| {
        let mut signature = b"\x0a\x24".to_vec();
        signature.extend(document.entity.as_bytes());
        signature.extend(b"\x20\x01\x28\x01\x4a");
        signature.push(u8::try_from(power.len()).unwrap());
        signature.extend(power);
        let mut body = desk.patch_of(&document.message, vec![]);
        body.extend(b"\x2a");
        body.push(u8::try_from(signature.len()).unwrap());
        body.extend(signature);
        refusal(&desk.post("/V4/PostMessagePatch", body))
    };
    let in_document = b"\x30\x01";
    let (status, text) = post(in_document);
    assert_eq!(status, 400);
    assert!(text.contains("UseDefault"), "{text}");
    let (status, text) = post(&[b"\x10\x00".as_slice(), in_document].concat());
    assert_eq!(status, 200, "{text}");
}

#[test]
fn r_poa_3_send_as_file_counts_only_with_an_id_or_the_default() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let as_file = |power: PowerOfAttorneyToPost| but(power, |it| it.send_as_file = Some(true));
    let in_document = made(|it: &mut PowerOfAttorneyToPost| it.use_document_content = Some(true));
    let mut sending = |power: PowerOfAttorneyToPost| {
        let signature = but(by(power), |it| {
            it.parent_entity_id = document.entity.clone()
        });
        let patch: MessagePatch = message(&desk.patch(&document.message, vec![signature], ""));
        let info = patch.entities[0].power_of_attorney_info.clone().unwrap();
        PowerOfAttorneySendingType(info.sending_type.unwrap())
    };
    type Sending = PowerOfAttorneySendingType;
    assert_eq!(sending(full_id()), Sending::METADATA);
    assert_eq!(sending(as_file(full_id())), Sending::FILE);
    assert_eq!(sending(as_file(in_document)), Sending::DOCUMENT_CONTENT);
}

#[test]
fn a_file_of_a_power_of_attorney_has_to_be_there() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let mut lost = file();
    lost.content = made(|it: &mut ContentV3| it.name_on_shelf = Some("none".to_owned()));
    let power = made(|it: &mut PowerOfAttorneyToPost| it.content = Some(lost));
    assert_eq!(desk.try_attach(&document, by(power)).0, 400);
}

#[test]
fn r_lbl_1_labels() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let labelled = |labels: Vec<String>| but(approval(test_signature()), |it| it.labels = labels);
    let many = |number: usize| (0..number).map(|place| format!("label-{place}")).collect();
    let one = |label: &str| vec![label.to_owned()];
    let wrong: [Vec<String>; 7] = [
        many(31),
        one(&"x".repeat(21)),
        one(""),
        one("метка"),
        one("under_score"),
        one("_own"),
        vec!["Same".to_owned(), "sAME".to_owned()],
    ];
    for labels in wrong {
        let (status, text) = desk.try_attach(&document, labelled(labels.clone()));
        assert_eq!(status, 400, "{labels:?}");
        assert!(text.contains("R-LBL-1"), "{text}");
    }
    let right: [Vec<String>; 2] = [many(30), one(&"x".repeat(20))];
    for labels in right {
        let (status, _) = desk.try_attach(&document, labelled(labels.clone()));
        assert_eq!(status, 200, "{labels:?}");
        let state = desk.state(&document);
        assert_eq!(state.signatures.last().unwrap().labels, labels);
    }
}

//! PrepareDocumentsToSign: what it gives, what can be signed by it, and where it may be used.

use std::time::Duration;

use bytes::Bytes;
use podpis_diadoc_proto::events::{
    ContentToPatch, DocumentPatchedContent, DocumentSignature, DocumentToPatch,
    DraftDocumentToPatch, PrepareDocumentsToSignRequest, PrepareDocumentsToSignResponse,
    UnsignedContent,
};
use podpis_diadoc_proto::invoicing::signers::{ExtendedSigner, ExtendedSignerDetails};
use podpis_diadoc_proto::invoicing::{Signer, SignerDetails};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{ContentV2, ContentV3, DocumentId};
use podpis_sandbox::{DocumentInfo, MessageOptions};
use podpis_transport::HttpResponse;

use super::support::{desk, given, place, refusal, test_signature};
use crate::dss::signatures;
use crate::signatures::openssl_accepts;
use crate::support::{Desk, Is as _, but, made, message, text};

fn id_of(place: &DocumentInfo) -> DocumentId {
    DocumentId {
        message_id: place.message.clone(),
        entity_id: place.entity.clone(),
    }
}

fn document(place: &DocumentInfo) -> DocumentToPatch {
    made(|it: &mut DocumentToPatch| it.document_id = id_of(place))
}

fn draft_document(place: &DocumentInfo) -> DraftDocumentToPatch {
    made(|it: &mut DraftDocumentToPatch| it.document_id = id_of(place))
}

fn extended(surname: &str) -> ExtendedSigner {
    made(|it: &mut ExtendedSigner| {
        it.signer_details = Some(ExtendedSignerDetails {
            surname: surname.to_owned(),
            first_name: "Анна".to_owned(),
            ..ExtendedSignerDetails::default()
        })
    })
}

impl Desk {
    fn try_prepare(&mut self, query: &str, request: PrepareDocumentsToSignRequest) -> HttpResponse {
        let request = but(request, |it| it.box_id = self.info().box_id);
        let path = format!("/PrepareDocumentsToSign{query}");
        self.post(&path, request.encode_to_vec())
    }

    fn prepare(
        &mut self,
        query: &str,
        request: PrepareDocumentsToSignRequest,
    ) -> Vec<DocumentPatchedContent> {
        let answer = self.try_prepare(query, request);
        answer.is(200);
        message::<PrepareDocumentsToSignResponse>(&answer).document_patched_contents
    }

    /// Prepares a document that is not sent.
    pub(super) fn prepared(&mut self, place: &DocumentInfo) -> DocumentPatchedContent {
        let request =
            made(|it: &mut PrepareDocumentsToSignRequest| it.documents = vec![document(place)]);
        self.prepare("", request).remove(0)
    }

    /// Prepares a document of a draft.
    pub(super) fn prepared_in_draft(&mut self, place: &DocumentInfo) -> DocumentPatchedContent {
        let request = made(|it: &mut PrepareDocumentsToSignRequest| {
            it.draft_documents = vec![draft_document(place)]
        });
        self.prepare("", request).remove(0)
    }
}

pub(super) fn by(
    prepared: &DocumentPatchedContent,
    signature: DocumentSignature,
) -> DocumentSignature {
    but(signature, |it| {
        it.patched_content_id = Some(prepared.patched_content_id.clone())
    })
}

#[test]
fn a_prepared_content_names_the_signer_and_changes_nothing_yet() {
    let mut desk = Desk::new();
    let place = desk.info().messages.unsent;
    let before = text(&desk.entity_content(&place.message, &place.entity));
    let prepared = desk.prepared(&place);
    assert_eq!(prepared.document_id, id_of(&place));
    let content = String::from_utf8(prepared.content.unwrap().to_vec()).unwrap();
    assert!(content.contains("<Подписант>Иванова Мария Петровна</Подписант></Файл>"));
    assert_ne!(content, before);
    let after = text(&desk.entity_content(&place.message, &place.entity));
    assert_eq!(after, before);
    assert!(!desk.state(&place).patched);
    let again = desk.prepared(&place);
    assert_ne!(again.patched_content_id, prepared.patched_content_id);
}

#[test]
fn the_signed_content_becomes_that_of_the_document() {
    let mut desk = Desk::new();
    let place = desk.info().messages.unsent;
    let prepared = desk.prepared(&place);
    let content = prepared.content.clone().unwrap();
    let signature = desk.signature_over(content.clone());
    desk.attach(&place, by(&prepared, given(signature)));
    let now_there = desk.entity_content(&place.message, &place.entity);
    assert_eq!(now_there.into_body(), content);
    desk.verified();
    let state = desk.state(&place);
    assert!(state.sent && state.patched);
    assert_eq!(state.failures, 0);
    assert!(state.signatures[0].verifies);
}

#[test]
fn both_ways_of_the_cloud_sign_the_prepared_bytes() {
    let mut desk = Desk::new();
    let place = desk.info().messages.unsent;
    let prepared = desk.prepared(&place);
    let content = String::from_utf8(prepared.content.clone().unwrap().to_vec()).unwrap();
    let id = Some(prepared.patched_content_id.clone());
    let by_sms = desk.sign(vec![made(|it: &mut ContentV2| {
        it.patched_content_id = id.clone()
    })]);
    assert!(openssl_accepts(&by_sms[0], &content, None));
    let result = desk.dss_signed(vec![made(|it: &mut ContentV3| it.patched_content_id = id)]);
    let by_dss = signatures(&result).remove(0).unwrap();
    assert!(openssl_accepts(&by_dss, &content, None));
    desk.attach(&place, by(&prepared, given(by_dss)));
    assert!(desk.state(&place).signatures[0].verifies);
}

#[test]
fn dss_signs_a_document_by_its_ids() {
    let mut desk = Desk::new();
    for place in [
        desk.info().messages.unsent_nonformalized,
        desk.info().messages.counter_signed,
    ] {
        let result = desk.dss_signed(vec![made(|it: &mut ContentV3| {
            it.entity_id = Some(id_of(&place))
        })]);
        desk.attach(&place, given(signatures(&result).remove(0).unwrap()));
        let ours = |known: &&podpis_sandbox::SignatureState| known.ours;
        assert!(
            desk.state(&place)
                .signatures
                .iter()
                .find(ours)
                .unwrap()
                .verifies
        );
    }
}

#[test]
fn content_is_left_out_when_it_is_asked_so() {
    let mut desk = Desk::new();
    let unsent = desk.info().messages.unsent;
    for (query, without) in [
        ("", false),
        ("?excludeContent=false", false),
        ("?excludeContent", true),
        ("?excludeContent=", true),
        ("?excludeContent=true", true),
        ("?excludecontent=True", true),
    ] {
        let request =
            made(|it: &mut PrepareDocumentsToSignRequest| it.documents = vec![document(&unsent)]);
        let prepared = desk.prepare(query, request).remove(0);
        assert_eq!(prepared.content.is_none(), without, "{query}");
    }
}

#[test]
fn only_documents_that_can_be_prepared_come_back_and_last_first() {
    let mut desk = Desk::new();
    let known = desk.info().messages;
    let draft = place(&known.draft.message, &known.draft.documents[0]);
    let appendix = place(&known.draft.message, &known.draft.documents[1]);
    let request = PrepareDocumentsToSignRequest {
        draft_documents: vec![draft_document(&draft), draft_document(&appendix)],
        documents: vec![
            document(&known.unsent),
            document(&known.unsent_nonformalized),
            document(&known.sent),
            document(&known.counter_signed),
        ],
        ..PrepareDocumentsToSignRequest::default()
    };
    let prepared = desk.prepare("", request);
    let ids: Vec<_> = prepared.into_iter().map(|one| one.document_id).collect();
    assert_eq!(ids, [id_of(&known.unsent), id_of(&draft)]);
}

#[test]
fn a_content_that_is_not_in_diadoc() {
    let mut desk = Desk::new();
    let content = |bytes: &'static str, kind: &str| ContentToPatch {
        type_named_id: kind.to_owned(),
        function: "default".to_owned(),
        version: "v1".to_owned(),
        content: UnsignedContent {
            content: Some(Bytes::from_static(bytes.as_bytes())),
            name_on_shelf: None,
        },
        ..ContentToPatch::default()
    };
    let request = |contents| made(|it: &mut PrepareDocumentsToSignRequest| it.contents = contents);
    let contents = vec![
        content("<a>1</a>", "XmlTorg12"),
        content("plain", "XmlTorg12"),
        content("<b/>", "Nonformalized"),
    ];
    let prepared = desk.prepare("", request(contents));
    assert_eq!(prepared.len(), 1);
    let expected = Some("<a>1<Подписант>Иванова Мария Петровна</Подписант></a>".as_bytes());
    assert_eq!(prepared[0].content.as_deref(), expected);
    assert_eq!(prepared[0].document_id, DocumentId::default());
    let mut both = content("<a></a>", "XmlTorg12");
    both.content.name_on_shelf = Some("x".to_owned());
    let (status, text) = refusal(&desk.try_prepare("", request(vec![both])));
    assert_eq!(status, 400);
    assert!(text.contains("R-SRC-1"), "{text}");
}

#[test]
fn r_sig_7_a_prepared_content_belongs_to_its_document() {
    let mut desk = desk(MessageOptions::default().prepared_life(Duration::from_secs(60)));
    let known = desk.info().messages;
    let prepared = desk.prepared(&known.unsent);
    let of_nobody = but(test_signature(), |it| {
        it.patched_content_id = Some(desk.info().patched_content_id)
    });
    let unknown = but(test_signature(), |it| {
        it.patched_content_id = Some("none".to_owned())
    });
    for (place, signature) in [
        (&known.unsent, unknown),
        (&known.unsent, of_nobody),
        (&known.unsent_nonformalized, by(&prepared, test_signature())),
    ] {
        let (status, text) = desk.try_attach(place, signature);
        assert_eq!(status, 409);
        assert!(text.contains("R-SIG-7"), "{text}");
    }
    desk.wait(Duration::from_secs(60));
    let late = by(&prepared, test_signature());
    assert_eq!(desk.try_attach(&known.unsent, late).0, 409);
    let right = by(&desk.prepared(&known.unsent), test_signature());
    assert_eq!(desk.try_attach(&known.unsent, right).0, 200);
    assert!(desk.state(&known.unsent).signatures[0].verifies);
}

#[test]
fn r_sig_7_the_signature_is_over_the_prepared_bytes() {
    let mut desk = Desk::new();
    let place = desk.info().messages.unsent;
    let of_the_stored = desk.signature_of(&place);
    let prepared = desk.prepared(&place);
    desk.attach(&place, by(&prepared, given(of_the_stored)));
    desk.verified();
    let state = desk.state(&place);
    assert_eq!(state.failures, 1);
    assert!(!state.sent && !state.patched, "what it did is taken back");
    let right = desk.signature_over(prepared.content.clone().unwrap());
    desk.attach(&place, by(&prepared, given(right)));
    desk.verified();
    assert_eq!(desk.state(&place).failures, 1);
}

#[test]
fn r_prp_1_who_signs() {
    let mut desk = Desk::new();
    let unsent = desk.info().messages.unsent;
    let content = |signer: Option<Signer>| {
        made(|it: &mut PrepareDocumentsToSignRequest| {
            it.contents = vec![ContentToPatch {
                type_named_id: "XmlTorg12".to_owned(),
                content: UnsignedContent {
                    content: Some("<a></a>".into()),
                    name_on_shelf: None,
                },
                signer,
                ..ContentToPatch::default()
            }]
        })
    };
    let of = |one: DocumentToPatch| {
        made(|it: &mut PrepareDocumentsToSignRequest| {
            it.documents = vec![but(one, |it| it.document_id = id_of(&unsent))]
        })
    };
    let person = made(|it: &mut Signer| {
        it.signer_details = Some(SignerDetails {
            surname: "Петрова".to_owned(),
            first_name: "Анна".to_owned(),
            ..SignerDetails::default()
        })
    });
    let two = of(made(|it: &mut DocumentToPatch| {
        it.extended_signer = vec![extended("Петрова"), extended("Сидорова")]
    }));
    let for_transfer = of(made(|it: &mut DocumentToPatch| {
        it.signer = Some(person.clone())
    }));
    for wrong in [two, for_transfer, content(Some(Signer::default()))] {
        let (status, text) = refusal(&desk.try_prepare("", wrong));
        assert_eq!(status, 400);
        assert!(text.contains("R-PRP-1"), "{text}");
    }
    let named = of(made(|it: &mut DocumentToPatch| {
        it.extended_signer = vec![extended("Петрова")]
    }));
    let block = of(made(|it: &mut DocumentToPatch| {
        it.signer_content = Some("<Свой/>".into())
    }));
    for (right, expected) in [
        (named, "<Подписант>Петрова Анна</Подписант></Файл>"),
        (block, "<Свой/></Файл>"),
        (
            content(Some(person)),
            "<Подписант>Петрова Анна</Подписант></a>",
        ),
    ] {
        let bytes = desk.prepare("", right).remove(0).content.unwrap();
        let content = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(content.contains(expected), "{content}");
    }
}

#[test]
fn what_cannot_be_prepared_at_all() {
    let mut desk = Desk::new();
    let info = desk.info();
    let draft = place(
        &info.messages.draft.message,
        &info.messages.draft.documents[0],
    );
    let documents = |one: DocumentToPatch| {
        made(|it: &mut PrepareDocumentsToSignRequest| it.documents = vec![one])
    };
    let drafts = |one: DraftDocumentToPatch| {
        made(|it: &mut PrepareDocumentsToSignRequest| it.draft_documents = vec![one])
    };
    let nowhere = place("none", "none");
    let no_entity = place(&info.messages.unsent.message, "none");
    for request in [
        documents(document(&nowhere)),
        documents(document(&no_entity)),
        documents(document(&draft)),
        drafts(draft_document(&info.messages.unsent)),
    ] {
        desk.try_prepare("", request).is(404);
    }
    let foreign = but(documents(document(&info.messages.unsent)), |it| {
        it.box_id = info.other_box
    });
    desk.post("/PrepareDocumentsToSign", foreign.encode_to_vec())
        .is(403);
    let nothing = PrepareDocumentsToSignRequest::default();
    assert!(desk.prepare("", nothing).is_empty());
}

//! Clients that judge who signed: by the sandbox's authority, by another one, and by lists of what was revoked.

use std::sync::Arc;
use std::time::Duration;

use der::Encode as _;
use der::asn1::{BitString, UtcTime};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::DecodePrivateKey as _;
use podpis::cms::{Certificate, SignerJudge};
use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::diadoc::{File, SignAndAttach};
use podpis::trust::{Given, RevocationList};
use podpis::{
    Begin, Deadline, Error, ErrorKind, Journal, Meaning, MemoryJournal, NoPrompt, Operation,
    Refusal, TrustPolicy, kept,
};
use podpis_core::wait::Time as _;
use podpis_sandbox::{PhoneMode, WorldOptions};
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use crate::flows::attach::{shown, unsigned};
use crate::stage::Stage;

const TEN_MINUTES: Deadline = Deadline::minutes(10);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const AUTHORITY_KEY: &str = include_str!("../../crates/podpis-sandbox/keys/ca.pem");
const OTHER_ROOT: &[u8] =
    include_bytes!("../../crates/podpis-trust/tests/fixtures/trust/p256/root.crt");

/// Who is trusted, and what is known of revocations.
#[derive(Clone, Copy, Debug, PartialEq)]
enum World {
    /// The sandbox's authority, whose list is empty.
    Trusted,
    /// Another authority.
    OtherRoot,
    /// The sandbox's authority, which has revoked all that it issued.
    Revoked,
}

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

/// A list of the sandbox's authority of yesterday: empty, or with everything that it issued.
fn list(stage: &Stage, revoked: bool) -> RevocationList {
    let authority = x509_cert::Certificate::load_pem_chain(stage.sandbox.ca_pem().as_bytes());
    let authority = authority.unwrap().remove(0);
    let now = stage.time.now();
    let time = |moment| Time::UtcTime(UtcTime::from_system_time(moment).unwrap());
    // The sandbox counts its certificates in the last bytes of their numbers.
    let serial = |number: u8| {
        let own = &authority.tbs_certificate.serial_number;
        let mut bytes = own.as_bytes().to_vec();
        *bytes.last_mut().unwrap() = number;
        SerialNumber::new(&bytes).unwrap()
    };
    let entry = |number: u8| RevokedCert {
        serial_number: serial(number),
        revocation_date: time(now - 2 * DAY),
        crl_entry_extensions: None,
    };
    let algorithm = AlgorithmIdentifierOwned {
        oid: der::oid::ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
        parameters: None,
    };
    let said = TbsCertList {
        version: x509_cert::Version::V2,
        signature: algorithm.clone(),
        issuer: authority.tbs_certificate.subject.clone(),
        this_update: time(now - DAY),
        next_update: Some(time(now + DAY)),
        revoked_certificates: revoked.then(|| (1..=120).map(entry).collect()),
        crl_extensions: None,
    };
    let key = SigningKey::from_pkcs8_pem(AUTHORITY_KEY).unwrap();
    let value: DerSignature = key.sign(&said.to_der().unwrap());
    let list = CertificateList {
        tbs_cert_list: said,
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(value.as_bytes()).unwrap(),
    };
    RevocationList::from_der(list.to_der().unwrap()).unwrap()
}

fn policy(stage: &Stage, world: World) -> TrustPolicy {
    let root = match world {
        World::OtherRoot => OTHER_ROOT.to_vec(),
        World::Trusted | World::Revoked => stage.sandbox.ca_pem().into_bytes(),
    };
    let given = Given::new()
        .roots(Certificate::read_all(&root).unwrap())
        .lists([list(stage, world == World::Revoked)]);
    let judge: Arc<dyn SignerJudge> = Arc::new(given);
    TrustPolicy::by(judge)
}

/// What the signatures in the only record of a journal are.
async fn kept_in(journal: &MemoryJournal) -> (Operation, usize) {
    let record = journal.open().await.unwrap().remove(0);
    let signatures = kept(&record).unwrap();
    let readable = signatures
        .iter()
        .all(|one| podpis::cms::Signature::parse(&one.bytes).is_ok());
    assert!(readable);
    (record, signatures.len())
}

#[tokio::test]
async fn who_is_trusted_signs_and_the_signature_is_attached() {
    let stage = Stage::in_process(confirming()).await;
    let strict = policy(&stage, World::Trusted).require_trusted();
    let diadoc = stage.builder().trust(strict).build();
    let (message, entity) = unsigned(&stage);
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(attached.documents.len(), 1);
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);

    let signing = diadoc
        .in_box(&stage.in_box())
        .dss_sign([File::bytes("act.txt", "an act")]);
    let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(signatures.all().unwrap()[0].checks().is_proven());
}

#[tokio::test]
async fn nothing_is_attached_for_who_is_not_trusted_and_the_signature_is_kept() {
    for (world, reason) in [(World::Revoked, "revoked"), (World::OtherRoot, "no-chain")] {
        let stage = Stage::in_process(confirming()).await;
        let mut policy = policy(&stage, world);
        if world == World::OtherRoot {
            policy = policy.require_trusted();
        }
        let diadoc = stage.builder().trust(policy).build();
        let (message, entity) = unsigned(&stage);
        let journal = MemoryJournal::new();
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let mut run = attaching.start(&journal).await.unwrap();
        let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotTrusted, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        drop(run);

        assert_eq!(stage.calls("PostMessagePatch"), 0);
        assert!(shown(&stage, &entity).signatures.is_empty());
        let (record, count) = kept_in(&journal).await;
        assert_eq!(count, 1);
        let means = Meaning::KeptUntrusted {
            operation: record.id().clone(),
        };
        assert_eq!(error.meaning(), Some(means));

        // Whoever resumes it, with trust or without, is told the same, and the person is not asked again.
        for client in [diadoc.clone(), stage.diadoc()] {
            let claim = journal.claim(record.id()).await.unwrap();
            let run = client.resume::<SignAndAttach>(claim).unwrap();
            let again = run.output().unwrap_err();
            assert_eq!(again.kind(), ErrorKind::NotTrusted);
            assert_eq!(again.to_string(), error.to_string());
        }
        assert_eq!(stage.sandbox.counters().pushes_sent, 1);
        assert_eq!(stage.calls("PostMessagePatch"), 0);
    }
}

#[tokio::test]
async fn what_is_not_proven_passes_unless_trust_is_required() {
    let stage = Stage::in_process(confirming()).await;
    let lenient = policy(&stage, World::OtherRoot);
    let diadoc = stage.builder().trust(lenient.clone()).build();
    let sign = |diadoc: &podpis::Diadoc| {
        diadoc
            .in_box(&stage.in_box())
            .dss_sign([File::bytes("act.txt", "an act")])
    };
    let signing = sign(&diadoc);
    assert!(signing.run(&mut NoPrompt, TEN_MINUTES).await.is_ok());

    let strict = stage.builder().trust(lenient.require_trusted()).build();
    let journal = MemoryJournal::new();
    let mut run = sign(&strict).start(&journal).await.unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotTrusted);
    drop(run);
    assert_eq!(kept_in(&journal).await.1, 1);
}

#[tokio::test]
async fn a_signature_that_is_given_is_judged_before_it_is_posted() {
    let stage = Stage::in_process(confirming()).await;
    let (message, entity) = unsigned(&stage);
    // Signed by somebody of the sandbox, somewhere else.
    let signing = stage
        .diadoc()
        .in_box(&stage.in_box())
        .dss_sign([File::bytes("act.txt", "an act")]);
    let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let signed = signatures.all().unwrap()[0].clone();

    let diadoc = stage
        .builder()
        .trust(policy(&stage, World::Revoked))
        .build();
    let signature = DocumentSignature::builder(&entity, SignatureSource::from(&signed));
    let posting = diadoc
        .in_box(&stage.in_box())
        .patch_message(&message)
        .signature(signature.build().unwrap());
    let journal = MemoryJournal::new();
    let error = posting.start(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotTrusted);
    assert_eq!(error.meaning(), Some(Meaning::NotStarted));
    assert_eq!(stage.calls("PostMessagePatch"), 0);
    assert!(journal.open().await.unwrap().is_empty());

    // Extern's draft takes none of such people either.
    let client = stage.extern_builder();
    let client = client.trust(policy(&stage, World::Revoked)).build();
    let account = client.account(&stage.account());
    let (draft, document) = (stage.phone_draft(), "d".to_owned().into());
    let given = account.put_draft_document_signature(&draft, &document, signed.der().to_vec());
    assert_eq!(given.await.unwrap_err().kind(), ErrorKind::NotTrusted);
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
}

#[tokio::test]
async fn a_report_of_who_is_not_trusted_is_not_prepared_and_not_sent() {
    let refused = |error: &Error| {
        assert_eq!(error.refusal(), Some(&Refusal::Other), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("nothing was sent") && text.contains("revoked"),
            "{text}"
        );
    };
    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_builder();
    let client = client.trust(policy(&stage, World::Revoked)).build();
    let journal = MemoryJournal::new();
    let mut run = stage.report(&client, "dss").start(&journal).await.unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    refused(&error);
    let signatures = kept(run.operation()).unwrap();
    assert_eq!(signatures.len(), 2);
    assert_eq!(stage.sandbox.counters().docflows_created, 0);
    let of_draft = |path: &str| path.ends_with("/prepare") || path.ends_with("/send");
    let requests = stage.sandbox.requests();
    assert!(
        !requests.iter().any(|request| of_draft(&request.path)),
        "{requests:?}"
    );

    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_builder();
    let strict = policy(&stage, World::Trusted).require_trusted();
    let client = client.trust(strict).build();
    let sending = stage.report(&client, "dss");
    sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(stage.sandbox.counters().docflows_created, 1);
}

#[tokio::test]
async fn an_answer_of_who_is_not_trusted_is_not_sent() {
    for (world, sent) in [(World::Revoked, 0), (World::Trusted, 1)] {
        let stage = Stage::in_process(confirming()).await;
        let client = stage.extern_builder();
        let client = client.trust(policy(&stage, world)).build();
        let account = client.account(&stage.account());
        let docflow = stage.extern_info().replies.fns_receipt.place.docflow;
        let asked = account.replies_asked_for(&docflow.into()).await.unwrap();
        let certificate = stage.certificate_of("dss");
        let answering = account.answer(
            &asked[0].place,
            &*asked[0].reply_type,
            certificate,
            "8.8.8.8",
        );
        let journal = MemoryJournal::new();
        let mut run = answering.start(&journal).await.unwrap();
        let outcome = run.wait(&mut NoPrompt, TEN_MINUTES).await;
        assert_eq!(stage.sandbox.counters().replies_sent, sent);
        if world == World::Revoked {
            assert_eq!(outcome.unwrap_err().refusal(), Some(&Refusal::Other));
            assert_eq!(kept(run.operation()).unwrap().len(), 1);
        }
    }
}

//! Signatures in forms that are not DER, and bytes that are none, wherever the services give signatures.
//!
//! **Invariant:** what can be read is given out as DER and proven; what cannot is kept, and nobody is asked again.

use std::time::Duration;

use podpis::cms::Signature;
use podpis::diadoc::EntityId;
use podpis::diadoc::attach::SignBy;
use podpis::extern_api::model::DraftId;
use podpis::{
    Begin, Deadline, Error, ErrorChain, ErrorKind, File, Journal, MemoryJournal, NoPrompt,
    Operation, Podpis, Signatures, TrustPolicy,
};
use podpis_sandbox::{Fault, PhoneMode, SignatureFault, WorldOptions};

use super::attach::{shown, unsigned};
use crate::openssl::openssl_accepts;
use crate::stage::{SKINS, Skin, Stage};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

const FORMS: [SignatureFault; 2] = [SignatureFault::Ber, SignatureFault::BerToken];

/// A way to get signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    CloudSign,
    DssSign,
    ExternByPhone,
    ExternBySms,
}

impl Door {
    pub(crate) const ALL: [Self; 4] = [
        Self::CloudSign,
        Self::DssSign,
        Self::ExternByPhone,
        Self::ExternBySms,
    ];

    /// Where the signatures are fetched.
    fn endpoint(self) -> &'static str {
        match self {
            Self::CloudSign => "CloudSignConfirmResult",
            Self::DssSign => "DssSignResult",
            Self::ExternByPhone | Self::ExternBySms => "DraftDocumentSignature",
        }
    }

    /// Whether the fault spoils the signature at this place: Extern gives each in an answer of its own.
    fn spoils(self, place: usize) -> bool {
        place == 0 || matches!(self, Self::ExternByPhone | Self::ExternBySms)
    }

    fn draft(self, stage: &Stage) -> DraftId {
        match self {
            Self::ExternBySms => stage.sms_draft(),
            _ => stage.phone_draft(),
        }
    }

    /// Signs through this door; the record is in the journal.
    pub(crate) async fn sign(
        self,
        stage: &Stage,
        journal: &MemoryJournal,
        trust: Option<TrustPolicy>,
    ) -> Result<Signatures, Error> {
        let (mut diadoc, mut client) = (stage.builder(), stage.extern_builder());
        if let Some(trust) = trust {
            (diadoc, client) = (diadoc.trust(trust.clone()), client.trust(trust));
        }
        let (diadoc, client) = (diadoc.build(), client.build());
        let files = ["a.txt", "b.txt"].map(|name| File::bytes(name, name));
        match self {
            Self::CloudSign => {
                let own = stage.sandbox.world_info().diadoc.certificate;
                let signing = diadoc.cloud_sign(files).certificate(own.parse().unwrap());
                let mut run = signing.start(journal).await?;
                run.wait(&mut stage.person(), TEN_MINUTES).await
            }
            Self::DssSign => {
                let signing = diadoc.in_box(&stage.in_box()).dss_sign(files);
                let signing = signing.certificate(stage.diadoc_certificate("dss"));
                let mut run = signing.start(journal).await?;
                run.wait(&mut NoPrompt, TEN_MINUTES).await
            }
            Self::ExternByPhone | Self::ExternBySms => {
                let draft = self.draft(stage);
                let signing = client.account(&stage.account()).sign_draft(&draft);
                let mut run = signing.start(journal).await?;
                run.wait(&mut stage.person(), TEN_MINUTES).await
            }
        }
    }

    /// What is signed, in the order of the files.
    async fn contents(self, stage: &Stage) -> Vec<Vec<u8>> {
        if matches!(self, Self::CloudSign | Self::DssSign) {
            return vec![b"a.txt".to_vec(), b"b.txt".to_vec()];
        }
        let (client, account) = (stage.extern_api(), stage.account());
        let mut contents = Vec::new();
        let draft = self.draft(stage);
        for document in client
            .account(&account)
            .draft_contents(&draft)
            .await
            .unwrap()
        {
            let id = document.content.unwrap();
            contents.push(
                client
                    .account(&account)
                    .content(&id)
                    .await
                    .unwrap()
                    .to_vec(),
            );
        }
        contents
    }
}

/// What signing through a door comes to when signatures are spoiled, the first one at least.
pub(crate) struct Spoiled {
    pub(crate) stage: Stage,
    pub(crate) journal: MemoryJournal,
    pub(crate) outcome: Result<Signatures, Error>,
}

impl Spoiled {
    pub(crate) async fn at(door: Door, skin: Skin, fault: SignatureFault) -> Self {
        Self::with(podpis_sandbox::Signatures::Ecdsa, door, skin, fault).await
    }

    /// The same in a world of such signatures.
    pub(crate) async fn with(
        signatures: podpis_sandbox::Signatures,
        door: Door,
        skin: Skin,
        fault: SignatureFault,
    ) -> Self {
        let options = WorldOptions::default()
            .phone(PhoneMode::Confirm, Duration::ZERO)
            .signatures(signatures);
        let stage = Stage::set(skin, options).await;
        let fault = Fault::on(door.endpoint()).signatures(fault);
        stage.inject(fault);
        let journal = MemoryJournal::new();
        let outcome = door.sign(&stage, &journal, None).await;
        Self {
            stage,
            journal,
            outcome,
        }
    }

    /// The record, as it is stored.
    pub(crate) async fn record(&self) -> Operation {
        let mut open = self.journal.open().await.unwrap();
        assert_eq!(open.len(), 1);
        open.remove(0)
    }
}

#[tokio::test]
async fn what_came_in_ber_is_proven_and_given_out_in_der() {
    for door in Door::ALL {
        for (fault, skin) in FORMS.into_iter().zip(SKINS) {
            let spoiled = Spoiled::at(door, skin, fault).await;
            let signatures = spoiled.outcome.as_ref().unwrap();
            let came = podpis::kept(&spoiled.record().await).unwrap();
            let contents = door.contents(&spoiled.stage).await;
            let signed = signatures.all().unwrap();
            assert_eq!((signed.len(), came.len()), (contents.len(), contents.len()));
            for (number, (signed, content)) in signed.iter().zip(&contents).enumerate() {
                assert!(signed.checks().is_proven(), "{door:?} {fault:?}");
                let again = Signature::parse(signed.der()).unwrap();
                assert!(again.form().is_der(), "{door:?} {fault:?}");
                assert!(openssl_accepts(signed.der(), content), "{door:?} {fault:?}");
                // The record keeps what came.
                let is_der = signed.der() == came[number].bytes;
                assert_eq!(is_der, !door.spoils(number), "{door:?} {fault:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_attached_to_a_document_is_der() {
    for fault in FORMS {
        for door in [Door::DssSign, Door::CloudSign] {
            let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
            let stage = Stage::in_process(options).await;
            let fault = Fault::on(door.endpoint()).signatures(fault);
            stage.inject(fault);
            let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
            let certificate = None;
            let method = match door {
                Door::DssSign => SignBy::Dss { certificate },
                _ => SignBy::Sms { certificate },
            };
            let attaching = diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity);
            let attaching = attaching.method(method);
            let attached = attaching.run(&mut stage.person(), TEN_MINUTES).await;
            assert!(attached.unwrap().is_complete());
            // The sandbox refuses what is not DER, and has what was posted.
            let [signature] = &shown(&stage, &entity).signatures[..] else {
                panic!("one signature is attached");
            };
            assert!(signature.verifies);
            let signature = EntityId::new(signature.entity.as_str());
            let in_box = stage.in_box();
            let calls = diadoc.in_box(&in_box);
            let of = |entity| calls.entity_content(&message, entity);
            let posted = of(&signature).await.unwrap();
            let content = of(&entity).await.unwrap();
            assert!(Signature::parse(&posted).unwrap().form().is_der());
            assert!(openssl_accepts(&posted, &content));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_and_nobody_is_asked_again() {
    for door in Door::ALL {
        let spoiled = Spoiled::at(door, Skin::InProcess, SignatureFault::Unreadable).await;
        let error = spoiled.outcome.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature, "{door:?}");
        let text = ErrorChain(error).to_string();
        assert!(text.contains("cannot be read"), "{door:?} {text}");
        assert!(text.contains("cut off"), "{door:?} {text}");

        let record = spoiled.record().await;
        assert_eq!(record.state().name(), "done", "{door:?}");
        let kept = podpis::kept(&record).unwrap();
        let file = kept[0].file.as_ref().unwrap();
        assert_eq!(file.name, record.files()[0].name, "{door:?}");
        for (place, kept) in kept.iter().enumerate() {
            let is_torn = Signature::parse(&kept.bytes).is_err();
            assert_eq!(is_torn, door.spoils(place), "{door:?} {place}");
            assert!(kept.bytes.starts_with(b"\x30\x82"), "{door:?} {place}");
        }

        // Going on looks at what is kept; the service is not called.
        let stage = &spoiled.stage;
        let before = (stage.sandbox.counters(), stage.sandbox.requests().len());
        let claim = spoiled.journal.claim(record.id()).await.unwrap();
        let podpis = Podpis::new()
            .with_diadoc(stage.diadoc())
            .with_extern(stage.extern_api());
        let mut run = podpis.resume(claim).unwrap();
        let again = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Signature, "{door:?}");
        let after = (stage.sandbox.counters(), stage.sandbox.requests().len());
        assert_eq!(after, before, "{door:?}");
        assert_eq!(podpis::kept(run.operation()).unwrap(), kept, "{door:?}");
    }
}

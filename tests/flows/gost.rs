//! Clients of a sandbox that signs with GOST: who signed is trusted by the sandbox's root, until it is revoked.

use std::sync::Arc;
use std::time::Duration;

use podpis::cms::{Certificate, SignerJudge};
use podpis::trust::{Given, RevocationList};
use podpis::{Begin, Deadline, ErrorKind, MemoryJournal, NoPrompt, TrustPolicy};
use podpis_sandbox::{PhoneMode, Signatures, WorldOptions};

use crate::flows::attach::{shown, unsigned};
use crate::flows::spoiled_signatures::Door;
use crate::stage::Stage;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

async fn stage(stamped: bool) -> Stage {
    let options = WorldOptions::default()
        .phone(PhoneMode::Confirm, Duration::ZERO)
        .signatures(Signatures::Gost)
        .time_stamps(stamped);
    Stage::in_process(options).await
}

fn file(stage: &Stage, name: &str) -> Vec<u8> {
    let request = http::Request::get(format!("/_sandbox/ca/{name}"));
    let answer = stage
        .sandbox
        .handle(&request.body(Vec::new().into()).unwrap());
    assert_eq!(answer.status(), 200, "{name}");
    answer.into_body().to_vec()
}

/// By the sandbox's root, with its lists of this moment.
fn strict(stage: &Stage) -> TrustPolicy {
    let lists = ["root.crl", "issuing.crl"].map(|name| file(stage, name));
    let given = Given::new()
        .roots(Certificate::read_all(&file(stage, "root.pem")).unwrap())
        .certificates(Certificate::read_all(&file(stage, "issuing.crt")).unwrap())
        .lists(lists.map(|list| RevocationList::from_der(list).unwrap()));
    let judge: Arc<dyn SignerJudge> = Arc::new(given);
    TrustPolicy::by(judge).require_trusted()
}

#[tokio::test]
async fn every_door_gives_signatures_that_are_trusted() {
    for stamped in [false, true] {
        for door in Door::ALL {
            let stage = stage(stamped).await;
            let policy = strict(&stage);
            let signed = door.sign(&stage, &MemoryJournal::new(), Some(policy)).await;
            let signed = signed.unwrap_or_else(|error| panic!("{door:?}: {error:?}"));
            for one in signed.all().unwrap() {
                assert!(one.checks().is_proven(), "{door:?}");
                let signature = podpis::cms::Signature::parse(one.der()).unwrap();
                let mut unsigned = signature.signers()[0].unsigned_attributes();
                assert_eq!(unsigned.next().is_some(), stamped, "{door:?}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_attached_for_who_was_revoked() {
    for revoked in [false, true] {
        let stage = stage(false).await;
        let certificate = stage.sandbox.world_info().diadoc.dss_certificate;
        if revoked {
            assert!(stage.sandbox.revoke_certificate(&certificate));
        }
        let diadoc = stage.builder().trust(strict(&stage)).build();
        let (message, entity) = unsigned(&stage);
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await;
        assert_eq!(attached.is_err(), revoked, "{attached:?}");
        if let Err(error) = attached {
            assert_eq!(error.kind(), ErrorKind::NotTrusted);
            assert!(error.to_string().contains("revoked"), "{error}");
        }
        let there = shown(&stage, &entity).signatures;
        assert_eq!(there.len(), usize::from(!revoked));
        // The service verifies what it was given, too.
        stage.sandbox.advance(Duration::from_secs(1));
        assert_eq!(stage.sandbox.counters().signatures_invalid, 0);
    }
}

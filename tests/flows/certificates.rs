//! The user's certificates and organizations, and every way to log in for them.

use std::time::{Duration, UNIX_EPOCH};

use podpis::core::login::oidc::{ClientSecret, OidcCredentials, OidcProvider, scope};
use podpis::core::wait::Time as _;
use podpis::diadoc::certificates::{
    Certificate, CertificateType, SigningMethod, Unusable, choose_certificate,
};
use podpis::secret::{Password, Token};
use podpis::{Begin, Deadline, Diadoc, DiadocLogin, ErrorKind, File, NoPrompt};
use podpis_sandbox::{DiadocOptions, Fault, WorldOptions};

use super::dss_sign::willing;
use crate::stage::{SKINS, Stage};

fn find<'c>(all: &'c [Certificate], stage: &Stage, name: &str) -> &'c Certificate {
    let thumbprint = Some(stage.diadoc_certificate(name));
    all.iter()
        .find(|one| one.thumbprint() == thumbprint)
        .unwrap()
}

#[tokio::test]
async fn each_that_cannot_be_used_says_why_over_both_skins() {
    for skin in SKINS {
        let options = DiadocOptions::default().unknown_certificate_type(true);
        let options = WorldOptions::default().diadoc_options(options);
        let stage = Stage::set(skin, options).await;
        stage.spoil("GetMyCertificates");
        let all = stage
            .diadoc()
            .in_box(&stage.in_box())
            .certificates()
            .await
            .unwrap();
        let now = stage.time.now();
        let reasons = |name: &str, method| {
            let reasons = find(&all, &stage, name).unusable_for(method, now);
            let texts: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            texts.join("; ")
        };
        let on_carrier = "its key is on a carrier, and DssSign does not sign with those";
        let dss = [
            ("dss", ""),
            ("dss-short", ""),
            ("dss-expired", "it is no longer valid"),
            ("dss-future", "it is not valid yet"),
            ("dss-key-expired", "its key may no longer sign"),
            ("token", on_carrier),
            ("token-dss", ""),
            (
                "unknown-type",
                "its type 77 is not known to this version, and DssSign does not sign with those",
            ),
            (
                "kontur",
                "it is a Kontur.Certificate, and DssSign does not sign with those",
            ),
        ];
        for (name, expected) in dss {
            assert_eq!(reasons(name, SigningMethod::DssSign), expected, "{name}");
        }
        let cloud = [
            ("kontur", ""),
            ("kontur-expired", "it is no longer valid"),
            (
                "dss",
                "it is a DSS certificate, and CloudSign does not sign with those",
            ),
        ];
        for (name, expected) in cloud {
            assert_eq!(reasons(name, SigningMethod::CloudSign), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn the_chosen_one_signs_and_is_the_services_own_choice() {
    let stage = Stage::in_process(willing(1)).await;
    let diadoc = stage.diadoc();
    let all = diadoc.in_box(&stage.in_box()).certificates().await.unwrap();
    let chosen = choose_certificate(&all, SigningMethod::DssSign, stage.time.now()).unwrap();
    let thumbprint = chosen.thumbprint().unwrap();
    let own = stage.sandbox.world_info().diadoc.dss_certificate;
    assert_eq!(thumbprint.to_string(), own, "in the form that is accepted");
    let signing = diadoc
        .in_box(&stage.in_box())
        .dss_sign([File::bytes("a", "a")]);
    let signatures = signing
        .certificate(thumbprint)
        .run(&mut NoPrompt, Deadline::minutes(5))
        .await;
    signatures.unwrap().all().unwrap();

    let later = stage.time.now() + Duration::from_secs(100 * 365 * 24 * 60 * 60);
    let none = choose_certificate(&all, SigningMethod::DssSign, later).unwrap_err();
    assert_eq!(none.unusable.len(), all.len());
    for (certificate, reasons) in &none.unusable {
        let expired = reasons
            .iter()
            .any(|reason| matches!(reason, Unusable::Expired { .. }));
        assert!(expired, "{certificate:?}");
        let thumbprint = certificate.thumbprint().unwrap().to_string();
        assert!(none.to_string().contains(&thumbprint));
    }
}

#[tokio::test]
async fn what_a_certificate_says_is_typed() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let all = stage
        .diadoc()
        .in_box(&stage.in_box())
        .certificates()
        .await
        .unwrap();
    let dss = find(&all, &stage, "dss");
    assert_eq!(dss.certificate_type, CertificateType::DSS);
    assert!(dss.is_default);
    assert_eq!(dss.owner().as_deref(), Some(seeded.users[0].name.as_str()));
    let mut known = seeded.certificates.iter();
    let known = known.find(|known| known.owner == 0 && known.name == "dss");
    let at = |seconds| Some(UNIX_EPOCH + Duration::from_secs(seconds));
    let (from, to) = (at(known.unwrap().not_before), at(known.unwrap().not_after));
    assert_eq!((dss.valid_from, dss.valid_to), (from, to));
}

#[tokio::test]
async fn those_of_the_gos_key_app_come_only_when_asked_for() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let diadoc = stage.diadoc();
    let count = |all: &[Certificate]| {
        let of = |one: &&Certificate| one.certificate_type == CertificateType::GOSKEY;
        all.iter().filter(of).count()
    };
    let all = diadoc.in_box(&stage.in_box()).certificates().await.unwrap();
    assert_eq!(count(&all), 0);
    let all = diadoc
        .in_box(&stage.in_box())
        .certificates_with_gos_key()
        .await
        .unwrap();
    assert_eq!(count(&all), 1);
}

#[tokio::test]
async fn organizations_have_their_box_in_both_forms_and_nobody_is_registered() {
    for skin in SKINS {
        let stage = Stage::set(skin, willing(1)).await;
        let seeded = stage.sandbox.world_info().diadoc;
        let diadoc = stage.diadoc();
        let all = diadoc.organizations().await.unwrap();
        let own = all
            .iter()
            .find(|one| one.inn == seeded.organization.inn)
            .unwrap();
        assert_eq!(
            own.short_name.as_deref(),
            Some(seeded.organization.name.as_str())
        );
        assert_eq!(own.box_id().unwrap().as_str(), seeded.box_id);
        let address = own.boxes[0].address.as_ref().unwrap();
        assert!(address.as_str().ends_with("@diadoc.ru"), "{address}");
        // The service takes either.
        for in_box in [own.box_id().unwrap(), address] {
            diadoc.in_box(in_box).certificates().await.unwrap();
        }
        assert_eq!(stage.sandbox.counters().registrations, 0);
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    for endpoint in ["GetMyCertificates", "GetMyOrganizations"] {
        for fault in [
            Fault::on(endpoint).call(1).drop_after(),
            Fault::on(endpoint).call(1).status(503),
            Fault::on(endpoint).call(1).revoke_tokens(),
        ] {
            let stage = Stage::in_process(WorldOptions::default()).await;
            stage.inject(fault);
            stage
                .diadoc()
                .in_box(&stage.in_box())
                .certificates()
                .await
                .unwrap();
            stage.diadoc().organizations().await.unwrap();
            assert_eq!(stage.calls(endpoint), 2);
        }
    }
    let stage = Stage::in_process(WorldOptions::default()).await;
    let elsewhere = stage.sandbox.world_info().diadoc.other_box.parse().unwrap();
    let error = stage
        .diadoc()
        .in_box(&elsewhere)
        .certificates()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.service().unwrap().status, 403);
}

/// Everything that is new beside CloudSign, in one go.
async fn uses_all(stage: &Stage, diadoc: &Diadoc) {
    let in_box = diadoc.organizations().await.unwrap()[0]
        .box_id()
        .cloned()
        .unwrap();
    diadoc.in_box(&in_box).certificates().await.unwrap();
    let files = [File::bytes("a", "a"), File::bytes("b", "b").by_shelf()];
    let signing = diadoc.in_box(&in_box).dss_sign(files);
    signing
        .run(&mut NoPrompt, Deadline::minutes(5))
        .await
        .unwrap()
        .all()
        .unwrap();
    let receipts = diadoc
        .in_box(&in_box)
        .auto_sign_receipts()
        .run(&mut NoPrompt, Deadline::minutes(5))
        .await;
    assert_eq!(receipts.unwrap().batches, 1);
    assert_eq!(stage.calls("DssSign"), 1);
}

#[tokio::test]
async fn a_bearer_token_opens_everything_without_a_login() {
    let stage = Stage::in_process(willing(1)).await;
    let token = Token::new(stage.sandbox.world_info().diadoc.token);
    let diadoc = stage.builder_with(DiadocLogin::bearer(&token)).build();
    uses_all(&stage, &diadoc).await;
    assert_eq!(stage.calls("Authenticate"), 0);
}

#[tokio::test]
async fn a_login_by_openid_connect_is_renewed_in_the_middle() {
    let stage = Stage::in_process(willing(1)).await;
    let seeded = stage.sandbox.world_info().extern_;
    let provider = OidcProvider::builder(
        "http://localhost".parse().unwrap(),
        seeded.client_id,
        ClientSecret::new(seeded.api_key),
        stage.transport(),
        stage.time.clone(),
    )
    .scope(scope::DIADOC)
    .build()
    .unwrap();
    let password = Password::new(seeded.password);
    let credentials = OidcCredentials::password(provider, seeded.login, password);
    let diadoc = stage.builder_with(DiadocLogin::other(credentials)).build();
    stage.inject(Fault::on("DssSignResult").call(1).revoke_tokens());
    stage.inject(Fault::on("AutoSignReceipts").call(1).revoke_tokens());
    uses_all(&stage, &diadoc).await;
    assert_eq!(stage.calls("Authenticate"), 0);
    assert_eq!(stage.calls("ConnectToken"), 3);
    assert_eq!(
        stage.sandbox.counters().operations_started,
        2,
        "each start was applied once"
    );
}

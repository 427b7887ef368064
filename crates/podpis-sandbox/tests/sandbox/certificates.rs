//! Certificates, organizations, and the OpenID Connect tokens that open them.

use std::time::Duration;

use podpis_diadoc_proto::certificates::{
    CertificateInfoV2, CertificateList, CertificateType, CertificateUsage,
};
use podpis_diadoc_proto::{OrganizationList, OrganizationType};
use podpis_sandbox::{DiadocOptions, WorldOptions};

use crate::support::{Desk, Is as _, START, message};

const DAY: i64 = 24 * 60 * 60;

fn listed(desk: &mut Desk, query: &str) -> Vec<CertificateInfoV2> {
    let box_id = desk.info().box_id;
    let answer = desk.get(&format!("/GetMyCertificates?boxId={box_id}{query}"));
    answer.is(200);
    message::<CertificateList>(&answer).certificates
}

/// Unix seconds of .NET ticks, by the formula of the documentation.
fn unix(ticks: Option<i64>) -> i64 {
    ticks.unwrap() / 10_000_000 - 62_135_596_800
}

#[test]
fn a_certificate_of_every_kind() {
    let mut desk = Desk::new();
    let now = i64::try_from(START.as_secs()).unwrap();
    let info = desk.info();
    let all = listed(&mut desk, "&includeGoskeyCertificates=True");
    let names: Vec<_> = all
        .iter()
        .map(|one| {
            let known = info
                .certificates
                .iter()
                .find(|known| known.thumbprint == one.thumbprint);
            let known = known.unwrap();
            assert_eq!((known.owner, known.kind), (0, one.r#type));
            let seen = i64::try_from(known.not_before).unwrap();
            assert_eq!(seen, unix(one.valid_from));
            assert_eq!(i64::try_from(known.not_after).unwrap(), unix(one.valid_to));
            assert_eq!(one.user_last_name.as_deref(), Some("Иванова"));
            assert_eq!(one.user_short_name.as_deref(), Some("Иванова М.П."));
            let valid = unix(one.valid_from) <= now
                && now <= unix(one.valid_to)
                && now <= unix(one.private_key_valid_to);
            assert_eq!(known.active, valid, "{}", known.name);
            (known.name.as_str(), one.r#type, valid)
        })
        .collect();
    assert_eq!(
        names,
        [
            ("kontur", 3, true),
            ("kontur-expired", 3, false),
            ("dss-short", 2, true),
            ("dss", 2, true),
            ("dss-expired", 2, false),
            ("dss-future", 2, false),
            ("dss-key-expired", 2, false),
            ("token", 1, true),
            ("token-dss", 1, true),
            ("goskey", 4, true),
        ]
    );
    let usages = |one: &CertificateInfoV2| one.typed_usages().collect::<Vec<_>>();
    assert_eq!(usages(&all[3]), [CertificateUsage::DSS_USAGE]);
    assert_eq!(usages(&all[7]), [CertificateUsage::TOKEN_USAGE]);
    let expected = [CertificateUsage::TOKEN_USAGE, CertificateUsage::DSS_USAGE];
    assert_eq!(usages(&all[8]), expected);
    let is_default = all.iter().filter(|one| one.is_default == Some(true));
    let default: Vec<_> = is_default.collect();
    assert_eq!(default.len(), 1);
    assert_eq!(default[0].thumbprint, info.dss_certificate);
    for certificate in &all {
        assert!(desk.world.certificate(&certificate.thumbprint).is_some());
    }
}

#[test]
fn goskey_and_other_people_are_left_out() {
    let mut desk = Desk::new();
    for query in [
        "",
        "&includeGoskeyCertificates=",
        "&includeGoskeyCertificates=false",
    ] {
        let known = listed(&mut desk, query);
        assert_eq!(known.len(), 9, "{query}");
        assert!(
            known
                .iter()
                .all(|one| one.typed_type() != CertificateType::GOSKEY)
        );
    }
    desk.be(2);
    let archivist = listed(&mut desk, "&includeGoskeyCertificates=true");
    assert_eq!(archivist.len(), 2);
    assert_eq!(archivist[0].user_last_name.as_deref(), Some("Ёлкина"));
    let path = format!(
        "/GetMyCertificates?boxId={}&includeGoskeyCertificates=maybe",
        desk.info().box_id
    );
    desk.get(&path).is(400);
}

#[test]
fn a_type_that_no_schema_has_is_listed_on_request() {
    let options = DiadocOptions::default().unknown_certificate_type(true);
    let mut desk = Desk::odd(WorldOptions::default().diadoc_options(options));
    assert_eq!(listed(&mut desk, "").pop().unwrap().r#type, 77);
}

#[test]
fn newer_servers_list_valid_ones_only() {
    let options = DiadocOptions::default().valid_certificates_only(true);
    let mut desk = Desk::with(WorldOptions::default().diadoc_options(options));
    let count = |desk: &mut Desk| listed(desk, "&includeGoskeyCertificates=1").len();
    assert_eq!(count(&mut desk), 7);
    desk.wait(Duration::from_secs(u64::try_from(100 * DAY).unwrap()));
    assert_eq!(count(&mut desk), 7, "one ended and one began");
}

#[test]
fn organizations_and_what_registers() {
    let mut desk = Desk::new();
    let info = desk.info();
    for query in [
        "?autoRegister=false",
        "?autoregister=False",
        "?autoRegister=0",
    ] {
        let answer = desk.get(&format!("/GetMyOrganizations{query}"));
        let organization = message::<OrganizationList>(&answer).organizations.remove(0);
        assert_eq!(organization.org_id, info.organization.id);
        assert_eq!(organization.inn, info.organization.inn);
        let seen = organization.typed_organization_type();
        assert_eq!(seen, OrganizationType::JURIDICAL);
        assert_eq!(organization.boxes.len(), 1);
        assert_eq!(organization.boxes[0].box_id_guid, info.box_id);
        let plain = info.box_id.replace('-', "");
        assert_eq!(organization.boxes[0].box_id, format!("{plain}@diadoc.ru"));
    }
    assert_eq!(desk.world.counters().registrations, 0);
    for (query, status, registrations) in [
        ("", 200, 1),
        ("?autoRegister", 200, 2),
        ("?autoRegister=true", 200, 3),
        ("?autoRegister=1", 200, 4),
        ("?autoRegister=false", 200, 4),
        ("?autoRegister=maybe", 400, 4),
    ] {
        desk.get(&format!("/GetMyOrganizations{query}")).is(status);
        let counted = desk.world.counters().registrations;
        assert_eq!(counted, registrations, "{query}");
    }
    desk.post("/GetMyOrganizations", "").is(405);
    desk.authorization = None;
    desk.get("/GetMyOrganizations?autoRegister=false").is(401);
}

#[test]
fn a_token_of_the_identity_service_opens_diadoc() {
    let mut desk = Desk::new();
    desk.authorization = None;
    let form = "client_id=podpis-sandbox-extern&client_secret=e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001\
        &grant_type=password&scope=Diadoc.PublicAPI&username=accountant@romashka.example\
        &password=accountant-password";
    let mut request = desk.request("POST", "/connect/token", form);
    let kind = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", kind);
    let body: serde_json::Value = serde_json::from_slice(desk.send(&request).body()).unwrap();
    let token = body["access_token"].as_str().unwrap();
    let life = body["expires_in"].as_u64().unwrap();
    desk.authorization = Some(format!("Bearer {token}"));
    assert_eq!(listed(&mut desk, "").len(), 2, "the accountant's");
    desk.post("/V2/ShelfUpload", "x").is(200);
    desk.wait(Duration::from_secs(life));
    // It has expired.
    desk.post("/V2/ShelfUpload", "x").is(401);
    desk.be(0);
    desk.post("/V2/ShelfUpload", "x").is(200);
    desk.world.revoke_tokens();
    desk.post("/V2/ShelfUpload", "x").is(401);
}

//! The authorities' certificates and lists, and what is revoked.

use der::Decode as _;
use der::oid::ObjectIdentifier;
use podpis_sandbox::{Bind, Sandbox, Signatures, WorldOptions};
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, CrlDistributionPoints};

use crate::support::{Desk, Is as _, header, text};

const GOST_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");
const SANDBOX: &str = "http://127.0.0.1:8787";

fn desk(signatures: Signatures) -> Desk {
    let options = WorldOptions::default().signatures(signatures);
    Desk::with(options.address(Some(SANDBOX.to_owned())))
}

fn certificate(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

/// The addresses of its issuer and of that one's list.
fn addresses(certificate: &Certificate) -> (String, String) {
    let body = &certificate.tbs_certificate;
    let address = |name: &GeneralName| match name {
        GeneralName::UniformResourceIdentifier(address) => address.as_str().to_owned(),
        other => panic!("{other:?}"),
    };
    let (_, issuer) = body.get::<AuthorityInfoAccessSyntax>().unwrap().unwrap();
    let (_, list) = body.get::<CrlDistributionPoints>().unwrap().unwrap();
    let Some(DistributionPointName::FullName(names)) = &list.0[0].distribution_point else {
        panic!("{list:?}");
    };
    (address(&issuer.0[0].access_location), address(&names[0]))
}

#[test]
fn a_certificate_names_its_issuer_and_the_list_and_both_are_there() {
    for (signatures, chain) in [
        (Signatures::Ecdsa, &["root"][..]),
        (Signatures::Gost, &["issuing", "root"]),
    ] {
        let mut desk = desk(signatures);
        let thumbprint = desk.info().certificate.clone();
        let person = desk.world.certificate(&thumbprint).unwrap();
        let mut known = certificate(&person);
        for file in chain {
            let (issuer, list) = addresses(&known);
            assert_eq!(issuer, format!("{SANDBOX}/_sandbox/ca/{file}.crt"));
            assert_eq!(list, format!("{SANDBOX}/_sandbox/ca/{file}.crl"));
            let answer = desk.get(issuer.strip_prefix(SANDBOX).unwrap());
            assert_eq!(
                header(&answer, "content-type"),
                Some("application/pkix-cert")
            );
            let authority = certificate(answer.body());
            let (said, by) = (&known.tbs_certificate, &authority.tbs_certificate);
            assert_eq!(said.issuer, by.subject);
            let is_gost = by.subject_public_key_info.algorithm.oid == GOST_KEY;
            assert_eq!(is_gost, signatures == Signatures::Gost);
            let answer = desk.get(list.strip_prefix(SANDBOX).unwrap());
            assert_eq!(
                header(&answer, "content-type"),
                Some("application/pkix-crl")
            );
            let list = CertificateList::from_der(answer.body())
                .unwrap()
                .tbs_cert_list;
            assert_eq!(list.issuer, by.subject);
            assert!(list.revoked_certificates.is_none());
            known = authority;
        }
        let root = known.tbs_certificate;
        assert_eq!(root.issuer, root.subject);
        let pem = text(&desk.get("/_sandbox/ca/root.pem"));
        assert_eq!(pem, desk.world.ca_pem());
        for nothing in ["other.crt", "root", "root.p7b", "."] {
            desk.get(&format!("/_sandbox/ca/{nothing}")).is(404);
        }
        desk.post("/_sandbox/ca/root.crl", "").is(405);
    }
}

#[test]
fn what_is_revoked_is_in_the_next_list_until_the_world_is_reset() {
    for (signatures, file) in [(Signatures::Ecdsa, "root"), (Signatures::Gost, "issuing")] {
        let mut desk = desk(signatures);
        let thumbprint = desk.info().certificate.clone();
        let der = desk.world.certificate(&thumbprint).unwrap();
        let revoked = |desk: &mut Desk| {
            let list = desk.get(&format!("/_sandbox/ca/{file}.crl"));
            let list = CertificateList::from_der(list.body())
                .unwrap()
                .tbs_cert_list;
            let entries = list.revoked_certificates.into_iter().flatten();
            entries.map(|entry| entry.serial_number).collect::<Vec<_>>()
        };
        let path = format!("/_sandbox/certificates/{thumbprint}/revoke");
        for _ in 0..2 {
            desk.post(&path.to_lowercase(), "").is(200);
            let number = certificate(&der).tbs_certificate.serial_number;
            assert_eq!(revoked(&mut desk), [number]);
        }
        desk.get(&path).is(405);
        desk.post("/_sandbox/certificates/00/revoke", "").is(404);
        // Of an authority that is not the sandbox's.
        let foreign = desk.world.world_info().extern_.certificates;
        let foreign = foreign.iter().find(|one| one.kind == "foreign-ca").unwrap();
        let path = format!("/_sandbox/certificates/{}/revoke", foreign.thumbprint);
        desk.post(&path, "").is(404);
        desk.post("/_sandbox/reset", "").is(200);
        assert!(revoked(&mut desk).is_empty());
    }
}

#[tokio::test]
async fn a_world_that_is_started_is_reached_where_its_certificates_say() {
    let options = WorldOptions::default().signatures(Signatures::Gost);
    let server = Sandbox::start(options, Bind::loopback(0)).await.unwrap();
    let sandbox = server.sandbox();
    let thumbprint = sandbox.world_info().diadoc.certificate;
    let person = certificate(&sandbox.certificate(&thumbprint).unwrap());
    let issuer = format!("{}/_sandbox/ca/issuing.crt", server.base_url());
    assert_eq!(addresses(&person).0, issuer);
    assert!(sandbox.revoke_certificate(&thumbprint));
    assert!(!sandbox.revoke_certificate("00"));
}

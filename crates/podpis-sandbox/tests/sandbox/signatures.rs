//! Signatures are real: OpenSSL, which knows nothing of this crate, accepts them.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::Decode as _;
use podpis_sandbox::{DigestName, Fault, SignatureFault, WorldOptions};

use crate::support::{Desk, START, contents, inline};

/// Runs `openssl cms -verify` and says whether it was content.
pub(crate) fn openssl_accepts(signature: &[u8], content: &str, ca: Option<&str>) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let signature = write("x.p7s", signature);
    let content = write("x", content.as_bytes());
    let mut command = Command::new("openssl");
    command
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-in"])
        .arg(&signature)
        .arg("-content")
        .arg(&content)
        .arg("-out")
        .arg(Path::new("/dev/null"));
    match ca {
        None => command.arg("-noverify"),
        Some(pem) => {
            let at = (START + Duration::from_secs(60)).as_secs().to_string();
            let command = command.arg("-CAfile").arg(write("ca.pem", pem.as_bytes()));
            command.args(["-purpose", "any", "-attime", &at])
        }
    };
    let output = command
        .output()
        .expect("openssl has to be installed for this test, because it is the independent judge");
    output.status.success()
}

#[test]
fn openssl_accepts_every_kind_of_signer() {
    for attributes in [true, false] {
        let mut desk = Desk::with(WorldOptions::default().signed_attributes(attributes));
        for user in 0..3 {
            desk.be(user);
            let signatures = desk.sign(vec![inline("первый"), inline("второй")]);
            let ca = desk.world.ca_pem().to_owned();
            for (signature, content) in signatures.iter().zip(["первый", "второй"]) {
                assert!(
                    openssl_accepts(signature, content, None),
                    "user {user}, {attributes}"
                );
                assert!(
                    openssl_accepts(signature, content, Some(&ca)),
                    "user {user}, {attributes}"
                );
                assert!(
                    !openssl_accepts(signature, "другой", None),
                    "user {user}, {attributes}"
                );
            }
        }
    }
}

/// The next answer with signatures is spoiled.
pub(crate) fn spoil(desk: &mut Desk, fault: SignatureFault) {
    let once = Fault::on("CloudSignConfirmResult").call(1);
    desk.fault(once.signatures(fault));
}

#[test]
fn openssl_sees_what_was_spoiled() {
    for user in [0, 2] {
        let mut desk = Desk::new();
        desk.be(user);
        let task = desk.start(vec![inline("first"), inline("second")]);
        let token = desk.token(&task);
        let task = desk.confirmed(&token, "Content");
        let mut spoiled = |fault| {
            spoil(&mut desk, fault);
            contents(&desk.result(&task))
        };
        for fault in [
            SignatureFault::Forge,
            SignatureFault::Corrupt,
            SignatureFault::Permute,
        ] {
            let bad = spoiled(fault);
            assert!(!openssl_accepts(&bad[0], "first", None), "{fault:?}");
        }
        let other = spoiled(SignatureFault::OtherSigner);
        let ca = desk.world.ca_pem().to_owned();
        assert!(openssl_accepts(&other[0], "first", Some(&ca)));
        assert_ne!(other[0], desk.sign(vec![inline("first")])[0]);
    }
}

#[test]
fn ber_is_the_same_signature_and_no_der() {
    for (user, attributes) in [(0, true), (0, false), (2, true), (2, false)] {
        let mut desk = Desk::with(WorldOptions::default().signed_attributes(attributes));
        desk.be(user);
        let mut spoiled = |fault| {
            spoil(&mut desk, fault);
            let signature = desk.sign(vec![inline("content")]).remove(0);
            assert!(openssl_accepts(&signature, "content", None), "{user}");
            assert!(!openssl_accepts(&signature, "another", None), "{user}");
            signature
        };
        let ber = spoiled(SignatureFault::Ber);
        assert_eq!(ber[..2], [0x30, 0x80], "an indefinite length");
        assert!(contains(&ber, &[0x24, 0x80, 0x04]));
        // The signature around the time stamp is DER, the stamp is not.
        let token = spoiled(SignatureFault::BerToken);
        assert_eq!(token[..2], [0x30, 0x82]);
        let seen = usize::from(token[2]) << 8 | usize::from(token[3]);
        assert_eq!(seen, token.len() - 4);
        let signed_data = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
        assert!(contains(&token, signed_data));
    }
}

#[test]
fn a_signature_names_the_digest_that_it_is_told_to() {
    for (user, attributes) in [(0, true), (0, false), (2, true), (2, false)] {
        let mut desk = Desk::with(WorldOptions::default().signed_attributes(attributes));
        desk.be(user);
        let mut spoiled = |fault| {
            spoil(&mut desk, fault);
            desk.sign(vec![inline("content")]).remove(0)
        };
        let sha1 = DigestName::SHA_1;
        let right = spoiled(SignatureFault::Sha1);
        let foreign = spoiled(SignatureFault::ForeignDigest(sha1));
        for (signature, is_right) in [(&right, true), (&foreign, false)] {
            let data = signed_data(signature);
            let signer = data.signer_infos.0.get(0).unwrap();
            assert_eq!(signer.digest_alg.oid.to_string(), sha1.to_string());
            assert_eq!(data.digest_algorithms.get(0), Some(&signer.digest_alg));
            assert_eq!(openssl_accepts(signature, "content", None), is_right);
        }
        for name in [DigestName::MD5, DigestName::UNKNOWN] {
            let data = signed_data(&spoiled(SignatureFault::ForeignDigest(name)));
            let signer = data.signer_infos.0.get(0).unwrap();
            assert_eq!(signer.digest_alg.oid.to_string(), name.to_string());
        }
    }
}

#[test]
fn what_is_torn_off_is_no_signature() {
    let mut desk = Desk::new();
    desk.fault(Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Unreadable));
    let torn = desk.sign(vec![inline("content")]).remove(0);
    assert!(!torn.is_empty() && ContentInfo::from_der(&torn).is_err());
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn signed_data(signature: &[u8]) -> SignedData {
    let info = ContentInfo::from_der(signature).unwrap();
    info.content.decode_as().unwrap()
}

#[test]
fn the_certificate_is_inside_and_has_the_thumbprint_that_was_told() {
    use der::Encode as _;
    use sha1::Digest as _;

    let mut desk = Desk::new();
    let data = signed_data(&desk.sign(vec![inline("x")]).remove(0));
    assert!(data.encap_content_info.econtent.is_none(), "detached");
    let certificates = data.certificates.unwrap();
    let certificate = certificates.0.get(0).unwrap().to_der().unwrap();
    let thumbprint = base16ct::upper::encode_string(&sha1::Sha1::digest(&certificate));
    assert_eq!(thumbprint, desk.info().certificate);
    let seen = desk.world.certificate(&thumbprint.to_lowercase());
    assert_eq!(seen, Some(certificate.clone()));
    assert_eq!(desk.world.certificate("00"), None);
    let text = String::from_utf8_lossy(&certificate);
    for part in ["Иванова Мария Петровна", "500100732259", "11223344595"] {
        assert!(text.contains(part), "{part}");
    }
    let attributes = data.signer_infos.0.get(0).unwrap().signed_attrs.clone();
    let attributes = attributes.unwrap();
    let oids: Vec<String> = attributes.iter().map(|one| one.oid.to_string()).collect();
    for oid in [
        "1.2.840.113549.1.9.3",
        "1.2.840.113549.1.9.4",
        "1.2.840.113549.1.9.5",
    ] {
        assert!(oids.iter().any(|known| known == oid), "{oid}");
    }
}

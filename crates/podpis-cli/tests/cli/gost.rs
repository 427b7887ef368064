//! Every flow by a sandbox that signs with GOST, and what `podpis verify` says of its signatures.

use std::fs;
use std::time::Duration;

use podpis::cms::{DigestAlgorithm, Signature};
use podpis_sandbox::{PhoneMode, Signatures, WorldOptions};

use crate::bench::{Ended, Folder, Service, podpis};

#[test]
fn every_flow_ends_with_values_that_passed() {
    for (arguments, signatures) in [
        (&["diadoc", "sign", "report.xml"][..], 1),
        (&["diadoc", "attach"], 1),
        (&["extern", "send", "report.xml"], 1),
        (&["extern", "reply"], 6),
        (&["extern", "sign-draft"], 3),
    ] {
        let folder = Folder::new();
        folder.file("report.xml", "<Файл/>");
        let mut command = podpis();
        command.current_dir(folder.root()).args(arguments);
        let ended = Ended::of(command.args(["--sandbox", "--signatures", "gost", "--yes"]));
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
        let passed = ended.stderr.matches("  signature value: passed\n").count();
        assert_eq!(passed, signatures, "{arguments:?}: {ended:?}");
        // Streebog, in every signature that was written.
        let written = folder.names();
        let written: Vec<&String> = written
            .iter()
            .filter(|name| name.ends_with(".p7s"))
            .collect();
        assert_eq!(written.len(), signatures, "{arguments:?}");
        for name in written {
            let signature = fs::read(folder.path(name)).unwrap();
            let signature = Signature::parse(&signature).unwrap();
            let digests = signature.digest_algorithms();
            assert_eq!(digests, [DigestAlgorithm::Streebog256], "{arguments:?}");
        }
    }
}

#[test]
fn only_an_embedded_sandbox_is_told_what_to_sign_with() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let mut command = podpis();
    command
        .args(["diadoc", "sign", "--signatures", "gost"])
        .arg(&file);
    let ended = Ended::of(&mut command);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("--sandbox"), "{ended:?}");
}

#[test]
fn a_signature_is_trusted_until_the_sandbox_revokes_the_signer() {
    for signatures in [Signatures::Ecdsa, Signatures::Gost] {
        for stamped in [false, true] {
            let options = WorldOptions::default()
                .phone(PhoneMode::Confirm, Duration::ZERO)
                .signatures(signatures)
                .time_stamps(stamped);
            let service = Service::start(options);
            let folder = Folder::new();
            let file = folder.file("act", "an act");
            let root = folder.file("root.pem", service.sandbox.ca_pem());
            let signed = Ended::of(&mut service.dss_sign(&[&file]));
            assert_eq!(signed.code, 0, "{signed:?}");
            let verify = |cache: &str| {
                let mut command = podpis();
                command.env("XDG_CACHE_HOME", folder.path(cache));
                command.args(["verify", "--all", "--fetch", "--json", "--trust"]);
                Ended::of(command.arg(&root).arg(&file))
            };
            let trusted = verify("first");
            assert_eq!(trusted.code, 0, "{signatures:?}: {trusted:?}");
            let trust = trusted.object()["trust"].clone();
            assert_eq!(trust["verdict"], "trusted", "{trusted:?}");
            let stamps = trust["stamps"].as_array().map_or(0, Vec::len);
            assert_eq!(stamps, usize::from(stamped), "{trusted:?}");

            // A stamp proves that the signature is older than the revocation.
            if stamped {
                service.sandbox.advance(Duration::from_secs(1));
            }
            let signer = service.sandbox.world_info().diadoc.dss_certificate;
            assert!(service.sandbox.revoke_certificate(&signer));
            let again = verify("second");
            let trust = again.object()["trust"].clone();
            if stamped {
                assert_eq!(again.code, 0, "{again:?}");
            } else {
                assert_eq!((again.code, &trust["reason"]), (1, &"revoked".into()));
            }
        }
    }
}

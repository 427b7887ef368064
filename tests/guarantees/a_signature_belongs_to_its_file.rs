//! Promise: a signature is handed out only for the file it is for, whatever the service does and whatever it signs with.

use podpis::cms::Check;
use podpis::{Begin, Deadline, Error, ErrorChain, ErrorKind, File, Signatures};
use podpis_sandbox::{self as sandbox, DigestName, Fault, SignatureFault, WorldOptions};

use crate::flows::spoiled_signatures::{Door, Spoiled};
use crate::stage::{Skin, Stage};

/// Worlds of every kind of signatures.
fn worlds() -> [WorldOptions; 2] {
    sandbox::Signatures::ALL.map(|signatures| WorldOptions::default().signatures(signatures))
}

fn files(count: usize) -> Vec<File> {
    (0..count)
        .map(|number| File::bytes(format!("{number}.txt"), format!("content {number}")))
        .collect()
}

async fn sign(
    files: Vec<File>,
    change: Option<SignatureFault>,
    options: WorldOptions,
) -> Result<Signatures, Error> {
    let stage = Stage::in_process(options).await;
    if let Some(change) = change {
        stage.inject(Fault::on("CloudSignConfirmResult").signatures(change));
    }
    let certificate = stage
        .sandbox
        .world_info()
        .diadoc
        .certificate
        .parse()
        .unwrap();
    let signing = stage.diadoc().cloud_sign(files).certificate(certificate);
    signing.run(&mut stage.person(), Deadline::minutes(5)).await
}

#[tokio::test]
async fn a_permuted_answer_is_put_right() {
    for (count, world) in [2, 50]
        .into_iter()
        .flat_map(|count| worlds().map(|world| (count, world)))
    {
        let signatures = sign(files(count), Some(SignatureFault::Permute), world)
            .await
            .unwrap();
        for (number, signed) in signatures.all().unwrap().into_iter().enumerate() {
            assert_eq!(signed.name(), format!("{number}.txt"));
            assert_eq!(signed.checks().digest(), &Check::Passed);
            signed
                .with_file(
                    format!("content {number}").as_bytes(),
                    &podpis::cms::Expectation::new(),
                )
                .unwrap();
        }
    }
}

#[tokio::test]
async fn whatever_is_wrong_is_an_error_that_names_a_file_and_keeps_the_answer() {
    for (count, world) in [2, 50]
        .into_iter()
        .flat_map(|count| worlds().map(|world| (count, world)))
    {
        for change in [
            SignatureFault::Double,
            SignatureFault::Forge,
            SignatureFault::Corrupt,
            SignatureFault::Missing,
            SignatureFault::OtherSigner,
        ] {
            let error = sign(files(count), Some(change), world.clone())
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Signature, "{count} {change:?}");
            assert!(
                ErrorChain(&error).to_string().contains(".txt"),
                "{count} {change:?}: {}",
                ErrorChain(&error)
            );
            assert_eq!(
                error.operation().unwrap().state().name(),
                "done",
                "{count} {change:?}"
            );
        }
    }
}

#[tokio::test]
async fn identical_files_are_legal_in_any_order() {
    let mut same = files(3);
    same.extend((0..3).map(|copy| File::bytes(format!("copy-{copy}.txt"), "content 1")));
    for world in worlds() {
        for change in [None, Some(SignatureFault::Permute)] {
            let signatures = sign(same.clone(), change, world.clone()).await.unwrap();
            assert_eq!(signatures.all().unwrap().len(), 6);
        }
        sign(same.clone(), Some(SignatureFault::Missing), world)
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn without_signed_attributes_the_value_itself_proves_the_file() {
    for world in worlds() {
        let bare = || world.clone().signed_attributes(false);
        let signatures = sign(files(5), Some(SignatureFault::Permute), bare())
            .await
            .unwrap();
        assert!(
            signatures
                .all()
                .unwrap()
                .iter()
                .all(|signed| signed.checks().digest() == &Check::Passed)
        );
        for change in [
            SignatureFault::Double,
            SignatureFault::Forge,
            SignatureFault::Missing,
        ] {
            sign(files(5), Some(change), bare()).await.unwrap_err();
        }
    }
}

/// A digest that nobody computes says nothing of the file, so it can hide neither another signer nor other bytes.
#[tokio::test]
async fn a_digest_that_proves_nothing_is_an_error_that_names_the_file() {
    let named = [
        (DigestName::MD5, "MD5"),
        (DigestName::SHA_1, "SHA-1"),
        (DigestName::SHA_224, "SHA-224"),
        (DigestName::SHA3_256, "SHA3-256"),
        (DigestName::UNKNOWN, "1.3.6.1.4.1.99999.1"),
    ];
    let faults = named
        .into_iter()
        .map(|(name, title)| (SignatureFault::ForeignDigest(name), title))
        .chain([(SignatureFault::Sha1, "SHA-1")]);
    for (fault, title) in faults {
        let every = Door::ALL.map(|door| sandbox::Signatures::ALL.map(|kind| (kind, door)));
        for (signatures, door) in every.into_iter().flatten() {
            let spoiled = Spoiled::with(signatures, door, Skin::InProcess, fault).await;
            let error = spoiled.outcome.as_ref().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Signature, "{door:?} {fault:?}");
            let record = spoiled.record().await;
            let file = &record.files()[0];
            assert!(!file.digests.is_empty(), "{door:?}: it was hashed");
            let text = ErrorChain(error).to_string();
            assert!(text.contains(&file.name), "{door:?} {fault:?}: {text}");
            assert!(text.contains(title), "{door:?} {fault:?}: {text}");
        }
    }
}

//! Large files on their way to the shelf.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis::cms::{Certificate, Signature};
use podpis::{Begin, Deadline, Error, ErrorKind, File, Signatures};
use podpis_sandbox::{Fault, Signatures as Keys, WorldOptions};

use crate::stage::{SKINS, Stage};

/// A part in these tests, in bytes.
const PART: usize = 1_000;

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index * 31 % 251) as u8).collect()
}

/// Signs one file of `bytes` bytes that travels by the shelf.
async fn by_shelf(stage: &Stage, bytes: usize) -> Result<Signatures, Error> {
    let diadoc = stage.builder().build().with_part_size(PART);
    let file = File::bytes("big.bin", content(bytes)).by_shelf();
    diadoc
        .cloud_sign([file])
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
}

#[tokio::test]
async fn a_file_goes_up_in_parts_and_is_signed_over_both_skins() {
    for skin in SKINS {
        for (bytes, uploads, inits, parts) in [
            (1, 1, 0, 0),
            (PART, 1, 0, 0),
            (PART + 1, 0, 1, 1),
            (2 * PART, 0, 1, 1),
            (10 * PART + 7, 0, 1, 10),
        ] {
            let stage = Stage::set(skin, WorldOptions::default()).await;
            by_shelf(&stage, bytes).await.unwrap().all().unwrap();
            assert_eq!(
                (
                    stage.calls("ShelfUploadV2"),
                    stage.calls("ShelfUploadPartInit"),
                    stage.calls("ShelfUploadPart")
                ),
                (uploads, inits, parts),
                "{bytes} bytes"
            );
        }
    }
}

/// Signs the file; gives its signer, and whether the signature is proven to be of it.
async fn signed(stage: &Stage, file: File) -> (Certificate, bool) {
    let signing = stage.diadoc().cloud_sign([file]);
    let mut person = stage.person();
    let signed = signing
        .run(&mut person, Deadline::minutes(5))
        .await
        .unwrap();
    let signed = signed.all().unwrap();
    let signature = Signature::parse(signed[0].der()).unwrap();
    let signer = signature.signers()[0].certificate().unwrap().clone();
    (signer, signed[0].checks().is_proven())
}

#[tokio::test]
async fn of_a_known_signer_only_the_digests_of_its_key_are_made() {
    let mut signers = Vec::new();
    for keys in [Keys::Gost, Keys::Ecdsa] {
        let stage = Stage::in_process(WorldOptions::default().signatures(keys)).await;
        let file = || File::bytes("act.xml", "content");
        let (signer, is_proven) = signed(&stage, file()).await;
        assert!(is_proven);
        for file in [file(), file().by_shelf()] {
            assert!(signed(&stage, file.signed_by(&signer)).await.1, "{keys:?}");
        }
        signers.push(signer);
    }
    // A digest of GOST that was not made proves nothing.
    let stage = Stage::in_process(WorldOptions::default().signatures(Keys::Gost)).await;
    let file = File::bytes("act.xml", "content").signed_by(&signers[1]);
    assert!(!signed(&stage, file).await.1);
}

#[tokio::test]
async fn parts_that_are_lost_are_sent_again_and_the_signature_fits() {
    // Each call of a part is tried three times; what then is still lost is told by the answer to the last part.
    let lose = |calls: &[u32]| {
        calls
            .iter()
            .fold(Fault::on("ShelfUploadPart"), |fault, call| {
                fault.call(u64::from(*call))
            })
            .drop_before()
    };
    for calls in [vec![1], vec![2, 3], (1..=12).collect(), vec![10]] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(lose(&calls));
        by_shelf(&stage, 5 * PART).await.unwrap().all().unwrap();
    }
}

#[tokio::test]
async fn an_upload_that_never_arrives_ends_in_words_after_growing_pauses() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on("ShelfUploadPart").drop_before());
    let error = by_shelf(&stage, 3 * PART).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(
        error
            .to_string()
            .starts_with("big.bin could not be put on the shelf"),
        "{error}"
    );
    assert!(
        stage.time.slept() >= Duration::from_secs(1 + 2 + 4),
        "{:?}",
        stage.time.slept()
    );
    assert_eq!(stage.calls("CloudSign"), 0);
}

#[tokio::test]
async fn a_rejected_part_ends_the_upload_at_once() {
    for endpoint in ["ShelfUploadPartInit", "ShelfUploadPart"] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(Fault::on(endpoint).status(402));
        let error = by_shelf(&stage, 2 * PART).await.unwrap_err();
        assert_eq!(error.service().unwrap().status, 402);
        assert_eq!(stage.calls(endpoint), 1);
        assert!(!error.may_have_been_applied());
        assert_eq!(stage.calls("CloudSign"), 0);
    }
}

#[tokio::test]
async fn nonsense_in_place_of_missing_parts_or_a_name_is_an_error() {
    for (endpoint, body) in [
        ("ShelfUploadPartInit", ""),
        ("ShelfUploadPartInit", "two words"),
        ("ShelfUploadPart", "none"),
        ("ShelfUploadPart", "[7]"),
        ("ShelfUploadPart", "[-1]"),
        ("ShelfUploadPart", ""),
    ] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(Fault::on(endpoint).status(200).body("text/plain", body));
        let error = by_shelf(&stage, 2 * PART).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::UnreadableAnswer,
            "{endpoint} {body:?}: {error}"
        );
    }
}

#[tokio::test]
async fn progress_is_told_from_nothing_to_everything() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let diadoc = stage.builder().build().with_part_size(PART);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = seen.clone();
    let signing = diadoc
        .cloud_sign([File::bytes("big.bin", content(4 * PART)).by_shelf()])
        .on_upload(move |progress| keep.lock().unwrap().push((progress.sent, progress.total)));
    signing
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    let total = 4 * PART as u64;
    let seen = seen.lock().unwrap();
    assert_eq!(
        (seen.first(), seen.last()),
        (Some(&(0, total)), Some(&(total, total)))
    );
    assert!(seen.is_sorted());
}

#[tokio::test]
async fn small_files_travel_inside_until_they_are_too_much_together() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let files =
        (0..10).map(|number| File::bytes(format!("{number}.bin"), content(499_000 + number)));
    let signatures = stage
        .diadoc()
        .cloud_sign(files)
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    assert_eq!(signatures.all().unwrap().len(), 10);
    assert_eq!(
        stage.calls("ShelfUploadV2"),
        2,
        "eight are inside, two would be over 4 MB"
    );
}

#[tokio::test]
async fn files_that_cannot_be_signed_are_named_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("empty.txt"), "").unwrap();
    std::fs::File::create(path("huge.bin"))
        .unwrap()
        .set_len(400 * 1024 * 1024 + 1)
        .unwrap();
    for (name, file, words) in [
        (
            "missing.txt",
            File::path(path("missing.txt")),
            "cannot be read",
        ),
        ("empty.txt", File::path(path("empty.txt")), "is empty"),
        ("", File::path(folder.path()), "is not a file"),
        ("huge.bin", File::path(path("huge.bin")), "400 MB"),
        ("none.txt", File::bytes("none.txt", ""), "is empty"),
    ] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        let good = File::bytes("good.bin", content(3 * PART)).by_shelf();
        let signing = stage.diadoc().cloud_sign([good, file]);
        let error = signing
            .run(&mut stage.person(), Deadline::minutes(5))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error.to_string().contains(name) && error.to_string().contains(words),
            "{error}"
        );
        assert!(stage.sandbox.requests().is_empty(), "{name}");
    }
    let stage = Stage::in_process(WorldOptions::default()).await;
    let error = stage
        .diadoc()
        .cloud_sign([])
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "there are no files to sign");
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_is_not_signed() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    std::fs::write(&path, content(20 * PART)).unwrap();
    let grows = path.clone();
    let diadoc = stage.builder().build().with_part_size(PART);
    let signing = diadoc
        .cloud_sign([File::path(&path).by_shelf()])
        .on_upload(move |progress| {
            if progress.sent > 0 {
                std::fs::write(&grows, content(21 * PART)).unwrap();
            }
        });
    let error = signing
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("changed while it was being read"),
        "{error}"
    );
    assert_eq!(stage.calls("CloudSign"), 0);
}

//! Contents on their way up and down, in parts.

use std::path::Path;
use std::sync::{Arc, Mutex};

use podpis::cms::{DigestAlgorithm, Digests};
use podpis::core::call::RepeatPolicy;
use podpis::extern_api::model::ContentId;
use podpis::extern_api::{LocalFile, Upload, UploadState, Uploaded};
use podpis::{Error, ErrorKind, Extern};
use podpis_sandbox::{
    ContentAnswerSpelling, ContentRangeSpelling, ExternOptions, ExternSpelling, Fault, WorldOptions,
};

use crate::stage::{SKINS, Stage};

/// A part in these tests, in bytes.
const PART: usize = 1_000;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 31 % 251) as u8).collect()
}

fn upload(stage: &Stage, client: &Extern, source: LocalFile) -> Upload {
    client
        .account(&stage.account())
        .upload(source)
        .part_size(PART)
}

/// Bytes of so many parts and a half, at the service.
async fn uploaded(stage: &Stage, parts: usize) -> (Vec<u8>, Uploaded) {
    let content = bytes(parts * PART + PART / 2);
    let source = LocalFile::bytes("big.bin", content.clone());
    let uploading = upload(stage, &stage.extern_api(), source);
    (content, uploading.run().await.unwrap())
}

fn spelled(range: ContentRangeSpelling, answer: ContentAnswerSpelling) -> WorldOptions {
    let spelling = ExternSpelling::default()
        .content_range(range)
        .content_answer(answer);
    WorldOptions::default().extern_options(ExternOptions::default().spelling(spelling))
}

#[tokio::test]
async fn a_content_goes_up_and_comes_down_whatever_its_size_over_both_skins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xml");
    for skin in SKINS {
        for (length, parts) in [
            (1, 0),
            (PART, 0),
            (PART + 1, 1),
            (2 * PART, 1),
            (10 * PART + 7, 10),
        ] {
            let stage = Stage::set(skin, WorldOptions::default()).await;
            let (client, account) = (stage.extern_api(), stage.account());
            let content = bytes(length);
            std::fs::write(&path, &content).unwrap();
            for source in [
                LocalFile::path(&path),
                LocalFile::bytes("report.xml", content.clone()),
            ] {
                let told = Arc::new(Mutex::new(Vec::new()));
                let tell = told.clone();
                let uploading = upload(&stage, &client, source).on_progress(move |progress| {
                    tell.lock().unwrap().push((progress.sent, progress.total));
                });
                let uploaded = uploading.run().await.unwrap();
                assert_eq!(uploaded.size, length as u64);
                assert_eq!(uploaded.digests, Digests::of(&content));
                assert_eq!(uploaded.fingerprint().name, "report.xml");
                let told = told.lock().unwrap().clone();
                assert!(told.is_sorted(), "{told:?}");
                assert_eq!(told.last(), Some(&(length as u64, length as u64)));

                let download = || {
                    let download = client.account(&account).download(&uploaded.content);
                    let download = download.part_size(PART).expect_size(uploaded.size);
                    download.expect_digests(&uploaded.digests)
                };
                assert_eq!(download().to_memory().await.unwrap(), content);
                let mut written = Vec::new();
                let downloaded = download().to_writer(&mut written).await.unwrap();
                assert_eq!(written, content);
                assert_eq!(downloaded.digests, uploaded.digests);
                let target = folder.path().join("down.xml");
                download().to_path(&target).await.unwrap();
                assert_eq!(std::fs::read(&target).unwrap(), content);
            }
            assert_eq!(
                (stage.calls("Contents"), stage.calls("ContentPart")),
                (2, 2 * parts),
                "{length} bytes"
            );
        }
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        2,
        "nothing is left but the file that went up and the one that came down"
    );
}

#[tokio::test]
async fn every_spelling_of_the_services_answers_is_read() {
    for range in [
        ContentRangeSpelling::Rfc,
        ContentRangeSpelling::Equals,
        ContentRangeSpelling::OffByOne,
    ] {
        for answer in [
            ContentAnswerSpelling::Both,
            ContentAnswerSpelling::Id,
            ContentAnswerSpelling::Nested,
        ] {
            let stage = Stage::in_process(spelled(range, answer)).await;
            let (content, uploaded) = uploaded(&stage, 4).await;
            let client = stage.extern_api();
            let download = client.account(&stage.account()).download(&uploaded.content);
            let read = download.part_size(PART).to_memory().await.unwrap();
            assert_eq!(read, content, "{range:?} {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_part_that_fails_twice_is_sent_a_third_time() {
    type Spoil = fn(Fault) -> Fault;
    let spoils: [Spoil; 3] = [Fault::drop_before, Fault::drop_after, |fault| {
        fault.status(503)
    }];
    for spoil in spoils {
        let stage = Stage::in_process(WorldOptions::default()).await;
        let client = stage.extern_api();
        for endpoint in ["ContentPart", "Content"] {
            stage.inject(spoil(Fault::on(endpoint)).call(3).call(4));
        }
        stage.inject(spoil(Fault::on("ContentUpload")).call(1).call(2));
        let content = bytes(6 * PART);
        let source = LocalFile::bytes("big.bin", content.clone());
        let uploading = upload(&stage, &client, source).parallel(1);
        let uploaded = uploading.run().await.unwrap();
        let download = client.account(&stage.account()).download(&uploaded.content);
        let download = download.part_size(PART).parallel(1);
        assert_eq!(download.to_memory().await.unwrap(), content);
        assert_eq!(
            ["Contents", "ContentPart", "Content"].map(|name| stage.calls(name)),
            [3, 5 + 2, 6 + 2]
        );
    }
}

#[tokio::test]
async fn an_interrupted_upload_goes_on_with_what_is_missing() {
    for parallel in [1, 3] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        let client = stage.extern_builder().repeat(RepeatPolicy::never()).build();
        let content = bytes(9 * PART + 5);
        let source = || LocalFile::bytes("big.bin", content.clone());
        let fault = stage.inject(Fault::on("ContentPart").call(4).drop_before());
        let last_told = Arc::new(Mutex::new(None));
        let tell = last_told.clone();
        let error = upload(&stage, &client, source())
            .parallel(parallel)
            .on_progress(move |progress| *tell.lock().unwrap() = progress.state.cloned())
            .run()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoAnswer);
        let state = UploadState::of(&error).unwrap();
        let told: UploadState = last_told.lock().unwrap().clone().unwrap();
        assert_eq!(
            (told.content(), told.sent()),
            (state.content(), state.sent()),
            "what was told last is as good as what is in the error"
        );
        stage.sandbox.remove_fault(&fault);

        // Another process: the state comes from a file.
        let stored = serde_json::to_string(state).unwrap();
        let state: UploadState = serde_json::from_str(&stored).unwrap();
        let there = state.sent() / PART as u64;
        let before = stage.calls("ContentPart");
        let uploaded = upload(&stage, &client, source())
            .resume(&state)
            .await
            .unwrap();
        assert_eq!(
            stage.calls("ContentPart") - before,
            usize::try_from(10 - there).unwrap()
        );
        assert_eq!(stage.calls("Contents"), 1);
        assert_eq!(uploaded.digests, Digests::of(&content));
        let read = client
            .account(&stage.account())
            .content(&uploaded.content)
            .await;
        assert_eq!(read.unwrap(), content);
    }
}

/// Whoever knows the certificate needs its digest alone; going on makes the same ones.
#[tokio::test]
async fn only_the_digests_that_are_asked_for_are_made() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_builder().repeat(RepeatPolicy::never()).build();
    let content = bytes(5 * PART);
    let source = || LocalFile::bytes("big.bin", content.clone());
    let wanted = [DigestAlgorithm::Sha256];
    let fault = Fault::on("ContentPart").call(3).drop_before();
    stage.sandbox.inject(fault);
    let first = upload(&stage, &client, source()).digests(&wanted);
    let error = first.run().await.unwrap_err();
    let state = UploadState::of(&error).unwrap();
    let uploaded = upload(&stage, &client, source()).resume(state).await;
    let expected = Digests::of_with(&content, &wanted);
    assert_eq!(uploaded.unwrap().digests, expected);
}

#[tokio::test]
async fn another_source_is_refused_before_anything_of_it_is_sent() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_builder().repeat(RepeatPolicy::never()).build();
    stage.inject(Fault::on("ContentPart").call(3).drop_before());
    let content = bytes(5 * PART);
    let source = LocalFile::bytes("big.bin", content.clone());
    let error = upload(&stage, &client, source).run().await.unwrap_err();
    let state = UploadState::of(&error).unwrap();
    let sent = stage.sandbox.requests().len();
    let mut another = content.clone();
    another[PART + 1] ^= 1;
    for (content, problem) in [
        (
            another,
            "big.bin is not what was being uploaded: it has another digest",
        ),
        (
            bytes(5 * PART - 1),
            "big.bin has 4999 bytes, and what was being uploaded has 5000",
        ),
    ] {
        let source = LocalFile::bytes("big.bin", content);
        let error = upload(&stage, &client, source)
            .resume(state)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), problem);
    }
    let source = LocalFile::bytes("big.bin", content);
    let error = client
        .account(&"another".into())
        .upload(source)
        .resume(state)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("another account"), "{error}");
    assert_eq!(stage.sandbox.requests().len(), sent);
}

#[tokio::test]
async fn a_content_whose_last_answer_was_lost_is_found_whole() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_api();
    let content = bytes(3 * PART);
    let source = || LocalFile::bytes("big.bin", content.clone());
    let states = Arc::new(Mutex::new(Vec::new()));
    let tell = states.clone();
    let uploaded = upload(&stage, &client, source())
        .on_progress(move |progress| tell.lock().unwrap().extend(progress.state.cloned()))
        .run()
        .await
        .unwrap();
    // The program was killed after the last part had arrived, and never heard that this was all.
    let state = states.lock().unwrap().last().unwrap().clone();
    assert_eq!(state.sent(), state.size());
    let again = upload(&stage, &client, source())
        .resume(&state)
        .await
        .unwrap();
    assert_eq!(again, uploaded);
    assert_eq!(stage.calls("ContentPart"), 2 + 1);

    // A service that refuses the last part of a whole content is asked for its last byte.
    stage.inject(Fault::on("ContentPart").call(1).status(400));
    let again = upload(&stage, &client, source())
        .resume(&state)
        .await
        .unwrap();
    assert_eq!(again, uploaded);
    assert_eq!(stage.calls("Content"), 1);

    stage.inject(Fault::on("ContentPart").call(1).status(400));
    stage.inject(Fault::on("Content").call(1).status(404));
    let error = upload(&stage, &client, source())
        .resume(&state)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("does not say that the content is whole"),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_that_changes_while_it_goes_up_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    std::fs::write(&path, bytes(8 * PART)).unwrap();
    let stage = Stage::in_process(WorldOptions::default()).await;
    let grows = path.clone();
    let error = upload(&stage, &stage.extern_api(), LocalFile::path(&path))
        .on_progress(move |progress| {
            if progress.sent > 0 {
                std::fs::write(&grows, bytes(9 * PART)).unwrap();
            }
        })
        .run()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        format!("{} changed while it was being read", path.display())
    );
    assert!(UploadState::of(&error).is_none());
}

#[tokio::test]
async fn what_cannot_be_uploaded_sends_nothing() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_api();
    let folder = tempfile::tempdir().unwrap();
    for (source, problem) in [
        (LocalFile::bytes("none.xml", ""), "none.xml is empty"),
        (LocalFile::path(folder.path()), "is not a file"),
        (
            LocalFile::path(folder.path().join("none")),
            "cannot be read",
        ),
    ] {
        let error = upload(&stage, &client, source).run().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(problem), "{error}");
    }
    let typed = upload(&stage, &client, LocalFile::bytes("a.xml", "a")).content_type("a\nb");
    let error = typed.run().await.unwrap_err();
    assert_eq!(error.to_string(), "a.xml: its content type is malformed");
    assert!(stage.sandbox.requests().is_empty());
}

async fn to_path(
    stage: &Stage,
    client: &Extern,
    content: &ContentId,
    expected: &Digests,
    target: &Path,
) -> Result<(), Error> {
    let download = client
        .account(&stage.account())
        .download(content)
        .part_size(PART);
    let download = download.parallel(1).expect_digests(expected);
    download.to_path(target).await.map(drop)
}

#[tokio::test]
async fn an_interrupted_download_goes_on_from_what_is_on_disk() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (content, uploaded) = uploaded(&stage, 5).await;
    let client = stage.extern_builder().repeat(RepeatPolicy::never()).build();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report.pdf");
    std::fs::write(&target, b"what was here before").unwrap();
    stage.inject(Fault::on("Content").call(4).drop_before());
    let download = || {
        to_path(
            &stage,
            &client,
            &uploaded.content,
            &uploaded.digests,
            &target,
        )
    };
    let error = download().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert_eq!(std::fs::read(&target).unwrap(), b"what was here before");
    let before = stage.calls("Content");
    download().await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), content);
    assert_eq!(stage.calls("Content") - before, 3, "three parts were there");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_partial_file_of_other_bytes_is_found_out_and_begun_anew() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_api();
    let (content, uploaded) = uploaded(&stage, 2).await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report.pdf");
    let partial = folder
        .path()
        .join(format!(".report.pdf.{}.part", uploaded.content));
    let download = || {
        to_path(
            &stage,
            &client,
            &uploaded.content,
            &uploaded.digests,
            &target,
        )
    };
    std::fs::write(&partial, vec![7; 2 * PART]).unwrap();
    let error = download().await.unwrap_err();
    assert!(
        error.to_string().contains("is not what was expected"),
        "{error}"
    );
    assert!(!partial.exists() && !target.exists());
    download().await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), content);

    std::fs::write(&partial, vec![7; 9 * PART]).unwrap();
    download().await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), content, "it was too long");
}

#[tokio::test]
async fn what_is_not_expected_is_not_kept() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_api();
    let (_, uploaded) = uploaded(&stage, 3).await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report.pdf");
    let download = || client.account(&stage.account()).download(&uploaded.content);
    let other = Digests::of(b"other");
    for (download, problem) in [
        (download().expect_size(uploaded.size + 1), "were expected"),
        (download().expect_digests(&other), "has another streebog"),
    ] {
        let to_path = download.clone().to_path(&target).await.map(drop);
        let to_memory = download.clone().to_memory().await.map(drop);
        let to_writer = download.to_writer(Vec::new()).await.map(drop);
        for outcome in [to_path, to_memory, to_writer] {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
            assert!(error.to_string().contains(problem), "{error}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    let before = stage.calls("Content");
    let wrong = download().part_size(PART).expect_size(1).to_memory().await;
    wrong.unwrap_err();
    assert_eq!(
        stage.calls("Content") - before,
        1,
        "the size is told at once"
    );
}

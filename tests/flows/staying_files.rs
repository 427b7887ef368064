//! Files whose owner promised to leave them as they are until the operation has ended.

use std::fs;
use std::path::{Path, PathBuf};

use podpis::cms::DigestAlgorithm;
use podpis::diadoc::CloudSign;
use podpis::{Begin, Deadline, Error, ErrorKind, File, Journal as _, MemoryJournal};
use podpis_sandbox::{Fault, SignatureFault, Signatures as Keys, WorldOptions};
use tempfile::TempDir;

use crate::stage::Stage;

const FIVE_MINUTES: Deadline = Deadline::minutes(5);

/// A sandbox that signs with GOST, which no SHA-256 binds, and two documents in a folder.
async fn stage() -> (Stage, TempDir, [PathBuf; 2]) {
    let stage = Stage::in_process(WorldOptions::default().signatures(Keys::Gost)).await;
    let folder = tempfile::tempdir().unwrap();
    let paths = ["act.xml", "bill.xml"].map(|name| folder.path().join(name));
    for path in &paths {
        fs::write(path, path.display().to_string()).unwrap();
    }
    (stage, folder, paths)
}

/// Whether each signature is proven to be of its file, in the order of the files.
async fn are_proven(stage: &Stage, files: Vec<File>) -> Vec<bool> {
    let signing = stage.diadoc().cloud_sign(files);
    let signed = signing.run(&mut stage.person(), FIVE_MINUTES).await;
    let signed = signed.unwrap();
    let proven = signed.all().unwrap().into_iter();
    proven.map(|one| one.checks().is_proven()).collect()
}

#[tokio::test]
async fn they_are_bound_by_digests_that_are_made_when_the_signature_is_there() {
    let (stage, _folder, paths) = stage().await;
    let [act, bill] = paths.map(File::path_that_stays);
    stage.inject(Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Permute));
    let inline = are_proven(&stage, vec![act.clone(), bill.clone()]).await;
    assert_eq!(inline, [true, true]);
    let by_shelf = are_proven(&stage, vec![act.by_shelf(), bill.clone()]).await;
    assert_eq!(by_shelf, [true, true]);
    let on_shelf = stage.diadoc().put_on_shelf(&bill).await.unwrap();
    assert_eq!(are_proven(&stage, vec![on_shelf]).await, [true]);
}

#[tokio::test]
async fn nothing_but_sha256_is_made_while_they_are_sent() {
    let (stage, _folder, [act, _]) = stage().await;
    let journal = MemoryJournal::new();
    let signing = stage.diadoc().cloud_sign([File::path_that_stays(&act)]);
    let run = signing.start(&journal).await.unwrap();
    let file = &run.operation().files()[0];
    let made: Vec<_> = file.digests.iter().map(|(name, _)| name).collect();
    assert_eq!(made, [DigestAlgorithm::Sha256.name()]);
    let place = fs::canonicalize(&act).unwrap();
    assert_eq!(file.stays_at.as_deref().map(Path::new), Some(&*place));
}

/// What happens to a file.
type Change = fn(&Path);

/// What comes of an operation whose file is broken by `change` meanwhile, and of going on when it is as it was again.
async fn broken(change: impl FnOnce(&Path)) -> (Error, bool) {
    let (stage, _folder, [act, _]) = stage().await;
    let content = fs::read(&act).unwrap();
    let journal = MemoryJournal::new();
    let signing = stage.diadoc().cloud_sign([File::path_that_stays(&act)]);
    let mut run = signing.start(&journal).await.unwrap();
    change(&act);
    let failed = run.wait(&mut stage.person(), FIVE_MINUTES).await;
    let failed = failed.unwrap_err();
    let id = run.operation().id().clone();
    drop(run);

    if act.is_symlink() {
        fs::remove_file(&act).unwrap();
    }
    fs::write(&act, content).unwrap();
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.diadoc().resume::<CloudSign>(claim).unwrap();
    let signed = run.wait(&mut stage.person(), FIVE_MINUTES).await.unwrap();
    assert_eq!(stage.calls("CloudSign"), 1, "nobody is asked again");
    let is_proven = signed.all().unwrap()[0].checks().is_proven();
    (failed, is_proven)
}

#[tokio::test]
async fn one_that_did_not_stay_is_named_and_its_signature_waits_for_it() {
    let other = |path: &Path| fs::write(path, vec![b'x'; 20]).unwrap();
    let longer =
        |path: &Path| fs::write(path, [fs::read(path).unwrap(), vec![0]].concat()).unwrap();
    let same_size = |path: &Path| {
        let mut content = fs::read(path).unwrap();
        content[0] ^= 1;
        fs::write(path, content).unwrap();
    };
    let gone = |path: &Path| fs::remove_file(path).unwrap();
    let changes: [(Change, &str); 4] = [
        (other, "is not what was sent"),
        (longer, "is not what was sent"),
        (same_size, "is not what was sent"),
        (gone, "cannot be read"),
    ];
    for (change, why) in changes {
        let (failed, is_proven) = broken(change).await;
        assert_eq!(failed.kind(), ErrorKind::Signature);
        let text = failed.to_string();
        assert!(text.contains("act.xml") && text.contains(why), "{text}");
        assert!(is_proven, "{why}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_its_place_is_not_followed() {
    let (failed, is_proven) = broken(|path| {
        fs::remove_file(path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path).unwrap();
    })
    .await;
    assert!(
        failed.to_string().contains("is not a regular file"),
        "{failed}"
    );
    assert!(is_proven);
}

#[tokio::test]
async fn one_that_is_not_there_is_named_before_anybody_is_asked() {
    let (stage, folder, _) = stage().await;
    let signing = stage
        .diadoc()
        .cloud_sign([File::path_that_stays(folder.path().join("none"))]);
    let failed = signing.run(&mut stage.person(), FIVE_MINUTES).await;
    let failed = failed.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::InvalidInput);
    assert!(failed.to_string().contains("none"), "{failed}");
    assert_eq!(stage.calls("CloudSign"), 0);
}

//! OpenSSL, which knows nothing of these crates, as the judge of a signature.

use std::process::Command;

/// Whether `openssl cms -verify` takes the signature, in DER, for this content.
pub(crate) fn openssl_accepts(der: &[u8], content: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let (signature, file) = (folder.path().join("x.p7s"), folder.path().join("x"));
    std::fs::write(&signature, der).unwrap();
    std::fs::write(&file, content).unwrap();
    let output = Command::new("openssl")
        .args(["cms", "-verify", "-binary", "-noverify", "-inform", "DER"])
        .arg("-in")
        .arg(&signature)
        .arg("-content")
        .arg(&file)
        .args(["-out", "/dev/null"])
        .output()
        .expect("openssl has to be installed for this test, because it is the independent judge");
    output.status.success()
}

//! podpis: the program of the tree that this benchmark was built in.
//!
//! *Invariant:* it is built as a release of its own workspace, before anything is measured.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use podpis_bench::Error;

/// The program, built.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Signs the document; the sandbox gives the login and the code.
pub(crate) fn sign(url: &str, folder: &Path, document: &Path) -> Result<Command, Error> {
    let mut command = podpis(url, folder, ["diadoc", "sign"])?;
    command.args(["--method", "cloud"]).arg(document);
    Ok(command)
}

/// Signs a draft.
pub(crate) fn sign_draft(
    url: &str,
    folder: &Path,
    draft: &str,
    out: &Path,
) -> Result<Command, Error> {
    let mut command = podpis(url, folder, ["extern", "sign-draft"])?;
    command.args(["--draft", draft, "--out"]).arg(out);
    Ok(command)
}

fn podpis(url: &str, folder: &Path, command: [&str; 2]) -> Result<Command, Error> {
    let program = match PROGRAM.get() {
        Some(program) => program,
        None => {
            let built = build()?;
            PROGRAM.get_or_init(|| built)
        }
    };
    let mut started = Command::new(program);
    started
        .env_clear()
        .env("PODPIS_JOURNAL", folder.join("journal"))
        .args(command)
        .args(["--yes", "--base-url", url]);
    Ok(started)
}

/// Builds it beside this program, so that it is built anew only where the tree has changed.
fn build() -> Result<PathBuf, Error> {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let this = std::env::current_exe()?;
    let release = this.parent().ok_or("no folder has this program")?;
    let output = release.parent().ok_or("no folder has the build")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--release",
            "--package",
            "podpis-cli",
        ])
        .arg("--manifest-path")
        .arg(tree.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(output)
        .current_dir(&tree)
        .status()?;
    if !built.success() {
        return Err("podpis does not build".into());
    }
    Ok(release.join(format!("podpis{}", std::env::consts::EXE_SUFFIX)))
}

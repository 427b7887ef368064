//! Runs what takes minutes, and is no test for that reason.
//!
//! *Invariant:* it is built for release, and ends as what it runs ends.

use std::path::Path;
use std::process::Command;

/// The journal on PostgreSQL.
pub(crate) fn postgres(root: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args([
            "run",
            "--release",
            "--locked",
            "-p",
            "podpis-journal-postgres",
        ])
        .args(["--example", "soak", "--"])
        .args(arguments)
        .status();
    match status {
        Ok(status) if status.success() => Ok("soak postgres: all bounds are kept".to_owned()),
        Ok(status) => Err(vec![format!("soak postgres: {status}")]),
        Err(error) => Err(vec![format!("cargo cannot be run: {error}")]),
    }
}

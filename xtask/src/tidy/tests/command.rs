//! The whole command, on a workspace on disk.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The whole command on a workspace on disk, with what cargo really says.
#[test]
fn an_upward_edge_in_a_workspace_fails_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let put = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    };
    let workspace = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
    let manifest = |name: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n[lints]\nworkspace = true\n[dependencies]\n{dependencies}"
        )
    };
    put("Cargo.toml", workspace);
    put("README.md", "# Packages\n");
    put("README.ru.md", "# Пакеты\n");
    put(
        "crates/podpis-core/Cargo.toml",
        &manifest("podpis-core", ""),
    );
    put("crates/podpis-core/src/lib.rs", "//! Core.\n");
    put(
        "crates/podpis-operation/Cargo.toml",
        &manifest("podpis-operation", ""),
    );
    put("crates/podpis-operation/src/lib.rs", "//! Operation.\n");
    let lock = || {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let locked = Command::new(cargo)
            .args(["generate-lockfile", "--offline"])
            .current_dir(root)
            .output()
            .unwrap();
        assert!(
            locked.status.success(),
            "{}",
            String::from_utf8_lossy(&locked.stderr)
        );
    };
    lock();
    assert_eq!(
        crate::tidy::check(root),
        Ok("tidy: 2 packages and 2 files are in order".to_owned())
    );
    put(
        "crates/podpis-operation/Cargo.toml",
        &manifest(
            "podpis-operation",
            "podpis-core = { path = \"../podpis-core\" }\n",
        ),
    );
    lock();
    let complaints = crate::tidy::check(root).unwrap_err();
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].starts_with(
        "podpis-operation: depends on podpis-core, which is above it; remove the dependency"
    ));
}

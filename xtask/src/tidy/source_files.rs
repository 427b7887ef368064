//! Finds the hand-written Rust files.
//!
//! *Invariant:* generated folders and build output are never read; paths are relative and use `/`.

use std::io;
use std::path::Path;

/// One hand-written file.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// Path relative to the workspace, with `/`.
    pub(super) path: String,
    /// The whole text.
    pub(super) text: String,
}

/// All hand-written .rs files, by path.
pub(super) fn read(root: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    let mut folders: Vec<String> = ["crates", "tests", "xtask"].map(String::from).into();
    while let Some(folder) = folders.pop() {
        if !root.join(&folder).is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() {
                if !["generated", "target"].contains(&name.as_str()) && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") {
                let text = std::fs::read_to_string(entry.path())?;
                files.push(SourceFile { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Names of everything at the top of the workspace.
pub(super) fn entries(root: &Path) -> io::Result<Vec<String>> {
    std::fs::read_dir(root)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

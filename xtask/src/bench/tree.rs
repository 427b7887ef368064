//! Decides which tree is measured: this one as it lies on disk, or another revision.
//!
//! *Invariant:* another revision stands in a git worktree below `target/bench`, which goes with the value.

use std::fs;
use std::path::{Path, PathBuf};

use crate::git::git;

/// A whole tree of podpis.
#[derive(Debug)]
pub(super) struct Tree {
    label: String,
    folder: PathBuf,
    /// Where its build output goes.
    output: PathBuf,
    /// The repository that has it as a worktree; `None` for the repository itself.
    repository: Option<PathBuf>,
}

impl Tree {
    /// The tree at `root`, with what is not committed.
    pub(super) fn this(root: &Path) -> Self {
        Self {
            label: "here".to_owned(),
            folder: root.to_owned(),
            output: output(root, "here"),
            repository: None,
        }
    }

    /// Another revision, checked out for as long as the value lives.
    pub(super) fn at(root: &Path, revision: &str) -> Result<Self, String> {
        let commit = format!("{revision}^{{commit}}");
        let label = git(
            root,
            &[
                "rev-parse",
                "--verify",
                "--short=7",
                "--end-of-options",
                &commit,
            ],
        )?;
        let output = output(root, &label);
        let folder = output.join("tree");
        let path = folder.to_string_lossy().into_owned();
        // A run that was interrupted leaves its worktree behind.
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| format!("{path}: {error}"))?;
        }
        git(root, &["worktree", "prune"])?;
        git(
            root,
            &["worktree", "add", "--quiet", "--detach", &path, &label],
        )?;
        Ok(Self {
            label,
            folder,
            output,
            repository: Some(root.to_owned()),
        })
    }

    /// The short hash, or `here`.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// Its top folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its build output goes. It stays, so that the next run builds less.
    pub(super) fn output(&self) -> &Path {
        &self.output
    }

    /// Whether it is checked out for the comparison, and may be changed.
    pub(super) fn is_checked_out(&self) -> bool {
        self.repository.is_some()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let Some(repository) = &self.repository else {
            return;
        };
        let path = self.folder.to_string_lossy();
        if let Err(error) = git(repository, &["worktree", "remove", "--force", &path]) {
            eprintln!("bench: the worktree is left behind: {error}");
        }
    }
}

fn output(root: &Path, label: &str) -> PathBuf {
    root.join("target/bench").join(label)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Tree, git};

    /// A repository with two commits of one file, which says something else on disk.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        git(root, &["init", "--quiet"]).unwrap();
        for text in ["first", "second"] {
            fs::write(root.join("file"), text).unwrap();
            git(root, &["add", "file"]).unwrap();
            let author = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
            let commit = ["commit", "--quiet", "--no-gpg-sign", "-m", text];
            git(root, &[author.as_slice(), commit.as_slice()].concat()).unwrap();
        }
        fs::write(root.join("file"), "on disk").unwrap();
        folder
    }

    #[test]
    fn a_revision_is_checked_out_and_goes_with_the_value() {
        let repository = repository();
        let root = repository.path();
        let worktrees = || git(root, &["worktree", "list"]).unwrap().lines().count();
        let tree = Tree::at(root, "HEAD~1").unwrap();
        assert_eq!(
            fs::read_to_string(tree.folder().join("file")).unwrap(),
            "first"
        );
        assert_eq!(tree.label().len(), 7);
        assert_eq!(worktrees(), 2);
        let folder = tree.folder().to_owned();
        drop(tree);
        assert!(!folder.exists());
        assert_eq!(worktrees(), 1);
        assert_eq!(fs::read_to_string(root.join("file")).unwrap(), "on disk");
    }

    #[test]
    fn what_an_interrupted_run_left_is_replaced() {
        let repository = repository();
        let root = repository.path();
        std::mem::forget(Tree::at(root, "HEAD").unwrap());
        let tree = Tree::at(root, "HEAD").unwrap();
        assert_eq!(
            fs::read_to_string(tree.folder().join("file")).unwrap(),
            "second"
        );
    }

    #[test]
    fn this_tree_is_the_one_on_disk() {
        let repository = repository();
        let tree = Tree::this(repository.path());
        assert_eq!(tree.folder(), repository.path());
        drop(tree);
        assert!(repository.path().join("file").exists());
    }

    #[test]
    fn an_unknown_revision_is_named() {
        let repository = repository();
        let complaint = Tree::at(repository.path(), "no-such").unwrap_err();
        assert!(complaint.contains("no-such"), "{complaint}");
    }
}

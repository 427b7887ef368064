//! Decides what a fault can make a DssSign say that it would not say by itself.
//!
//! **Invariant:** a script changes what is told, never whether the person was asked: signatures that nobody agreed
//! to are made only when the script says that the operation completes.

use std::collections::BTreeMap;

/// A number on the wire that can be left out. The outer option says whether the script says anything.
type Scripted = Option<Option<i32>>;

/// What is told about one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileScript {
    pub(crate) status: Option<i32>,
    pub(crate) signed: bool,
}

/// What is told about an operation, where it is not the truth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DssScript {
    pub(crate) status: Scripted,
    pub(crate) confirm_type: Scripted,
    pub(crate) operator: Scripted,
    pub(crate) files: BTreeMap<usize, FileScript>,
}

impl DssScript {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what is not said yet.
    pub(crate) fn or(mut self, other: Self) -> Self {
        self.status = self.status.or(other.status);
        self.confirm_type = self.confirm_type.or(other.confirm_type);
        self.operator = self.operator.or(other.operator);
        for (file, script) in other.files {
            self.files.entry(file).or_insert(script);
        }
        self
    }
}

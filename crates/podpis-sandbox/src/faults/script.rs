//! Decides what a fault can make a DssSign say that it would not say by itself.
//!
//! **Invariant:** a script changes what is told, never whether the person was asked: signatures that nobody agreed
//! to are made only when the script says that the operation completes.

use serde::{Deserialize, Serialize};

/// A number on the wire, or `"absent"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Told {
    Number(i32),
    LeftOut(LeftOut),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LeftOut {
    Absent,
}

impl Told {
    pub(crate) fn number(self) -> Option<i32> {
        match self {
            Self::Number(number) => Some(number),
            Self::LeftOut(LeftOut::Absent) => None,
        }
    }
}

impl From<Option<i32>> for Told {
    fn from(number: Option<i32>) -> Self {
        number.map_or(Self::LeftOut(LeftOut::Absent), Self::Number)
    }
}

/// What is told about one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileScript {
    file: usize,
    pub(crate) status: Told,
    #[serde(default, rename = "signature")]
    pub(crate) signed: bool,
}

impl FileScript {
    pub(super) fn new(file: usize, status: Option<i32>, signed: bool) -> Self {
        Self {
            file,
            status: status.into(),
            signed,
        }
    }
}

/// What is told about an operation, where it is not the truth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DssScript {
    pub(crate) status: Option<Told>,
    pub(crate) confirm_type: Option<Told>,
    pub(crate) operator: Option<Told>,
    /// The first one about a file counts.
    pub(crate) files: Vec<FileScript>,
}

impl DssScript {
    /// Takes over what is not said yet.
    pub(crate) fn or(mut self, other: Self) -> Self {
        self.status = self.status.or(other.status);
        self.confirm_type = self.confirm_type.or(other.confirm_type);
        self.operator = self.operator.or(other.operator);
        self.files.extend(other.files);
        self
    }

    pub(crate) fn file(&self, file: usize) -> Option<FileScript> {
        self.files.iter().find(|known| known.file == file).copied()
    }
}

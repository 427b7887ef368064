//! Decides what may be said about a body that cannot be read.
//!
//! **Invariant:** an error is put together from our own words, the names of our own fields and positions. The
//! messages of serde quote values, so they only tell which words to take and are then dropped.

use std::fmt;

use super::trail::{OVERFULL, Trail};

/// A body is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    problem: ReadProblem,
    field: String,
    found: Option<&'static str>,
    position: Option<(usize, usize)>,
}

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReadProblem {
    /// There is nothing in it.
    Empty,
    /// It begins as a web page or XML does: a proxy answered, or the address is wrong.
    Html,
    /// It is not JSON.
    NotJson,
    /// It is JSON that ends too early.
    Truncated,
    /// It is nested deeper than any answer of the service.
    TooDeep,
    /// A field must be there and is not, or is null.
    Missing,
    /// A field has a value of another sort, for example a list where a text must be.
    WrongType,
    /// A field has a value of the right sort that says nothing, for example a date that does not exist.
    InvalidValue,
    /// A field occurs twice in an object, so that it is not clear which one counts.
    Duplicate,
    /// A list has so many items that are empty, or nearly so, that they would take far more memory than the body.
    Overfull,
}

/// How serde begins its message about a value of another sort, and our word for that sort.
const SORTS: &[(&str, &str)] = &[
    ("null", "null"),
    ("boolean", "true or false"),
    ("integer", "a number"),
    ("floating point", "a number"),
    ("number", "a number"),
    ("string", "a text"),
    ("sequence", "a list"),
    ("map", "an object"),
];

impl ReadError {
    pub(crate) fn new(problem: ReadProblem, field: impl Into<String>) -> Self {
        Self {
            problem,
            field: field.into(),
            found: None,
            position: None,
        }
    }

    pub(crate) fn wrong_type(field: impl Into<String>, found: &'static str) -> Self {
        Self {
            found: Some(found),
            ..Self::new(ReadProblem::WrongType, field)
        }
    }

    /// `root` is the path of the part that was being read, `trail` how far the reading came in it.
    pub(super) fn from_json(error: &serde_json::Error, root: &str, trail: &Trail) -> Self {
        let message = error.to_string();
        let mut field = trail.path(root);
        let mut found = None;
        let problem = match error.classify() {
            serde_json::error::Category::Eof => ReadProblem::Truncated,
            serde_json::error::Category::Io => ReadProblem::NotJson,
            serde_json::error::Category::Syntax => {
                if message.starts_with("recursion limit exceeded") {
                    ReadProblem::TooDeep
                } else {
                    ReadProblem::NotJson
                }
            }
            serde_json::error::Category::Data => {
                if let Some(rest) = message.strip_prefix("invalid type: ") {
                    let sort = SORTS.iter().find(|(start, _)| rest.starts_with(start));
                    found = sort.map(|(_, word)| *word);
                    ReadProblem::WrongType
                } else if let Some(rest) = message.strip_prefix("missing field ") {
                    trail.append_field_named_in(rest, &mut field);
                    ReadProblem::Missing
                } else if let Some(rest) = message.strip_prefix("duplicate field ") {
                    trail.append_field_named_in(rest, &mut field);
                    ReadProblem::Duplicate
                } else if message.starts_with(OVERFULL) {
                    ReadProblem::Overfull
                } else {
                    ReadProblem::InvalidValue
                }
            }
        };
        let position = (error.line() > 0).then(|| (error.line(), error.column()));
        Self {
            problem,
            field,
            found,
            position,
        }
    }

    /// Of a part that was read from a text of its own, whose lines are not those of the body.
    pub(super) fn without_position(self) -> Self {
        Self {
            position: None,
            ..self
        }
    }

    /// Why the body cannot be read.
    #[must_use]
    pub fn problem(&self) -> ReadProblem {
        self.problem
    }

    /// Path of the field, for example `certificates[1].is-valid`; empty when it is about the body as a whole.
    /// A name that is not one of our fields is shown as `*`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Line of the body, from 1; absent when the whole of it is meant, or a part that was read later.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.position.map(|(line, _)| line)
    }

    /// Column in that line, in bytes.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.position.map(|(_, column)| column)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = if self.field.is_empty() {
            "the answer".to_owned()
        } else {
            format!("field `{}`", self.field)
        };
        match self.problem {
            ReadProblem::Empty => f.write_str("the answer is empty")?,
            ReadProblem::Html => f.write_str("the answer is not JSON but a page or XML")?,
            ReadProblem::NotJson => f.write_str("the answer is not JSON")?,
            ReadProblem::Truncated => f.write_str("the answer ends too early")?,
            ReadProblem::TooDeep => f.write_str("the answer is nested too deep")?,
            ReadProblem::Missing => write!(f, "{subject} is missing")?,
            ReadProblem::WrongType => match self.found {
                Some(found) => write!(f, "{subject} must not be {found}")?,
                None => write!(f, "{subject} is of another sort than it must be")?,
            },
            ReadProblem::InvalidValue => write!(f, "{subject} has a value that cannot be read")?,
            ReadProblem::Duplicate => write!(f, "{subject} occurs twice")?,
            ReadProblem::Overfull => write!(
                f,
                "{subject} is one item too many for the length of the answer: they are empty or nearly so"
            )?,
        }
        let broken = [
            ReadProblem::NotJson,
            ReadProblem::Truncated,
            ReadProblem::TooDeep,
        ];
        if broken.contains(&self.problem) && !self.field.is_empty() {
            write!(f, ", in {subject}")?;
        }
        match self.position {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ReadError {}

//! Prints an error with its causes.
//!
//! **Invariant:** each cause once, in one line, and at its end what the failure means for the signature.

use std::error::Error;
use std::fmt;

/// Prints an error and its causes, each once, and what it means for the signature where that is known.
///
/// ```
/// use podpis_core::{Error, ErrorKind, ErrorChain};
///
/// let cause = std::io::Error::other("reset by peer");
/// let error = Error::new(ErrorKind::NoAnswer, "no answer").with_source(cause);
/// assert_eq!(ErrorChain(&error).to_string(), "no answer: reset by peer");
///
/// let cause = std::io::Error::other("reset by peer");
/// let error = Error::new(ErrorKind::NoAnswer, format!("no answer: {cause}")).with_source(cause);
/// assert_eq!(ErrorChain(&error).to_string(), "no answer: reset by peer");
/// ```
#[derive(Debug)]
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut current = Some(self.0);
        let mut told = String::new();
        while let Some(error) = current {
            let text = error.to_string();
            // An error may have the words of its cause in its own.
            if told.is_empty() {
                told = text;
            } else if !told.ends_with(&text) {
                told.push_str(": ");
                told.push_str(&text);
            }
            current = error.source();
        }
        f.write_str(&told)?;
        match self
            .0
            .downcast_ref::<crate::Error>()
            .and_then(crate::Error::meaning)
        {
            Some(meaning) => write!(f, ". {meaning}."),
            None => Ok(()),
        }
    }
}

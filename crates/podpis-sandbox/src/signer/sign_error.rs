//! Decides why a signature cannot be made.
//!
//! **Invariant:** each reason is a bug of the sandbox: no request brings it about.

/// What is signed, or why it is not.
pub(crate) type Signed<T> = Result<T, SignError>;

/// A signature that could not be made; a bug of the sandbox, answered with 500.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    #[error("the signature cannot be encoded: {0}")]
    Der(#[from] der::Error),
    #[error("the key cannot be written: {0}")]
    Key(#[from] spki::Error),
    #[error("the document cannot be encrypted: {0}")]
    Builder(cms::builder::Error),
    #[error("the value cannot be computed: {0}")]
    Value(#[from] signature::Error),
    #[error("a GOST key signs in a world that is not one of GOST")]
    NoStreebog,
}

impl From<cms::builder::Error> for SignError {
    fn from(error: cms::builder::Error) -> Self {
        Self::Builder(error)
    }
}

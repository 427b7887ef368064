//! With what a DssSign signs.
//!
//! **Invariant:** one of three by type: a certificate and GosKey cannot both be asked for.

use std::fmt;

use podpis_cms::Thumbprint;

/// With what to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signer {
    /// The certificate that the service chooses.
    Default,
    Certificate(Thumbprint),
    GosKey(GosKey),
}

/// A person who signs in the GosKey app.
///
/// The insurance number has to be the one in the user's settings at Diadoc. What else the service asks of it, and of
/// the files, its documents do not say.
#[derive(Clone, PartialEq, Eq)]
pub struct GosKey {
    pub(super) snils: String,
    pub(super) oid: Option<String>,
}

impl GosKey {
    /// The person with this insurance number (SNILS), which goes out as it is given.
    pub fn new(snils: impl Into<String>) -> Self {
        Self {
            snils: snils.into(),
            oid: None,
        }
    }

    /// Adds the object identifier (`Oid`); the service's documents do not say of what it is.
    #[must_use]
    pub fn with_oid(mut self, oid: impl Into<String>) -> Self {
        self.oid = Some(oid.into());
        self
    }
}

/// An insurance number is personal and is not printed.
impl fmt::Debug for GosKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GosKey")
            .field("oid", &self.oid)
            .finish_non_exhaustive()
    }
}

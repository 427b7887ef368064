//! Decides how the signatures of a world are made.
//!
//! **Invariant:** it is the same for all signatures that a service makes, for as long as the world lives.

use super::{Authority, Identity};
use crate::options::{Signatures, WorldOptions};

/// What all signatures of a world have in common.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    pub(crate) signatures: Signatures,
    /// Whether they have signed attributes.
    pub(crate) attributes: bool,
    /// Whether they name their certificate, as all forms of CAdES do. Bare CMS is what worlds of P-256 have always made,
    /// and records of earlier versions know those very signatures.
    pub(super) names_certificate: bool,
    /// Whether they are stamped as soon as they are made.
    pub(super) is_stamped: bool,
    /// Who makes time stamps.
    pub(crate) stamps: Identity,
}

impl Manner {
    pub(crate) fn of(options: &WorldOptions, authority: &Authority) -> Self {
        Self {
            signatures: options.signatures,
            attributes: options.signed_attributes,
            names_certificate: options.signatures == Signatures::Gost || options.time_stamps,
            is_stamped: options.time_stamps,
            stamps: authority.stamps().clone(),
        }
    }
}

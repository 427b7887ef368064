//! Decides for which certificates and reasons a revocation list speaks (RFC 5280 5.2.5).
//!
//! **Invariant:** a scope that is not understood leaves every certificate out.

use podpis_cms::canonical_name;
use podpis_cms::tlv::{self, Elements};

use crate::extension::Extension;
use crate::known::{DIRECTORY_NAME, Known};
use crate::oid;

const ONLY_USERS: u8 = 0x81;
const ONLY_CAS: u8 = 0x82;
const SOME_REASONS: u8 = 0x83;
const INDIRECT: u8 = 0x84;
const ONLY_ATTRIBUTES: u8 = 0x85;

/// What an issuing distribution point says; all certificates and all reasons without one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// The names of the distribution point, in a comparable form; `None` if it has none.
    names: Option<Vec<Vec<u8>>>,
    only_users: bool,
    only_cas: bool,
    only_attributes: bool,
    pub(crate) some_reasons: bool,
    is_indirect: bool,
}

impl Scope {
    /// `None` if it cannot be read.
    pub(crate) fn read(extension: &Extension<'_>) -> Option<Self> {
        let mut scope = Self::default();
        let mut fields = extension.fields()?;
        while !fields.is_empty() {
            let field = fields.any("issuingDistributionPoint").ok()?;
            let is_set = field.content() != [0];
            match field.tag() {
                tlv::CONTEXT_0 => scope.names = Some(point_names(field.inside())?),
                ONLY_USERS => scope.only_users = is_set,
                ONLY_CAS => scope.only_cas = is_set,
                SOME_REASONS => scope.some_reasons = true,
                INDIRECT => scope.is_indirect = is_set,
                ONLY_ATTRIBUTES => scope.only_attributes = is_set,
                _ => return None,
            }
        }
        Some(scope)
    }

    /// Does the list speak of this certificate?
    pub(crate) fn holds(&self, known: &Known) -> bool {
        let leaves_out = if known.is_ca() {
            self.only_users
        } else {
            self.only_cas
        };
        let is_of_others = self.is_indirect || self.only_attributes;
        !is_of_others && !leaves_out && self.is_point_of(known)
    }

    /// Is the distribution point one that the certificate names? Without any it is its issuer's.
    fn is_point_of(&self, known: &Known) -> bool {
        let Some(names) = &self.names else {
            return true;
        };
        let Some(points) = known.extension(oid::DISTRIBUTION_POINTS) else {
            return names.contains(&general_name(DIRECTORY_NAME, known.issuer.clone()));
        };
        let points = points.fields().into_iter().flatten();
        points
            .filter_map(|point| point.inside().find(|field| field.tag() == tlv::CONTEXT_0))
            .filter_map(|name| point_names(name.inside()))
            .flatten()
            .any(|name| names.contains(&name))
    }
}

/// The names of a `DistributionPointName`; `None` for one relative to the issuer, which nobody uses.
fn point_names(mut choice: Elements<'_>) -> Option<Vec<Vec<u8>>> {
    let what = "distributionPoint";
    let names = choice.expect(tlv::CONTEXT_0, what).ok()?;
    choice.end(what).ok()?;
    Some(
        names
            .inside()
            .map(|name| match name.tag() {
                DIRECTORY_NAME => general_name(DIRECTORY_NAME, canonical_name(name.content())),
                tag => general_name(tag, name.content().to_vec()),
            })
            .collect(),
    )
}

fn general_name(tag: u8, mut name: Vec<u8>) -> Vec<u8> {
    name.insert(0, tag);
    name
}

//! Which side of a message is ours.
//!
//! A box has two names, a GUID and an address, that need not have anything in common. The service may name boxes by
//! the other one than it was asked by, so what else it tells is used too: the direction of a document, and the box of
//! its other side.
//!
//! **Invariant:** a side is told only where the names or the service say so; otherwise it is not known.

use podpis_diadoc_proto::{DocumentDirection, events};

use crate::BoxId;

/// Whose a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a message has two sides, or it is not known which"
)]
pub enum Side {
    /// Of the box that read the message. In a message within one organization all signatures are.
    Ours,
    /// Of another box.
    Theirs,
    /// The service does not tell, or names the boxes by names that cannot be compared.
    Unknown,
}

/// What our box is to the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ours {
    /// Everything in it is ours.
    Both,
    /// The box that is ours, as the message names it.
    Named(String),
    Unknown,
}

impl Ours {
    pub(super) fn of(message: &events::Message, in_box: &BoxId) -> Self {
        if message.is_internal.unwrap_or_default() {
            return Self::Both;
        }
        let from = Some(message.from_box_id.as_str()).filter(|name| !name.is_empty());
        let to = super::told(message.to_box_id.as_ref());
        let proxy = super::told(message.proxy_box_id.as_ref());
        let mut named = [from, to, proxy].into_iter().flatten();
        if let Some(ours) = named.find(|name| same_box(name, in_box.as_str()) == Some(true)) {
            return Self::Named(ours.to_owned());
        }
        let infos = message.entities.iter();
        for info in infos.filter_map(|entity| entity.document_info.as_ref()) {
            match info.typed_document_direction() {
                DocumentDirection::INTERNAL => return Self::Both,
                DocumentDirection::OUTBOUND => return Self::maybe(from),
                // An intermediate recipient may be the one who reads.
                DocumentDirection::INBOUND if proxy.is_none() => return Self::maybe(to),
                _ => {}
            }
            let other_side = super::told(info.counteragent_box_id.as_ref());
            if let (Some(other), Some(from), Some(to), None) = (other_side, from, to, proxy) {
                match (same_box(other, from), same_box(other, to)) {
                    (Some(true), Some(false)) => return Self::Named(to.to_owned()),
                    (Some(false), Some(true)) => return Self::Named(from.to_owned()),
                    _ => {}
                }
            }
        }
        Self::Unknown
    }

    fn maybe(name: Option<&str>) -> Self {
        name.map_or(Self::Unknown, |name| Self::Named(name.to_owned()))
    }

    /// The side of a box that the message names; `in_box` is how we name ours.
    pub(super) fn side(&self, named: Option<&str>, in_box: &BoxId) -> Side {
        let of = |same: Option<bool>| match same {
            Some(true) => Side::Ours,
            Some(false) => Side::Theirs,
            None => Side::Unknown,
        };
        match (self, named) {
            (Self::Both, _) => Side::Ours,
            (_, None) => Side::Unknown,
            (Self::Named(ours), Some(named)) => match of(same_box(ours, named)) {
                Side::Unknown => of(same_box(in_box.as_str(), named)),
                known => known,
            },
            (Self::Unknown, Some(named)) => of(same_box(in_box.as_str(), named)),
        }
    }
}

/// Whether two names are of one box; none where a GUID is to be compared with an address of other digits.
pub(crate) fn same_box(one: &str, other: &str) -> Option<bool> {
    let form = |name: &str| name.contains('@');
    let digits = |name: &str| -> String {
        let name = name.split('@').next().unwrap_or(name);
        name.chars()
            .filter(|c| *c != '-')
            .collect::<String>()
            .to_ascii_lowercase()
    };
    if digits(one) == digits(other) {
        Some(true)
    } else {
        (form(one) == form(other)).then_some(false)
    }
}

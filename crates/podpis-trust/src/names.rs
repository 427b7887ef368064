//! Decides whether issuers may issue for a name (RFC 5280 4.2.1.10): directory names and mailboxes.
//!
//! **Invariant:** a critical constraint on any other kind of name is never passed over, and one that
//! cannot be read permits nothing.

use podpis_cms::canonical_name;
use podpis_cms::tlv::{self, Element, Elements};

use crate::extension::whole;
use crate::known::{DIRECTORY_NAME, Known};
use crate::oid;

/// rfc822Name of a GeneralName.
const MAILBOX: u8 = 0x81;
/// Constraints of a path that are kept at most.
const MOST: usize = 1_000;

/// A name that a constraint can be about.
#[derive(PartialEq, Eq)]
enum Name {
    /// In a comparable form.
    Directory(Vec<u8>),
    Mailbox(Vec<u8>),
}

impl Name {
    /// `None` if it is of another kind.
    fn read(name: &Element<'_>) -> Option<Self> {
        match name.tag() {
            DIRECTORY_NAME => Some(Self::Directory(canonical_name(name.content()))),
            MAILBOX => Some(Self::Mailbox(name.content().to_vec())),
            _ => None,
        }
    }

    fn is_same_kind(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Directory(_), Self::Directory(_)) | (Self::Mailbox(_), Self::Mailbox(_))
        )
    }

    /// Is it in the subtree that `base` stands for?
    fn is_within(&self, base: &Self) -> bool {
        match (self, base) {
            (Self::Directory(name), Self::Directory(base)) => name.starts_with(base),
            (Self::Mailbox(name), Self::Mailbox(base)) => is_mailbox_within(name, base),
            _ => false,
        }
    }
}

/// A base is a mailbox, a host, or a domain with a dot in front.
fn is_mailbox_within(mailbox: &[u8], base: &[u8]) -> bool {
    let split = |text: &[u8]| text.iter().rposition(|byte| *byte == b'@');
    let Some((local, host)) = split(mailbox).and_then(|at| mailbox.split_at_checked(at)) else {
        return false;
    };
    let host = host.get(1..).unwrap_or_default();
    if let Some((base_local, base_host)) = split(base).and_then(|at| base.split_at_checked(at)) {
        let base_host = base_host.get(1..).unwrap_or_default();
        return local == base_local && host.eq_ignore_ascii_case(base_host);
    }
    if base.first() == Some(&b'.') {
        let start = host.len().checked_sub(base.len());
        return start
            .filter(|start| *start > 0)
            .and_then(|start| host.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(base));
    }
    host.eq_ignore_ascii_case(base)
}

/// What the issuers of a path permit and exclude so far.
#[derive(Default)]
pub(crate) struct Constraints {
    /// A name must be within one of each of these that has a base of its kind.
    permitted: Vec<Vec<Name>>,
    excluded: Vec<Name>,
    count: usize,
}

/// The name is not permitted, or the constraint is not understood.
pub(crate) struct Broken;

impl Constraints {
    /// May a certificate for these names be issued?
    pub(crate) fn allow(&self, known: &Known) -> Result<(), Broken> {
        if self.count == 0 {
            return Ok(());
        }
        let is_allowed = |name: &Name| {
            let is_permitted = self.permitted.iter().all(|bases| {
                let mut of_kind = bases
                    .iter()
                    .filter(|base| base.is_same_kind(name))
                    .peekable();
                of_kind.peek().is_none() || of_kind.any(|base| name.is_within(base))
            });
            is_permitted && !self.excluded.iter().any(|base| name.is_within(base))
        };
        if names(known).ok_or(Broken)?.iter().all(is_allowed) {
            Ok(())
        } else {
            Err(Broken)
        }
    }

    /// Takes up what an issuer says of the certificates under it.
    pub(crate) fn take(&mut self, known: &Known) -> Result<(), Broken> {
        let Some(extension) = known.extension(oid::NAME_CONSTRAINTS) else {
            return Ok(());
        };
        let fields = extension.fields().and_then(whole).ok_or(Broken)?;
        for subtrees in fields {
            let mut bases = Vec::new();
            for subtree in whole(subtrees.inside()).ok_or(Broken)? {
                match base(&subtree) {
                    Some(base) => bases.push(base),
                    None if extension.is_critical => return Err(Broken),
                    None => {}
                }
            }
            self.count += bases.len();
            if self.count > MOST {
                return Err(Broken);
            }
            match subtrees.tag() {
                tlv::CONTEXT_0 => self.permitted.push(bases),
                tlv::CONTEXT_1 => self.excluded.extend(bases),
                _ => return Err(Broken),
            }
        }
        Ok(())
    }
}

/// The base of a subtree without minimum and maximum; `None` if it is not of a kind that is judged.
fn base(subtree: &Element<'_>) -> Option<Name> {
    let mut fields = subtree.inside();
    let base = Name::read(&fields.next()?)?;
    fields.is_empty().then_some(base)
}

/// The names of a certificate that constraints are about; `None` if they cannot be read.
fn names(known: &Known) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    if !known.subject.is_empty() {
        names.push(Name::Directory(known.subject.clone()));
    }
    match known.extension(oid::SUBJECT_ALT_NAME) {
        Some(others) => names.extend(whole(others.fields()?)?.iter().filter_map(Name::read)),
        // RFC 5280: then the mailbox in the subject counts.
        None => names.extend(mailboxes(known.certificate.subject_der())),
    }
    Some(names)
}

fn mailboxes(name: &[u8]) -> impl Iterator<Item = Name> {
    Elements::of(name)
        .flat_map(|name| name.inside())
        .flat_map(|set| set.inside())
        .filter_map(|attribute| {
            let mut fields = attribute.inside();
            let kind = fields.next()?;
            let value = fields.next()?;
            (kind.content() == oid::EMAIL.as_bytes())
                .then(|| Name::Mailbox(value.content().to_vec()))
        })
}

#[cfg(test)]
mod tests {
    use super::is_mailbox_within;

    #[test]
    fn a_mailbox_is_within_itself_its_host_and_the_domains_above() {
        for (base, is_within) in [
            (&b"ivan@a.example.ru"[..], true),
            (b"Ivan@a.example.ru", false),
            (b"ivan@A.EXAMPLE.ru", true),
            (b"a.example.RU", true),
            (b"example.ru", false),
            (b".example.ru", true),
            (b".a.example.ru", false),
            (b"", false),
        ] {
            assert_eq!(is_mailbox_within(b"ivan@a.example.ru", base), is_within);
        }
        assert!(!is_mailbox_within(b"example.ru", b"example.ru"));
    }
}

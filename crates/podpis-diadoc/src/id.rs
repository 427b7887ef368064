//! Names of things in Diadoc.
//!
//! **Invariant:** one type per thing, so that a message cannot be passed where a box is wanted. Only the box id
//! has a form that can be checked here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the name as the service gave it.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// A message: a chain of documents between two organizations.
    MessageId
}

id! {
    /// An entity: a document or a signature inside a message.
    EntityId
}

id! {
    /// A content that Diadoc prepared for signing.
    PatchedContentId
}

/// A file on the user's shelf.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShelfName(String);

impl ShelfName {
    /// Takes the name as the service gave it. A leading `__userId__/` is taken off: that form is for the old
    /// shelf, and the signing calls expect the bare name.
    pub fn new(value: impl AsRef<str>) -> Self {
        let bare = value.as_ref().trim().trim_matches('"');
        Self(bare.strip_prefix("__userId__/").unwrap_or(bare).to_owned())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShelfName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A box: the mailbox of one organization.
///
/// A GUID, or 32 hexadecimal digits before `@diadoc.ru`; Diadoc takes both forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BoxId(String);

impl BoxId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the two are certainly not the same box. A GUID and an address of one box have nothing in common that
    /// could be compared.
    pub(crate) fn certainly_differs(&self, other: &Self) -> bool {
        let form = |id: &Self| (id.0.contains('-'), id.0.contains('@'));
        form(self) == form(other) && !self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FromStr for BoxId {
    type Err = MalformedBoxId;

    fn from_str(text: &str) -> Result<Self, MalformedBoxId> {
        let text = text.trim();
        let hex = |part: &str, digits: usize| {
            part.len() == digits && part.bytes().all(|b| b.is_ascii_hexdigit())
        };
        let groups: Vec<&str> = text.split('-').collect();
        let is_guid = groups.len() == 5
            && groups
                .iter()
                .zip([8, 4, 4, 4, 12])
                .all(|(group, digits)| hex(group, digits));
        let is_address = text
            .split_once('@')
            .is_some_and(|(name, host)| hex(name, 32) && host.eq_ignore_ascii_case("diadoc.ru"));
        if is_guid || is_address || hex(text, 32) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedBoxId(text.chars().take(80).collect()))
        }
    }
}

impl fmt::Display for BoxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a box id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a box: a GUID, or 32 hexadecimal digits with @diadoc.ru, is")]
pub struct MalformedBoxId(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_box_are_taken() {
        for good in [
            "db32ce1f-5e7d-4b08-9a0c-1f1f9a8a7b11",
            "db32ce1f5e7d4b089a0c1f1f9a8a7b11@diadoc.ru",
            " db32ce1f5e7d4b089a0c1f1f9a8a7b11",
        ] {
            assert!(good.parse::<BoxId>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "box",
            "db32ce1f-5e7d-4b08-9a0c-1f1f9a8a7b1g",
            "db32ce1f5e7d4b089a0c1f1f9a8a7b11@example.org",
        ] {
            assert!(bad.parse::<BoxId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn two_boxes_differ_for_certain_only_in_one_form() {
        let [guid, other, address] = [
            "db32ce1f-5e7d-4b08-9a0c-1f1f9a8a7b11",
            "00112233-4455-6677-8899-aabbccddeeff",
            "db32ce1f5e7d4b089a0c1f1f9a8a7b11@diadoc.ru",
        ]
        .map(|text| text.parse::<BoxId>().unwrap());
        let upper = guid.as_str().to_uppercase().parse().unwrap();
        assert!(guid.certainly_differs(&other));
        assert!(!guid.certainly_differs(&upper) && !guid.certainly_differs(&address));
    }

    #[test]
    fn the_old_prefix_of_a_shelf_name_is_taken_off() {
        assert_eq!(ShelfName::new("__userId__/api-1").as_str(), "api-1");
        assert_eq!(ShelfName::new("\"dd-api-1\"\n").as_str(), "dd-api-1");
    }
}

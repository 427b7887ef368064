//! Decides how a word of a closed list is read when the list may grow.
//!
//! **Invariant:** no word is refused. Case, `-` and `_` do not count when a word is compared (the sources
//! themselves write `my-dss`, `myDSS` and `MyDSS`), and a word that is not in the list is kept as it came.

/// Declares an enum whose values are words on the wire, with `Other` for the words we do not know.
///
/// `= "word"` is how the value is written; `| "word"` are other words for it. With `prefix "urn:…:"` the words
/// are the ends of URNs: written with the prefix, read with or without it.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($values:tt)*
        }
    ) => {
        $crate::open_enum::open_enum! {
            $(#[$meta])*
            pub enum $name prefix "" {
                $($values)*
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident prefix $prefix:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $alias:literal)* ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        ///
        /// An open list: compared without case, `-` and `_`; see `Other`.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A word that this version does not know, as it came.
            Other(String),
        }

        impl $name {
            /// Every value with a name, in the order of the sources.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The word as the service writes it; an unknown one as it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => concat!($prefix, $word), )+
                    Self::Other(word) => word,
                }
            }

            fn known(word: &str) -> Option<Self> {
                let bare = $crate::open_enum::without_prefix(word.trim(), $prefix);
                $(
                    if [$word $(, $alias)*].iter().any(|known| $crate::open_enum::same(known, bare)) {
                        return Some(Self::$variant);
                    }
                )+
                None
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                Self::known(word).unwrap_or_else(|| Self::Other(word.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::known(&word).unwrap_or(Self::Other(word))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::lenient::word(deserializer).map(Self::from)
            }
        }
    };
}

pub(crate) use open_enum;

/// Whether two words are the same but for case, `-` and `_`.
pub(crate) fn same(left: &str, right: &str) -> bool {
    folded(left).eq(folded(right))
}

/// `word` without `prefix`, which is compared without case; `word` itself when it does not begin so.
pub(crate) fn without_prefix<'a>(word: &'a str, prefix: &str) -> &'a str {
    match word.split_at_checked(prefix.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
        _ => word,
    }
}

fn folded(word: &str) -> impl Iterator<Item = char> + '_ {
    let letters = word.chars().filter(|letter| !matches!(letter, '-' | '_'));
    letters.map(|letter| letter.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::{ConfirmType, TaskState, TaskType};

    #[test]
    fn case_and_hyphens_do_not_count() {
        for word in [
            "my-dss",
            "myDSS",
            "MyDSS",
            "MY_DSS",
            "myDss",
            " my-dss ",
            "m-y-d-s-s",
        ] {
            assert_eq!(ConfirmType::from(word), ConfirmType::MyDss, "{word}");
        }
        for word in ["succeed", "SUCCEEDED", "Succeed"] {
            assert_eq!(TaskState::from(word), TaskState::Succeed, "{word}");
        }
    }

    #[test]
    fn an_unknown_word_is_kept_as_it_came() {
        for word in ["my-DSS-2", "", "ё"] {
            assert_eq!(ConfirmType::from(word), ConfirmType::Other(word.to_owned()));
            assert_eq!(ConfirmType::from(word).as_str(), word);
        }
        let number: ConfirmType = serde_json::from_str("7").unwrap();
        assert_eq!(number, ConfirmType::Other("7".to_owned()));
    }

    #[test]
    fn a_urn_is_read_with_or_without_its_prefix() {
        for word in [
            "urn:task-type:initReplySignOperation",
            "initReplySignOperation",
            "URN:Task-Type:init-reply-sign-operation",
        ] {
            assert_eq!(TaskType::from(word), TaskType::InitReplySign, "{word}");
        }
        let written = serde_json::to_string(&TaskType::InitReplySign).unwrap();
        assert_eq!(written, r#""urn:task-type:initReplySignOperation""#);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for value in ConfirmType::ALL {
            assert_eq!(&ConfirmType::from(value.as_str()), value);
        }
        for value in TaskType::ALL {
            assert_eq!(&TaskType::from(value.as_str()), value);
        }
    }
}

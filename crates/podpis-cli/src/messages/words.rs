//! Declares messages: each stands once, with what it is about and its words in both languages.
//!
//! ```text
//! messages! {
//!     /// Something to say.
//!     Example in language {
//!         NotThere(path: String) => "there is no {path}", "нет {path}";
//!         Again { path: String, times: u32 } let times = counted(*times, language) =>
//!             "{path} is not there, {times}",
//!             "{path} нет, {times}";
//!         Other(exit: Exit) => { lead(*exit, language) };
//!     }
//! }
//! ```
//!
//! **Invariant:** a message without its words in both languages does not compile.

/// The enum of these messages, and `text`, which gives the words of one in a language. What `let` declares can stand in
/// both texts, and a block in braces stands for one text or, alone, for both.
macro_rules! messages {
    (
        $(#[$attribute:meta])*
        $name:ident in $language:ident {
            $(
                $(#[$doc:meta])*
                $variant:ident $(($($part:ident: $part_type:ty),+))? $({ $($field:ident: $type:ty),* })?
                $(let $known:pat = $value:expr)? => $words:tt $(, $russian:tt)?;
            )*
        }
    ) => {
        $(#[$attribute])*
        pub(crate) enum $name {
            $($(#[$doc])* $variant $(($($part_type),+))? $({ $($field: $type),* })?,)*
        }

        impl $name {
            /// The words.
            pub(crate) fn text(&self, $language: Language) -> String {
                match self {
                    $(Self::$variant $(($($part),+))? $({ $($field),* })? => {
                        $(let $known = $value;)?
                        messages!(@words $language, $words $(, $russian)?)
                    })*
                }
            }
        }
    };
    (@words $language:ident, $english:tt, $russian:tt) => {
        match $language {
            Language::English => messages!(@one $english),
            Language::Russian => messages!(@one $russian),
        }
    };
    (@words $language:ident, $both:tt) => { messages!(@one $both) };
    (@one $text:literal) => { format!($text) };
    (@one $text:block) => { String::from($text) };
}

pub(super) use messages;

//! Declares messages, and tables of words: each stands once, with its words in both languages.
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
//!
//! words! {
//!     /// How it ended.
//!     fn lead(exit: Exit) in language {
//!         Exit::Done => "done", "готово";
//!         other => { other.to_string() };
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
                        $crate::messages::words::said!($language, $words $(, $russian)?)
                    })*
                }
            }
        }
    };
}

/// The words of one message: a text for each language, or a block for both.
macro_rules! said {
    ($language:ident, $english:tt, $russian:tt) => {
        match $language {
            Language::English => $crate::messages::words::said!(@ $english),
            Language::Russian => $crate::messages::words::said!(@ $russian),
        }
    };
    ($language:ident, $both:block) => {
        $crate::messages::words::said!(@ $both)
    };
    (@ $text:literal) => {
        format!($text)
    };
    (@ $text:block) => {
        String::from($text)
    };
}

/// A function that gives the words for a value, which is its first parameter. What stands behind `with` comes before.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $visibility:vis fn $name:ident($value:ident: $type:ty $(, $more:ident: $more_type:ty)*) in $language:ident
        $(with { $($known:tt)* })? {
            $($pattern:pat $(if $guard:expr)? => $words:tt $(, $russian:tt)?;)*
        }
    ) => {
        $(#[$doc])*
        $visibility fn $name($value: $type $(, $more: $more_type)*, $language: Language) -> String {
            $($($known)*)?
            match $value {
                $($pattern $(if $guard)? => {
                    $crate::messages::words::said!($language, $words $(, $russian)?)
                })*
            }
        }
    };
}

pub(super) use {messages, said, words};

//! Decides what settings are: plain data with a default, in Rust and in JSON, and a setter of the same name for each.
//!
//! **Invariant:** a setting is spelled once: its name, its type, its default and what it means.

/// Settings with a setter each, which takes what `from` names where it is not the type itself.
macro_rules! settings {
    (
        $(#[$on_type:meta])*
        pub struct $Name:ident {
            $($(#[$about:meta])+ $field:ident: $Type:ty $(: from $From:ty)? = $default:expr,)*
        }
    ) => {
        $(#[$on_type])*
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $Name {
            $($(#[$about])+ pub $field: $Type,)*
        }

        impl Default for $Name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $Name {
            $(
                $(#[$about])+
                #[must_use]
                pub fn $field(mut self, value: $crate::settings::given!($Type $(, $From)?)) -> Self {
                    self.$field = value.into();
                    self
                }
            )*
        }
    };
}

/// What a setting can be; the first one is the default. In JSON the names are in snake_case.
macro_rules! choices {
    ($(
        $(#[$on_type:meta])*
        pub enum $Name:ident { $(#[$about:meta])* $First:ident, $($others:tt)* }
    )*) => {
        $(
            $(#[$on_type])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(rename_all = "snake_case")]
            #[non_exhaustive]
            pub enum $Name { $(#[$about])* #[default] $First, $($others)* }
        )*
    };
}

/// What a setter takes.
macro_rules! given {
    ($Type:ty) => {
        $Type
    };
    ($Type:ty, $From:ty) => {
        $From
    };
}

pub(crate) use {choices, given, settings};

//! Decides what settings are: plain data with a default, and a setter of the same name for each.
//!
//! **Invariant:** a setting is spelled once: its name, its type, its default and what it means.

/// Settings with a setter each; those behind `@` have setters written by hand.
macro_rules! settings {
    (
        $(#[$on_type:meta])*
        pub struct $Name:ident {
            $($(#[$about:meta])+ $field:ident: $Type:ty = $default:expr,)*
            $(@ $own:ident: $Own:ty = $own_default:expr,)*
        }
    ) => {
        $(#[$on_type])*
        pub struct $Name {
            $(pub(crate) $field: $Type,)*
            $(pub(crate) $own: $Own,)*
        }

        impl Default for $Name {
            fn default() -> Self {
                Self { $($field: $default,)* $($own: $own_default,)* }
            }
        }

        impl $Name {
            $(
                $(#[$about])+
                #[must_use]
                pub fn $field(mut self, value: $Type) -> Self {
                    self.$field = value;
                    self
                }
            )*
        }
    };
}

pub(crate) use settings;

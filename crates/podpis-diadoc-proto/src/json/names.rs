//! Which members are not called in JSON as in the `.proto`, and which unset ones are not printed.
//!
//! **Invariant:** a field has one name in JSON; its name in the `.proto` is read as well.

/// Fields by full name below the package, and their names in JSON.
const OTHER: [(&str, &str); 3] = [
    ("LoginPassword.Login", "login"),
    ("LoginPassword.Password", "password"),
    ("Events.MessagePatch.DeliveredPatchId", "DeliveredEventId"),
];

/// Texts that are left out when they are unset, though other texts are printed empty.
const SELDOM: [&str; 2] = [
    "Organization.LiquidationDate",
    "Organization.FnsRegistrationDate",
];

fn below(full: &str) -> &str {
    full.strip_prefix(super::PACKAGE)
        .map_or(full, |rest| rest.trim_start_matches('.'))
}

/// What a field is called in JSON.
pub(super) fn of(field: &prost_reflect::FieldDescriptor) -> &str {
    let full = below(field.full_name());
    OTHER
        .iter()
        .find(|(name, _)| *name == full)
        .map_or_else(|| field.name(), |(_, name)| name)
}

pub(super) fn is_seldom(field: &prost_reflect::FieldDescriptor) -> bool {
    SELDOM.contains(&below(field.full_name()))
}

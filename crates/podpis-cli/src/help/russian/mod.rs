//! The Russian of the help, by its English.
//!
//! | module | of |
//! |---|---|
//! | `commands` | what commands do |
//! | `arguments` | what arguments are for, and their values |
//! | `endings` | what stands below the help of a command |

mod arguments;
mod commands;
mod endings;

/// The Russian of a text.
pub(super) fn of(english: &str) -> Option<&'static str> {
    let mut all = pairs();
    all.find_map(|(known, russian)| (known == english).then_some(russian))
}

/// Every English text that has its Russian.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    pairs().map(|(english, _)| english)
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = [commands::TEXTS, arguments::TEXTS, endings::TEXTS];
    parts.into_iter().flatten().copied()
}

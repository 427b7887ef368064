//! Each rule is broken once, and the line that says so is compared.

mod command;
mod files;
mod packages;

use super::Violation;

fn lines(violations: impl IntoIterator<Item = Violation>) -> Vec<String> {
    violations
        .into_iter()
        .map(|violation| violation.to_string())
        .collect()
}

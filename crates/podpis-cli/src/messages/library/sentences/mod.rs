//! The library's sentences with their Russian.
//!
//! `{}` is what the sentence is about, and `{0}`, `{1}` where it stands in the Russian; `{0|байт|байта|байт}` is a number
//! with its noun.

mod documents;
mod exchanges;
mod files;
mod journal;
mod logins;
mod operations;
mod rules;
mod signatures;

use std::sync::LazyLock;

/// English and Russian. Of those that fit, the one with the most words of its own stands first.
pub(super) static SENTENCES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let tables = [
        files::SENTENCES,
        documents::SENTENCES,
        exchanges::SENTENCES,
        logins::SENTENCES,
        operations::SENTENCES,
        rules::SENTENCES,
        signatures::SENTENCES,
        journal::SENTENCES,
    ];
    let mut all = tables.concat();
    all.sort_by_key(|(english, _)| std::cmp::Reverse(english.replace("{}", "").len()));
    all
});

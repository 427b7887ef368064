//! What the code may call where.
//!
//! *Invariant:* only code counts: comments, string literals and test modules are taken out first.

use super::Violation;
use super::rust_text;
use super::source_files::SourceFile;

/// Macros that print.
const PRINTS: &[&str] = &["println!", "eprintln!", "print!", "eprint!", "dbg!"];

/// Packages whose output is their result.
const PRINTERS: &[&str] = &["crates/podpis-cli/", "xtask/"];

/// Calls that read a clock or wait by it.
const CLOCKS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio::time::sleep",
];

/// The places that may: the file behind `Time`, the sandbox's server, as a file or a folder, and what waits for a database
/// that fails.
const CLOCK_READERS: &[&str] = &[
    "crates/podpis-journal-postgres/src/patience.rs",
    "crates/podpis-core/src/wait/time.rs",
    "crates/podpis-sandbox/src/server.rs",
    "crates/podpis-sandbox/src/server/",
];

/// What is never committed, in tests neither.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "#[ignore"];

/// Violations of one file.
pub(super) fn check(file: &SourceFile) -> Vec<Violation> {
    let mut violations = Vec::new();
    let path = file.path.as_str();
    let code = rust_text::without_comments_and_literals(&file.text);
    for word in UNFINISHED {
        violations.extend(found(
            path,
            &code,
            word,
            "is unfinished work",
            "finish it, or take it out",
        ));
    }
    if is_test(path) {
        return violations;
    }
    let code = rust_text::without_test_items(&code);
    if !PRINTERS.iter().any(|printer| path.starts_with(printer)) {
        for word in PRINTS {
            violations.extend(found(
                path,
                &code,
                word,
                "prints, which only podpis-cli does",
                "return the text, or use tracing",
            ));
        }
    }
    if !CLOCK_READERS.iter().any(|reader| path.starts_with(reader)) {
        for word in CLOCKS {
            let fix = "take the time as an argument, or ask `Time`; only podpis-core/wait/time.rs and the sandbox's server do that";
            violations.extend(found(path, &code, word, "reads a clock", fix));
        }
    }
    violations
}

/// Whether the whole file is test code: the package of tests, the folders cargo knows, and `tests.rs` modules.
fn is_test(path: &str) -> bool {
    let folders = ["tests", "benches", "examples"];
    path.starts_with("tests/")
        || path.split('/').any(|part| folders.contains(&part))
        || path.ends_with("/tests.rs")
}

/// A violation for each line with `word`, as a word of its own.
fn found(path: &str, code: &str, word: &str, rule: &str, fix: &str) -> Vec<Violation> {
    let has = |line: &str| {
        line.match_indices(word)
            .any(|(at, _)| !line[..at].ends_with(rust_text::is_name))
    };
    let lines = code.lines().enumerate().filter(|(_, line)| has(line));
    lines
        .map(|(index, _)| {
            Violation::new(
                format!("{path}:{}", index + 1),
                format!("`{word}` {rule}"),
                fix,
            )
        })
        .collect()
}

//! Decides what counts.
//!
//! *Invariant:* a path and a text are enough to tell; nothing is read here.

use crate::tidy::rust_text::{test_items, without_comments_and_literals};

/// Emulates the services for tests, so no user runs it with their documents.
const SANDBOX: &str = "podpis-sandbox";

/// Folders whose files are not the hand-written text of a library or a program.
const OTHERS: [&str; 5] = ["benches", "examples", "generated", "target", "tests"];

/// The crate for which a file counts; `path` is relative to the workspace, with `/`.
pub(super) fn crate_of(path: &str) -> Option<&str> {
    let (name, inside) = path.strip_prefix("crates/")?.split_once('/')?;
    let counts = inside.ends_with(".rs")
        && name != SANDBOX
        && inside
            .split('/')
            .all(|part| part != "tests.rs" && !OTHERS.contains(&part));
    counts.then_some(name)
}

/// How many lines of a file count: all but those of `#[cfg(test)]` items.
pub(super) fn lines(text: &str) -> usize {
    let code = without_comments_and_literals(text);
    let tests: usize = test_items(&code)
        .into_iter()
        .map(|item| code[item].lines().count())
        .sum();
    code.lines().count().saturating_sub(tests)
}

#[cfg(test)]
mod tests {
    use super::{crate_of, lines};

    #[test]
    fn what_users_run_counts() {
        for (path, name) in [
            ("crates/podpis-core/src/lib.rs", Some("podpis-core")),
            ("crates/podpis-core/src/call/limit.rs", Some("podpis-core")),
            ("crates/podpis-core/build.rs", Some("podpis-core")),
            ("crates/podpis-cli/src/sandbox.rs", Some("podpis-cli")),
            ("crates/podpis-core/src/wait/run/tests.rs", None),
            ("crates/podpis-core/src/journal/tests/mod.rs", None),
            ("crates/podpis-core/tests/one.rs", None),
            ("crates/podpis/examples/one.rs", None),
            ("crates/podpis/benches/one.rs", None),
            ("crates/podpis-diadoc-proto/src/generated/mod.rs", None),
            ("crates/podpis-sandbox/src/lib.rs", None),
            ("crates/podpis-core/README.md", None),
            ("crates/README.rs", None),
            ("xtask/src/main.rs", None),
            ("tests/main.rs", None),
        ] {
            assert_eq!(crate_of(path), name, "{path}");
        }
    }

    #[test]
    fn blank_lines_and_comments_count_and_tests_do_not() {
        let text = r##"//! Doc.

use std::fmt; // used

#[cfg(test)]
use std::thread;

/// It says "#[cfg(test)] mod tests {".
fn one() -> &'static str {
    "#[cfg(test)] mod é {"
}

#[cfg(test)]
mod tests {
    // A brace: }

    #[test]
    fn it_is_one() {
        assert_eq!("}", super::one());
    }
}
"##;
        assert_eq!(lines(text), 10);
        assert_eq!(lines(""), 0);
        assert_eq!(lines("fn one() {}"), 1);
    }
}

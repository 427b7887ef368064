//! The rules about manifests, folders and the text of files.

use super::lines;
use crate::tidy::source_files::SourceFile;
use crate::tidy::{manifests, rust_text, shape, sources, top_level};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn manifests_that_escape_are_named() {
    assert_eq!(
        manifests::check_root("[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"),
        None
    );
    let allowed = manifests::check_root(
        "[workspace.lints.rust]\nmissing_docs = \"forbid\"\n[other]\nunsafe_code = \"forbid\"",
    );
    assert_eq!(
        lines(allowed),
        [
            "Cargo.toml: unsafe code is not forbidden; write `unsafe_code = \"forbid\"` under [workspace.lints.rust]"
        ]
    );
    let text = "[package]\n\n[lints]\nworkspace = true\n";
    assert_eq!(
        manifests::check_member("podpis-core", "crates/podpis-core/Cargo.toml", text),
        []
    );
    assert_eq!(
        manifests::check_member("podpis-tests", "tests/Cargo.toml", text),
        []
    );
    assert_eq!(
        lines(manifests::check_member(
            "podpis-core",
            "crates/core/Cargo.toml",
            "[lints.rust]\n[dependencies]\nworkspace = true"
        )),
        [
            "crates/core/Cargo.toml: the package does not take the workspace's lints; write `[lints]` and `workspace = true`",
            "crates/core/Cargo.toml: package podpis-core is in a folder named core; rename the folder to podpis-core, or the package",
        ]
    );
}

#[test]
fn strange_entries_at_the_top_are_named() {
    let entries = [
        ".ci",
        "Cargo.toml",
        "LICENSE-MIT",
        "README.md.p7s",
        "scripts",
    ];
    let entries = entries.map(String::from);
    assert_eq!(
        lines(top_level::check(&entries)),
        [
            "scripts: is not one of the top-level entries; move it into crates, proto, tests or xtask, or make it a dotfile"
        ]
    );
}

#[test]
fn files_out_of_shape_are_named() {
    let long = format!("//! Long.\n{}", "\n".repeat(600));
    assert_eq!(
        lines(shape::check(&file("crates/a/src/b.rs", &long))),
        ["crates/a/src/b.rs: 601 lines, more than 600; split it by what its parts decide"]
    );
    assert_eq!(
        lines(shape::check(&file("crates/a/src/b.rs", "use x;\n"))),
        ["crates/a/src/b.rs: does not begin with a `//!` line; say there what the file decides"]
    );
    for path in ["crates/a/src/utils.rs", "tests/common/mod.rs"] {
        assert!(
            lines(shape::check(&file(path, "//! X.\n")))[0]
                .contains("says nothing about what is inside"),
            "{path}"
        );
    }
    assert_eq!(
        shape::check(&file(
            "crates/a/src/lib.rs",
            "#![doc = include_str!(\"../README.md\")]\n"
        )),
        []
    );
}

#[test]
fn printing_is_named_except_where_it_is_the_result() {
    let text = "//! X.\nfn f() {\n    println!(\"a\");\n}\n";
    assert_eq!(
        lines(sources::check(&file("crates/podpis-core/src/a.rs", text))),
        [
            "crates/podpis-core/src/a.rs:3: `println!` prints, which only podpis-cli does; return the text, or use tracing"
        ]
    );
    for path in [
        "crates/podpis-cli/src/a.rs",
        "xtask/src/a.rs",
        "crates/podpis-core/tests/a.rs",
        "tests/src/a.rs",
    ] {
        assert_eq!(sources::check(&file(path, text)), [], "{path}");
    }
}

#[test]
fn clocks_are_named_except_in_their_two_places() {
    let text = "//! X.\nlet now = std::time::Instant::now();\ntokio::time::sleep(pause).await;\n";
    let found = lines(sources::check(&file("crates/podpis-core/src/a.rs", text)));
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with(
        "crates/podpis-core/src/a.rs:2: `Instant::now` reads a clock; take the time as an argument"
    ));
    for path in [
        "crates/podpis-core/src/wait/time.rs",
        "crates/podpis-sandbox/src/server/clock.rs",
    ] {
        assert_eq!(sources::check(&file(path, text)), [], "{path}");
    }
}

#[test]
fn unfinished_work_is_named_in_tests_too() {
    let text = "//! X.\n#[cfg(test)]\nmod tests {\n    #[test]\n    #[ignore]\n    fn f() { todo!() }\n}\n";
    let found = lines(sources::check(&file("crates/podpis-core/src/a.rs", text)));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.contains(
            &"crates/podpis-core/src/a.rs:6: `todo!` is unfinished work; finish it, or take it out"
                .to_owned()
        )
    );
}

#[test]
fn comments_literals_and_test_items_do_not_count() {
    let text = r###"//! println!("in a comment");
/* dbg!(1) /* nested */ dbg!(2) */
const A: &str = "println!(\"in a string\")";
const B: &str = r#"print!("raw")"#;
const C: [char; 3] = ['"', '\'', '\u{20}'];
fn f<'a>(r#type: &'a str) { my_println!("a name that only ends so") }
#[cfg(test)]
fn only_in_tests(x: [u8; 2]) { println!("{x:?}"); }
#[cfg(test)]
mod tests { fn f() { if true { println!("x") } } }
"###;
    assert_eq!(
        sources::check(&file("crates/podpis-core/src/a.rs", text)),
        []
    );
    // What follows a test module counts again, under its own line number.
    let text = format!("{text}fn g() {{ dbg!(1); }}\n");
    assert!(
        lines(sources::check(&file("crates/podpis-core/src/a.rs", &text)))[0]
            .contains("a.rs:11: `dbg!`")
    );
    // Text that ends in the middle of something is no reason to stop.
    for cut in 0..text.chars().count() {
        let part: String = text.chars().take(cut).collect();
        assert_eq!(
            rust_text::without_comments_and_literals(&part)
                .chars()
                .count(),
            cut
        );
    }
}

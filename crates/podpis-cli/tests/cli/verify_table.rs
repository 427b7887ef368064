//! Signatures of many tools, each through `podpis verify`.
//!
//! **Invariant:** the table beside the signatures says how each ends, and a row that it calls proven is the only kind that
//! ends with 0.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::Value;

use crate::bench::{Ended, podpis};
use crate::hidden_characters::assert_plain;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cms/foreign")
}

/// What is wrong with how a row ended, if anything is.
fn wrong(line: &str) -> Option<String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [file, content, _, reading, form, digest, value, time, ..] = columns[..] else {
        panic!("a row of fewer columns: {line}")
    };
    let ended = Ended::of(
        podpis()
            .args(["verify", "--json"])
            .args([folder().join(content), folder().join(file)]),
    );
    assert_plain(&ended.stderr);
    let expected: &[i32] = match (reading, digest, value) {
        ("reads", "passed", "proven") => &[0],
        ("reads", "binds-nothing" | "other-content", _) | ("reads", _, "wrong") => &[1],
        ("reads", _, "not-proven" | "wrong-or-weak") => &[1, 3],
        ("reads", ..) => &[3],
        _ => &[1],
    };
    if !expected.contains(&ended.code) {
        return Some(format!("{file}: not {expected:?}: {ended:?}"));
    }
    let object = ended.object();
    if ended.code == 1 {
        let told = object["error"]["message"].as_str().unwrap();
        return (!told.contains(file)).then(|| format!("{file}: not named: {told}"));
    }
    let told = match &object["form"] {
        Value::String(word) => word.clone(),
        words => {
            let words = words.as_array().unwrap().iter();
            words
                .map(|word| word.as_str().unwrap())
                .collect::<Vec<_>>()
                .join(",")
        }
    };
    let when = &object["signers"][0]["signing_time"];
    // The table has whole seconds.
    let when = when.as_str().unwrap_or("none").split(['.', 'Z']).next();
    let proven = object["proven"] == Value::Bool(true);
    let right = (told == form || sorted(&told) == sorted(form))
        && (time == "-" || Some(time.trim_end_matches('Z')) == when)
        && proven == (ended.code == 0)
        && ended.stderr.contains("not DER") == (form != "der");
    (!right).then(|| format!("{file}: {form} at {time}: {ended:?}"))
}

fn sorted(words: &str) -> Vec<&str> {
    let mut words: Vec<&str> = words.split(',').collect();
    words.sort_unstable();
    words
}

#[test]
fn every_row_of_the_table_ends_as_it_says() {
    let table = fs::read_to_string(folder().join("table.tsv")).unwrap();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(rows.len() > 250, "the table is cut");
    let found: Vec<String> = thread::scope(|scope| {
        let parts: Vec<_> = rows
            .chunks(rows.len().div_ceil(4))
            .map(|part| scope.spawn(move || part.iter().filter_map(|row| wrong(row)).collect()))
            .collect();
        let found = parts.into_iter().map(|part| part.join().unwrap());
        found.collect::<Vec<Vec<String>>>().concat()
    });
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

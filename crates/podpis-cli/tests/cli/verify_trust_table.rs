//! Every case of trust through `podpis verify --trust`.
//!
//! **Invariant:** the table beside the signatures says what a validator that is right says, and the ending follows from it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::Value;

use crate::bench::{Ended, podpis};
use crate::hidden_characters::assert_plain;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/trust")
}

/// `trusted; stamp trusted`, as the table has it.
fn words(trust: &Value) -> String {
    let answer = |one: &Value| {
        let verdict = one["verdict"].as_str().unwrap();
        match one["reason"].as_str() {
            Some(reason) => format!("{verdict}: {reason}"),
            None => verdict.to_owned(),
        }
    };
    let mut words = answer(trust);
    for stamp in trust["stamps"].as_array().unwrap() {
        words.push_str(&format!("; stamp {}", answer(stamp)));
    }
    let notes = trust["notes"].as_array().unwrap();
    if notes.contains(&"signing-certificate-not-named".into()) {
        words.push_str("; signing certificate not named");
    }
    words
}

/// What is wrong with how a row ended, if anything is.
fn wrong(row: &str) -> Option<String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [
        family,
        case,
        signature,
        content,
        roots,
        others,
        lists,
        at,
        right,
        ..,
    ] = columns[..]
    else {
        panic!("a row of fewer columns: {row}")
    };
    let folder = folder();
    let own = folder.join(family);
    let mut command = podpis();
    command.args(["verify", "--json", "--at", at]);
    for (argument, names) in [
        ("--trust", roots),
        ("--intermediate", others),
        ("--crl", lists),
    ] {
        for name in names.split(',').filter(|name| *name != "-") {
            command.arg(argument).arg(own.join(name));
        }
    }
    command.args([folder.join(content), own.join(signature)]);
    let ended = Ended::of(&mut command);
    assert_plain(&ended.stderr);
    let object = ended.object();
    let said = words(&object["trust"]);
    let code = match right.split([':', ';']).next() {
        Some("trusted") => 0,
        Some("refused") => 1,
        _ => 3,
    };
    // What the checks say does not say otherwise.
    let proven = object["proven"] == Value::Bool(true);
    let agrees = proven != object["error"].is_object() && (code != 0 || proven);
    let last = ended.stderr.lines().last().unwrap_or_default();
    let lead = match code {
        0 => "content.txt: trusted at ",
        1 => ".txt: refused: ",
        _ => "content.txt: not proven: ",
    };
    let is_right = said == right && ended.code == code && agrees && last.contains(lead);
    (!is_right).then(|| format!("{family} {case}: {said}, not {right}: {ended:?}"))
}

#[test]
fn every_case_ends_as_it_must() {
    let table = fs::read_to_string(folder().join("cases.tsv")).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 117, "the table is cut");
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

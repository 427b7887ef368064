//! Measures a benchmark of `xtask/bench`: podpis, what is written by hand, and podpis at another revision.
//!
//! *Invariant:* all that is compared is built alike and runs alternately in one run, each time as a fresh
//! process; nothing of the other revision is left but its build output in `target/bench`.

mod arguments;
mod comparison;
mod line;
mod program;
mod rounds;
mod table;
mod tree;

use std::path::Path;

use arguments::Request;
use comparison::Comparison;
use rounds::Contender;
use tree::Tree;

/// The package with the benchmarks, in any tree.
const PACKAGE: &str = "xtask/bench";

/// Runs the benchmark that the arguments name; gives a table, or JSON.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let request = Request::parse(arguments).map_err(|error| vec![error])?;
    compare(root, &request).map_err(|error| vec![format!("bench: {error}")])
}

fn compare(root: &Path, request: &Request) -> Result<String, String> {
    program::exists(root, &request.name)?;
    // Both trees live to the end: a benchmark may need more of its tree than its own program.
    let this = Tree::this(root);
    let other = match &request.against {
        Some(revision) => Some(Tree::at(root, revision)?),
        None => None,
    };
    let here = program::build(root, &this, &request.name)?;
    let mut contenders = vec![
        Contender::new("podpis", &here, "podpis"),
        Contender::new("by hand", &here, "by-hand"),
    ];
    if let Some(other) = &other {
        let there = program::build(root, other, &request.name)?;
        contenders.push(Contender::new(other.label(), &there, "podpis"));
    }
    let lines = rounds::run(&contenders, request.rounds)?;
    let names = contenders
        .into_iter()
        .map(|contender| contender.name)
        .collect();
    let comparison = Comparison::of(&request.name, request.rounds, names, &lines);
    if request.json {
        serde_json::to_string_pretty(&comparison).map_err(|error| error.to_string())
    } else {
        Ok(table::render(&comparison))
    }
}

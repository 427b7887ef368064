//! Every example of the facade, run as it is.
//!
//! **Invariant:** an example that is not run here, or that README does not name, fails a test.

#![allow(
    clippy::duplicate_mod,
    reason = "each is a program of its own, with the client of its service"
)]

#[path = "../crates/podpis/examples/diadoc_attach.rs"]
mod diadoc_attach;
#[path = "../crates/podpis/examples/diadoc_auto_sign_receipts.rs"]
mod diadoc_auto_sign_receipts;
#[path = "../crates/podpis/examples/diadoc_dss_sign.rs"]
mod diadoc_dss_sign;
#[path = "../crates/podpis/examples/diadoc_killed_and_resumed.rs"]
mod diadoc_killed_and_resumed;
#[path = "../crates/podpis/examples/diadoc_post_message.rs"]
mod diadoc_post_message;
#[path = "../crates/podpis/examples/document_signature.rs"]
mod document_signature;
#[path = "../crates/podpis/examples/drive_many.rs"]
mod drive_many;
#[path = "../crates/podpis/examples/extern_answer.rs"]
mod extern_answer;
#[path = "../crates/podpis/examples/extern_decrypt.rs"]
mod extern_decrypt;
#[path = "../crates/podpis/examples/extern_draft_step_by_step.rs"]
mod extern_draft_step_by_step;
#[path = "../crates/podpis/examples/extern_killed_and_resumed.rs"]
mod extern_killed_and_resumed;
#[path = "../crates/podpis/examples/extern_send_report.rs"]
mod extern_send_report;
#[path = "../crates/podpis/examples/extern_sign_draft.rs"]
mod extern_sign_draft;
#[path = "../crates/podpis/examples/extern_sign_pfr_reply.rs"]
mod extern_sign_pfr_reply;
#[path = "../crates/podpis/examples/extern_sign_reply.rs"]
mod extern_sign_reply;
#[path = "../crates/podpis/examples/resume_everything.rs"]
mod resume_everything;
#[path = "../crates/podpis/examples/sign_two_files.rs"]
mod sign_two_files;
#[path = "../crates/podpis/examples/web_handlers.rs"]
mod web_handlers;

#[test]
fn every_example_is_run_and_in_the_readme() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let readme = std::fs::read_to_string(format!("{root}/README.md")).unwrap();
    let entries = std::fs::read_dir(format!("{root}/crates/podpis/examples")).unwrap();
    let files = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let examples: Vec<String> = files.filter(|file| file.ends_with(".rs")).collect();
    assert!(examples.len() >= 8, "{examples:?}");
    for file in examples {
        let name = file.trim_end_matches(".rs");
        let is_run = include_str!("examples.rs").contains(&format!("\nmod {name};\n"));
        assert!(is_run, "`mod {name};` belongs into tests/examples.rs");
        let is_named = readme.contains(&format!("\n| `{name}` |"));
        assert!(
            is_named,
            "{name} belongs into the table of examples in README.md"
        );
    }
}

//! Prints what every fault means for every endpoint: the test of it, with what it found.

use std::path::Path;
use std::process::Command;

/// Runs it. A cell that is not as the table has it is a failure, after all of them are printed.
pub(crate) fn print(root: &Path) -> Result<String, Vec<String>> {
    let mut test = Command::new("cargo");
    test.current_dir(root);
    test.args(["test", "--quiet", "--workspace", "--test", "podpis"]);
    test.args([
        "--",
        "--nocapture",
        "matrix::every_endpoint_meets_every_fault",
    ]);
    match test.status() {
        Ok(status) if status.success() => {
            Ok("matrix: every cell is as the table has it".to_owned())
        }
        Ok(_) => Err(vec![
            "matrix: not every cell is as the table has it".to_owned(),
        ]),
        Err(error) => Err(vec![format!("cargo test: {error}")]),
    }
}

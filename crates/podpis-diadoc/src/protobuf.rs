//! Reads protobuf answers.
//!
//! **Invariant:** a missing required field is an error that names it; the body is never quoted.

use podpis_core::Error;
use podpis_core::call::Answer;
use podpis_diadoc_proto::{AsyncMethodResult, Checked, decode_checked};

pub(crate) fn read<M: Checked>(answer: &Answer) -> Result<M, Error> {
    decode_checked(answer.body().clone()).map_err(|error| answer.unreadable(error))
}

/// A string that must be there and not be empty.
pub(crate) fn required(
    answer: &Answer,
    field: &str,
    value: Option<String>,
) -> Result<String, Error> {
    value
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| answer.unreadable(format!("{field} is missing")))
}

/// The name of the work that a start began.
pub(crate) fn task_id(answer: &Answer) -> Result<String, Error> {
    let result: AsyncMethodResult = read(answer)?;
    required(answer, "AsyncMethodResult.TaskId", result.task_id)
}

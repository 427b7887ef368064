//! Reads protobuf answers.
//!
//! **Invariant:** a missing required field is an error that names it; the body is never quoted.

use podpis_core::Error;
use podpis_core::call::Answer;
use podpis_diadoc_proto::{AsyncMethodResult, Checked, decode_checked};

pub(crate) fn read<M: Checked>(answer: &Answer) -> Result<M, Error> {
    decode_checked(answer.body().clone()).map_err(|error| answer.unreadable(error))
}

/// The name of the work that a start began.
pub(crate) fn task_id(answer: &Answer) -> Result<String, Error> {
    let result: AsyncMethodResult = read(answer)?;
    answer.id("AsyncMethodResult.TaskId", result.task_id)
}

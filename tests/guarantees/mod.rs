//! A file per promise, named after the promise.

mod a_busy_service_loses_nothing;
mod a_crash_anywhere_asks_nobody_twice;
mod a_failed_save_sends_nothing;
mod a_signature_belongs_to_its_file;
mod a_wait_ends_at_its_deadline;
mod an_answer_takes_memory_by_its_length;
mod an_open_operation_takes_two_kib;
mod errors_say_what_they_mean;
mod many_callers_cause_one_login;
mod many_drafts_keep_within_twenty_requests;
mod no_secret_is_printed_or_stored;
mod nothing_outlives_its_deadline;
pub(crate) mod records_of_earlier_versions_go_on;
mod thousands_are_driven_together;
mod what_is_trusted_is_bound;

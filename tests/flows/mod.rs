//! The services' conversations, against the sandbox.

pub(crate) mod attach;
mod certificates;
mod cloud_sign;
mod cloud_sign_answers;
mod dss_sign;
mod dss_sign_answers;
mod dss_start_over;
mod extern_answers;
mod extern_decrypt;
mod extern_sign;
mod login;
mod messages;
mod oidc;
mod postings;
mod postings_lost;
mod prepare;
mod receipts;
mod records_without_documents;
mod rules;
mod rules_of_calls;
mod rules_of_messages;
mod shelf;

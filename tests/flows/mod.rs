//! The services' conversations, against the sandbox.

mod any_run;
mod cloud_sign;
mod cloud_sign_answers;
mod extern_answer;
mod extern_answers;
mod extern_contents;
mod extern_data_to_sign;
mod extern_decrypt;
mod extern_docflows;
mod extern_drafts;
mod extern_looks;
mod extern_report;
mod extern_sign;
mod login;
mod oidc;
mod shelf;

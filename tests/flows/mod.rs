//! The services' conversations, against the sandbox.

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
mod oidc;
mod receipts;
mod shelf;

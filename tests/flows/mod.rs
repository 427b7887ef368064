//! The services' conversations, against the sandbox.

mod cloud_sign;
mod cloud_sign_answers;
mod login;
mod shelf;

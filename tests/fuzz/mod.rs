//! Inputs that nobody would send: nothing panics on them, and what they cost is linear in their length.
//!
//! | module | decides |
//! |---|---|
//! | `run` | how inputs are made and counted, and what is told of one that fails |
//! | `bytes`, `der`, `json`, `protobuf` | how an input of a format is changed |
//! | `corpus`, `answered` | what is changed: the fixtures of the crates, and what the sandbox answers |
//! | `calls`, `starts` | what is asked of the clients |
//! | `signatures`, `gost`, `messages`, `models`, `records`, `answers`, `sandbox` | who reads it |
//!
//! The changes are our own and not those of `bolero`: its engines that look at coverage need a nightly toolchain, and without
//! one it has random bytes, of which hardly any get past the first element of a signature. These changes keep the
//! structure, so that most inputs reach what is behind the reading.
//!
//! A test tries the same few inputs each time. `cargo xtask fuzz [TARGET] [--minutes N]` tries others, for as long as
//! it is told. The arguments of the program are tried beside their parser, in `podpis-cli`.
//!
//! *Invariant:* what is found becomes a test of whoever reads it.

mod answered;
mod answers;
mod bytes;
mod calls;
mod corpus;
mod der;
mod gost;
mod json;
mod messages;
mod models;
mod numbers;
mod protobuf;
mod records;
mod run;
mod sandbox;
mod signatures;
mod starts;

/// A test for each target, and the list of them.
macro_rules! targets {
    ($($module:ident::$target:ident,)*) => {
        /// Their names.
        const TARGETS: &[&str] = &[$(stringify!($target),)*];

        $(
            #[test]
            fn $target() {
                $module::$target();
            }
        )*
    };
}

targets! {
    signatures::signatures,
    signatures::certificates,
    signatures::revocation_lists,
    signatures::ocsp,
    signatures::time_stamps,
    gost::gost_keys,
    gost::gost_values,
    messages::protobuf,
    messages::diadoc_json,
    models::extern_models,
    records::operations,
    records::journal_files,
    answers::answers,
    sandbox::sandbox_requests,
}

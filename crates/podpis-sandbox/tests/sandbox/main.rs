//! What the sandbox promises, method by method, asked the way a client asks.

#![allow(
    clippy::unwrap_used,
    reason = "failing loudly is what a test suite is for"
)]

mod authorities;
mod certificates;
mod cloud_sign;
mod codes;
mod control;
mod conversations;
mod dss;
mod dss_scripts;
mod dss_sign;
mod extern_api;
mod faults;
mod json;
mod limits;
mod load;
mod login;
mod messages;
mod over_http;
mod phone_page;
mod purity;
mod receipts;
mod scenarios;
mod shelf;
mod signatures;
mod strict;
mod support;

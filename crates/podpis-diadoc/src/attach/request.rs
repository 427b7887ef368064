//! What the start of a SignAndAttach sends first.

use crate::{cloud_sign, dss_sign};

/// The first call.
#[derive(Debug)]
pub enum Request {
    /// Signing, confirmed on a phone.
    Dss(dss_sign::Request),
    /// Signing, with a code by SMS.
    Sms(cloud_sign::Request),
    /// What is posted is in the record already.
    Post,
}

//! Decides what a stamped signature is: the posted one with a time stamp of the service beside its value (CAdES-T).
//!
//! **Invariant:** only unsigned attributes are added, so a stamped signature verifies as the posted one does.

use std::time::Duration;

use cms::attr_or_nothing as _;

//! Messages of Diadoc: reading them, preparing, signing, sending.

mod patching;
mod reading;
mod shown;
mod support;

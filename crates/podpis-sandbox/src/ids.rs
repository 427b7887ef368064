//! Decides what new ids, tokens and codes look like.
//!
//! **Invariant:** they depend on the seed and on how many were made before, on nothing else, so the same
//! requests give the same ids.

use sha2::{Digest as _, Sha256};

#[derive(Clone, Debug)]
pub(crate) struct Ids {
    seed: String,
    made: u64,
}

impl Ids {
    pub(crate) fn new(seed: &str) -> Self {
        Self {
            seed: seed.to_owned(),
            made: 0,
        }
    }

    /// A GUID in lower case with hyphens, of version 4 as far as one can see.
    pub(crate) fn guid(&mut self) -> String {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.next()[..16]);
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// A login token: Base64 with padding, because the real ones make clients stumble over `=` and `+`.
    pub(crate) fn login_token(&mut self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(self.next())
    }

    /// A trace id of 32 hexadecimal digits.
    pub(crate) fn trace(&mut self) -> String {
        base16ct::lower::encode_string(&self.next()[..16])
    }

    /// A code of so many decimal digits, 4 to 12; the first one is not a zero.
    pub(crate) fn code(&mut self, digits: usize) -> String {
        let bytes = self.next();
        (0..digits.clamp(4, 12))
            .map(|place| {
                let byte = bytes[place % bytes.len()];
                let digit = if place == 0 { 1 + byte % 9 } else { byte % 10 };
                char::from(b'0' + digit)
            })
            .collect()
    }

    fn next(&mut self) -> [u8; 32] {
        self.made += 1;
        Sha256::new()
            .chain_update(self.seed.as_bytes())
            .chain_update([0])
            .chain_update(self.made.to_be_bytes())
            .finalize()
            .into()
    }
}

//! Decides what takes the place of random bytes: a stream that follows from a seed.
//!
//! **Invariant:** the same seed gives the same bytes, so a world stays reproducible; that makes whatever is drawn from it
//! worthless outside tests, like every key here.

use rsa::rand_core::{CryptoRng, Error as RngError, RngCore};
use sha2::{Digest as _, Sha256};

/// The same stream of bytes for the same seed.
pub(super) struct Stream {
    seed: [u8; 32],
    made: u64,
    rest: Vec<u8>,
}

impl Stream {
    /// The stream of these bytes.
    pub(super) fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            seed: Sha256::digest(bytes).into(),
            made: 0,
            rest: Vec::new(),
        }
    }
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.rest.is_empty() {
                self.made += 1;
                self.rest = Sha256::new()
                    .chain_update(self.seed)
                    .chain_update(self.made.to_be_bytes())
                    .finalize()
                    .to_vec();
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RngError> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Stream {}

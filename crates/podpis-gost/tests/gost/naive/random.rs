//! A generator that gives the bytes it was given, for values with a known nonce.

use podpis_gost::signature::rand_core::{CryptoRng, Error, RngCore};

/// Gives its bytes, then zeros.
pub(crate) struct Given(pub(crate) Vec<u8>);

impl RngCore for Given {
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
        let given = self.0.len().min(bytes.len());
        bytes.fill(0);
        bytes[..given].copy_from_slice(&self.0[..given]);
        self.0.drain(..given);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Given {}

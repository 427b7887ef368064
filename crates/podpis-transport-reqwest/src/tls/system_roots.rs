//! Decides when the certificates that the system trusts are loaded.
//!
//! **Invariant:** they are loaded when the first server has to be verified by them, and then never again: all transports
//! of a program share them. A failure is not kept, so that a later connection tries anew.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::Error;
use rustls::client::danger::ServerCertVerifier;

use super::rustls_client::provider;

/// Verifies by what the system trusts.
pub(crate) type Loaded = Arc<dyn ServerCertVerifier>;

/// The system's certificates, loaded or not.
pub(crate) struct SystemRoots {
    load: fn() -> Result<Loaded, Error>,
    loaded: Mutex<Option<Loaded>>,
}

/// Those that all transports share.
static OF_THIS_PROGRAM: SystemRoots = SystemRoots::new(|| {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new(
        provider(),
    )?))
});

impl Default for &'static SystemRoots {
    fn default() -> Self {
        &OF_THIS_PROGRAM
    }
}

impl SystemRoots {
    pub(crate) const fn new(load: fn() -> Result<Loaded, Error>) -> Self {
        Self {
            load,
            loaded: Mutex::new(None),
        }
    }

    /// Loads them if nobody did. Whoever comes meanwhile waits, instead of loading them too.
    pub(crate) fn verifier(&self) -> Result<Loaded, Error> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verifier) = &*loaded {
            return Ok(verifier.clone());
        }
        let verifier = (self.load)()?;
        *loaded = Some(verifier.clone());
        Ok(verifier)
    }
}

impl fmt::Debug for SystemRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemRoots").finish_non_exhaustive()
    }
}

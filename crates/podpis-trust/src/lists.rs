//! Decides how revocation lists are found among thousands: by the issuer's name.
//!
//! **Invariant:** a list keeps its number; which key made it is not said by its name.

use std::collections::HashMap;

use crate::RevocationList;

/// Revocation lists, with what they are found by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    all: Vec<RevocationList>,
    by_issuer: HashMap<Vec<u8>, Vec<usize>>,
}

impl Lists {
    pub(crate) fn add(&mut self, list: RevocationList) {
        let same = self.by_issuer.entry(list.issuer().to_vec()).or_default();
        same.push(self.all.len());
        self.all.push(list);
    }

    pub(crate) fn get(&self, number: usize) -> Option<&RevocationList> {
        self.all.get(number)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Those of an issuer of this name, in a comparable form.
    pub(crate) fn of_issuer(&self, issuer: &[u8]) -> &[usize] {
        self.by_issuer.get(issuer).map_or(&[], Vec::as_slice)
    }
}

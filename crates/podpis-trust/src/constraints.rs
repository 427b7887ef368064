//! Decides whether every issuer of a path may issue what is under it (RFC 5280 6.1.3 to 6.1.5).
//!
//! **Invariant:** of the root only the name and the key count, so nothing that stands in it is judged
//! here; certificates are judged from the root down, and the first rule broken is the reason.

use podpis_cms::KeyUsage;

use crate::Reason;
use crate::known::Known;
use crate::names::Constraints;
use crate::policy::Policies;

/// A rule is broken by the certificate at this place of the path.
pub(crate) struct Broken {
    pub(crate) at: usize,
    pub(crate) reason: Reason,
    pub(crate) detail: Option<String>,
}

/// Judges a path: the signer first, the root last.
pub(crate) fn check(path: &[&Known]) -> Result<(), Broken> {
    let count = path.len().saturating_sub(1);
    let mut names = Constraints::default();
    let mut policies = Policies::new(count);
    // How many issuers may still come.
    let mut room = count;
    for (at, known) in path.iter().enumerate().take(count).rev() {
        let is_last = at == 0;
        let broken = |reason| Broken {
            at,
            reason,
            detail: None,
        };
        if is_last || !known.is_self_issued() {
            names
                .allow(known)
                .map_err(|_| broken(Reason::NameNotPermitted))?;
        }
        if let Some(obstacle) = &known.obstacle {
            return Err(Broken {
                detail: Some(obstacle.clone()),
                ..broken(Reason::UnknownCriticalExtension)
            });
        }
        if !is_last {
            let basic = known
                .basic_constraints()
                .filter(|basic| basic.is_ca && known.is_version_3)
                .filter(|_| known.allows(KeyUsage::signs_certificates))
                .ok_or_else(|| broken(Reason::NotACa))?;
            if !known.is_self_issued() {
                room = room
                    .checked_sub(1)
                    .ok_or_else(|| broken(Reason::PathTooLong))?;
            }
            room = room.min(basic.path_length.unwrap_or(usize::MAX));
            names
                .take(known)
                .map_err(|_| broken(Reason::NameNotPermitted))?;
        }
        policies
            .take(known, is_last)
            .map_err(|_| broken(Reason::Policy))?;
    }
    Ok(())
}

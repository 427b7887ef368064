//! The changes of single operations that go together with those of others: claims, saves and removals.
//!
//! **Invariant:** each may be made twice and is then as if it had been made once.

use std::sync::Arc;

use podpis_operation::{Held, Lease, OperationId};
use tokio_postgres::types::Type;

use crate::PostgresError;
use crate::holding::Hold;
use crate::link::{Answer, Link};
use crate::statements::Statements;
use crate::stored::millis;

/// A change of one operation.
pub(crate) enum Change {
    /// It is claimed.
    Claim(ToClaim),
    /// Its record is saved by its holder.
    Save(ToSave),
    /// Its record is removed by its holder, and the claim with it.
    Forget(Held),
}

pub(crate) struct ToClaim {
    /// Made before it is asked for: whatever becomes of who asks, the claim is given back.
    pub(crate) hold: Arc<Hold>,
    pub(crate) lease: Lease,
    /// The length of the lease, in milliseconds.
    pub(crate) length: i64,
}

pub(crate) struct ToSave {
    pub(crate) held: Held,
    /// The revision that the holder has seen.
    pub(crate) seen: i64,
    pub(crate) record: String,
    pub(crate) summary: String,
    pub(crate) due: Option<i64>,
    pub(crate) is_finished: bool,
    /// Tells this save from every other one.
    pub(crate) call: String,
}

impl Change {
    /// What it changes.
    pub(crate) fn id(&self) -> &OperationId {
        match self {
            Self::Claim(claim) => claim.hold.id(),
            Self::Save(save) => &save.held.id,
            Self::Forget(held) => &held.id,
        }
    }

    /// How large it is beyond a few names.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Save(save) => save.record.len(),
            Self::Claim(_) | Self::Forget(_) => 0,
        }
    }

    /// Makes those of these changes that can be made, of as many operations. For each of them there is a row of
    /// `id, revision, record, due`, the latter two where it was claimed.
    pub(crate) async fn make(
        changes: &[&Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Answer, PostgresError> {
        let (mut claims, mut saves, mut removals) = (Vec::new(), Vec::new(), Vec::new());
        for change in changes {
            match change {
                Self::Claim(claim) => claims.push(claim),
                Self::Save(save) => saves.push(save),
                Self::Forget(held) => removals.push(held),
            }
        }
        let claimed = (
            each(&claims, |claim| claim.hold.id().as_str()),
            each(&claims, |claim| claim.hold.key().as_str()),
            each(&claims, |claim| claim.lease.owner().as_str()),
            each(&claims, |claim| claim.length),
            each(&claims, |claim| millis(claim.lease.now())),
        );
        let saved = (
            each(&saves, |save| save.held.id.as_str()),
            each(&saves, |save| save.held.key.as_str()),
            each(&saves, |save| save.seen),
            each(&saves, |save| save.record.as_str()),
            each(&saves, |save| save.summary.as_str()),
            each(&saves, |save| save.due),
            each(&saves, |save| save.is_finished),
            each(&saves, |save| save.call.as_str()),
        );
        let removed = (
            each(&removals, |held| held.id.as_str()),
            each(&removals, |held| held.key.as_str()),
        );
        let parameters = [
            (&claimed.0 as _, Type::TEXT_ARRAY),
            (&claimed.1 as _, Type::TEXT_ARRAY),
            (&claimed.2 as _, Type::TEXT_ARRAY),
            (&claimed.3 as _, Type::INT8_ARRAY),
            (&claimed.4 as _, Type::INT8_ARRAY),
            (&saved.0 as _, Type::TEXT_ARRAY),
            (&saved.1 as _, Type::TEXT_ARRAY),
            (&saved.2 as _, Type::INT8_ARRAY),
            (&saved.3 as _, Type::TEXT_ARRAY),
            (&saved.4 as _, Type::TEXT_ARRAY),
            (&saved.5 as _, Type::INT8_ARRAY),
            (&saved.6 as _, Type::BOOL_ARRAY),
            (&saved.7 as _, Type::TEXT_ARRAY),
            (&removed.0 as _, Type::TEXT_ARRAY),
            (&removed.1 as _, Type::TEXT_ARRAY),
        ];
        link.ask(&texts.change, &parameters).await
    }
}

fn each<'c, C, T>(changes: &[&'c C], part: impl Fn(&'c C) -> T) -> Vec<T> {
    changes.iter().map(|change| part(change)).collect()
}

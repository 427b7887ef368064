//! The changes of single operations that go together with those of others: claims, saves and removals.
//!
//! **Invariant:** each may be made twice and is then as if it had been made once.

use podpis_operation::{Held, Lease, OperationId};
use tokio_postgres::types::Type;

use crate::PostgresError;
use crate::group::Change;
use crate::holding::Hold;
use crate::link::{Answer, Link};
use crate::statements::Statements;
use crate::stored::millis;

/// An operation is claimed; the row is that of its record.
pub(crate) struct ToClaim {
    /// Made before it is asked for: whatever becomes of who asks, the claim is given back.
    pub(crate) hold: Hold,
    pub(crate) lease: Lease,
    /// The length of the lease, in milliseconds.
    pub(crate) length: i64,
}

impl Change for ToClaim {
    fn id(&self) -> &OperationId {
        self.hold.id()
    }

    async fn make(
        claims: &[&Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Answer, PostgresError> {
        let ids = each(claims, |claim| claim.id().as_str());
        let keys = each(claims, |claim| claim.hold.key().as_str());
        let owners = each(claims, |claim| claim.lease.owner().as_str());
        let lengths = each(claims, |claim| claim.length);
        let clocks = each(claims, |claim| millis(claim.lease.now()));
        let parameters = [
            (&ids as _, Type::TEXT_ARRAY),
            (&keys as _, Type::TEXT_ARRAY),
            (&owners as _, Type::TEXT_ARRAY),
            (&lengths as _, Type::INT8_ARRAY),
            (&clocks as _, Type::INT8_ARRAY),
        ];
        link.ask(&texts.claim, &parameters).await
    }
}

/// A record is saved by its holder.
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

impl Change for ToSave {
    fn id(&self) -> &OperationId {
        &self.held.id
    }

    fn bytes(&self) -> usize {
        self.record.len()
    }

    async fn make(
        saves: &[&Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Answer, PostgresError> {
        let ids = each(saves, |save| save.held.id.as_str());
        let keys = each(saves, |save| save.held.key.as_str());
        let seen = each(saves, |save| save.seen);
        let records = each(saves, |save| save.record.as_str());
        let summaries = each(saves, |save| save.summary.as_str());
        let dues = each(saves, |save| save.due);
        let finished = each(saves, |save| save.is_finished);
        let calls = each(saves, |save| save.call.as_str());
        let parameters = [
            (&ids as _, Type::TEXT_ARRAY),
            (&keys as _, Type::TEXT_ARRAY),
            (&seen as _, Type::INT8_ARRAY),
            (&records as _, Type::TEXT_ARRAY),
            (&summaries as _, Type::TEXT_ARRAY),
            (&dues as _, Type::INT8_ARRAY),
            (&finished as _, Type::BOOL_ARRAY),
            (&calls as _, Type::TEXT_ARRAY),
        ];
        link.ask(&texts.save, &parameters).await
    }
}

/// A record is removed by its holder, and its claim with it.
pub(crate) struct ToForget {
    pub(crate) held: Held,
}

impl Change for ToForget {
    fn id(&self) -> &OperationId {
        &self.held.id
    }

    async fn make(
        removals: &[&Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Answer, PostgresError> {
        let ids = each(removals, |removal| removal.held.id.as_str());
        let keys = each(removals, |removal| removal.held.key.as_str());
        let parameters = [
            (&ids as _, Type::TEXT_ARRAY),
            (&keys as _, Type::TEXT_ARRAY),
        ];
        link.ask(&texts.forget_held, &parameters).await
    }
}

fn each<'c, C, T>(changes: &[&'c C], part: impl Fn(&'c C) -> T) -> Vec<T> {
    changes.iter().map(|change| part(change)).collect()
}

//! The journal on PostgreSQL.
//!
//! **Invariant:** a call that fails has told why, and what it may have left behind is a claim that runs out or, when
//! the answer to a save was lost for good, a record of something that was not sent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_operation::{
    Claim, ClaimKey, Cursor, Entry, Held, Journal, JournalError, Lease, Listing, Operation,
    OperationId, Owner, Page, Revision, Stored, Timestamp, Which,
};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::changes::{Change, ToClaim, ToSave};
use crate::group::{Group, Made};
use crate::holding::{Dropped, Hold};
use crate::link::{Link, Parameter};
use crate::statements::Statements;
use crate::stored::{self, Unreadable, millis};
use crate::{PostgresError, PostgresSettings, Work, schema};

/// How many records are read, or removed, by one statement.
const BATCH: i64 = 100;

/// The longest lease, a hundred years in milliseconds.
const LONGEST_LEASE: u128 = 3_155_760_000_000;

/// Claims without a record that ran out this long ago are removed, in milliseconds: a holder that only was asleep may
/// still save.
const FORSAKEN: i64 = 24 * 60 * 60 * 1_000;

/// Keeps operations in a PostgreSQL database, for any number of programs on any number of machines.
///
/// A handle: clones are of the same journal, and share its connections. Its calls must be made within the tokio runtime
/// that it was connected in. A claim that is dropped is given back in the background, and at the latest when its lease
/// runs out: a program that ends should call [`PostgresJournal::close`].
#[derive(Clone)]
pub struct PostgresJournal {
    shared: Arc<Shared>,
}

struct Shared {
    place: String,
    link: Arc<Link>,
    texts: Arc<Statements>,
    dropped: Arc<Dropped>,
    changes: Group,
    settings: PostgresSettings,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.dropped.close();
    }
}

impl PostgresJournal {
    /// The journal at an address, when its server can be reached and its tables are those of this program: missing and
    /// older ones are made, if the settings allow it. It is tried once.
    ///
    /// # Errors
    /// [`JournalError::Storage`], whose source is a [`PostgresError`].
    pub async fn connect(settings: PostgresSettings) -> Result<Self, JournalError> {
        let place = settings.place();
        let failed = |error: PostgresError| storage(&place, error);
        let link = Link::to(&settings).map_err(failed)?;
        let prepared = schema::prepare(&link, &settings.schema, settings.migrate);
        match tokio::time::timeout(settings.patience, prepared).await {
            Ok(prepared) => prepared.map_err(failed)?,
            Err(late) => return Err(failed(PostgresError::Unreachable(Arc::new(late)))),
        }
        let (link, dropped) = (Arc::new(link), Arc::new(Dropped::default()));
        let texts = Arc::new(Statements::of(&settings.schema));
        let giving = Arc::clone(&dropped);
        tokio::spawn(giving.keep_giving_back(Arc::clone(&link), Arc::clone(&texts)));
        let shared = Shared {
            changes: Group::over(&link, &texts),
            place,
            link,
            texts,
            dropped,
            settings,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Gives back the claims that were dropped, and then all connections. Calls that come later fail.
    pub async fn close(&self) {
        let Shared {
            link,
            texts,
            dropped,
            ..
        } = &*self.shared;
        dropped.give_back(link, texts).await;
        link.close();
    }

    /// Where the journal is, for people; without a password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.shared.place
    }

    /// Tells when there may be something to do: at once where the settings have a direct address, and else by asking
    /// again after a while.
    #[must_use]
    pub fn work(&self) -> Work {
        Work::of(&self.shared.settings, &self.shared.texts.channel)
    }

    /// Removes the records of operations that have been done or refused for this long by the server's clock, and that
    /// nobody holds and this program can read; and claims that were never made use of. Gives how many records it were.
    ///
    /// # Errors
    /// When the database fails; what was removed before stays removed.
    pub async fn prune(&self, older_than: Duration) -> Result<u64, JournalError> {
        let age = i64::try_from(older_than.as_millis().min(LONGEST_LEASE)).unwrap_or(i64::MAX);
        self.give_back().await;
        let texts = &self.shared.texts;
        let removed = self.remove(&texts.prune, age).await?;
        self.remove(&texts.sweep, FORSAKEN).await?;
        Ok(removed)
    }

    async fn remove(&self, statement: &str, age: i64) -> Result<u64, JournalError> {
        let mut removed = 0;
        loop {
            let parameters = [(&age as _, Type::INT8), (&BATCH as _, Type::INT8)];
            let gone = self.ask(statement, &parameters).await?.len();
            removed += gone as u64;
            if gone == 0 {
                return Ok(removed);
            }
        }
    }

    async fn ask(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, JournalError> {
        let answer = self.shared.link.ask(statement, parameters).await;
        Ok(answer.map_err(|error| self.storage(error))?.rows)
    }

    async fn change(&self, change: Change) -> Result<Made, JournalError> {
        let made = self.shared.changes.make(change).await;
        made.map_err(|error| self.storage(error))
    }

    fn storage(&self, error: impl Into<PostgresError>) -> JournalError {
        storage(&self.shared.place, error.into())
    }

    fn unreadable(&self, id: &OperationId, why: Unreadable) -> JournalError {
        why.of(id, &self.shared.place)
    }

    fn refused(&self, error: tokio_postgres::Error) -> JournalError {
        self.storage(PostgresError::OtherSchema(error.into()))
    }

    /// The lease as this journal gives it: one without an end has none here.
    fn given(&self, lease: &Lease) -> (Lease, i64) {
        let length = match lease.length() {
            Duration::MAX => self.shared.settings.lease,
            length => length,
        };
        let lease = Lease::new(lease.owner().clone(), lease.now(), length);
        let millis = i64::try_from(length.as_millis().min(LONGEST_LEASE)).unwrap_or(i64::MAX);
        (lease, millis)
    }

    async fn give_back(&self) {
        if !self.shared.dropped.is_empty() {
            let Shared { link, texts, .. } = &*self.shared;
            self.shared.dropped.give_back(link, texts).await;
        }
    }

    /// Who holds what could not be claimed.
    async fn holder(&self, id: &OperationId) -> JournalError {
        let parameters = [(&id.as_str() as _, Type::TEXT)];
        let rows = match self.ask(&self.shared.texts.holder, &parameters).await {
            Ok(rows) => rows,
            Err(error) => return error,
        };
        let Some(row) = rows.first() else {
            return claimed(id, None);
        };
        let (version, owner) = (row.try_get(0), row.try_get::<_, Option<String>>(1));
        match (version.map(stored::known), owner) {
            (Ok(Err(newer)), _) => self.unreadable(id, newer),
            (_, owner) => claimed(id, owner.ok().flatten().and_then(|name| name.parse().ok())),
        }
    }

    /// The claims in the rows of one statement, the longest due first, and what cannot be read.
    fn claims<'j>(
        &'j self,
        rows: &[Row],
        keys: &[ClaimKey],
        lease: &Lease,
        passed_over: &mut Vec<String>,
    ) -> Result<Vec<Claim<'j>>, JournalError> {
        let mut claims = Vec::new();
        for row in rows {
            let id: &str = row.try_get(0).map_err(|error| self.refused(error))?;
            let number: i32 = row.try_get(4).map_err(|error| self.refused(error))?;
            let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
            let (Ok(id), Some(key)) = (id.parse::<OperationId>(), keys.get(place)) else {
                passed_over.push(id.to_owned());
                continue;
            };
            let hold = Hold::new(&self.shared.dropped, id.clone(), key.clone());
            match stored::read(row) {
                Ok(record) => {
                    let claim = Claim::new(self, id, key.clone(), lease.clone(), record, hold);
                    claims.push((number, claim));
                }
                Err(_) => passed_over.push(id.as_str().to_owned()),
            }
        }
        claims.sort_by_key(|(number, _)| *number);
        Ok(claims.into_iter().map(|(_, claim)| claim).collect())
    }
}

#[async_trait::async_trait]
impl Journal for PostgresJournal {
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        let (lease, length) = self.given(lease);
        let (row, hold) = loop {
            if self.shared.dropped.has(id) {
                self.give_back().await;
            }
            let hold = Hold::new(&self.shared.dropped, id.clone(), ClaimKey::random());
            let hold = Arc::new(hold);
            let claim = ToClaim {
                hold: Arc::clone(&hold),
                lease: lease.clone(),
                length,
            };
            if let Some(row) = self.change(Change::Claim(claim)).await?.row {
                break (row, hold);
            }
            if let Some(hold) = Arc::into_inner(hold) {
                hold.was_not_taken();
            }
            if self.shared.dropped.has(id) {
                continue;
            }
            match self.holder(id).await {
                // Whoever held it has given it back meanwhile.
                JournalError::Claimed { owner: None, .. } => {}
                error => return Err(error),
            }
        };
        let record = stored::read(&row).map_err(|why| self.unreadable(id, why))?;
        let key = hold.key().clone();
        Ok(Claim::new(self, id.clone(), key, lease, record, hold))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        let (lease, length) = self.given(lease);
        let parameters = [
            (&held.id.as_str() as _, Type::TEXT),
            (&held.key.as_str() as _, Type::TEXT),
            (&lease.owner().as_str() as _, Type::TEXT),
            (&length as _, Type::INT8),
            (&millis(lease.now()) as _, Type::INT8),
        ];
        let rows = self.ask(&self.shared.texts.renew, &parameters).await?;
        if rows.is_empty() {
            return Err(JournalError::conflict(held));
        }
        Ok(lease)
    }

    async fn save(
        &self,
        held: &Held,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        let Ok(seen) = i64::try_from(held.revision.number()) else {
            return Err(JournalError::conflict(held));
        };
        if *operation.id() != held.id {
            return Err(JournalError::conflict(held));
        }
        let (record, summary) = stored::write(operation)
            .map_err(|error| self.unreadable(&held.id, Unreadable::Broken(error)))?;
        let save = ToSave {
            held: held.clone(),
            seen,
            record,
            summary,
            due: due.map(millis),
            is_finished: operation.state().is_final(),
            call: ClaimKey::random().as_str().to_owned(),
        };
        match self.change(Change::Save(save)).await?.row {
            Some(_) => Ok(held.revision.next()),
            None => Err(JournalError::conflict(held)),
        }
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        let made = self.change(Change::Forget(held.clone())).await?;
        // The first attempt may have been executed, so that this one found nothing.
        if made.row.is_none() && (!made.is_repeated || self.is_there(&held.id).await?) {
            return Err(JournalError::conflict(held));
        }
        self.shared.dropped.is_gone(&held.key);
        Ok(())
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        if self.shared.dropped.has(id) {
            self.give_back().await;
        }
        let parameters = [(&id.as_str() as _, Type::TEXT)];
        let texts = &self.shared.texts;
        if self.ask(&texts.forget_free, &parameters).await?.is_empty() {
            self.ask(&texts.forget, &parameters).await?;
        }
        Ok(())
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        let parameters = [(&id.as_str() as _, Type::TEXT)];
        let rows = self.ask(&self.shared.texts.look, &parameters).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let version = row.try_get(4).map_err(|error| self.refused(error))?;
        stored::known(version)
            .and_then(|()| stored::read(row))
            .map_err(|why| self.unreadable(id, why))
    }

    async fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        let texts = &self.shared.texts;
        let more = i64::try_from(listing.most()).unwrap_or(i64::MAX - 1) + 1;
        let after = listing.cursor();
        let id = after.map_or("", |cursor| cursor.id.as_str());
        let by_id = |text| (text, vec![(&id as _, Type::TEXT), (&more as _, Type::INT8)]);
        let due = after.map_or(i64::MIN, |cursor| {
            cursor.due.map(millis).unwrap_or_default()
        });
        let is_by_due = matches!(listing.which(), Which::Due(_));
        let (text, parameters): (&String, Vec<Parameter<'_>>) = match listing.which() {
            Which::All => by_id(&texts.list_all),
            Which::Open => by_id(&texts.list_open),
            Which::Finished => by_id(&texts.list_finished),
            Which::Due(_) => {
                self.give_back().await;
                let due = (&due as _, Type::INT8);
                let rest = [(&id as _, Type::TEXT), (&more as _, Type::INT8)];
                (
                    &texts.list_due,
                    [due].into_iter().chain(rest).collect::<Vec<_>>(),
                )
            }
        };
        let rows = self.ask(text, &parameters).await?;
        let mut page = Page {
            records: Vec::new(),
            unreadable: Vec::new(),
            next: None,
        };
        let mut last: Option<Cursor> = None;
        for row in rows.iter().take(listing.most()) {
            let Some((cursor, entry)) = stored::entry(row, &self.shared.place) else {
                continue;
            };
            last = Some(Cursor {
                due: cursor.due.filter(|_| is_by_due),
                id: cursor.id,
            });
            match entry {
                Entry::Record(summary) => page.records.push(summary),
                // Nobody knows when it is due.
                Entry::Unreadable(_) if is_by_due => {}
                Entry::Unreadable(record) => page.unreadable.push(record),
            }
        }
        page.next = last.filter(|_| rows.len() > listing.most());
        Ok(page)
    }

    /// By one statement; at most [`Listing::LARGEST`] at once.
    async fn claim_due(&self, lease: &Lease, limit: usize) -> Result<Vec<Claim<'_>>, JournalError> {
        self.give_back().await;
        let texts = &self.shared.texts;
        let (lease, length) = self.given(lease);
        let limit = limit.min(Listing::LARGEST);
        let mut claims: Vec<Claim<'_>> = Vec::new();
        let mut passed_over: Vec<String> = Vec::new();
        while claims.len() < limit && passed_over.len() <= Listing::LARGEST {
            let wanted = limit - claims.len();
            let keys: Vec<ClaimKey> = (0..wanted).map(|_| ClaimKey::random()).collect();
            let names: Vec<&str> = keys.iter().map(ClaimKey::as_str).collect();
            let most = i64::try_from(wanted).unwrap_or(i64::MAX);
            let parameters = [
                (&names as _, Type::TEXT_ARRAY),
                (&lease.owner().as_str() as _, Type::TEXT),
                (&millis(lease.now()) as _, Type::INT8),
                (&passed_over as _, Type::TEXT_ARRAY),
                (&most as _, Type::INT8),
                (&length as _, Type::INT8),
            ];
            let answer = self.shared.link.ask(&texts.claim_due, &parameters).await;
            let answer = answer.map_err(|error| self.storage(error))?;
            let before = passed_over.len();
            claims.extend(self.claims(&answer.rows, &keys, &lease, &mut passed_over)?);
            if answer.is_repeated {
                self.give_back_lost(&keys, &claims).await?;
            }
            if passed_over.len() == before {
                break;
            }
        }
        Ok(claims)
    }

    /// By the server's clock; see [`PostgresJournal::prune`].
    async fn forget_finished(
        &self,
        _lease: &Lease,
        older_than: Duration,
    ) -> Result<u64, JournalError> {
        self.prune(older_than).await
    }

    /// Reads many records by one statement.
    async fn open(&self) -> Result<Vec<Operation>, JournalError> {
        let mut open = Vec::new();
        let mut after = String::new();
        loop {
            let parameters = [(&after as _, Type::TEXT), (&BATCH as _, Type::INT8)];
            let rows = self.ask(&self.shared.texts.records, &parameters).await?;
            let Some(last) = rows.last() else { break };
            after = last.try_get(0).map_err(|error| self.refused(error))?;
            let records = rows
                .iter()
                .filter_map(|row| stored::read(row).ok().flatten());
            open.extend(records.map(|record| record.operation));
        }
        open.sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        Ok(open)
    }
}

impl PostgresJournal {
    async fn is_there(&self, id: &OperationId) -> Result<bool, JournalError> {
        let parameters = [(&id.as_str() as _, Type::TEXT)];
        let rows = self.ask(&self.shared.texts.is_there, &parameters).await?;
        Ok(!rows.is_empty())
    }

    /// Gives back what an attempt took whose answer was lost.
    async fn give_back_lost(
        &self,
        keys: &[ClaimKey],
        claims: &[Claim<'_>],
    ) -> Result<(), JournalError> {
        let keys: Vec<&str> = keys.iter().map(ClaimKey::as_str).collect();
        let given: Vec<&str> = claims.iter().map(|claim| claim.id().as_str()).collect();
        let parameters = [
            (&keys as _, Type::TEXT_ARRAY),
            (&given as _, Type::TEXT_ARRAY),
        ];
        self.ask(&self.shared.texts.unclaim_due, &parameters)
            .await
            .map(drop)
    }
}

fn claimed(id: &OperationId, owner: Option<Owner>) -> JournalError {
    JournalError::Claimed {
        id: id.clone(),
        owner,
    }
}

fn storage(place: &str, source: PostgresError) -> JournalError {
    JournalError::Storage {
        place: place.to_owned(),
        source: source.into(),
    }
}

/// Prints the place alone.
impl fmt::Debug for PostgresJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresJournal")
            .field(&self.shared.place)
            .finish()
    }
}

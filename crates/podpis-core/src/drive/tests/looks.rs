//! Shows in which order a driver looks through a journal.

use std::sync::{Arc, Mutex};

use podpis_operation::{
    Claim, Held, Journal, JournalError, Lease, Listing, MemoryJournal, Operation, OperationId,
    Page, Revision, Stored, Timestamp, Which,
};

use super::{Driver, Post, SECOND, clients, ends};
use crate::wait::ManualTime;

/// A journal that takes its time for a listing and notes when it begins and ends.
#[derive(Debug)]
struct Noting {
    kept: MemoryJournal,
    listed: Mutex<Vec<&'static str>>,
}

impl Noting {
    fn note(&self, what: &'static str) {
        self.listed.lock().unwrap().push(what);
    }
}

#[async_trait::async_trait]
impl Journal for Noting {
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        Ok(self.kept.claim_for(id, lease).await?.through(self))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        self.kept.renew(held, lease).await
    }

    async fn save(
        &self,
        held: &Held,
        one: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        self.kept.save(held, one, due).await
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        self.kept.forget_held(held).await
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        self.kept.forget(id).await
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        self.kept.look(id).await
    }

    async fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        let (begins, ends) = match listing.which() {
            Which::Due(_) => ("a look begins", "a look ends"),
            _ => ("a count begins", "a count ends"),
        };
        self.note(begins);
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let page = self.kept.list(listing).await;
        self.note(ends);
        page
    }
}

/// Of a large journal a count takes as long as a look, and nobody waits for it.
#[tokio::test]
async fn what_is_due_is_looked_for_before_what_is_open_is_counted() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    post.send(&journal, "box", post.letter(1, 5)).await;
    let noting = Arc::new(Noting {
        kept: journal,
        listed: Mutex::default(),
    });
    let (driver, mut news) = Driver::builder(Arc::clone(&noting) as _, clients(&post))
        .time(time)
        .start();
    ends(&mut news, 1).await;
    driver.shutdown().await;
    let listed = noting.listed.lock().unwrap();
    assert_eq!(
        listed[..3],
        ["a look begins", "a look ends", "a count begins"]
    );
}

//! Shows in which order a driver looks through a journal.

use std::sync::{Arc, Mutex};

use podpis_operation::{JournalError, Listing, MemoryJournal, Which};

use super::{Driver, Post, SECOND, clients, ends};
use crate::journal::probed::{Probe, Probed};
use crate::wait::ManualTime;

/// Takes its time for a listing and notes when it begins and ends.
#[derive(Debug, Default)]
struct Noting(Mutex<Vec<&'static str>>);

impl Noting {
    fn note(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }
}

#[async_trait::async_trait]
impl Probe for Noting {
    async fn lists(&self, listing: &Listing) -> Result<(), JournalError> {
        self.note(match listing.which() {
            Which::Due(_) => "a look begins",
            _ => "a count begins",
        });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    async fn has_listed(&self, listing: &Listing) {
        self.note(match listing.which() {
            Which::Due(_) => "a look ends",
            _ => "a count ends",
        });
    }
}

/// Of a large journal a count takes as long as a look, and nobody waits for it.
#[tokio::test]
async fn what_is_due_is_looked_for_before_what_is_open_is_counted() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    post.send(&journal, "box", post.letter(1, 5)).await;
    let noting = Arc::new(Probed::new(journal, Noting::default()));
    let (driver, mut news) = Driver::builder(Arc::clone(&noting) as _, clients(&post))
        .time(time)
        .start();
    ends(&mut news, 1).await;
    driver.shutdown().await;
    let listed = noting.probe().0.lock().unwrap();
    assert_eq!(
        listed[..3],
        ["a look begins", "a look ends", "a count begins"]
    );
}

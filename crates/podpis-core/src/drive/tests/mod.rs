//! Drivers, on a clock that is moved by hand, with a service that does what the test says.

mod codes;
#[cfg(target_os = "linux")]
mod limits;
mod looks;
mod many;
#[cfg(feature = "metrics")]
mod metrics;
mod post;
mod shared_journal;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use podpis_operation::{Journal, MemoryJournal, OperationId};

use super::{Clients, Driver, DriverBuilder, Ended, LeftAlone, News, Outcomes};
use post::{Letter, Post};

const SECOND: Duration = Duration::from_secs(1);

fn clients(post: &Post) -> Clients<String> {
    Clients::new().with::<Letter>(post.clone())
}

fn builder(post: &Post, journal: &MemoryJournal) -> DriverBuilder<String> {
    let journal: Arc<dyn Journal> = Arc::new(journal.clone());
    Driver::builder(journal, clients(post)).time(post.time.clone())
}

/// The ends of so many operations, in their order.
async fn ends(news: &mut Outcomes<String>, number: usize) -> Vec<Ended<String>> {
    let mut ends = Vec::with_capacity(number);
    while ends.len() < number {
        match news.next().await {
            Some(News::Ended(ended)) => ends.push(ended),
            other => panic!("{other:?} after {} ends", ends.len()),
        }
    }
    ends
}

async fn left_alone(news: &mut Outcomes<String>) -> LeftAlone {
    match news.next().await {
        Some(News::LeftAlone(left)) => left,
        other => panic!("{other:?}"),
    }
}

/// Nothing is held, and nothing is open.
async fn assert_all_over(journal: &dyn Journal) {
    for operation in journal.open().await.unwrap() {
        assert!(operation.state().is_final(), "{operation:?}");
        assert_free(journal, operation.id()).await;
    }
}

async fn assert_free(journal: &dyn Journal, id: &OperationId) {
    journal.claim(id).await.unwrap();
}

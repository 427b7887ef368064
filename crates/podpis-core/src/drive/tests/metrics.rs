//! What monitoring sees.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ::metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use super::*;
use crate::wait::{ManualTime, Time as _};

/// Counters as numbers, gauges as the bits of theirs, by name and labels.
#[derive(Debug, Default)]
struct Board(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Board {
    fn cell(&self, key: &Key) -> Arc<AtomicU64> {
        let labels = key.labels().map(|label| format!(" {}", label.value()));
        let name = key.name().to_owned() + &labels.collect::<String>();
        Arc::clone(self.0.lock().unwrap().entry(name).or_default())
    }

    fn counter(&self, name: &str) -> Option<u64> {
        let cells = self.0.lock().unwrap();
        cells.get(name).map(|cell| cell.load(Ordering::SeqCst))
    }

    fn gauge(&self, name: &str) -> Option<f64> {
        self.counter(name).map(f64::from_bits)
    }
}

impl Recorder for Board {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.cell(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.cell(key))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test]
async fn open_operations_and_outcomes_are_told_under_their_names() {
    let board = Board::default();
    // The driver is a task of this thread.
    let _recording = ::metrics::set_default_local_recorder(&board);
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    for number in 0..3 {
        post.send(&journal, "box", post.letter(number, 150)).await;
    }
    let mut refused = post.letter(3, 1);
    refused.is_refused = true;
    post.send(&journal, "box", refused).await;
    let (driver, mut news) = builder(&post, &journal).start();
    time.sleep(100 * SECOND).await;
    assert_eq!(board.gauge("podpis_open_operations processing"), Some(3.0));
    assert_eq!(board.gauge("podpis_late_operations"), Some(0.0));
    ends(&mut news, 4).await;
    time.sleep(100 * SECOND).await;
    assert_eq!(board.gauge("podpis_open_operations processing"), Some(0.0));
    assert_eq!(board.gauge("podpis_operations_in_flight"), Some(0.0));
    assert_eq!(board.counter("podpis_outcomes_total done"), Some(3));
    assert_eq!(board.counter("podpis_outcomes_total refused"), Some(1));
    assert_eq!(board.counter("podpis_outcomes_total failed"), None);
    driver.shutdown().await;
}

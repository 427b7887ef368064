//! Shows what looking through a folder costs: looks at the folder, and records that are read.
//!
//! **Invariant:** counted, not timed.

use std::sync::Arc;
use std::time::Duration;

use podpis_operation::{
    Event, Journal as _, Listing, Operation, OperationId, Timestamp, Which, conformance,
};

use super::super::listing::READ_AHEAD;
use super::super::room::Room;
use super::{FolderJournal, TempDir, accepted, journal, operation, put};

const PAGE: usize = 10;
const OPEN: usize = 34;
const OVER: usize = 56;

/// An accepted operation that has ended since.
fn over(mut operation: Operation) -> Operation {
    let data = serde_json::json!({}).into();
    let now = Timestamp::from_millis(3);
    operation.apply(Event::Finished { data }, now).unwrap();
    operation
}

/// A journal that has not looked yet, of so many open and finished operations.
async fn filled() -> (TempDir, FolderJournal, Vec<Operation>) {
    let (above, journal) = journal();
    let mut open = Vec::new();
    for _ in 0..OPEN {
        let operation = accepted(operation());
        put(&journal, &operation).await;
        open.push(operation);
    }
    for _ in 0..OVER {
        put(&journal, &over(accepted(operation()))).await;
    }
    (above, another(&journal), open)
}

/// As in another process, which believes that the files of a moment ago are old.
fn another(journal: &FolderJournal) -> FolderJournal {
    let mut other = FolderJournal::at(journal.path()).unwrap();
    let folder = Arc::get_mut(&mut other.folder).unwrap();
    folder.settled = Duration::ZERO;
    other
}

/// A whole listing, and how often it has read the folder and records.
async fn listed(journal: &FolderJournal, which: Which) -> (Vec<OperationId>, (usize, usize)) {
    journal.folder.counted.take();
    let mut ids = Vec::new();
    let mut listing = Listing::of(which).limit(PAGE);
    loop {
        let page = journal.list(&listing).await.unwrap();
        assert!(page.records.len() <= PAGE);
        ids.extend(page.records.into_iter().map(|record| record.id));
        let Some(next) = page.next else { break };
        listing = listing.after(next);
    }
    (ids, journal.folder.counted.take())
}

const LATER: Which = Which::Due(Timestamp::from_millis(9));

#[tokio::test]
async fn a_whole_listing_reads_the_folder_once_and_what_it_tells() {
    let (_above, journal, _) = filled().await;
    for (which, number, most) in [
        (Which::All, OPEN + OVER, OPEN + OVER),
        // By then it is known which are which.
        (Which::Open, OPEN, OPEN),
        (Which::Finished, OVER, OVER),
        (LATER, OPEN, OPEN),
    ] {
        let (ids, (folders, records)) = listed(&journal, which).await;
        assert_eq!(ids.len(), number, "{which:?}");
        assert_eq!(folders, 1, "{which:?}");
        // Whether there is another page is seen from the record behind it.
        assert!(
            records <= most + number.div_ceil(PAGE),
            "{which:?}: {records}"
        );
    }
}

#[tokio::test]
async fn what_is_due_is_found_by_one_read_of_each_record_and_then_by_what_has_changed() {
    let (_above, journal, mut open) = filled().await;
    let page = Listing::of(LATER).limit(PAGE);
    journal.list(&page).await.unwrap();
    let (folders, records) = journal.folder.counted.take();
    assert_eq!((folders, records), (1, OPEN + OVER + PAGE + 1));
    journal.list(&page).await.unwrap();
    assert_eq!(journal.folder.counted.take(), (1, PAGE + 1));

    // Others have finished one, begun another one, and forgotten a third.
    let other = FolderJournal::at(journal.path()).unwrap();
    let gone = open.pop().unwrap();
    other.forget(gone.id()).await.unwrap();
    let finished = open.pop().unwrap();
    put(&other, &over(finished)).await;
    let begun = operation();
    put(&other, &begun).await;
    open.push(begun);
    let (mut ids, (folders, records)) = listed(&journal, LATER).await;
    let mut expected: Vec<OperationId> = open.iter().map(|one| one.id().clone()).collect();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    let most = open.len() + open.len().div_ceil(PAGE) + 2;
    assert!(folders == 1 && records <= most, "{records}");
}

/// Driving begins with the first page, however many there are.
#[tokio::test]
async fn of_very_many_that_were_never_read_the_first_page_of_what_is_due_reads_a_page() {
    let (_above, journal, mut open) = filled().await;
    let record = std::fs::read_to_string(journal.folder.record(open[0].id())).unwrap();
    for _ in 0..READ_AHEAD {
        let another = accepted(operation());
        let text = record.replace(open[0].id().as_str(), another.id().as_str());
        std::fs::write(journal.folder.record(another.id()), text).unwrap();
        open.push(another);
    }
    let held = open.pop().unwrap();
    let _claim = journal.claim(held.id()).await.unwrap();
    let journal = another(&journal);
    let first = Listing::of(LATER).limit(PAGE);
    let first = journal.list(&first).await.unwrap();
    assert!(!first.records.is_empty() && first.next.is_some());
    let (folders, records) = journal.folder.counted.take();
    assert!(folders == 1 && records <= 3 * PAGE, "{records}");

    let mut found: Vec<OperationId> = first.records.into_iter().map(|it| it.id).collect();
    let mut next = first.next;
    while let Some(cursor) = next {
        let page = Listing::of(LATER).limit(PAGE).after(cursor);
        let page = journal.list(&page).await.unwrap();
        found.extend(page.records.into_iter().map(|record| record.id));
        next = page.next;
    }
    let mut expected: Vec<OperationId> = open.iter().map(|one| one.id().clone()).collect();
    expected.sort();
    assert_eq!(found, expected, "each once, and not what is held");
    let (folders, rest) = journal.folder.counted.take();
    assert_eq!((folders, records + rest), (0, OPEN + OVER + READ_AHEAD));

    // From now on it is known which are due first.
    let (_, (folders, records)) = listed(&journal, LATER).await;
    let most = expected.len() + expected.len().div_ceil(PAGE);
    assert!(folders == 1 && records <= most, "{records}");
}

/// Names are read several times a minute: were they copied each time, every thread that does it would keep the room.
#[tokio::test]
async fn a_name_that_is_read_again_is_not_kept_a_second_time() {
    let (_above, journal, open) = filled().await;
    let kept = || {
        let names = journal.folder.known().after(None, usize::MAX);
        let kept = |(id, _): (OperationId, _)| (id.as_str().as_ptr(), id.to_string());
        names.into_iter().map(kept).collect::<Vec<_>>()
    };
    listed(&journal, Which::All).await;
    let mut first = kept();
    assert_eq!(first.len(), OPEN + OVER);
    let gone = open[0].id();
    let other = FolderJournal::at(journal.path()).unwrap();
    other.forget(gone).await.unwrap();
    first.retain(|(_, id)| id != gone.as_str());
    for which in [Which::All, LATER] {
        let (_, (folders, _)) = listed(&journal, which).await;
        assert_eq!(folders, 1);
        assert_eq!(kept(), first, "{which:?}");
    }
}

#[tokio::test]
async fn a_page_shows_what_this_journal_has_changed_since_the_one_before() {
    let (_above, journal, open) = filled().await;
    let listing = Listing::of(LATER).limit(OPEN / 2);
    let first = journal.list(&listing).await.unwrap();
    let mut open: Vec<&Operation> = open.iter().collect();
    open.sort_by_key(|one| one.id());
    put(&journal, &over(open[OPEN - 1].clone())).await;
    journal.forget(open[OPEN - 2].id()).await.unwrap();
    let new = accepted(operation()).with_id("zz".parse().unwrap());
    put(&journal, &new).await;
    let rest = listing.limit(OPEN).after(first.next.unwrap());
    let rest = journal.list(&rest).await.unwrap().records;
    let rest: Vec<OperationId> = rest.into_iter().map(|record| record.id).collect();
    let expected = open[OPEN / 2..OPEN - 2].iter().copied().chain([&new]);
    let expected: Vec<OperationId> = expected.map(|one| one.id().clone()).collect();
    assert_eq!(rest, expected);
}

/// What another process replaces has another mark, and what is too young has none.
#[tokio::test]
async fn a_replaced_record_is_read_again_however_alike_and_however_soon() {
    let (_above, journal) = journal();
    let record = accepted(operation());
    put(&journal, &record).await;
    let other = FolderJournal::at(journal.path()).unwrap();
    for due in 1..20 {
        let due = Timestamp::from_millis(10 + due);
        let mut claim = other.claim(record.id()).await.unwrap();
        claim.save_due(&record, Some(due)).await.unwrap();
        drop(claim);
        let which = Which::Due(Timestamp::from_millis(100));
        let page = journal.list(&Listing::of(which)).await.unwrap();
        assert_eq!(page.records[0].due, Some(due));
    }
}

/// What the system says once is not what the file says.
#[tokio::test]
async fn a_record_that_could_not_be_read_for_once_is_read_again() {
    let (_above, journal) = journal();
    let record = accepted(operation());
    put(&journal, &record).await;
    let journal = another(&journal);
    journal.folder.counted.fail_once();
    assert_eq!(listed(&journal, LATER).await.0, []);
    assert_eq!(listed(&journal, LATER).await.0, [record.id().clone()]);

    // What is in the file is read once.
    std::fs::write(journal.folder.record(record.id()), "{").unwrap();
    assert_eq!(listed(&journal, LATER).await, (Vec::new(), (1, 1)));
    assert_eq!(listed(&journal, LATER).await, (Vec::new(), (1, 0)));
}

#[tokio::test]
async fn what_is_read_side_by_side_has_room() {
    let (_above, journal) = journal();
    let long = serde_json::json!("long ".repeat(1_000));
    for _ in 0..200 {
        put(&journal, &accepted(operation()).with_data(long.clone())).await;
    }
    let mut journal = another(&journal);
    let folder = Arc::get_mut(&mut journal.folder).unwrap();
    folder.room = Room::of(8_000);
    assert_eq!(listed(&journal, Which::All).await.0.len(), 200);
    assert_eq!(journal.open().await.unwrap().len(), 200);
    let most = journal.folder.room.most();
    assert!((5_000..=8_000).contains(&most), "{most}");
}

#[tokio::test]
async fn obeys_the_contract_where_every_file_is_old_enough() {
    let (_above, journal) = journal();
    conformance::a_journal_obeys_the_contract(&another(&journal)).await;
}

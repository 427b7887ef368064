//! Rules of listings: bounded pages that show every record once, and due work that is shared out.

use super::{Clock, FAR_AWAY, LENGTH, RIVALS, accept, all, claim, operation, owner, put};
use crate::{
    Event, Journal, Lease, Listing, Operation, OperationId, Page, Summary, Timestamp, Which,
};

/// Not a divisor of the numbers of records here.
const PAGE: usize = 7;

pub(super) async fn open_is_everything_oldest_first(journal: &dyn Journal) {
    let (newer, older) = (operation(2), operation(1));
    let mut claim = journal.claim(newer.id()).await.unwrap();
    claim.save(&newer).await.unwrap();
    put(journal, &older, None).await;
    let open: Vec<OperationId> = ids(journal.open().await.unwrap().iter().map(Operation::id));
    assert_eq!(
        open,
        [older.id().clone(), newer.id().clone()],
        "open lists claimed records too, oldest first"
    );
    drop(claim);
    forget(journal, [&older, &newer]).await;
}

pub(super) async fn show_each_record_once(journal: &dyn Journal) {
    let (open, finished) = put_many(journal, 20).await;
    let everything: Vec<Operation> = [&open[..], &finished[..]].concat();
    let mut _held = journal.claim(open[0].id()).await.unwrap();
    for (which, expected) in [
        (Which::All, &everything),
        (Which::Open, &open),
        (Which::Finished, &finished),
    ] {
        let mut expected: Vec<Summary> = expected
            .iter()
            .map(|operation| Summary::of(operation, operation.due()))
            .collect();
        expected.sort_by(|a, b| a.id.cmp(&b.id));
        let mut listed = Vec::new();
        for page in pages(journal, which).await {
            assert!(page.records.len() <= PAGE, "a page has its limit");
            assert!(
                page.next.is_none() || page.records.len() == PAGE,
                "a page is full unless it is the last one"
            );
            assert_eq!(page.unreadable, []);
            listed.extend(page.records);
        }
        assert_eq!(
            listed, expected,
            "pages show each record once, claimed or not, by id"
        );
    }
    let smallest = journal.list(&Listing::of(Which::All).limit(0)).await;
    assert_eq!(smallest.unwrap().records.len(), 1);
    forget(journal, &everything).await;
}

pub(super) async fn go_on_while_records_change(journal: &dyn Journal) {
    let (open, finished) = put_many(journal, 10).await;
    let mut records: Vec<Operation> = [&open[..], &finished[..]].concat();
    records.sort_by(|a, b| a.id().cmp(b.id()));
    let listing = Listing::of(Which::All).limit(PAGE);
    let first = journal.list(&listing).await.unwrap();
    // One that was shown and the last of it, one to come, one more of each, and a save.
    let gone = [
        records.remove(PAGE + 2),
        records.remove(PAGE - 1),
        records.remove(0),
    ];
    forget(journal, &gone).await;
    let more = [
        operation(1).with_id("0".parse().unwrap()),
        operation(1).with_id("zz".parse().unwrap()),
    ];
    for operation in &more {
        put(journal, operation, None).await;
    }
    put(journal, &records[PAGE], None).await;

    let mut rest = Vec::new();
    let mut next = first.next;
    while let Some(cursor) = next {
        let page = journal.list(&listing.clone().after(cursor)).await.unwrap();
        rest.extend(page.records);
        next = page.next;
    }
    let mut expected = ids(records[PAGE - 2..].iter().map(Operation::id));
    expected.push(more[1].id().clone());
    assert_eq!(
        ids(rest.iter().map(|summary| &summary.id)),
        expected,
        "the pages that follow show what is there behind the last entry, and nothing twice"
    );
    forget(journal, &records).await;
    forget(journal, &more).await;
}

pub(super) async fn of_what_is_due_are_in_its_order(journal: &dyn Journal, clock: &dyn Clock) {
    let mut expected = Vec::new();
    let mut others = vec![operation(1), operation(2)];
    put(journal, &others[0], None).await;
    put(journal, &others[1], Some(FAR_AWAY)).await;
    for number in 0..12_u64 {
        let operation = operation(number);
        // Two of each, in no order.
        let due = Timestamp::from_millis(1 + number * 5 % 6);
        put(journal, &operation, Some(due)).await;
        expected.push((due, operation.id().clone()));
        others.push(operation);
    }
    expected.sort();
    let mut listed = Vec::new();
    for page in pages(journal, Which::Due(clock.now())).await {
        assert!(page.records.len() <= PAGE, "a page has its limit");
        listed.extend(page.records.into_iter().map(|it| (it.due.unwrap(), it.id)));
    }
    assert_eq!(
        listed, expected,
        "what is due is listed and nothing else, the longest due first"
    );

    let lease = Lease::new(owner("driver"), clock.now(), LENGTH);
    let taken = journal.claim_due(&lease, 5).await.unwrap();
    assert_eq!(
        ids(taken.iter().map(|claim| claim.id())),
        ids(expected[..5].iter().map(|(_, id)| id)),
        "the longest due are taken first, and no more than asked for"
    );
    assert!(taken.iter().all(|claim| claim.record().is_some()));
    drop(taken);
    assert_eq!(journal.claim_due(&lease, 0).await.unwrap().len(), 0);
    forget(journal, &others).await;
}

pub(super) async fn of_what_is_due_leave_out_what_is_held(
    journal: &dyn Journal,
    clock: &dyn Clock,
) {
    let operation = operation(1);
    let due = Some(Timestamp::from_millis(1));
    put(journal, &operation, due).await;
    let mut held = claim(journal, clock, "first", operation.id())
        .await
        .unwrap();
    held.save_due(&operation, due).await.unwrap();
    let listed = async || {
        let page = journal.list(&Listing::of(Which::Due(clock.now()))).await;
        page.unwrap().records.len()
    };
    assert_eq!(listed().await, 0, "what is held is not to be taken");
    clock.pass(2 * LENGTH).await;
    assert_eq!(listed().await, 1, "what is held no more is to be taken");
    let lease = Lease::new(owner("second"), clock.now(), LENGTH);
    let taken = journal.claim_due(&lease, 5).await.unwrap();
    assert_eq!(taken.len(), 1, "what a dead worker left is taken over");
    assert!(held.save(&operation).await.is_err());
    drop(taken);
    journal.forget(operation.id()).await.unwrap();
}

pub(super) async fn of_what_is_due_are_shared_out(journal: &dyn Journal, clock: &dyn Clock) {
    let mut operations = Vec::new();
    for number in 0..12_u64 {
        let operation = operation(number);
        put(journal, &operation, Some(Timestamp::from_millis(1))).await;
        operations.push(operation);
    }
    let lease = Lease::new(owner("rival"), clock.now(), LENGTH);
    let rivals = (0..RIVALS).map(|_| journal.claim_due(&lease, 3));
    let mut taken = Vec::new();
    for claims in all(rivals.collect()).await {
        let claims = claims.unwrap();
        assert!(claims.len() <= 3);
        taken.extend(claims);
    }
    let mut found = ids(taken.iter().map(|claim| claim.id()));
    found.sort();
    let mut expected = ids(operations.iter().map(Operation::id));
    expected.sort();
    assert_eq!(
        found, expected,
        "of many who take what is due each gets others, and together all"
    );
    drop(taken);
    forget(journal, &operations).await;
}

/// So many open records, and so many that are finished.
async fn put_many(journal: &dyn Journal, number: u64) -> (Vec<Operation>, Vec<Operation>) {
    let (mut open, mut finished) = (Vec::new(), Vec::new());
    for number in 0..number {
        let mut operation = operation(number);
        accept(&mut operation);
        put(journal, &operation, operation.due()).await;
        open.push(operation.clone());
        operation = operation.with_id(OperationId::random());
        let data = serde_json::json!({}).into();
        operation
            .apply(Event::Finished { data }, Timestamp::from_millis(3))
            .unwrap();
        put(journal, &operation, operation.due()).await;
        finished.push(operation);
    }
    (open, finished)
}

async fn pages(journal: &dyn Journal, which: Which) -> Vec<Page> {
    let listing = Listing::of(which).limit(PAGE);
    let mut pages = vec![journal.list(&listing).await.unwrap()];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(journal.list(&listing.clone().after(next)).await.unwrap());
    }
    pages
}

async fn forget(journal: &dyn Journal, operations: impl IntoIterator<Item = &Operation>) {
    for operation in operations {
        journal.forget(operation.id()).await.unwrap();
    }
}

fn ids<'a>(found: impl Iterator<Item = &'a OperationId>) -> Vec<OperationId> {
    found.cloned().collect()
}

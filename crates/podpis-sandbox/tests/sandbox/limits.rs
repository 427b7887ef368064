//! A world remembers only so much.

use podpis_sandbox::{Limits, WorldOptions};

use crate::support::{Desk, Is as _, inline};

#[test]
fn the_oldest_is_forgotten_but_not_what_still_waits() {
    let limits = Limits::default().requests(4).phone_messages(2);
    let mut desk = Desk::with(WorldOptions::default().limits(limits.operations(1)));
    let waiting = desk.start(vec![inline("waits")]);
    let task = desk.start(vec![inline("first")]);
    let token = desk.token(&task);
    let first = desk.confirmed(&token, "Content");
    desk.result(&first).is(200);
    for _ in 0..5 {
        desk.sign(vec![inline("later")]);
    }
    desk.result(&first).is(404);
    desk.get(&format!("/CloudSignResult?taskId={waiting}"))
        .is(200);
    assert_eq!(desk.world.requests().len(), 4);
    assert_eq!(desk.world.messages().len(), 2);
}

//! Decides what happens in Diadoc by itself: pushes go out, the person answers, batches of receipts are signed.
//!
//! **Invariant:** one accepted start sends one push at most; nothing is sent for a start that is refused, blocked or
//! scripted to end.

use super::dss_operations::{Stage, Step, status};
use super::messages;
use crate::moment::Moment;
use crate::phone::{MessageKind, MessageState, PersonError, PhoneMode, Sent};
use crate::world::World;

/// Does everything that happens in Diadoc by itself up to `now`.
pub(crate) fn settle(world: &mut World, now: Moment) {
    messages::settle(world, now);
    loop {
        match world.diadoc.dss.step(now, &world.options) {
            Step::Nothing => break,
            Step::Done => {}
            Step::Confirmed => world.journal.counters.confirmations += 1,
            Step::Push { operation, at } => push(world, operation, at),
        }
    }
    let signed = world
        .diadoc
        .receipts
        .settle(now, &world.options.diadoc_options);
    world.journal.counters.receipts_signed += signed;
}

/// The person confirms in the app.
pub(crate) fn confirm(world: &mut World, id: &str, now: Moment) -> Result<(), PersonError> {
    let ready_at = now.after(world.options.processing);
    world.diadoc.dss.answer(id, Stage::Signed { ready_at })?;
    world.journal.counters.confirmations += 1;
    settle(world, now);
    Ok(())
}

/// The person declines.
pub(crate) fn decline(world: &mut World, id: &str, now: Moment) -> Result<(), PersonError> {
    end(world, id, status::CANCELED_BY_USER, now)
}

/// The signing service breaks down.
pub(crate) fn crash(world: &mut World, id: &str, now: Moment) -> Result<(), PersonError> {
    end(world, id, status::CRASHED, now)
}

fn end(world: &mut World, id: &str, status: i32, now: Moment) -> Result<(), PersonError> {
    world.diadoc.dss.answer(id, Stage::Ended(Some(status)))?;
    settle(world, now);
    Ok(())
}

/// What became of the operation that a message is about.
pub(crate) fn message_state(world: &World, id: &str) -> Option<MessageState> {
    world.diadoc.dss.message_state(id)
}

/// The taskId of the operation that a message is about.
pub(crate) fn known_as(world: &World, id: &str) -> Option<String> {
    world.diadoc.dss.known_as(id)
}

fn push(world: &mut World, index: usize, at: Moment) {
    world.journal.counters.pushes_sent += 1;
    let phone = world.phone;
    let Some(operation) = world.diadoc.dss.get_mut(index) else {
        return;
    };
    operation.acts = match phone.mode {
        PhoneMode::Confirm => Some((at.after(phone.delay()), true)),
        PhoneMode::Decline => Some((at.after(phone.delay()), false)),
        PhoneMode::Manual | PhoneMode::Silent => None,
    };
    if phone.mode == PhoneMode::Silent {
        return;
    }
    let to = world.users.get(operation.user).map(|user| user.phone);
    world.outbox.push(Sent {
        kind: MessageKind::Push,
        operation: operation.id.clone(),
        to: to.unwrap_or_default().to_owned(),
        text: format!(
            "Подтвердите подпись документов Диадока. Файлов: {}.",
            operation.digests.len()
        ),
        code: None,
        visible_at: at.after(phone.delay()),
    });
}

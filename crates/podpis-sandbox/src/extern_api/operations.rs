//! Decides how an operation with a cloud key is begun, and what its code is worth.
//!
//! **Invariant:** an operation is known to what it is about, so that whatever it locks is found from there.

use super::contents_store::Pieces;
use super::state::Room;
use super::things::{Document, Part};
use super::work::{Operation, Task, Work};
use crate::answer::{Handled, Needed as _, Refusal};
use crate::moment::Moment;
use crate::phone::{Asked, AskedFile, End, MessageKind, Purpose, Service, Stage};

/// Begins an operation, and sends its SMS; a push goes out `processing` later.
pub(super) fn begin(
    room: &mut Room,
    user: usize,
    certificate: usize,
    kind: MessageKind,
    work: Work,
    now: Moment,
) -> Handled<Operation> {
    let (id, handle) = (room.guid(), room.guid());
    let (code, asks_at) = match kind {
        MessageKind::Push => (String::new(), now.after(room.shared.options.processing)),
        MessageKind::Sms => (room.shared.ids.code(room.shared.options.code_length), now),
    };
    let task = Task {
        certificate,
        work,
        attached: false,
        content_id: None,
    };
    let asked = asked(room, user, work);
    let times = (now, asks_at);
    let operation = Operation::new(kind, (id, vec![handle]), (user, code), times, (task, asked));
    room.counters().operations_started += 1;
    let own = &mut *room.own;
    let place = own.operations.begin(operation, now, room.shared.line());
    let known = match work {
        Work::Draft { draft } => own.drafts.get_mut(draft).map(|known| &mut known.operations),
        Work::Reply { reply } => own
            .replies
            .get_mut(reply)
            .map(|known| &mut known.operations),
        Work::Decryption { document, .. } => own
            .documents
            .get_mut(document)
            .map(|known| &mut known.operations),
    };
    if let Some(known) = known {
        known.retain(|place| own.operations.get(*place).is_some());
        known.push(place);
    }
    let begun = own.operations.get(place).cloned();
    begun.or_not_found("Задача не найдена.")
}

/// What the person is asked for.
fn asked(room: &Room, user: usize, work: Work) -> Asked {
    let own = &room.own;
    let parts = |parts: &[Part]| {
        let size = |part: &Part| part.to_sign().map_or(0, Pieces::len);
        let file = |part: &Part| AskedFile::new(&part.filename, size(part));
        parts.iter().map(file).collect()
    };
    let (purpose, files) = match work {
        Work::Draft { draft } => {
            let draft = own.drafts.get(draft);
            (Purpose::Sign, draft.map(|draft| parts(&draft.parts)))
        }
        Work::Reply { reply } => {
            let reply = own.replies.get(reply);
            (Purpose::Reply, reply.map(|reply| parts(&reply.parts)))
        }
        Work::Decryption { document, .. } => {
            let file = |known: &Document| {
                let size = known.encryption.as_ref().map_or(0, |it| it.size as u64);
                vec![AskedFile::new(&known.filename, size)]
            };
            (Purpose::Decrypt, own.documents.get(document).map(file))
        }
    };
    Asked {
        service: Service::Extern,
        purpose,
        person: room.shared.name(user),
        files: files.unwrap_or_default(),
        screen_code: None,
    }
}

/// The operation with this task or request id, by the way it is confirmed.
pub(super) fn by_handle(room: &Room, handle: &str, kind: MessageKind) -> Option<usize> {
    room.own.operations.find(handle, |known| {
        known.kind == kind && known.handle().eq_ignore_ascii_case(handle)
    })
}

/// Takes a code for an SMS operation, and gives the operation when it is the right one.
pub(super) fn take_code(
    room: &mut Room,
    fits: impl Fn(Work) -> bool,
    request_id: &str,
    code: &str,
    now: Moment,
) -> Handled<(usize, String)> {
    let unknown = || Refusal::not_found("Запрос на подтверждение не найден.");
    let index = by_handle(room, request_id, MessageKind::Sms).ok_or_else(unknown)?;
    let operation = room.own.operations.get(index);
    let operation = operation.filter(|known| fits(known.work.work));
    let id = operation.ok_or_else(unknown)?.id.clone();
    let attempts = room.shared.options.code_attempts;
    let line = (now, room.shared.line());
    let refused = |stage: Stage| {
        Refusal::bad_request(match stage {
            Stage::Awaiting => "Неверный код подтверждения.",
            Stage::Confirmed { .. } => "Код подтверждения уже использован.",
            Stage::Ended(End::TooManyAttempts) => {
                "Превышено число попыток ввода кода подтверждения."
            }
            Stage::Ended(End::Declined) => "Пользователь отказался от операции.",
            _ => "Срок действия кода подтверждения истёк.",
        })
        .about(&id)
    };
    let taken = room.own.operations.take_code(index, code, attempts, line);
    taken.map_err(refused)?;
    Ok((index, id))
}

/// The code of an SMS operation, as the test stand tells it.
pub(super) fn code_of(room: &Room, request_id: &str) -> Handled<(String, String)> {
    by_handle(room, request_id, MessageKind::Sms)
        .and_then(|index| room.own.operations.get(index))
        .map(|operation| (operation.code.clone(), operation.id.clone()))
        .or_not_found("Запрос на подтверждение не найден.")
}

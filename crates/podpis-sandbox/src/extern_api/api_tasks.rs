//! Decides how the tasks that need no person run: checking, preparing and sending a draft, and printing.
//!
//! **Invariant:** a task does its work once, when its time has come and it was polled often enough, and never at its
//! start; what it did stays as it was seen, however often it is asked for.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::api_task::{ApiTask, End, Errand, state};
use super::call::Call;
use super::checking::Protocol;
use super::docflow_json::docflow_json;
use super::error::{self, error_json};
use super::options::DraftVerdict;
use super::sending;
use super::state::Room;
use super::things::unsigned;
use crate::answer::{Handled, Reply, bad_request};
use crate::moment::Moment;

/// Refuses what a running task that fits, of these, forbids.
pub(super) fn refuse_while(
    room: &Room,
    tasks: &[usize],
    forbids: impl Fn(&Errand) -> bool,
) -> Handled<()> {
    let tasks = tasks.iter();
    let mut tasks = tasks.filter_map(|place| room.own.api_tasks.get(*place));
    match tasks.find(|known| known.end.is_none() && forbids(&known.errand)) {
        None => Ok(()),
        Some(known) => Err(error::concurrent(&known.id, Some(known.errand.task_type()))),
    }
}

/// Starts a task and answers with it.
pub(super) fn start(room: &mut Room, call: &Call, errand: Errand) -> Reply {
    let time = room.own.options.task_time;
    let mut before = "new";
    let own = &mut *room.own;
    if let Some(draft) = errand.draft().and_then(|index| own.drafts.get_mut(index)) {
        before = draft.status;
        draft.status = match errand {
            Errand::Check { .. } => "check-in-progress",
            Errand::Prepare { .. } => "prepare-in-progress",
            _ => "send-in-progress",
        };
    }
    let task = ApiTask {
        id: room.guid(),
        errand,
        ready: call
            .now
            .after(time.unwrap_or(room.shared.options.processing)),
        polls: 0,
        before,
        end: None,
    };
    let body = render(room, call, &task);
    let (id, errand) = (task.id.clone(), task.errand.clone());
    let own = &mut *room.own;
    let place = own.api_tasks.open(task, [&*id]);
    let known = match errand {
        Errand::DocflowPrint { document, .. } => own
            .documents
            .get_mut(document)
            .map(|known| &mut known.tasks),
        Errand::DraftPrint { .. } => None,
        _ => {
            let draft = errand.draft().and_then(|index| own.drafts.get_mut(index));
            draft.map(|known| &mut known.tasks)
        }
    };
    if let Some(known) = known {
        known.retain(|place| own.api_tasks.get(*place).is_some());
        known.push(place);
    }
    Reply::json(&body)
}

/// `GET …/tasks/{t}`; none when there is no such task here.
pub(super) fn poll(room: &mut Room, call: &Call, fits: impl Fn(&Errand) -> bool) -> Option<Reply> {
    let place = room.own.api_tasks.find(call.ids.task)?;
    let task = room.own.api_tasks.get_mut(place)?;
    if !fits(&task.errand) {
        return None;
    }
    task.polls = task.polls.saturating_add(1);
    let is_due = task.polls > room.own.options.task_polls && call.now >= task.ready;
    if task.end.is_none() && is_due {
        finish(room, place);
    }
    room.counters().polls += 1;
    let task = room.own.api_tasks.get(place)?;
    Some(Reply::json(&render(room, call, task)))
}

/// Ends every task whose time has come, unless polls are needed for that.
pub(super) fn settle(room: &mut Room, now: Moment) {
    if room.own.options.task_polls > 0 {
        return;
    }
    loop {
        let open = room.own.api_tasks.all_open();
        let due = open.filter(|(_, known)| known.ready <= now);
        let Some((place, _)) = due.min_by_key(|(_, known)| known.ready) else {
            return;
        };
        finish(room, place);
    }
}

/// Does the work of a task.
fn finish(room: &mut Room, index: usize) {
    let Some(task) = room.own.api_tasks.get(index) else {
        return;
    };
    let (errand, ready, before) = (task.errand.clone(), task.ready, task.before);
    let (end, status) = if room.own.options.draft_verdict == DraftVerdict::TasksFail {
        (End::failed("Внутренняя ошибка сервиса."), before)
    } else {
        work(room, &errand, ready, before)
    };
    let drafts = &mut room.own.drafts;
    if let Some(draft) = errand.draft().and_then(|index| drafts.get_mut(index)) {
        draft.status = status;
    }
    if let Some(task) = room.own.api_tasks.get_mut(index) {
        task.end = Some(end);
    }
    room.own.api_tasks.close(index);
}

/// What comes of it, and the draft's status afterwards.
fn work(room: &mut Room, errand: &Errand, at: Moment, before: &'static str) -> (End, &'static str) {
    let index = match errand {
        Errand::DraftPrint { draft, part } => {
            let account = room.own.drafts.get(*draft).map(|known| known.account);
            return (print(room, account, part), before);
        }
        Errand::DocflowPrint {
            document,
            content_id,
        } => {
            let external = &room.own;
            let docflow = external.documents.get(*document).map(|known| known.docflow);
            let account = docflow.and_then(|index| external.docflows.get(index));
            let account = account.map(|known| known.account);
            return (print(room, account, content_id), before);
        }
        Errand::Check { draft } | Errand::Prepare { draft } | Errand::Send { draft, .. } => *draft,
    };
    let Some(draft) = room.own.drafts.get(index) else {
        return (gone(), before);
    };
    let protocol = Protocol::of(draft, room.own.options.draft_verdict);
    let pension = sending::is_pension(draft);
    if let Errand::Check { .. } = errand {
        return (End::Checked(protocol), "checked");
    }
    if let Some(message) = unsigned(&draft.parts) {
        let id = "signatureNotFound";
        return (End::Failed { id, message }, before);
    }
    let ready = matches!(protocol.status(), "ok" | "check-protocol-has-only-warnings");
    if let Errand::Send { force, .. } = errand {
        let forced = *force && pension && protocol.has_errors();
        return if ready || forced {
            let docflow = sending::send(room, index, at);
            let sent = docflow.map(|docflow| End::Sent { docflow });
            (sent.unwrap_or_else(gone), "sent")
        } else if protocol.has_errors() {
            (End::NotSent(protocol), "checked")
        } else {
            (End::failed("Не удалось зашифровать документы."), "checked")
        };
    }
    let status = if ready { "ready-to-send" } else { "checked" };
    (End::Prepared { protocol, pension }, status)
}

fn gone() -> End {
    End::failed("Черновик не найден.")
}

/// A print form with nothing in it but what it is of.
fn print(room: &mut Room, account: Option<usize>, of: &str) -> End {
    let content_id = room.guid();
    let body = Bytes::from(format!("%PDF-1.4\n% {of}\n%%EOF\n"));
    let contents = &mut room.own.contents;
    contents.keep(
        &content_id,
        account.unwrap_or_default(),
        "application/pdf",
        body,
    );
    End::Printed { content_id }
}

fn render(room: &Room, call: &Call, task: &ApiTask) -> Value {
    let spelling = room.own.options.spelling;
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(task.id));
    body.insert(
        "task-state".to_owned(),
        json!(spelling.state_name(state(task))),
    );
    body.insert("task-type".to_owned(), json!(task.errand.task_type()));
    let result = match &task.end {
        None => return Value::Object(body),
        Some(End::Failed { id, message }) => {
            let status = if *id == "signatureNotFound" {
                StatusCode::BAD_REQUEST
            } else {
                StatusCode::INTERNAL_SERVER_ERROR
            };
            let error = error_json(spelling, status, id, message, &room.shared.trace, true);
            body.insert("error".to_owned(), error);
            return Value::Object(body);
        }
        Some(End::Checked(protocol)) => json!({ "data": protocol.json() }),
        Some(End::Prepared { protocol, pension }) => prepared(room, call, task, protocol, *pension),
        Some(End::Sent { docflow }) => match room.own.docflows.get(*docflow) {
            Some(known) => docflow_json(room, call, *docflow, known, true),
            None => Value::Null,
        },
        Some(End::NotSent(protocol)) => {
            let mut failure = error_json(
                spelling,
                StatusCode::BAD_REQUEST,
                "checkProtocolHasErrors",
                "В протоколе проверки есть ошибки.",
                &room.shared.trace,
                true,
            );
            failure["status"] = json!(protocol.status());
            failure["check-result"] = protocol.json();
            failure
        }
        Some(End::Printed { content_id }) => json!({ "content-id": content_id }),
    };
    body.insert("task-result".to_owned(), result);
    Value::Object(body)
}

/// The PrepareResult: its link `next` leads on when the draft can be sent.
fn prepared(room: &Room, call: &Call, task: &ApiTask, protocol: &Protocol, pension: bool) -> Value {
    let path = task.errand.draft().map(|index| room.own.draft_path(index));
    let path = path.unwrap_or_default();
    let next = |force: bool| vec![call.link("next", &format!("{path}/send?force={force}"))];
    let links = match protocol.status() {
        "ok" | "check-protocol-has-only-warnings" => next(false),
        "check-protocol-has-errors" if pension => next(true),
        _ => Vec::new(),
    };
    json!({ "check-result": protocol.json(), "links": links, "status": protocol.status() })
}

/// Since 2022 nothing is done any more while the client waits.
pub(super) fn deferred(call: &Call) -> Handled<()> {
    if call.query.flag("deferred")? {
        Ok(())
    } else {
        bad_request("Метод поддерживает только deferred=true.")
    }
}

//! Decides what an operationId does: a post is done once, and a repeat gets the first answer.
//!
//! **Invariant:** only a post that succeeded is remembered, by its method and its id in the box; what else a repeat
//! says is not looked at, only counted.

use bytes::Bytes;
use http::StatusCode;
use sha2::{Digest as _, Sha256};

use super::options::PostRunning;
use super::store::Post;
use crate::answer::{Handled, Reply};
use crate::call::Call;
use crate::diadoc::state::Room;

/// Which method an id belongs to; both versions of one method share their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    PostMessage,
    PostMessagePatch,
    SendDraft,
}

impl Method {
    /// Whether a call without an id gets one from its body. That is documented for two of the three.
    fn has_default(self) -> bool {
        self != Self::PostMessagePatch
    }
}

/// Does a post, or gives the answer of the one before.
pub(super) fn once(
    room: &mut Room,
    method: Method,
    call: &Call,
    act: impl FnOnce(&mut Room) -> Handled<Bytes>,
) -> Handled {
    let body: [u8; 32] = Sha256::digest(call.body).into();
    let told = call.query.optional("operationId").map(str::to_owned);
    let id = match &told {
        // A GUID in any case is one id.
        Some(id) => Some(id.to_ascii_lowercase()),
        None => method
            .has_default()
            .then(|| base16ct::lower::encode_string(&body)),
    };
    let name = id.map(|id| format!("{method:?} {id}"));
    let posts = &room.own.messages.posts;
    let known = name.as_deref().and_then(|name| posts.named(name));
    if let Some(known) = known {
        let (answer, rest) = (known.answer.clone(), call.now.until(known.done_at));
        if known.body != body {
            room.counters().operation_ids_reused += 1;
        }
        let reply = if rest.is_zero() {
            Reply::bytes(answer)
        } else {
            let running = Reply::not_ready(rest);
            match room.own.messages.options.post_running {
                PostRunning::Conflict => running.status(StatusCode::CONFLICT),
                PostRunning::NoContent => running,
            }
        };
        return Ok(about(reply, told));
    }
    let answer = act(room)?;
    if let Some(name) = name {
        let done_at = call.now.after(room.own.messages.options.post_takes);
        let post = Post {
            body,
            done_at,
            answer: answer.clone(),
        };
        room.own.messages.posts.add(post, [&*name]);
    }
    Ok(about(Reply::bytes(answer), told))
}

/// The journal names a post by its operationId.
fn about(reply: Reply, id: Option<String>) -> Reply {
    match id {
        Some(id) => reply.about(&id),
        None => reply,
    }
}

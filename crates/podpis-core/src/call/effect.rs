//! Decides what an answer says about the request: was it applied?
//!
//! **Invariant:** pure. Where the sources do not say, the answer is "unknown", because the wrong guess is a
//! second SMS or a lost signature.

use http::StatusCode;

use super::Replay;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever sends must handle every case"
)]
pub enum Effect {
    /// The service acted on it.
    Applied,
    /// The service certainly did not act on it.
    NotApplied,
    /// Nobody can tell from here.
    Unknown,
}

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the rows of the table")]
pub enum Outcome {
    /// The request never left.
    NotSent,
    /// The request left and no complete answer came.
    Lost,
    /// A complete answer with this status.
    Status(StatusCode),
    /// A complete answer with a success status and a body that says nothing: HTML, or without the id we need.
    Unreadable,
}

/// The table: what an outcome means for an endpoint of this class.
#[must_use]
pub fn effect(replay: Replay, outcome: Outcome) -> Effect {
    let succeeded = matches!(outcome, Outcome::Status(status) if status.is_success());
    if replay == Replay::Safe && !succeeded {
        // It changes nothing, or what it leaves behind is harmless: there is nothing to be unsure about.
        return Effect::NotApplied;
    }
    let status = match outcome {
        Outcome::NotSent => return Effect::NotApplied,
        Outcome::Lost | Outcome::Unreadable => return Effect::Unknown,
        Outcome::Status(status) => status,
    };
    match status.as_u16() {
        200..=299 => Effect::Applied,
        // "Not applied" are those that say so: bad request, not logged in, not paid, no access, no such
        // thing, wrong method, gone, no length, too large, too long, unsupported type, too many requests.
        400..=405 | 410 | 411 | 413..=415 | 429 => Effect::NotApplied,
        // A keyed post gets 409 also while its first copy is still running.
        409 if replay == Replay::Keyed => Effect::Unknown,
        409 => Effect::NotApplied,
        _ => Effect::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, a line per row: outcome, then the effect on each class.
    #[test]
    fn the_table() {
        use Effect::{Applied as A, NotApplied as N, Unknown as U};
        let status = |code| Outcome::Status(StatusCode::from_u16(code).unwrap());
        let rows = [
            (Outcome::NotSent, [N, N, N]),
            (Outcome::Lost, [N, U, U]),
            (Outcome::Unreadable, [N, U, U]),
            (status(200), [A, A, A]),
            (status(201), [A, A, A]),
            (status(204), [A, A, A]),
            (status(302), [N, U, U]),
            (status(400), [N, N, N]),
            (status(401), [N, N, N]),
            (status(402), [N, N, N]),
            (status(403), [N, N, N]),
            (status(404), [N, N, N]),
            (status(405), [N, N, N]),
            (status(408), [N, U, U]),
            (status(409), [N, U, N]),
            (status(410), [N, N, N]),
            (status(413), [N, N, N]),
            (status(415), [N, N, N]),
            (status(418), [N, U, U]),
            (status(429), [N, N, N]),
            (status(500), [N, U, U]),
            (status(502), [N, U, U]),
            (status(503), [N, U, U]),
            (status(504), [N, U, U]),
        ];
        for (outcome, expected) in rows {
            let actual = [Replay::Safe, Replay::Keyed, Replay::OnlyIfNotSent]
                .map(|replay| effect(replay, outcome));
            assert_eq!(actual, expected, "{outcome:?}");
        }
    }
}

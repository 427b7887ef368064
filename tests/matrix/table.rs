//! What a fault must mean for an endpoint of each class.

use podpis::core::call::Replay;

use super::fault::Fault;

use Fault::{
    Body, ClosedAfter, ClosedBefore, Endless, NoHttp, Refused, Reset, Silent, SlowBody, SlowHead,
    Status, TooShort,
};

/// A fault, and what it means: to what may always be sent again, to what has a key, and to what reaches a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) fault: Fault,
    means: Means,
}

impl Row {
    pub(super) fn of(&self, class: Replay) -> &'static str {
        let [safe, keyed, once] = self.means;
        match class {
            Replay::Safe => safe,
            Replay::Keyed => keyed,
            Replay::OnlyIfNotSent => once,
        }
    }

    pub(super) fn in_words(&self) -> String {
        let [safe, keyed, once] = self.means;
        format!(
            "{}\n  safe: {safe}; keyed: {keyed}; only if not sent: {once}",
            self.fault
        )
    }
}

const fn row(fault: Fault, means: Means) -> Row {
    Row { fault, means }
}

const fn bare(status: u16) -> Fault {
    Status(status, &[])
}

/// Another host, which nobody may be led to.
const ELSEWHERE: &[(&str, &str)] = &[("Location", "http://elsewhere.invalid/")];
const SEVEN_SECONDS: &[(&str, &str)] = &[("Retry-After", "7")];
const WITH_SPACES: &[(&str, &str)] = &[("Retry-After", "  7\t")];
const DATED: (&str, &str) = ("Date", "Sun, 06 Nov 1994 08:49:30 GMT");
/// The three forms of a date that HTTP has.
const AS_NOW: &[(&str, &str)] = &[DATED, ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")];
const AS_BEFORE: &[(&str, &str)] = &[DATED, ("Retry-After", "Sunday, 06-Nov-94 08:49:37 GMT")];
const AS_LONG_AGO: &[(&str, &str)] = &[DATED, ("Retry-After", "Sun Nov  6 08:49:37 1994")];
const IN_THE_PAST: &[(&str, &str)] = &[DATED, ("Retry-After", "Sun, 06 Nov 1994 08:49:00 GMT")];
const NONSENSE: &[(&str, &str)] = &[("Retry-After", "-1.5 soon")];
const TWO_MINUTES: &[(&str, &str)] = &[("Retry-After", "120")];
const PAGE: &[(&str, &str)] = &[("Content-Type", "text/html; charset=utf-8")];
const PLAIN: &[(&str, &str)] = &[("Content-Type", "text/plain")];
const OTHER_CHARSET: &[(&str, &str)] = &[("Content-Type", "application/json; charset=koi8-r")];
const PACKED: &[(&str, &str)] = &[("Content-Encoding", "gzip")];

/// What a fault means to the three classes, in the order of [`Replay`].
type Means = [&'static str; 3];

/// The request did not leave: anything is sent again.
const NOT_SENT: Means = [
    "NoAnswer, not applied in 1.5s",
    "NoAnswer, not applied in 1.5s",
    "NoAnswer, not applied in 1.5s",
];
/// No complete answer came.
const LOST: Means = [
    "NoAnswer, not applied, 3 times in 1.5s",
    "NoAnswer, unknown, 3 times in 1.5s",
    "NoAnswer, unknown",
];
/// No complete answer came before the deadline.
const LATE: Means = [
    "NoAnswer, not applied",
    "NoAnswer, unknown",
    "NoAnswer, unknown",
];
/// No success, and nothing that passes.
const NO_SUCCESS: Means = [
    "Service, not applied",
    "Service, unknown",
    "Service, unknown",
];
/// The service says that it did nothing.
const REFUSED: Means = [
    "Service, not applied",
    "Service, not applied",
    "Service, not applied",
];
/// It knows nobody by this login.
const NOT_LOGGED_IN: Means = [
    "Login, not applied",
    "Login, not applied",
    "Login, not applied",
];
/// Something else is at work: for a key that may be its own first copy.
const CONFLICT: Means = [
    "Service, not applied",
    "Service, unknown",
    "Service, not applied",
];
/// It says when that has passed.
const PASSING_CONFLICT: Means = [
    "Service, not applied, 3 times in 14s",
    "Service, unknown, 3 times in 14s",
    "Service, not applied",
];
/// Too many requests: nothing was done, and the pause is the client's own.
const TOO_MANY: Means = [
    "Service, not applied, 3 times in 1.5s",
    "Service, not applied, 3 times in 1.5s",
    "Service, not applied, 3 times in 1.5s",
];
/// The service asks for the pause.
const TOO_MANY_FOR_7_S: Means = [
    "Service, not applied, 3 times in 14s",
    "Service, not applied, 3 times in 14s",
    "Service, not applied, 3 times in 14s",
];
/// The service fails for now.
const DOWN: Means = [
    "Service, not applied, 3 times in 1.5s",
    "Service, unknown, 3 times in 1.5s",
    "Service, unknown",
];
/// It says for how long.
const DOWN_FOR_7_S: Means = [
    "Service, not applied, 3 times in 14s",
    "Service, unknown, 3 times in 14s",
    "Service, unknown",
];
/// A success that says nothing.
const UNREADABLE: Means = [
    "UnreadableAnswer, not applied",
    "UnreadableAnswer, unknown",
    "UnreadableAnswer, unknown",
];

/// All of it.
pub(super) const TABLE: &[Row] = &[
    row(Refused, NOT_SENT),
    row(ClosedBefore, LOST),
    row(ClosedAfter, LOST),
    row(Silent, LATE),
    row(SlowHead, LATE),
    row(SlowBody, LATE),
    row(Reset, LOST),
    row(Endless, LOST),
    row(TooShort, LOST),
    row(NoHttp, LOST),
    row(Status(301, ELSEWHERE), NO_SUCCESS),
    row(Status(302, ELSEWHERE), NO_SUCCESS),
    row(Status(307, ELSEWHERE), NO_SUCCESS),
    row(Status(308, ELSEWHERE), NO_SUCCESS),
    row(bare(400), REFUSED),
    row(bare(401), NOT_LOGGED_IN),
    row(bare(402), REFUSED),
    row(bare(403), REFUSED),
    row(bare(404), REFUSED),
    row(bare(405), REFUSED),
    row(bare(408), NO_SUCCESS),
    row(bare(409), CONFLICT),
    row(Status(409, SEVEN_SECONDS), PASSING_CONFLICT),
    row(bare(410), REFUSED),
    row(bare(413), REFUSED),
    row(bare(415), REFUSED),
    row(bare(429), TOO_MANY),
    row(Status(429, SEVEN_SECONDS), TOO_MANY_FOR_7_S),
    row(Status(429, WITH_SPACES), TOO_MANY_FOR_7_S),
    row(Status(429, AS_NOW), TOO_MANY_FOR_7_S),
    row(Status(429, AS_BEFORE), TOO_MANY_FOR_7_S),
    row(Status(429, AS_LONG_AGO), TOO_MANY_FOR_7_S),
    row(Status(429, IN_THE_PAST), TOO_MANY),
    row(Status(429, NONSENSE), TOO_MANY),
    row(Status(429, TWO_MINUTES), REFUSED),
    row(bare(500), DOWN),
    row(bare(501), NO_SUCCESS),
    row(bare(502), DOWN),
    row(bare(503), DOWN),
    row(Status(503, SEVEN_SECONDS), DOWN_FOR_7_S),
    row(bare(504), DOWN),
    row(Status(502, PAGE), DOWN),
    row(bare(599), NO_SUCCESS),
    row(
        Body(PAGE, b"<!DOCTYPE html><title>Proxy</title>"),
        UNREADABLE,
    ),
    row(Body(&[], b"\r\n<html>Proxy"), UNREADABLE),
    row(Body(&[], b""), UNREADABLE),
    row(Body(PLAIN, b"no message of any kind"), UNREADABLE),
    row(Body(OTHER_CHARSET, b"{\"x\":\"\xf0\xf2\"}"), UNREADABLE),
    row(Body(PACKED, b"\x1f\x8b\x08\0\0\0\0\0"), UNREADABLE),
];

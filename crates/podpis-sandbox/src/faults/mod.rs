//! Decides which exchange goes wrong, and how: a fault, in Rust and in JSON.
//!
//! **Invariant:** a fault says whether the request is handled before the answer is lost, so a test always knows
//! what the service did. In JSON an unknown key or endpoint is refused, because a fault that never fires makes a test
//! pass for the wrong reason.

mod injected;
mod load;
mod script;
mod signature;

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::milliseconds;
use load::Share;
use script::FileScript;

pub use injected::FaultId;
pub(crate) use injected::Faults;
pub(crate) use script::{DssScript, Told};
pub use signature::SignatureFault;
pub use signature::{DigestName, NoDigestName};

/// What happens instead of a complete answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    #[default]
    Nothing,
    DropBefore,
    DropAfter,
    RefuseConnection,
    Answer,
    HangBefore,
    HangAfter,
    Trickle,
    Truncate,
    Signatures,
    RevokeTokens,
}

/// One thing that goes wrong, at one endpoint, at certain calls.
///
/// Calls are counted from the moment the fault is injected. Without [`call`](Self::call), [`rate`](Self::rate) and
/// [`share`](Self::share) every call is hit; with several of them, those calls that all of them hit.
///
/// ```
/// use std::time::Duration;
/// use podpis_sandbox::{Fault, SignatureFault};
///
/// let lost_answer = Fault::on("CloudSign").call(1).drop_after();
/// let busy = Fault::on("CloudSignResult").call(2).status(503).retry_after(2);
/// let proxy_page = Fault::on("CloudSignConfirm").body("text/html", "<html>");
/// let slow = Fault::on("*").delay(Duration::from_millis(200));
/// let silent = Fault::on("CloudSignResult").hang_before();
/// let limited = Fault::on("CloudSign").rate(20).retry_after(1);
/// let flaky = Fault::on("*").share(30, 7).status(503);
/// let again_later = Fault::on("DssSign").call(1).operation_status(7);
/// let partly_signed = Fault::on("DssSign").file_unsigned(1, 2);
/// let foreign = Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Forge);
/// # let _ = (lost_answer, busy, proxy_page, slow, silent, limited, flaky, again_later, partly_signed, foreign);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    pub(crate) endpoint: String,
    call: Option<u64>,
    calls: Vec<u64>,
    rate: Option<u32>,
    share: Option<Share>,
    #[serde(rename = "do")]
    effect: Option<Effect>,
    /// How long it is there, from the first call on that it could hit.
    for_ms: Option<u64>,
    #[serde(rename = "delay_ms", with = "milliseconds")]
    pub(crate) delay: Duration,
    pub(crate) retry_after: Option<u64>,
    /// How long each byte of an answer that trickles takes.
    every_ms: Option<u64>,
    pub(crate) status: Option<u16>,
    pub(crate) content_type: Option<String>,
    #[serde(deserialize_with = "text", serialize_with = "as_text")]
    pub(crate) body: Option<Bytes>,
    pub(crate) handled: bool,
    pub(crate) bytes: Option<usize>,
    pub(crate) change: Option<SignatureFault>,
    operation_status: Option<Told>,
    confirm_type: Option<Told>,
    operator: Option<Told>,
    files: Vec<FileScript>,
}

impl Fault {
    /// A fault at an endpoint, by the name the journal uses, in any case. `*` is every endpoint.
    #[must_use]
    pub fn on(endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: endpoint.into(),
            ..Self::default()
        }
    }

    /// Only at the nth call, counted from 1. Given several times, at each of them.
    #[must_use]
    pub fn call(mut self, number: u64) -> Self {
        self.calls.push(number);
        self
    }

    /// Only calls beyond so many a second, on the clock of the sandbox: 429, unless another fault is asked for. A
    /// call that is hit does not count.
    #[must_use]
    pub fn rate(mut self, per_second: u32) -> Self {
        self.rate = Some(per_second);
        self.busy_if_nothing()
    }

    /// Only for so long, on the clock of the sandbox, from the first call on that it could hit.
    #[must_use]
    pub fn lasting(mut self, time: Duration) -> Self {
        self.for_ms = Some(milliseconds::of(time));
        self
    }

    /// Only so many percent of the calls, as if at random: with the same seed the same ones again.
    #[must_use]
    pub fn share(mut self, percent: u8, seed: u64) -> Self {
        self.share = Some(Share { percent, seed });
        self
    }

    /// The service does not see the request, and no answer ever comes: the connection stays open. In process the
    /// transport sleeps for a hundred years, if [`Sandbox::with_sleep`](crate::Sandbox::with_sleep) said how, and for
    /// ever otherwise.
    #[must_use]
    pub fn hang_before(self) -> Self {
        self.what(Effect::HangBefore)
    }

    /// The service does its work, and its answer never comes; as [`hang_before`](Self::hang_before).
    #[must_use]
    pub fn hang_after(self) -> Self {
        self.what(Effect::HangAfter)
    }

    /// The request is handled, and each byte of the answer's body takes so long to arrive. In process the whole answer
    /// comes when its last byte would; as [`hang_before`](Self::hang_before).
    #[must_use]
    pub fn trickle(mut self, every: Duration) -> Self {
        self.every_ms = Some(milliseconds::of(every));
        self.what(Effect::Trickle)
    }

    /// The connection breaks before the service sees the request.
    #[must_use]
    pub fn drop_before(self) -> Self {
        self.what(Effect::DropBefore)
    }

    /// The service does its work, then the connection breaks without an answer.
    #[must_use]
    pub fn drop_after(self) -> Self {
        self.what(Effect::DropAfter)
    }

    /// Nothing listens. In process this is a connection error (nothing was sent); over HTTP the connection is
    /// already open, so there it is the same as [`drop_before`](Self::drop_before).
    #[must_use]
    pub fn refuse_connection(self) -> Self {
        self.what(Effect::RefuseConnection)
    }

    /// Answers with this status. The request is not handled, unless [`after_handling`](Self::after_handling).
    /// A number that is no HTTP status counts as 500.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self.what(Effect::Answer)
    }

    /// Answers with this body; the status is 200 unless given. The request is not handled, unless
    /// [`after_handling`](Self::after_handling).
    #[must_use]
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.content_type = Some(content_type.into());
        self.body = Some(body.into());
        self.what(Effect::Answer)
    }

    /// The request is handled, and then its answer is replaced by [`status`](Self::status) or
    /// [`body`](Self::body).
    #[must_use]
    pub fn after_handling(mut self) -> Self {
        self.handled = true;
        self.what(Effect::Answer)
    }

    /// The request is handled, but only the first `bytes` bytes of the body arrive.
    #[must_use]
    pub fn truncate(mut self, bytes: usize) -> Self {
        self.bytes = Some(bytes);
        self.what(Effect::Truncate)
    }

    /// Adds `Retry-After` to the answer, whatever it is.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The server holds the answer back for this long, after the request was handled. In process it does nothing
    /// unless [`Sandbox::with_sleep`](crate::Sandbox::with_sleep) said how to wait.
    #[must_use]
    pub fn delay(mut self, time: Duration) -> Self {
        self.delay = time;
        self
    }

    /// Spoils signatures; matters only where they are fetched, for example at `CloudSignConfirmResult`,
    /// `DssSignResult` and `DraftDocumentSignature`. An answer of Extern with one signature gives the one at its place in the spoiled
    /// list; what spoils a single one is always about the one that is fetched.
    #[must_use]
    pub fn signatures(mut self, fault: SignatureFault) -> Self {
        self.change = Some(fault);
        self.what(Effect::Signatures)
    }

    /// Ends every login right before the request is handled, so that it is answered with 401.
    #[must_use]
    pub fn revoke_tokens(self) -> Self {
        self.what(Effect::RevokeTokens)
    }

    /// The `OperationStatus` of a DssSign: any number, or none to leave it out. On `DssSign` and `DssSignV2` the
    /// operation that is started ends so, and nothing reaches the phone; with 2 it is signed unasked. On
    /// `DssSignResult` that answer says so: with 2 while nothing is signed it has no results, with another number it
    /// never has any.
    #[must_use]
    pub fn operation_status(mut self, number: impl Into<Option<i32>>) -> Self {
        self.operation_status = Some(number.into().into());
        self
    }

    /// The `ConfirmType` of a DssSign: any number, or none to leave it out. On `DssSign` and `DssSignV2` in every
    /// result of the operation, on `DssSignResult` in that answer.
    #[must_use]
    pub fn confirm_type(mut self, number: impl Into<Option<i32>>) -> Self {
        self.confirm_type = Some(number.into().into());
        self
    }

    /// The `Operator` of a DssSign; as [`confirm_type`](Self::confirm_type).
    #[must_use]
    pub fn operator(mut self, number: impl Into<Option<i32>>) -> Self {
        self.operator = Some(number.into().into());
        self
    }

    /// The `FileSigningStatus` of a file of a completed DssSign, whose signature comes all the same. Files count
    /// from zero; as [`confirm_type`](Self::confirm_type).
    #[must_use]
    pub fn file_signed(self, file: usize, number: impl Into<Option<i32>>) -> Self {
        self.file(file, number.into(), true)
    }

    /// The same, without a signature: `file_unsigned(0, 2)` is a file that failed, `file_unsigned(0, 1)` one of which
    /// the service says that it is signed.
    #[must_use]
    pub fn file_unsigned(self, file: usize, number: impl Into<Option<i32>>) -> Self {
        self.file(file, number.into(), false)
    }

    fn file(mut self, file: usize, status: Option<i32>, signed: bool) -> Self {
        self.files.insert(0, FileScript::new(file, status, signed));
        self
    }

    /// How it is read in JSON: what is left out is put in, and what cannot be meant is refused, with the reason.
    /// `endpoints` are all names, with whether a script is about the method.
    pub(crate) fn checked(mut self, endpoints: &[(&str, bool)]) -> Result<Self, String> {
        let is_it = |(name, _): &&(&str, bool)| name.eq_ignore_ascii_case(&self.endpoint);
        let endpoint = endpoints.iter().find(is_it);
        if self.endpoint != "*" && endpoint.is_none() {
            let names: Vec<&str> = endpoints.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            return Err(format!("The endpoint is unknown. Known are *, {names}."));
        }
        if self.script() != DssScript::default() && !endpoint.is_some_and(|(_, script)| *script) {
            return Err(
                "Only DssSign, DssSignV2 and DssSignResult have statuses of operations and files."
                    .to_owned(),
            );
        }
        if self.share.is_some_and(|share| share.percent > 100) {
            return Err("There are a hundred percent.".to_owned());
        }
        let effect = self.effect();
        self = self.what(effect);
        match effect {
            Effect::Signatures if self.change.is_none() => {
                return Err("A fault of signatures needs \"change\".".to_owned());
            }
            Effect::Answer => {
                let status = self.status.unwrap_or(200);
                if http::StatusCode::from_u16(status).is_err() {
                    return Err("This is no HTTP status.".to_owned());
                }
                let plain = || "text/plain; charset=utf-8".to_owned();
                self.content_type.get_or_insert_with(plain);
                self.body.get_or_insert_default();
            }
            _ => {}
        }
        Ok(if self.rate.is_some() {
            self.busy_if_nothing()
        } else {
            self
        })
    }

    /// The same at an endpoint of another name.
    pub(crate) fn renamed(self, endpoint: String) -> Self {
        Self { endpoint, ..self }
    }

    /// What happens; without a word on it, what the other members say.
    pub(crate) fn effect(&self) -> Effect {
        self.effect.unwrap_or({
            if self.status.is_some() || self.body.is_some() || self.content_type.is_some() {
                Effect::Answer
            } else if self.change.is_some() {
                Effect::Signatures
            } else if self.bytes.is_some() {
                Effect::Truncate
            } else if self.every_ms.is_some() {
                Effect::Trickle
            } else {
                Effect::Nothing
            }
        })
    }

    /// Whether the service never sees the request.
    pub(crate) fn stops_handling(&self) -> bool {
        match self.effect() {
            Effect::RefuseConnection | Effect::DropBefore | Effect::HangBefore => true,
            Effect::Answer => !self.handled,
            _ => false,
        }
    }

    /// How long each byte of an answer that trickles takes: a second, unless told.
    pub(crate) fn every(&self) -> Duration {
        Duration::from_millis(self.every_ms.unwrap_or(1_000))
    }

    pub(crate) fn script(&self) -> DssScript {
        DssScript {
            status: self.operation_status,
            confirm_type: self.confirm_type,
            operator: self.operator,
            files: self.files.clone(),
        }
    }

    fn what(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    fn busy_if_nothing(self) -> Self {
        match self.effect() {
            Effect::Nothing => self.status(429),
            _ => self,
        }
    }
}

fn text<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Bytes>, D::Error> {
    Ok(Option::<String>::deserialize(input)?.map(Bytes::from))
}

fn as_text<S: serde::Serializer>(body: &Option<Bytes>, output: S) -> Result<S::Ok, S::Error> {
    body.as_deref()
        .map(String::from_utf8_lossy)
        .serialize(output)
}

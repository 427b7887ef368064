//! Decides which exchange goes wrong, and how.
//!
//! **Invariant:** a fault says whether the request is handled before the answer is lost, so a test always knows
//! what the service did; nothing goes wrong that was not asked for.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::diadoc::{DssScript, FileScript};
use crate::digest_name::DigestName;
use crate::extern_api::journal_name;
use crate::load::{Share, Window};
use crate::world::Moment;

/// How the signatures in one answer are spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureFault {
    /// The right signatures in another order (turned by one place).
    Permute,
    /// The first signature comes twice: one more than there are files.
    Double,
    /// The first signature is over other bytes, by the right signer.
    Forge,
    /// The value of the first signature has one bit turned.
    Corrupt,
    /// The last signature is left out.
    Missing,
    /// The first signature is by another certificate of the same CA.
    OtherSigner,
    /// The first signature comes in BER: lengths left out, OCTET STRINGs in pieces. It is the same SignedData.
    Ber,
    /// The first signature carries a time stamp in BER as an unsigned attribute, the rest is DER.
    BerToken,
    /// The first signature breaks off in the middle, so it is none.
    Unreadable,
    /// The first signature is by another certificate, over other bytes, and names this digest algorithm.
    ForeignDigest(DigestName),
    /// The first signature is by the right signer, over the right bytes, with SHA-1.
    Sha1,
}

/// What happens instead of a complete answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Effect {
    #[default]
    Nothing,
    Drop {
        handled: bool,
    },
    Refuse,
    Hang {
        handled: bool,
    },
    Trickle(Duration),
    Answer {
        status: Option<u16>,
        content_type: Option<String>,
        body: Option<Bytes>,
        handled: bool,
    },
    Truncate(usize),
    Signatures(SignatureFault),
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(crate) endpoint: String,
    pub(crate) calls: Vec<u64>,
    pub(crate) rate: Option<u32>,
    pub(crate) share: Option<Share>,
    pub(crate) delay: Duration,
    pub(crate) retry_after: Option<u64>,
    pub(crate) script: DssScript,
    pub(crate) effect: Effect,
}

impl Fault {
    /// A fault at an endpoint, by the name the journal uses, in any case. `*` is every endpoint.
    #[must_use]
    pub fn on(endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: endpoint.into(),
            calls: Vec::new(),
            rate: None,
            share: None,
            delay: Duration::ZERO,
            retry_after: None,
            script: DssScript::default(),
            effect: Effect::Nothing,
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
        if self.effect == Effect::Nothing {
            return self.status(429);
        }
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
    pub fn hang_before(mut self) -> Self {
        self.effect = Effect::Hang { handled: false };
        self
    }

    /// The service does its work, and its answer never comes; as [`hang_before`](Self::hang_before).
    #[must_use]
    pub fn hang_after(mut self) -> Self {
        self.effect = Effect::Hang { handled: true };
        self
    }

    /// The request is handled, and each byte of the answer's body takes so long to arrive. In process the whole answer
    /// comes when its last byte would; as [`hang_before`](Self::hang_before).
    #[must_use]
    pub fn trickle(mut self, every: Duration) -> Self {
        self.effect = Effect::Trickle(every);
        self
    }

    /// The connection breaks before the service sees the request.
    #[must_use]
    pub fn drop_before(mut self) -> Self {
        self.effect = Effect::Drop { handled: false };
        self
    }

    /// The service does its work, then the connection breaks without an answer.
    #[must_use]
    pub fn drop_after(mut self) -> Self {
        self.effect = Effect::Drop { handled: true };
        self
    }

    /// Nothing listens. In process this is a connection error (nothing was sent); over HTTP the connection is
    /// already open, so there it is the same as [`drop_before`](Self::drop_before).
    #[must_use]
    pub fn refuse_connection(mut self) -> Self {
        self.effect = Effect::Refuse;
        self
    }

    /// Answers with this status. The request is not handled, unless [`after_handling`](Self::after_handling).
    /// A number that is no HTTP status counts as 500.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        if let Effect::Answer { status: known, .. } = self.answer() {
            *known = Some(status);
        }
        self
    }

    /// Answers with this body; the status is 200 unless given. The request is not handled, unless
    /// [`after_handling`](Self::after_handling).
    #[must_use]
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        if let Effect::Answer {
            content_type: known,
            body: bytes,
            ..
        } = self.answer()
        {
            *known = Some(content_type.into());
            *bytes = Some(body.into());
        }
        self
    }

    /// The request is handled, and then its answer is replaced by [`status`](Self::status) or
    /// [`body`](Self::body).
    #[must_use]
    pub fn after_handling(mut self) -> Self {
        if let Effect::Answer { handled, .. } = self.answer() {
            *handled = true;
        }
        self
    }

    /// The request is handled, but only the first `bytes` bytes of the body arrive.
    #[must_use]
    pub fn truncate(mut self, bytes: usize) -> Self {
        self.effect = Effect::Truncate(bytes);
        self
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
        self.effect = Effect::Signatures(fault);
        self
    }

    /// Ends every login right before the request is handled, so that it is answered with 401.
    #[must_use]
    pub fn revoke_tokens(mut self) -> Self {
        self.effect = Effect::RevokeTokens;
        self
    }

    /// The `OperationStatus` of a DssSign: any number, or none to leave it out. On `DssSign` and `DssSignV2` the
    /// operation that is started ends so, and nothing reaches the phone; with 2 it is signed unasked. On
    /// `DssSignResult` that answer says so: with 2 while nothing is signed it has no results, with another number it
    /// never has any.
    #[must_use]
    pub fn operation_status(mut self, number: impl Into<Option<i32>>) -> Self {
        self.script.status = Some(number.into());
        self
    }

    /// The `ConfirmType` of a DssSign: any number, or none to leave it out. On `DssSign` and `DssSignV2` in every
    /// result of the operation, on `DssSignResult` in that answer.
    #[must_use]
    pub fn confirm_type(mut self, number: impl Into<Option<i32>>) -> Self {
        self.script.confirm_type = Some(number.into());
        self
    }

    /// The `Operator` of a DssSign; as [`confirm_type`](Self::confirm_type).
    #[must_use]
    pub fn operator(mut self, number: impl Into<Option<i32>>) -> Self {
        self.script.operator = Some(number.into());
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
        self.script
            .files
            .insert(file, FileScript { status, signed });
        self
    }

    fn answer(&mut self) -> &mut Effect {
        if !matches!(self.effect, Effect::Answer { .. }) {
            self.effect = Effect::Answer {
                status: None,
                content_type: None,
                body: None,
                handled: false,
            };
        }
        &mut self.effect
    }
}

/// Names an injected fault.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(pub(crate) String);

impl FaultId {
    /// The id as text, as in `DELETE /_sandbox/faults/{id}`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FaultId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone, Debug)]
struct Injected {
    id: FaultId,
    fault: Fault,
    seen: u64,
    /// What a rate let through.
    window: Window,
}

/// The faults of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    injected: Vec<Injected>,
    made: u64,
}

impl Faults {
    pub(crate) fn inject(&mut self, mut fault: Fault) -> FaultId {
        fault.endpoint = journal_name(&fault.endpoint).to_owned();
        self.made += 1;
        let id = FaultId(format!("fault-{}", self.made));
        self.injected.push(Injected {
            id: id.clone(),
            fault,
            seen: 0,
            window: Window::default(),
        });
        id
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.injected.len();
        self.injected.retain(|known| known.id.0 != id);
        self.injected.len() != before
    }

    pub(crate) fn clear(&mut self) {
        self.injected.clear();
    }

    pub(crate) fn ids(&self) -> Vec<FaultId> {
        self.injected.iter().map(|known| known.id.clone()).collect()
    }

    /// Counts a call of `endpoint` for every fault that waits for one, and gives those that it hits.
    pub(crate) fn hit(&mut self, endpoint: &str, now: Moment) -> Vec<Fault> {
        let mut hits = Vec::new();
        for known in &mut self.injected {
            if known.fault.endpoint != "*" && !known.fault.endpoint.eq_ignore_ascii_case(endpoint) {
                continue;
            }
            known.seen += 1;
            let Fault {
                calls, rate, share, ..
            } = &known.fault;
            if !(calls.is_empty() || calls.contains(&known.seen))
                || share.is_some_and(|share| !share.hits(known.seen))
                || rate.is_some_and(|rate| known.window.admits(rate, now))
            {
                continue;
            }
            hits.push(known.fault.clone());
        }
        hits
    }
}

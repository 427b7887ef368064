//! Decides what the sandbox remembers about the requests it got.
//!
//! **Invariant:** an entry holds neither a query string nor a header nor a body, because codes, tokens and
//! logins travel there.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// What happened in a world so far, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Counters {
    /// SMS the service sent, whether or not the phone showed them.
    pub sms_sent: u64,
    /// Push requests the service sent.
    pub pushes_sent: u64,
    /// Operations that were started.
    pub operations_started: u64,
    /// Right codes and confirmed pushes.
    pub confirmations: u64,
    /// Requests for a result that passed the login check, answered or not.
    pub polls: u64,
    /// Signatures made, each counted once however often it is fetched.
    pub signatures_made: u64,
    /// Drafts of Extern that were made; a repeated PUT makes none.
    pub drafts_created: u64,
    /// Docflows of Extern that came of a draft.
    pub docflows_created: u64,
    /// Replies of Extern that were sent, a package as one.
    pub replies_sent: u64,
    /// Signatures that AutoSignReceipts put under receipts.
    pub receipts_signed: u64,
    /// Calls of GetMyOrganizations that may register somebody, because `autoRegister` was not `false`.
    pub registrations: u64,
    /// Patches of messages that were done, repeats under one operationId not counted.
    pub patches: u64,
    /// Ordinary signatures that were put under documents, by patches, drafts and new messages.
    pub signatures_attached: u64,
    /// Approval signatures that were put under documents.
    pub approvals_attached: u64,
    /// Posted signatures that the service found invalid.
    pub signatures_invalid: u64,
    /// Posts under an operationId that had come before with another body.
    pub operation_ids_reused: u64,
    /// The largest number of service requests that were open at the same time.
    pub max_in_flight: u64,
}

/// One request to a service. Requests to `/_sandbox` and `/phone` are not recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The HTTP method.
    pub method: String,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The name of the endpoint, for example `CloudSign`; none for an unknown path.
    pub endpoint: Option<String>,
    /// The status that was sent; none when a fault left the request without a complete answer.
    pub status: Option<u16>,
    /// The sandbox's id of the operation that the request was about, if it was about one.
    pub operation: Option<String>,
}

/// For how many requests there is room from the start: the default of their limit.
const AT_ONCE: usize = 20_000;

/// The memory behind `/_sandbox/journal`.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    pub(crate) counters: Counters,
    /// Only so many are kept, so that a long-running server does not grow.
    requests: VecDeque<RequestRecord>,
    limit: usize,
    in_flight: u64,
    extern_in_flight: u64,
}

impl Journal {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            counters: Counters::default(),
            // All at once, so that it costs the same from the first request on.
            requests: VecDeque::with_capacity(limit.min(AT_ONCE)),
            limit,
            in_flight: 0,
            extern_in_flight: 0,
        }
    }

    pub(crate) fn record(&mut self, entry: RequestRecord) {
        while self.requests.len() >= self.limit.max(1) {
            self.requests.pop_front();
        }
        self.requests.push_back(entry);
    }

    /// The requests, newest last.
    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn enter(&mut self) {
        self.in_flight += 1;
        self.counters.max_in_flight = self.counters.max_in_flight.max(self.in_flight);
    }

    pub(crate) fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// A request that the limit of Extern counts.
    pub(crate) fn enter_extern(&mut self) {
        self.extern_in_flight += 1;
    }

    pub(crate) fn leave_extern(&mut self) {
        self.extern_in_flight = self.extern_in_flight.saturating_sub(1);
    }

    pub(crate) fn extern_in_flight(&self) -> u64 {
        self.extern_in_flight
    }

    /// Starts over, but keeps count of the requests that are still open.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            in_flight: self.in_flight,
            extern_in_flight: self.extern_in_flight,
            ..Self::new(self.limit)
        };
    }
}

//! The record of an operation before its start.
//!
//! **Invariant:** it has a name before anything is sent.

use podpis_core::wait::{OperationClient as _, OperationKind, Record as _};
use podpis_operation::{Fingerprint, Operation, OperationId, Timestamp};

use crate::{BoxId, Diadoc};

/// How an operation is named, and which earlier one it follows.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) id: OperationId,
    pub(crate) follows: Option<OperationId>,
}

impl Named {
    pub(crate) fn new() -> Self {
        Self {
            id: OperationId::random(),
            follows: None,
        }
    }

    /// The record of an operation that is about to be started; it lives in a box, unless its kind knows none.
    pub(crate) fn operation<K: OperationKind<Client = Diadoc>>(
        self,
        client: &Diadoc,
        in_box: Option<&BoxId>,
        files: Vec<Fingerprint>,
        record: &K::Record,
    ) -> Operation {
        let origin = client.origin();
        let origin = match in_box {
            Some(in_box) => origin.in_place(in_box.as_str()),
            None => origin,
        };
        let now = Timestamp::from(K::settings(client).time.now());
        let operation = Operation::prepare(K::KIND, origin, now)
            .with_id(self.id)
            .with_files(files)
            .with_data(record.to_data());
        match self.follows {
            Some(earlier) => operation.following(earlier),
            None => operation,
        }
    }
}

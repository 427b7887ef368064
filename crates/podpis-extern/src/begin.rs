//! An operation that was not started yet.
//!
//! **Invariant:** every record is made here, with the account as its place, so that none can be without one.

use podpis_core::Error;
use podpis_core::wait::{Conversation, OperationClient as _, Run};
use podpis_extern_model::AccountId;
use podpis_operation::{Fingerprint, Journal, Operation, OperationId, Timestamp};

use crate::Extern;

/// What all operations have in common.
pub(crate) struct Begin {
    pub(crate) client: Extern,
    pub(crate) account: AccountId,
    pub(crate) id: OperationId,
    pub(crate) follows: Option<OperationId>,
}

impl Begin {
    pub(crate) fn new(client: Extern, account: AccountId) -> Self {
        Self {
            client,
            account,
            id: OperationId::random(),
            follows: None,
        }
    }

    /// Makes the record, stores it, and sends the start.
    pub(crate) async fn start<K: Conversation<Client = Extern>>(
        self,
        journal: &dyn Journal,
        files: Vec<Fingerprint>,
        record: K::Record,
        request: K::Request,
    ) -> Result<Run<'_, K>, Error> {
        let now = Timestamp::from(self.client.runs().time.now());
        let origin = self.client.origin().in_place(self.account.as_str());
        let mut operation = Operation::prepare(K::KIND, origin, now)
            .with_id(self.id)
            .with_files(files);
        if let Some(earlier) = self.follows {
            operation = operation.following(earlier);
        }
        Run::start(self.client, journal, operation, record, request).await
    }
}

/// What can be set on every operation, for a struct with a `begin`, and what `Debug` shows of it.
macro_rules! can_be_named {
    ($name:ident, $($shown:ident),*) => {
        impl $name {
            /// Names the operation; a random id unless set.
            pub fn id(mut self, id: ::podpis_operation::OperationId) -> Self {
                self.begin.id = id;
                self
            }

            /// Notes that this operation repeats or continues an earlier one.
            pub fn follows(mut self, earlier: ::podpis_operation::OperationId) -> Self {
                self.begin.follows = Some(earlier);
                self
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("id", &self.begin.id)
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use can_be_named;

//! Decides how a world behaves where the services leave it open.
//!
//! **Invariant:** a default is what the wire description says, or else what a careful client finds hardest
//! to get wrong; everything else has to be asked for.

use std::time::Duration;

use crate::diadoc::{DiadocOptions, MessageOptions};
use crate::extern_api::{ExternOptions, Profile};
use crate::phone::{PhoneInfo, PhoneMode};
use crate::settings::{choices, settings};

choices! {
    /// What signatures, certificates and lists of a world are signed with.
    pub enum Signatures {
        /// P-256 with SHA-256: any OpenSSL can verify them. The root issues to people itself. The default.
        Ecdsa,
        /// GOST R 34.10-2012 with 256 bits and its digest, as real ones are, with an authority between the root and
        /// people. What can decrypt is RSA here too.
        Gost,
    }

    /// Where a wrong or late SMS code is reported; the sources disagree, so a client must take both.
    pub enum ConfirmErrors {
        /// `POST /CloudSignConfirm` answers 409 (the method's own page). The default.
        OnConfirm,
        /// `POST /CloudSignConfirm` answers 200 with a task, and `GET /CloudSignConfirmResult` answers 409.
        OnResult,
    }

    /// How often the signatures of one operation can be fetched.
    pub enum ResultDelivery {
        /// As often as wanted: a lost answer can be fetched again. The default.
        Repeatable,
        /// Once: after the first 200 the task is unknown (404), also when that answer was lost on the way.
        Once,
    }
}

impl Signatures {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Ecdsa, Self::Gost];
}

settings! {
    /// How many things a world remembers of each kind. The oldest are forgotten; what is seeded, and what still waits
    /// for something, is not.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Limits {
        /// Requests in the journal (20,000).
        requests: usize = 20_000,
        /// Messages on the virtual phone (2,000).
        phone_messages: usize = 2_000,
        /// Operations that ask a person, of each kind, and batches of receipts (2,000).
        operations: usize = 2_000,
        /// Tokens and codes of logins (10,000).
        tokens: usize = 10_000,
        /// Files on the shelf (5,000).
        shelf_files: usize = 5_000,
        /// Messages and drafts in the box of Diadoc (20,000).
        messages: usize = 20_000,
        /// Events in the feed of the box (40,000).
        events: usize = 40_000,
        /// Posts that are known by their operationId (20,000).
        operation_ids: usize = 20_000,
        /// Prepared contents of Diadoc (2,000).
        prepared: usize = 2_000,
        /// Drafts, docflows and replies of Extern, of each kind (10,000).
        drafts: usize = 10_000,
        /// Documents of docflows and contents of Extern, of each kind (40,000).
        contents: usize = 40_000,
        /// Tasks of Extern that need no person (10,000).
        tasks: usize = 10_000,
    }
}

settings! {
    /// The settings of a world.
    ///
    /// ```
    /// use std::time::Duration;
    /// use podpis_sandbox::{ConfirmErrors, PhoneMode, WorldOptions};
    ///
    /// let options = WorldOptions::default()
    ///     .processing(Duration::ZERO)
    ///     .confirm_errors(ConfirmErrors::OnResult)
    ///     .phone(PhoneMode::Manual, Duration::from_secs(2));
    /// # let _ = options;
    /// ```
    #[derive(Clone, Debug)]
    pub struct WorldOptions {
        /// How long each asynchronous step takes (300 ms): until the SMS goes out, and until signatures are ready.
        processing: Duration = Duration::from_millis(300),
        /// How long a login token lives (24 hours).
        token_life: Duration = Duration::from_secs(24 * 60 * 60),
        /// How often may be asked whether a login on another device was confirmed (3 s): in whole seconds, and as often as
        /// wanted with none.
        login_interval: Duration = Duration::from_secs(3),
        /// How long an SMS code is good (5 minutes), counted from the moment it was sent.
        code_life: Duration = Duration::from_secs(5 * 60),
        /// Which call reports a wrong or late code.
        confirm_errors: ConfirmErrors = ConfirmErrors::default(),
        /// Whether signatures can be fetched again.
        result_delivery: ResultDelivery = ResultDelivery::default(),
        /// What everything is signed with.
        signatures: Signatures = Signatures::default(),
        /// Whether signatures carry signed attributes (yes; of GOST they are CAdES-BES). Without them the value signs the content itself.
        signed_attributes: bool = true,
        /// Whether the signatures that a service makes carry a time stamp from the start (no). With it they are CAdES-T.
        time_stamps: bool = false,
        /// The URL at which the sandbox is reached, as its certificates say it: issuers and lists are at `/_sandbox/ca/`
        /// there. Without one, [`Sandbox::start`](crate::Sandbox::start) takes that at which it listens; elsewhere certificates
        /// name none.
        address: Option<String> = None,
        /// For how long a revocation list says that it counts (10 s). It is made anew whenever it is asked for.
        list_life: Duration = Duration::from_secs(10),
        /// The largest file on the shelf in bytes (400 MiB); a test can lower it.
        shelf_file_limit: u64 = 400 * 1024 * 1024,
        /// How many things are remembered.
        limits: Limits = Limits::default(),
        /// What ids, tokens and codes are made from. Two worlds with one seed and one history are alike.
        seed: String: from impl Into<String> = "podpis".to_owned(),
        /// How many wrong codes end an operation (3). Zero counts as one.
        code_attempts: u32 = 3,
        /// How many digits a code has: 4 to 12 (6).
        code_length: usize = 6,
        /// How the virtual phone behaves, and how late a message reaches it.
        phone_settings: PhoneInfo = PhoneInfo::default(),
        /// What `forceConfirmation` of Extern means; the sources contradict each other.
        profile: Profile = Profile::default(),
        /// How Extern behaves and spells.
        extern_options: ExternOptions = ExternOptions::default(),
        /// How DssSign, AutoSignReceipts and the certificates of Diadoc behave.
        diadoc_options: DiadocOptions = DiadocOptions::default(),
        /// How messages of Diadoc, their signatures and posts behave.
        message_options: MessageOptions = MessageOptions::default(),
    }
}

impl WorldOptions {
    /// How the virtual phone behaves, and how late a message reaches it.
    #[must_use]
    pub fn phone(self, mode: PhoneMode, delay: Duration) -> Self {
        self.phone_settings(PhoneInfo::new(mode, delay))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::WorldOptions;

    #[test]
    fn options_are_their_own_json_and_what_is_left_out_is_the_default() {
        let some = json!({
            "seed": "other",
            "limits": { "requests": 5 },
            "confirm_errors": "on_result",
            "extern_options": { "spelling": { "progress": "kebab" } },
        });
        let options: WorldOptions = serde_json::from_value(some).unwrap();
        let seen = (options.limits.requests, options.limits.phone_messages);
        assert_eq!(seen, (5, 2_000));
        let whole = serde_json::to_value(&options).unwrap();
        assert_eq!(whole["extern_options"]["spelling"]["progress"], "kebab");
        let again: WorldOptions = serde_json::from_value(whole.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), whole);
        let unknown = serde_json::from_value::<WorldOptions>(json!({ "sead": 1 }));
        assert!(unknown.is_err(), "a name that no setting has");
    }
}

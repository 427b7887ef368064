//! Decides how a world behaves where the services leave it open.
//!
//! **Invariant:** a default is what the wire description says, or else what a careful client finds hardest
//! to get wrong; everything else has to be asked for.

use std::time::Duration;

use crate::diadoc::{DiadocOptions, MessageOptions};
use crate::extern_api::{ExternOptions, Profile};
use crate::phone::{Phone, PhoneMode};

/// Where a wrong or late SMS code is reported; the sources disagree, so a client must take both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfirmErrors {
    /// `POST /CloudSignConfirm` answers 409 (the method's own page). The default.
    #[default]
    OnConfirm,
    /// `POST /CloudSignConfirm` answers 200 with a task, and `GET /CloudSignConfirmResult` answers 409.
    OnResult,
}

/// How often the signatures of one operation can be fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResultDelivery {
    /// As often as wanted: a lost answer can be fetched again. The default.
    #[default]
    Repeatable,
    /// Once: after the first 200 the task is unknown (404), also when that answer was lost on the way.
    Once,
}

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
    pub(crate) seed: String,
    pub(crate) processing: Duration,
    pub(crate) token_life: Duration,
    pub(crate) code_life: Duration,
    pub(crate) code_attempts: u32,
    pub(crate) code_length: usize,
    pub(crate) confirm_errors: ConfirmErrors,
    pub(crate) result_delivery: ResultDelivery,
    pub(crate) signed_attributes: bool,
    pub(crate) shelf_file_limit: u64,
    pub(crate) phone: Phone,
    pub(crate) external: ExternOptions,
    pub(crate) diadoc: DiadocOptions,
    pub(crate) messages: MessageOptions,
}

impl Default for WorldOptions {
    fn default() -> Self {
        Self {
            seed: "podpis".to_owned(),
            processing: Duration::from_millis(300),
            token_life: Duration::from_secs(24 * 60 * 60),
            code_life: Duration::from_secs(5 * 60),
            code_attempts: 3,
            code_length: 6,
            confirm_errors: ConfirmErrors::default(),
            result_delivery: ResultDelivery::default(),
            signed_attributes: true,
            shelf_file_limit: 400 * 1024 * 1024,
            phone: Phone::default(),
            external: ExternOptions::default(),
            diadoc: DiadocOptions::default(),
            messages: MessageOptions::default(),
        }
    }
}

impl WorldOptions {
    /// What ids, tokens and codes are made from. Two worlds with one seed and one history are alike.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<String>) -> Self {
        self.seed = seed.into();
        self
    }

    /// How long each asynchronous step takes (300 ms): until the SMS goes out, and until signatures are ready.
    #[must_use]
    pub fn processing(mut self, time: Duration) -> Self {
        self.processing = time;
        self
    }

    /// How long a login token lives (24 hours).
    #[must_use]
    pub fn token_life(mut self, time: Duration) -> Self {
        self.token_life = time;
        self
    }

    /// How long an SMS code is good (5 minutes), counted from the moment it was sent.
    #[must_use]
    pub fn code_life(mut self, time: Duration) -> Self {
        self.code_life = time;
        self
    }

    /// How many wrong codes end an operation (3). Zero counts as one.
    #[must_use]
    pub fn code_attempts(mut self, attempts: u32) -> Self {
        self.code_attempts = attempts.max(1);
        self
    }

    /// How many digits a code has: 4 to 12 (6).
    #[must_use]
    pub fn code_length(mut self, digits: usize) -> Self {
        self.code_length = digits.clamp(4, 12);
        self
    }

    /// Which call reports a wrong or late code.
    #[must_use]
    pub fn confirm_errors(mut self, place: ConfirmErrors) -> Self {
        self.confirm_errors = place;
        self
    }

    /// Whether signatures can be fetched again.
    #[must_use]
    pub fn result_delivery(mut self, delivery: ResultDelivery) -> Self {
        self.result_delivery = delivery;
        self
    }

    /// Whether signatures carry signed attributes (yes). Without them the value signs the content itself.
    #[must_use]
    pub fn signed_attributes(mut self, present: bool) -> Self {
        self.signed_attributes = present;
        self
    }

    /// The largest file on the shelf in bytes (400 MiB); a test can lower it.
    #[must_use]
    pub fn shelf_file_limit(mut self, bytes: u64) -> Self {
        self.shelf_file_limit = bytes;
        self
    }

    /// How the virtual phone behaves, and how late a message reaches it.
    #[must_use]
    pub fn phone(mut self, mode: PhoneMode, delay: Duration) -> Self {
        self.phone = Phone { mode, delay };
        self
    }

    /// What `forceConfirmation` of Extern means; the sources contradict each other.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.external.profile = profile;
        self
    }

    /// How Extern behaves and spells. The profile stays as [`profile`](Self::profile) set it.
    #[must_use]
    pub fn extern_options(mut self, options: ExternOptions) -> Self {
        let profile = self.external.profile;
        self.external = ExternOptions { profile, ..options };
        self
    }

    /// How DssSign, AutoSignReceipts and the certificates of Diadoc behave.
    #[must_use]
    pub fn diadoc_options(mut self, options: DiadocOptions) -> Self {
        self.diadoc = options;
        self
    }

    /// How messages of Diadoc, their signatures and posts behave.
    #[must_use]
    pub fn message_options(mut self, options: MessageOptions) -> Self {
        self.messages = options;
        self
    }
}

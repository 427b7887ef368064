//! Decides how Diadoc behaves where its sources contradict each other or say nothing.
//!
//! **Invariant:** every contradiction is a choice with a name here, never a number hidden in a handler; a client
//! that works with every choice works with either reading of the sources.

/// How `GET /DssSignResult` says that an operation still runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DssRunning {
    /// 200 with `OperationStatus` InProgress, as documented. The default.
    #[default]
    InProgress,
    /// 204 with `Retry-After`, as every other asynchronous method of Diadoc.
    NoContent,
}

/// Whether AutoSignReceipts still exists; the SDKs dropped it in January 2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptsMethod {
    /// It works. The default.
    #[default]
    Offered,
    /// Both paths are 404.
    NotFound,
    /// Both paths are 410.
    Gone,
}

/// What `NextBatchKey` is when no receipt is left; no source says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LastBatchKey {
    /// Empty. The default.
    #[default]
    Empty,
    /// Not there, although the field is required.
    Absent,
    /// A key that signs nothing and gives itself.
    Repeating,
    /// A key that signs nothing and gives another one, for ever.
    NeverEnding,
}

/// The layout of AutosignReceiptsResult.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptsLayout {
    /// The count is field 1 and the key field 2. The default.
    #[default]
    Current,
    /// The other way round, as until November 2017.
    Before2017,
}

/// The settings of Diadoc, given to [`WorldOptions::diadoc_options`](crate::WorldOptions::diadoc_options).
///
/// ```
/// use podpis_sandbox::{DiadocOptions, LastBatchKey, WorldOptions};
///
/// let options = WorldOptions::default().diadoc_options(
///     DiadocOptions::default()
///         .retries_required(2)
///         .receipts(250)
///         .last_batch_key(LastBatchKey::Repeating),
/// );
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiadocOptions {
    pub(crate) dss_running: DssRunning,
    pub(crate) confirm_type: Option<i32>,
    pub(crate) operator: Option<i32>,
    pub(crate) retries_required: u64,
    pub(crate) valid_certificates_only: bool,
    pub(crate) receipts: usize,
    pub(crate) receipts_batch: usize,
    pub(crate) receipts_method: ReceiptsMethod,
    pub(crate) receipts_layout: ReceiptsLayout,
    pub(crate) receipts_signed_again: bool,
    pub(crate) last_batch_key: LastBatchKey,
}

impl Default for DiadocOptions {
    fn default() -> Self {
        Self {
            dss_running: DssRunning::default(),
            confirm_type: Some(2),
            operator: Some(2),
            retries_required: 0,
            valid_certificates_only: false,
            receipts: 3,
            receipts_batch: 100,
            receipts_method: ReceiptsMethod::default(),
            receipts_layout: ReceiptsLayout::default(),
            receipts_signed_again: false,
            last_batch_key: LastBatchKey::default(),
        }
    }
}

impl DiadocOptions {
    /// How a DssSign that still runs is told.
    #[must_use]
    pub fn dss_running(mut self, form: DssRunning) -> Self {
        self.dss_running = form;
        self
    }

    /// The `ConfirmType` of every DssSign by certificate: any number, or none to leave it out (2, MyDss).
    #[must_use]
    pub fn confirm_type(mut self, number: impl Into<Option<i32>>) -> Self {
        self.confirm_type = number.into();
        self
    }

    /// The `Operator` of every DssSign: any number, or none to leave it out (2, Kontur).
    #[must_use]
    pub fn operator(mut self, number: impl Into<Option<i32>>) -> Self {
        self.operator = number.into();
        self
    }

    /// How many accepted starts of DssSign end with OperationRetryRequired, before anybody is asked (none).
    #[must_use]
    pub fn retries_required(mut self, starts: u64) -> Self {
        self.retries_required = starts;
        self
    }

    /// Whether GetMyCertificates leaves out certificates that are not valid now, as newer pages say (no).
    #[must_use]
    pub fn valid_certificates_only(mut self, only: bool) -> Self {
        self.valid_certificates_only = only;
        self
    }

    /// How many receipts wait in the box (3).
    #[must_use]
    pub fn receipts(mut self, number: usize) -> Self {
        self.receipts = number;
        self
    }

    /// How many receipts one batch signs (100). Zero counts as one.
    #[must_use]
    pub fn receipts_batch(mut self, number: usize) -> Self {
        self.receipts_batch = number.max(1);
        self
    }

    /// Whether AutoSignReceipts exists.
    #[must_use]
    pub fn receipts_method(mut self, method: ReceiptsMethod) -> Self {
        self.receipts_method = method;
        self
    }

    /// The layout of AutosignReceiptsResult.
    #[must_use]
    pub fn receipts_layout(mut self, layout: ReceiptsLayout) -> Self {
        self.receipts_layout = layout;
        self
    }

    /// Whether a batch signs its receipts again when another one has signed them before (no). With it,
    /// [`ReceiptInfo::signed`](crate::ReceiptInfo::signed) shows a client that repeats a batch.
    #[must_use]
    pub fn receipts_signed_again(mut self, again: bool) -> Self {
        self.receipts_signed_again = again;
        self
    }

    /// What `NextBatchKey` is when no receipt is left.
    #[must_use]
    pub fn last_batch_key(mut self, key: LastBatchKey) -> Self {
        self.last_batch_key = key;
        self
    }
}

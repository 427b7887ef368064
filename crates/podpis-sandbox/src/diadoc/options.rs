//! Decides how Diadoc behaves where its sources contradict each other or say nothing.
//!
//! **Invariant:** every contradiction is a choice with a name here, never a number hidden in a handler; a client
//! that works with every choice works with either reading of the sources.

use crate::settings::{choices, settings};

choices! {
    /// How `GET /DssSignResult` says that an operation still runs.
    pub enum DssRunning {
        /// 200 with `OperationStatus` InProgress, as documented. The default.
        InProgress,
        /// 204 with `Retry-After`, as every other asynchronous method of Diadoc.
        NoContent,
    }

    /// Whether AutoSignReceipts still exists; the SDKs dropped it in January 2026.
    pub enum ReceiptsMethod {
        /// It works. The default.
        Offered,
        /// Both paths are 404.
        NotFound,
        /// Both paths are 410.
        Gone,
    }

    /// What `NextBatchKey` is when no receipt is left; no source says it.
    pub enum LastBatchKey {
        /// Empty. The default.
        Empty,
        /// Not there, although the field is required.
        Absent,
        /// A key that signs nothing and gives itself.
        Repeating,
        /// A key that signs nothing and gives another one, for ever.
        NeverEnding,
    }

    /// The layout of AutosignReceiptsResult.
    pub enum ReceiptsLayout {
        /// The count is field 1 and the key field 2. The default.
        Current,
        /// The other way round, as until November 2017.
        Before2017,
    }
}

settings! {
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
        /// How a DssSign that still runs is told.
        dss_running: DssRunning = DssRunning::default(),
        /// How many accepted starts of DssSign end with OperationRetryRequired, before anybody is asked (none).
        retries_required: u64 = 0,
        /// Whether GetMyCertificates leaves out certificates that are not valid now, as newer pages say (no).
        valid_certificates_only: bool = false,
        /// Whether GetMyCertificates lists one of a type that no schema has (no): a closed-enum reader misses its required
        /// type and refuses the whole list.
        unknown_certificate_type: bool = false,
        /// Whether DssSign takes a name on the shelf without `__userId__/` (no; one old document shows it so).
        bare_shelf_names: bool = false,
        /// Whether AutoSignReceipts takes DSS certificates too (no; only Kontur.Certificates work in the service).
        dss_receipts: bool = false,
        /// Whether some documents of a locked packet can be signed without the others (no; the service answers 409).
        locked_packets_in_part: bool = false,
        /// How many receipts wait in the box (3).
        receipts: usize = 3,
        /// Whether AutoSignReceipts exists.
        receipts_method: ReceiptsMethod = ReceiptsMethod::default(),
        /// The layout of AutosignReceiptsResult.
        receipts_layout: ReceiptsLayout = ReceiptsLayout::default(),
        /// Whether a batch signs its receipts again when another one has signed them before (no). With it,
        /// [`ReceiptInfo::signed`](crate::ReceiptInfo::signed) shows a client that repeats a batch.
        receipts_signed_again: bool = false,
        /// What `NextBatchKey` is when no receipt is left.
        last_batch_key: LastBatchKey = LastBatchKey::default(),
        /// The `ConfirmType` of every DssSign by certificate: any number, or none to leave it out (2, MyDss).
        confirm_type: Option<i32>: from impl Into<Option<i32>> = Some(2),
        /// The `Operator` of every DssSign: any number, or none to leave it out (2, Kontur).
        operator: Option<i32>: from impl Into<Option<i32>> = Some(2),
        /// How many receipts one batch signs (100). Zero counts as one.
        receipts_batch: usize = 100,
    }
}

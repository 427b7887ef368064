//! Every body of Kontur.Extern.

use podpis::extern_api::model::{
    AccountList, ApiError, ApiTask, CertificateList, CheckResult, ContentReference,
    CryptOperationStatus, DecryptInit, DecryptionResult, Docflow, DocflowDocumentDescription,
    DocflowPage, Document, Draft, DraftDocument, DraftMeta, Link, PfrReply, PfrReplyDocument,
    PfrSignConfirmed, PfrSignInit, PrepareResult, ReplyDocument, SendFailure, SignConfirmed,
    SignInit, Signature, TaskPage, UploadAnswer, read, read_bytes, read_code,
};
use serde::de::DeserializeOwned;

use super::bytes::changed;
use super::corpus::files;
use super::json::change_json;
use super::run::{Bound, Linear, Tried, fuzz};

/// Thirty readers, and each that refuses says where: brackets in brackets are a step of that for each byte.
const BOUND: Bound = Bound {
    allocations: Linear {
        least: 500,
        per_byte: 60,
    },
    bytes: Linear {
        least: 100_000,
        per_byte: 4_000,
    },
};

fn one<T: DeserializeOwned + std::fmt::Debug>(bytes: &[u8]) {
    match read::<T>(bytes) {
        Ok(model) => drop(format!("{model:?}")),
        Err(error) => drop(error.to_string()),
    }
}

macro_rules! models {
    ($($model:ident)*) => {
        &[$(one::<$model>,)*]
    };
}

const MODELS: &[fn(&[u8])] = models! {
    AccountList ApiError ApiTask CertificateList CheckResult ContentReference CryptOperationStatus DecryptInit Docflow
    DocflowDocumentDescription DocflowPage Document Draft DraftDocument DraftMeta Link PfrReply PfrReplyDocument PfrSignConfirmed
    PfrSignInit PrepareResult ReplyDocument SendFailure SignConfirmed SignInit Signature TaskPage UploadAnswer
};

pub(super) fn extern_models() {
    let seeds = files(&["podpis-extern-model/tests/fixtures"], ".json");
    fuzz("extern_models", 1_000, BOUND, |numbers| {
        let input = changed(&seeds, change_json, numbers);
        Tried::new(input, |bytes| {
            for model in MODELS {
                model(bytes);
            }
            let json = Some("application/json; charset=utf-8");
            let _ = DecryptionResult::read(json, bytes).is_ok();
            let _ = read_bytes(json, bytes).is_ok();
            let _ = read_code(bytes).is_ok();
        })
    });
}

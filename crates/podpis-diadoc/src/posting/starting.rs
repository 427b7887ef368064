//! Stores a posting and sends it.
//!
//! **Invariant:** the operationId is the id of the record and a GUID, and goes with one body.

use podpis_core::wait::{Beginning, Prepared, Run};
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Fingerprint, Journal};

use super::record::{Record, postings_in};
use super::{Outgoing, Posting};
use crate::document_signature::{Breach, Rule};
use crate::{Diadoc, EntityId};

/// The start of all postings.
pub(super) async fn start<'j>(
    begin: Beginning<Diadoc>,
    journal: &'j dyn Journal,
    outgoing: &Outgoing,
    files: Vec<Fingerprint>,
) -> Result<Run<'j, Posting>, Error> {
    if !is_guid(begin.id.as_str()) {
        let text = format!(
            "`{}` is not a GUID, and the id of a posting is its operationId",
            begin.id
        );
        return Err(Error::new(ErrorKind::InvalidInput, text));
    }
    let record = Record::new(outgoing, begin.id.as_str());
    refuse_another_body(journal, &record).await?;
    let prepared = Prepared::new(record, ());
    let prepared = prepared.in_place(outgoing.in_box.as_str()).about(files);
    begin.start(journal, prepared).await
}

/// The service answers a known id with what came of the first body, whatever the second one says.
async fn refuse_another_body(journal: &dyn Journal, record: &Record) -> Result<(), Error> {
    let open = journal.open().await.map_err(Error::from)?;
    for operation in open {
        let is_other = |earlier: &Record| {
            let (known, new) = (&earlier.operation_id, &record.operation_id);
            known.eq_ignore_ascii_case(new) && earlier.body != record.body
        };
        if postings_in(&operation).iter().any(is_other) {
            let text = format!(
                "the operationId {} was used for another body, in operation {}",
                record.operation_id,
                operation.id()
            );
            let breach = Breach::new(Rule::Ops1, text);
            return Err(Error::from(breach).with_operation(&operation));
        }
    }
    Ok(())
}

/// One patch, or one sent draft, has one ordinary signature of a document.
pub(super) fn refuse_two<'s>(parents: impl Iterator<Item = &'s EntityId>) -> Result<(), Breach> {
    let mut seen: Vec<&EntityId> = Vec::new();
    for parent in parents {
        let is_known = |other: &&EntityId| other.as_str().eq_ignore_ascii_case(parent.as_str());
        if seen.iter().any(is_known) {
            let text = format!("there are two ordinary signatures of {parent}");
            return Err(Breach::new(Rule::Sig1, text));
        }
        seen.push(parent);
    }
    Ok(())
}

fn is_guid(text: &str) -> bool {
    // The other forms that a GUID may have are not those of an operationId.
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

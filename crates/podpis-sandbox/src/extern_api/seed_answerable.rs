//! Decides which docflow waits for replies of every sort.
//!
//! **Invariant:** nobody has begun to answer it, and it is finished when each of its documents was replied to.

use super::info::ExternAnswerableInfo;
use super::seed_docflows::{add, add_docflow, docflow, plan};
use super::seed_ids::{Of, id};
use super::sending::FNS_RECEIPT;
use super::state::Extern;
use super::things::Agency;

pub(super) fn seed(external: &mut Extern) -> ExternAnswerableInfo {
    let at = external.docflows.all().count();
    let number = at + 1;
    let kind = "urn:docflow:fns534-report";
    add_docflow(external, docflow(number, Agency::Fns, kind, false));
    let receipt = |kind, filename| plan(at, kind, filename).replies(FNS_RECEIPT);
    let related = external.documents.all().count() + 1;
    let plans = [
        receipt(
            "urn:document:fns534-report-acceptance-result-positive",
            "KV_0087_2.xml",
        ),
        receipt(
            "urn:document:fns534-report-processing-result-ok",
            "UV_0087_2.xml",
        ),
        // No docflow of the service mixes authorities; here a program meets a package on its one way through.
        plan(at, "urn:document:pfr-report-protocol", "protocol_2.xml")
            .replies(&["pfr-report-protocol-reply"])
            .package(),
        plan(
            at,
            "urn:document:fns534-inventory-acceptance-result-positive",
            "KV_OPIS_0087_2.xml",
        )
        .replies(&["fns534-demand-inventory-receipt"])
        .in_inventory_of(related),
    ];
    ExternAnswerableInfo {
        docflow: id(Of::Docflow, number),
        documents: plans.iter().map(|plan| add(external, plan).1).collect(),
    }
}

//! Decides what becomes of a draft that is sent, and how the authority answers it.
//!
//! **Invariant:** a draft becomes one docflow; what the authority sends follows from the recipient alone, and comes
//! at moments that were settled when the draft was sent.

use bytes::Bytes;
use serde_json::Value;

use super::state::Room;
use super::things::{
    Agency, Arrival, Compression, Docflow, Document, Draft, Part, Readable, Signature,
};
use crate::moment::Moment;

/// The fields of a recipient, with what each means.
pub(super) const RECIPIENTS: [(&str, Agency, &str); 7] = [
    ("ifns-code", Agency::Fns, "urn:docflow:fns534-report"),
    ("mri-code", Agency::Fns, "urn:docflow:fns534-report"),
    ("togs-code", Agency::Rosstat, "urn:docflow:stat-report"),
    ("upfr-code", Agency::Pfr, "urn:docflow:pfr-report"),
    ("sfr-code", Agency::Pfr, "urn:docflow:pfr-report"),
    ("fss-code", Agency::Other, "urn:docflow:fss-report"),
    ("mvd-code", Agency::Other, "urn:docflow:mvd-notification"),
];

pub(super) const NEUTRAL: &str = "urn:docflow-state:neutral";
pub(super) const SUCCESSFUL: &str = "urn:docflow-state:successful";
const FAILED: &str = "urn:docflow-state:failed";
const WARNING: &str = "urn:docflow-state:warning";

pub(super) const FNS_RECEIPT: &[&str] = &["fns534-report-receipt"];
const ROSTAT_RECEIPT: &[&str] = &["stat-report-receipt"];
const PENSION_REPLY: &[&str] = &["pfr-report-protocol-reply"];

/// To whom a draft goes: authority, kind of docflow, code.
fn recipient(draft: &Draft) -> (Agency, &'static str, &str) {
    let recipient = &draft.meta["recipient"];
    RECIPIENTS
        .iter()
        .find_map(|(field, agency, kind)| {
            let code = recipient[*field].as_str()?;
            Some((*agency, *kind, code))
        })
        .unwrap_or((Agency::Other, "urn:docflow:unknown", ""))
}

pub(super) fn is_pension(draft: &Draft) -> bool {
    recipient(draft).0 == Agency::Pfr
}

/// What the authority sends, one after the other, each with what it makes of the docflow.
fn answers(
    agency: Agency,
    code: &str,
) -> Vec<(&'static str, &'static [&'static str], &'static str)> {
    let confirmed = (
        "urn:document:fns534-report-date-confirmation",
        &[] as &[_],
        NEUTRAL,
    );
    let accepted = "urn:document:fns534-report-acceptance-result-positive";
    match (agency, code) {
        (Agency::Fns, "0088") => vec![
            confirmed,
            (
                "urn:document:fns534-report-acceptance-result-negative",
                FNS_RECEIPT,
                FAILED,
            ),
        ],
        (Agency::Fns, "0085") => vec![
            confirmed,
            (accepted, FNS_RECEIPT, NEUTRAL),
            (
                "urn:document:fns534-report-processing-result-precise",
                FNS_RECEIPT,
                WARNING,
            ),
        ],
        (Agency::Fns, _) => vec![
            confirmed,
            (accepted, FNS_RECEIPT, NEUTRAL),
            (
                "urn:document:fns534-report-processing-result-ok",
                FNS_RECEIPT,
                SUCCESSFUL,
            ),
        ],
        (Agency::Rosstat, _) => vec![(
            "urn:document:stat-report-protocol-v2-positive",
            ROSTAT_RECEIPT,
            SUCCESSFUL,
        )],
        (Agency::Pfr, _) => vec![(
            "urn:document:pfr-report-protocol",
            PENSION_REPLY,
            SUCCESSFUL,
        )],
        (Agency::Other, _) => vec![("urn:document:fss-report-receipt", &[], SUCCESSFUL)],
    }
}

/// Makes the docflow of a draft, with its documents and their signatures.
pub(super) fn send(room: &mut Room<'_>, index: usize, at: Moment) -> Option<usize> {
    let draft = room.own.drafts.get(index)?.clone();
    let (agency, kind, code) = recipient(&draft);
    let options = &room.own.options;
    let (indexed, step) = (at.after(options.indexing_time), options.authority_time);
    let mut moment = at;
    let mut arrivals: Vec<Arrival> = answers(agency, code)
        .into_iter()
        .map(|(kind, reply_kinds, success)| {
            moment = moment.after(step);
            Arrival {
                at: moment,
                kind,
                reply_kinds,
                success,
            }
        })
        .collect();
    arrivals.reverse();
    let payer = &draft.meta["payer"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let next = arrivals.last().map(|next| next.at);
    let id = room.guid();
    let docflow = Docflow {
        id: id.clone(),
        account: draft.account,
        agency,
        kind,
        inn: text(&payer["inn"]).unwrap_or_default(),
        kpp: text(&payer["organization"]["kpp"]),
        sent: at,
        changed: at,
        indexed,
        arrivals,
        success: NEUTRAL,
        ..Docflow::default()
    };
    let docflow = room.own.docflows.add(docflow, [&*id]);
    room.own.arrivals.extend(next.map(|at| (at, docflow)));
    for part in draft.parts {
        add_sent(room, docflow, part, at);
    }
    if let Some(draft) = room.own.drafts.get_mut(index) {
        draft.docflow = Some(docflow);
    }
    room.counters().docflows_created += 1;
    Some(docflow)
}

fn add_sent(room: &mut Room<'_>, docflow: usize, part: Part, at: Moment) {
    let signatures: Vec<Signature> = part.signatures().cloned().collect();
    if let Some(id) = &part.content_id {
        room.own.contents.keep_forever(id);
    }
    let id = room.guid();
    let document = Document {
        id,
        docflow,
        kind: part
            .kind
            .unwrap_or_else(|| "urn:document:fns534-report-attachment".to_owned()),
        filename: part.filename,
        content_type: part.content_type,
        sent: at,
        plain: part.content.unwrap_or_default(),
        readable: part
            .content_id
            .map(|content_id| Readable {
                content_id,
                compression: Compression::None,
            })
            .into_iter()
            .collect(),
        signatures,
        ..Document::default()
    };
    room.own.add_document(document, false);
}

/// Lets everything arrive that authorities have sent up to `now`.
pub(super) fn settle(room: &mut Room<'_>, now: Moment) {
    while let Some((_, docflow)) = room
        .own
        .arrivals
        .first()
        .copied()
        .filter(|next| next.0 <= now)
    {
        room.own.arrivals.pop_first();
        arrive(room, docflow);
    }
}

fn arrive(room: &mut Room<'_>, index: usize) {
    let Some(docflow) = room.own.docflows.get_mut(index) else {
        return;
    };
    let Some(arrival) = docflow.arrivals.pop() else {
        return;
    };
    let next = docflow.arrivals.last().map(|next| (next.at, index));
    docflow.changed = arrival.at;
    docflow.success = arrival.success;
    let (account, package) = (docflow.account, docflow.agency == Agency::Pfr);
    room.own.arrivals.extend(next);
    let (id, content_id) = (room.guid(), room.guid());
    let name = arrival.kind.rsplit(':').next().unwrap_or(arrival.kind);
    let plain = Bytes::from(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Документ>{id}</Документ><Вид>{name}</Вид></Файл>\n"
    ));
    room.own
        .contents
        .keep(&content_id, account, "application/xml", plain.clone());
    let document = Document {
        id,
        docflow: index,
        kind: arrival.kind.to_owned(),
        filename: format!("{name}.xml"),
        content_type: "application/xml".to_owned(),
        sent: arrival.at,
        plain: plain.into(),
        readable: vec![Readable {
            content_id,
            compression: Compression::None,
        }],
        reply_kinds: arrival.reply_kinds.to_vec(),
        package: package && !arrival.reply_kinds.is_empty(),
        ..Document::default()
    };
    room.own.add_document(document, false);
}

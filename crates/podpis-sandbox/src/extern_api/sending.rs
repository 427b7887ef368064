//! Decides what becomes of a draft that is sent, and how the authority answers it.
//!
//! **Invariant:** a draft becomes one docflow; what the authority sends follows from the recipient alone, and comes
//! at moments that were settled when the draft was sent.

use std::time::Duration;

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

/// What an authority sends in a flow, one after the other: the tax service by the code of its office, where that is told
/// from others. Each with the reply it asks for and with what it makes of the docflow.
const ANSWERS: &str = "\
    0088 fns534-report-date-confirmation - neutral
    0088 fns534-report-acceptance-result-negative fns534-report-receipt failed
    0085 fns534-report-date-confirmation - neutral
    0085 fns534-report-acceptance-result-positive fns534-report-receipt neutral
    0085 fns534-report-processing-result-precise fns534-report-receipt warning
    fns534-report fns534-report-date-confirmation - neutral
    fns534-report fns534-report-acceptance-result-positive fns534-report-receipt neutral
    fns534-report fns534-report-processing-result-ok fns534-report-receipt successful
    stat-report stat-report-protocol-v2-positive stat-report-receipt successful
    pfr-report pfr-report-protocol pfr-report-protocol-reply successful
    fss-report fss-report-receipt - successful
    mvd-notification mvd-notification-epgu-receipt - successful";

/// What comes of a draft that is sent at a moment, the last first.
fn arrivals(flow: &str, code: &str, sent: Moment, step: Duration) -> Vec<Arrival> {
    let who = match (flow, code) {
        ("fns534-report", "0085" | "0088") => code,
        _ => flow,
    };
    let mut at = sent;
    let mut arrivals = Vec::new();
    for row in ANSWERS.lines() {
        let mut words = row.split_whitespace();
        if words.next() == Some(who) {
            let mut word = || words.next().unwrap_or_default();
            at = at.after(step);
            arrivals.push(Arrival {
                at,
                name: word(),
                reply_kind: Some(word()).filter(|kind| *kind != "-"),
                success: word(),
            });
        }
    }
    arrivals.reverse();
    arrivals
}

/// Makes the docflow of a draft, with its documents and their signatures.
pub(super) fn send(room: &mut Room, index: usize, at: Moment) -> Option<usize> {
    let draft = room.own.drafts.get(index)?.clone();
    let (agency, kind, code) = recipient(&draft);
    let options = &room.own.options;
    let (indexed, step) = (at.after(options.indexing_time), options.authority_time);
    let flow = kind.trim_start_matches("urn:docflow:");
    let arrivals = arrivals(flow, code, at, step);
    let payer = &draft.meta["payer"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let next = arrivals.last().map(|next| next.at);
    let docflow = Docflow {
        id: room.guid(),
        account: draft.account,
        agency,
        kind,
        inn: text(&payer["inn"]).unwrap_or_default(),
        kpp: text(&payer["organization"]["kpp"]),
        sent: at,
        changed: at,
        indexed,
        arrivals,
        success: "neutral",
        ..Docflow::default()
    };
    let docflow = room.own.add_docflow(docflow, false);
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

fn add_sent(room: &mut Room, docflow: usize, part: Part, at: Moment) {
    let signatures: Vec<Signature> = part.signatures().cloned().collect();
    if let Some(id) = &part.content_id {
        room.own.contents.keep_forever(id);
    }
    let id = room.guid();
    let flow = room.own.docflows.get(docflow).map_or("", |it| it.kind);
    let own = flow.replace("urn:docflow:", "urn:document:");
    let document = Document {
        id,
        docflow,
        kind: part.kind.unwrap_or(own),
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
pub(super) fn settle(room: &mut Room, now: Moment) {
    room.own.index(now);
    while let Some((at, docflow)) = room.own.arrivals.first().copied()
        && at <= now
    {
        room.own.arrivals.pop_first();
        arrive(room, docflow);
    }
}

fn arrive(room: &mut Room, index: usize) {
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
    let name = arrival.name;
    let plain = Bytes::from(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Документ>{id}</Документ><Вид>{name}</Вид></Файл>\n"
    ));
    room.own
        .contents
        .keep(&content_id, account, "application/xml", plain.clone());
    let signature_id = room.guid();
    let signature =
        (room.own).signed_by_official(signature_id, &plain, arrival.at, &room.shared.manner);
    let document = Document {
        id,
        docflow: index,
        kind: format!("urn:document:{name}"),
        filename: format!("{name}.xml"),
        content_type: "application/xml".to_owned(),
        sent: arrival.at,
        plain: plain.into(),
        readable: vec![Readable {
            content_id,
            compression: Compression::None,
        }],
        reply_kinds: arrival.reply_kind.into_iter().collect(),
        package: package && arrival.reply_kind.is_some(),
        signatures: signature.into_iter().collect(),
        ..Document::default()
    };
    room.own.add_document(document, false);
}

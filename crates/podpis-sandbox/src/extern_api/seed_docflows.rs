//! Decides which docflows, documents and replies are in Extern from the start.
//!
//! **Invariant:** for every flow there is a document that needs nothing else to be done first, once for a
//! confirmation in the app and once for an SMS. The last docflow waits for replies of every sort: nobody has begun to
//! answer it, and it is finished when each of its documents was replied to.

use bytes::Bytes;

use super::info::{
    ExternAnswerableInfo, ExternEncryptedDocumentInfo, ExternEncryptedInfo, ExternPlace,
    ExternRepliesInfo, ExternReplyInfo,
};
use super::packing;
use super::seed_ids::{
    DSS, DSS_ENCRYPTION, INN, KPP, Of, SMS, SMS_ENCRYPTION, id, reply_content, reply_parts,
};
use super::state::Extern;
use super::things::{
    Agency, Compression, Docflow, Document, Encryption, Inventory, Readable, Reply,
};
use crate::moment::Moment;
use crate::signer::{Manner, encrypt_for};

pub(super) const FNS: usize = 0;
const DEMAND: usize = 1;

/// The docflows: authority, kind, and whether the authority began it.
const DOCFLOWS: [(Agency, &str, bool); 5] = [
    (Agency::Fns, "urn:docflow:fns534-report", false),
    (Agency::Fns, "urn:docflow:fns534-demand", true),
    (Agency::Rosstat, "urn:docflow:stat-cu-letter", true),
    (Agency::Pfr, "urn:docflow:pfr-report", false),
    (Agency::Fns, "urn:docflow:fns534-report", false),
];

/// Documents to reply to: the docflow, the kind, the name, the kinds of replies, and the document whose inventory it is
/// in. No docflow of the service mixes authorities; in the last one a program meets a package on its one way through.
const ASKING: &str = "\
    0 fns534-report-acceptance-result-positive KV_0087.xml fns534-report-receipt
    1 fns534-demand ON_DOCNPNO_0087.xml \
        fns534-demand-acceptance-result-positive,fns534-demand-acceptance-result-negative
    2 stat-cu-letter letter.xml stat-cu-letter-receipt
    3 pfr-report-protocol protocol.xml pfr-report-protocol-reply
    1 fns534-inventory-acceptance-result-positive KV_OPIS_0087.xml fns534-inventory-receipt 2
    4 fns534-report-acceptance-result-positive KV_0087_2.xml fns534-report-receipt
    4 fns534-report-processing-result-ok UV_0087_2.xml fns534-report-receipt
    4 pfr-report-protocol protocol_2.xml pfr-report-protocol-reply
    4 fns534-inventory-acceptance-result-positive KV_OPIS_0087_2.xml fns534-inventory-receipt 12";

/// A document on its way into the seed.
struct Plan {
    docflow: usize,
    kind: &'static str,
    filename: &'static str,
    reply_kinds: Vec<&'static str>,
    /// The number of the document that the inventory belongs to.
    in_inventory_of: Option<usize>,
    encryption: Option<(usize, Compression)>,
}

impl Plan {
    fn of(row: &'static str) -> Self {
        let mut words = row.split_whitespace();
        let mut word = || words.next().unwrap_or_default();
        Self {
            docflow: word().parse().unwrap_or_default(),
            kind: word(),
            filename: word(),
            reply_kinds: word().split(',').collect(),
            in_inventory_of: word().parse().ok(),
            encryption: None,
        }
    }

    fn is_package(&self) -> bool {
        self.kind.starts_with("pfr-")
    }
}

pub(super) fn seed(
    external: &mut Extern,
    manner: &Manner,
) -> (ExternRepliesInfo, ExternEncryptedInfo, ExternAnswerableInfo) {
    for (at, (agency, kind, incoming)) in DOCFLOWS.into_iter().enumerate() {
        external.add_docflow(docflow(at + 1, agency, kind, incoming), true);
    }
    let of_demands = external.options.receipts_of_demand_inventories;
    let mut asking = ASKING.lines().map(|row| {
        let mut plan = Plan::of(row);
        if of_demands && plan.in_inventory_of.is_some() {
            plan.reply_kinds = vec!["fns534-demand-inventory-receipt"];
        }
        plan
    });
    let mut reply = || {
        let asking = asking.next().map(|plan| reply_to(external, plan, manner));
        asking.unwrap_or_default()
    };
    let replies = ExternRepliesInfo {
        fns_receipt: reply(),
        fns_demand: reply(),
        rosstat_receipt: reply(),
        pfr: reply(),
        inventory_receipt: reply(),
    };
    let mut hidden = |docflow, certificate, compression| {
        let plan = Plan {
            docflow,
            kind: "fns534-report-acceptance-result-2ndfl-protocol",
            filename: "UV_0087.xml",
            reply_kinds: Vec::new(),
            // That of the demand.
            in_inventory_of: (docflow == DEMAND).then_some(2),
            encryption: Some((certificate, compression)),
        };
        let (_, place) = add(external, plan, manner);
        let identity = external.certificates.get(certificate);
        let thumbprint = identity.map(|known| known.identity.thumbprint.clone());
        ExternEncryptedDocumentInfo {
            place,
            certificate: thumbprint.unwrap_or_default(),
            compression: compression.name().to_owned(),
        }
    };
    let encrypted = ExternEncryptedInfo {
        dss: hidden(FNS, DSS_ENCRYPTION, Compression::None),
        dss_zip: hidden(FNS, DSS_ENCRYPTION, Compression::Zip),
        sms: hidden(FNS, SMS_ENCRYPTION, Compression::None),
        sms_gzip: hidden(FNS, SMS_ENCRYPTION, Compression::Gzip),
        inventory_dss: hidden(DEMAND, DSS_ENCRYPTION, Compression::None),
        inventory_sms: hidden(DEMAND, SMS_ENCRYPTION, Compression::None),
    };
    let answerable = ExternAnswerableInfo {
        docflow: id(Of::Docflow, DOCFLOWS.len()),
        documents: asking.map(|plan| add(external, plan, manner).1).collect(),
    };
    (replies, encrypted, answerable)
}

/// A docflow of some day in the past.
fn docflow(number: usize, agency: Agency, kind: &'static str, incoming: bool) -> Docflow {
    let sent = Moment::parse("2023-11-14T10:00:00.1234567").unwrap_or_default();
    Docflow {
        id: id(Of::Docflow, number),
        agency,
        kind,
        incoming,
        inn: INN.to_owned(),
        kpp: Some(KPP.to_owned()),
        sent,
        changed: sent,
        indexed: sent,
        success: "successful",
        ..Docflow::default()
    }
}

fn sent() -> Moment {
    Moment::parse("2023-11-14T10:00:00").unwrap_or_default()
}

/// Adds the document, signed by the official, and says where it is.
fn add(external: &mut Extern, plan: Plan, manner: &Manner) -> (usize, ExternPlace) {
    let number = external.documents.all().count() + 1;
    let document = id(Of::Document, number);
    let plain = Bytes::from(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Документ>{document}</Документ><Текст>Содержимое документа песочницы.</Текст></Файл>\n"
    ));
    let contents = &mut external.contents;
    let encryption = plan.encryption.and_then(|(certificate, compression)| {
        let inside = match compression {
            Compression::None => plain.clone(),
            Compression::Zip => packing::zip(plan.filename, &plain)?.into(),
            Compression::Gzip => packing::gzip(&plain).into(),
        };
        let identity = &external.certificates.get(certificate)?.identity;
        // An encryption that cannot be made is a bug that a test of this seed would see.
        let encrypted = encrypt_for(identity, &inside).ok()??;
        let content_id = id(Of::Content, 4096 + number);
        let size = encrypted.len();
        contents.seed(&content_id, 0, "application/octet-stream", encrypted.into());
        Some(Encryption {
            content_id,
            size,
            certificate,
            compression,
            inside,
        })
    });
    let mut readable = Vec::new();
    if encryption.is_none() {
        let content_id = id(Of::Content, 8192 + number);
        contents.seed(&content_id, 0, "application/xml", plain.clone());
        readable.push(Readable {
            content_id,
            compression: Compression::None,
        });
    }
    let inventory = plan.in_inventory_of.map(|number| Inventory {
        related_document: id(Of::Document, number),
        id: id(Of::Inventory, plan.docflow),
    });
    let id_of_signature = id(Of::Signature, 8192 + number);
    let signature = external.signed_by_official(id_of_signature, &plain, sent(), manner);
    let place = inventory.clone();
    let place = place.map(|place| (place.related_document, place.id));
    let (related_document, in_inventory) = place.unzip();
    let package = plan.is_package();
    let known = Document {
        id: document.clone(),
        docflow: plan.docflow,
        inventory,
        kind: format!("urn:document:{}", plan.kind),
        filename: plan.filename.to_owned(),
        content_type: "application/xml".to_owned(),
        sent: sent(),
        plain: plain.into(),
        encryption,
        readable,
        reply_kinds: plan.reply_kinds,
        package,
        signatures: signature.into_iter().collect(),
        ..Document::default()
    };
    let at = external.add_document(known, true);
    let place = ExternPlace {
        docflow: id(Of::Docflow, plan.docflow + 1),
        document,
        related_document,
        inventory: in_inventory,
        path: external.document_path(at),
    };
    (at, place)
}

fn reply_to(external: &mut Extern, plan: Plan, manner: &Manner) -> ExternReplyInfo {
    let kind = plan.reply_kinds.first().copied().unwrap_or_default();
    let package = plan.is_package();
    let (document, place) = add(external, plan, manner);
    let mut reply = |certificate: usize| {
        let number = external.replies.all().count() + 1;
        let reply = id(Of::Reply, number);
        let mut made = 0;
        let mut parts = reply_parts(&reply, kind, package, || {
            made += 1;
            id(Of::ReplyPart, number * 16 + made)
        });
        for (at, part) in parts.iter_mut().enumerate() {
            part.content = Some(reply_content(&reply, kind, at + 1).into());
        }
        let known = Reply {
            id: reply.clone(),
            document,
            package,
            kind: kind.to_owned(),
            certificate,
            parts,
            ..Reply::default()
        };
        external.add_reply(known, true);
        reply
    };
    ExternReplyInfo {
        place,
        document_type: kind.to_owned(),
        dss: reply(DSS),
        sms: reply(SMS),
    }
}

//! Decides which docflows, documents and replies are in Extern from the start.
//!
//! **Invariant:** for every flow there is a document that needs nothing else to be done first, once for a
//! confirmation in the app and once for an SMS.

use bytes::Bytes;

use super::info::{
    ExternEncryptedDocumentInfo, ExternEncryptedInfo, ExternPlace, ExternRepliesInfo,
    ExternReplyInfo,
};
use super::packing;
use super::seed_ids::{
    DSS, DSS_ENCRYPTION, INN, KPP, Of, SMS, SMS_ENCRYPTION, id, reply_content, reply_parts,
};
use super::sending::SUCCESSFUL;
use super::state::Extern;
use super::things::{
    Agency, Compression, Docflow, Document, Encryption, Inventory, Readable, Reply,
};
use crate::moment::Moment;
use crate::signer::encrypt_for;

/// A document as it is written down below.
pub(super) struct Plan {
    docflow: usize,
    /// The document that the inventory belongs to, by its number.
    in_inventory_of: Option<usize>,
    kind: &'static str,
    filename: &'static str,
    reply_kinds: &'static [&'static str],
    encryption: Option<(usize, Compression)>,
    package: bool,
}

pub(super) const FNS: usize = 0;
const DEMAND: usize = 1;
const ROSTAT_LETTER: usize = 2;
const PFR: usize = 3;

/// The number of the demand among the documents.
const DEMAND_DOCUMENT: usize = 2;

pub(super) fn seed(external: &mut Extern) -> (ExternRepliesInfo, ExternEncryptedInfo) {
    let kinds = [
        (Agency::Fns, "urn:docflow:fns534-report"),
        (Agency::Fns, "urn:docflow:fns534-demand"),
        (Agency::Rosstat, "urn:docflow:stat-letter"),
        (Agency::Pfr, "urn:docflow:pfr-report"),
    ];
    for (at, (agency, kind)) in kinds.into_iter().enumerate() {
        let incoming = at == DEMAND || at == ROSTAT_LETTER;
        add_docflow(external, docflow(at + 1, agency, kind, incoming));
    }
    let replies = ExternRepliesInfo {
        fns_receipt: reply_to(
            external,
            plan(
                FNS,
                "urn:document:fns534-report-acceptance-result-positive",
                "KV_0087.xml",
            )
            .replies(&["fns534-report-receipt"]),
        ),
        fns_demand: reply_to(
            external,
            plan(DEMAND, "urn:document:fns534-demand", "ON_DOCNPNO_0087.xml").replies(&[
                "fns534-demand-acceptance-result-positive",
                "fns534-demand-acceptance-result-negative",
            ]),
        ),
        rosstat_receipt: reply_to(
            external,
            plan(ROSTAT_LETTER, "urn:document:stat-letter", "letter.xml")
                .replies(&["stat-letter-receipt"]),
        ),
        pfr: reply_to(
            external,
            plan(PFR, "urn:document:pfr-report-protocol", "protocol.xml")
                .replies(&["pfr-report-protocol-reply"])
                .package(),
        ),
        inventory_receipt: reply_to(
            external,
            plan(
                DEMAND,
                "urn:document:fns534-inventory-acceptance-result-positive",
                "KV_OPIS_0087.xml",
            )
            .replies(&["fns534-demand-inventory-receipt"])
            .in_inventory_of(DEMAND_DOCUMENT),
        ),
    };
    let receipt = |docflow| {
        plan(
            docflow,
            "urn:document:fns534-report-acceptance-result-2ndfl-protocol",
            "UV_0087.xml",
        )
    };
    let encrypted = ExternEncryptedInfo {
        dss: encrypted(
            external,
            receipt(FNS).encrypted(DSS_ENCRYPTION, Compression::None),
        ),
        dss_zip: encrypted(
            external,
            receipt(FNS).encrypted(DSS_ENCRYPTION, Compression::Zip),
        ),
        sms: encrypted(
            external,
            receipt(FNS).encrypted(SMS_ENCRYPTION, Compression::None),
        ),
        sms_gzip: encrypted(
            external,
            receipt(FNS).encrypted(SMS_ENCRYPTION, Compression::Gzip),
        ),
        inventory_dss: encrypted(
            external,
            receipt(DEMAND)
                .encrypted(DSS_ENCRYPTION, Compression::None)
                .in_inventory_of(DEMAND_DOCUMENT),
        ),
        inventory_sms: encrypted(
            external,
            receipt(DEMAND)
                .encrypted(SMS_ENCRYPTION, Compression::None)
                .in_inventory_of(DEMAND_DOCUMENT),
        ),
    };
    (replies, encrypted)
}

pub(super) fn add_docflow(external: &mut Extern, docflow: Docflow) -> usize {
    let id = docflow.id.clone();
    external.docflows.seed(docflow, [&*id])
}

/// A docflow of some day in the past.
pub(super) fn docflow(
    number: usize,
    agency: Agency,
    kind: &'static str,
    incoming: bool,
) -> Docflow {
    let sent = Moment::parse("2023-11-14T10:00:00.1234567").unwrap_or_default();
    Docflow {
        id: id(Of::Docflow, number),
        account: 0,
        agency,
        kind,
        incoming,
        inn: INN.to_owned(),
        kpp: Some(KPP.to_owned()),
        sent,
        changed: sent,
        indexed: sent,
        arrivals: Vec::new(),
        success: SUCCESSFUL,
        documents: Vec::new(),
    }
}

pub(super) fn plan(docflow: usize, kind: &'static str, filename: &'static str) -> Plan {
    Plan {
        docflow,
        in_inventory_of: None,
        package: false,
        kind,
        filename,
        reply_kinds: &[],
        encryption: None,
    }
}

impl Plan {
    pub(super) fn replies(self, reply_kinds: &'static [&'static str]) -> Self {
        Self {
            reply_kinds,
            ..self
        }
    }

    fn encrypted(self, certificate: usize, compression: Compression) -> Self {
        Self {
            encryption: Some((certificate, compression)),
            ..self
        }
    }

    pub(super) fn in_inventory_of(self, number: usize) -> Self {
        Self {
            in_inventory_of: Some(number),
            ..self
        }
    }

    pub(super) fn package(self) -> Self {
        Self {
            package: true,
            ..self
        }
    }
}

/// Adds the document and says where it is.
pub(super) fn add(external: &mut Extern, plan: &Plan) -> (usize, ExternPlace) {
    let number = external.documents.all().count() + 1;
    let document = id(Of::Document, number);
    let plain = Bytes::from(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Документ>{document}</Документ><Текст>Содержимое документа песочницы.</Текст></Файл>\n"
    ));
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
        external
            .contents
            .seed(&content_id, 0, "application/octet-stream", encrypted.into());
        Some(Encryption {
            content_id,
            size,
            certificate,
            compression,
            inside,
        })
    });
    let readable = if encryption.is_some() {
        Vec::new()
    } else {
        let content_id = id(Of::Content, 8192 + number);
        external
            .contents
            .seed(&content_id, 0, "application/xml", plain.clone());
        vec![Readable {
            content_id,
            compression: Compression::None,
        }]
    };
    let docflow = id(Of::Docflow, plan.docflow + 1);
    let mut path = format!("/v1/{}/docflows/{docflow}/documents/", id(Of::Account, 1));
    let inventory = plan.in_inventory_of.map(|number| Inventory {
        related_document: id(Of::Document, number),
        id: id(Of::Inventory, plan.docflow),
    });
    if let Some(place) = &inventory {
        path += &format!(
            "{}/inventories/{}/documents/",
            place.related_document, place.id
        );
    }
    path += &document;
    let place = ExternPlace {
        docflow,
        document: document.clone(),
        related_document: inventory
            .as_ref()
            .map(|place| place.related_document.clone()),
        inventory: inventory.as_ref().map(|place| place.id.clone()),
        path,
    };
    let document = Document {
        id: document,
        docflow: plan.docflow,
        inventory,
        kind: plan.kind.to_owned(),
        filename: plan.filename.to_owned(),
        content_type: "application/xml".to_owned(),
        sent: Moment::parse("2023-11-14T10:00:00").unwrap_or_default(),
        plain: plain.into(),
        encryption,
        readable,
        reply_kinds: plan.reply_kinds,
        package: plan.package,
        signatures: Vec::new(),
        answered: false,
        replies: Vec::new(),
        operations: Vec::new(),
        tasks: Vec::new(),
    };
    (external.add_document(document, true), place)
}

fn reply_to(external: &mut Extern, plan: Plan) -> ExternReplyInfo {
    let (document, place) = add(external, &plan);
    let kind = plan.reply_kinds.first().copied().unwrap_or_default();
    let package = plan.package;
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
            sent: false,
            operations: Vec::new(),
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

fn encrypted(external: &mut Extern, plan: Plan) -> ExternEncryptedDocumentInfo {
    let (_, place) = add(external, &plan);
    let (certificate, compression) = plan.encryption.unwrap_or((DSS, Compression::None));
    ExternEncryptedDocumentInfo {
        place,
        certificate: external
            .certificates
            .get(certificate)
            .map(|known| known.identity.thumbprint.clone())
            .unwrap_or_default(),
        compression: compression.name().to_owned(),
    }
}

//! The Extern side of the stage.

use podpis::extern_api::model::{AccountId, DraftId, ReplyId};
use podpis::extern_api::model::{DraftMeta, Payer, Recipient, Sender};
use podpis::extern_api::{ExternBuilder, LocalFile, ReportDocument, ReportSending};
use podpis::secret::Token;
use podpis::{DocumentPath, Extern, ExternLogin, SharedTransport};
use podpis_sandbox::{ExternInfo, ExternPlace};

use crate::stage::Stage;

impl Stage {
    pub(crate) fn extern_info(&self) -> ExternInfo {
        self.sandbox.world_info().extern_
    }

    pub(crate) fn extern_builder(&self) -> ExternBuilder {
        self.extern_builder_over(self.transport())
    }

    pub(crate) fn extern_builder_over(
        &self,
        transport: impl Into<SharedTransport>,
    ) -> ExternBuilder {
        let login = ExternLogin::bearer(&Token::new(self.extern_info().token));
        Extern::builder(self.base().parse().unwrap(), login, transport).time(self.time.clone())
    }

    pub(crate) fn extern_api(&self) -> Extern {
        self.extern_builder().build()
    }

    pub(crate) fn account(&self) -> AccountId {
        AccountId::new(self.extern_info().account)
    }

    /// The draft that is confirmed on the phone.
    pub(crate) fn phone_draft(&self) -> DraftId {
        DraftId::new(self.extern_info().drafts.dss.id)
    }

    /// The draft that is confirmed by SMS.
    pub(crate) fn sms_draft(&self) -> DraftId {
        DraftId::new(self.extern_info().drafts.sms.id)
    }

    /// The certificate with this thumbprint, in DER.
    pub(crate) fn certificate_der(&self, thumbprint: &str) -> Vec<u8> {
        self.sandbox.certificate(thumbprint).unwrap()
    }
}

pub(crate) fn place(place: &ExternPlace) -> DocumentPath {
    match (&place.related_document, &place.inventory) {
        (Some(related), Some(inventory)) => {
            DocumentPath::docflow(place.docflow.as_str().into(), related.as_str().into())
                .inventory(inventory.as_str().into(), place.document.as_str().into())
        }
        _ => DocumentPath::docflow(
            place.docflow.as_str().into(),
            place.document.as_str().into(),
        ),
    }
}

pub(crate) fn reply(id: &str) -> ReplyId {
    ReplyId::new(id)
}

/// Who reports to whom, signed by the certificate of this kind.
impl Stage {
    pub(crate) fn certificate_of(&self, kind: &str) -> Vec<u8> {
        let info = self.extern_info();
        self.certificate_der(&info.certificate(kind).unwrap().thumbprint)
    }

    pub(crate) fn meta(&self, kind: &str, recipient: Recipient) -> DraftMeta {
        let sender = Sender::new("6676130154", self.certificate_of(kind), "8.8.8.8");
        let payer = Payer::new("6676130154").with_kpp("667601001");
        DraftMeta::new(sender.with_kpp("667601001"), recipient, payer)
    }

    /// A report of two documents that the tax service accepts, signed by the certificate of this kind.
    pub(crate) fn report(&self, client: &Extern, kind: &str) -> ReportSending {
        let meta = self.meta(kind, Recipient::ifns("0087"));
        client
            .account(&self.account())
            .send_report(meta, ["a.xml", "b.xml"].map(report_document))
    }
}

pub(crate) fn report_document(name: &str) -> ReportDocument {
    let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл ИдФайл=\"{name}\"/>");
    ReportDocument::new("urn:document:fns534-report", LocalFile::bytes(name, text))
}

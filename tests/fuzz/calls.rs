//! The calls of both clients that are no operation, each by a number.
//!
//! *Invariant:* whatever comes is made into text, as a program would show it.

use std::fmt::Debug;

use futures_util::StreamExt as _;
use podpis::diadoc::documents::DocumentFilter;
use podpis::diadoc::prepare::ToPrepare;
use podpis::diadoc::{EntityId, MessageId};
use podpis::extern_api::DocflowFilter;
use podpis::extern_api::model::{
    CertificateRequest, DocumentDescription, DocumentRequest, DraftId, DraftMeta, Payer, Recipient,
    ReplyId, SignatureRequest,
};
use podpis::{
    BoxId, Deadline, Diadoc, DocumentPath, Error, ErrorChain, Extern, File, LocalFile,
    SharedTransport,
};
use podpis_sandbox::WorldInfo;

use crate::stage::Stage;
use crate::stage_extern::{place, reply};

/// How many there are.
pub(super) const CALLS: usize = 53;

/// How much of a list is read: a service may have no end of it.
const READ: usize = 50;

pub(super) const CERTIFICATE: &[u8] =
    include_bytes!("../../crates/podpis-cms/tests/fixtures/keys/p256.crt.der");
pub(super) const SIGNATURE: &[u8] =
    include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.p7s");
const MINUTE: Deadline = Deadline::minutes(1);

/// Both clients, and what there is at their services.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) diadoc: Diadoc,
    pub(super) extern_api: Extern,
    pub(super) world: WorldInfo,
    pub(super) in_box: BoxId,
    pub(super) draft: DraftId,
    pub(super) meta: DraftMeta,
}

pub(super) fn told<T: Debug>(result: Result<T, Error>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("{} {error:?}", ErrorChain(&error)),
    }
}

impl Clients {
    /// Over another transport than that of the stage.
    pub(super) fn new(stage: &Stage, transport: &SharedTransport) -> Self {
        Self {
            diadoc: stage.builder_over(transport.clone()).build(),
            extern_api: stage.extern_builder_over(transport.clone()).build(),
            world: stage.sandbox.world_info(),
            in_box: stage.in_box(),
            draft: stage.sms_draft(),
            meta: stage.meta("sms", Recipient::ifns("0087")),
        }
    }

    pub(super) async fn call(&self, number: usize) -> String {
        match number {
            0..15 => self.call_diadoc(number).await,
            15..33 => self.call_drafts(number).await,
            _ => self.call_docflows(number).await,
        }
    }

    async fn call_diadoc(&self, number: usize) -> String {
        let calls = self.diadoc.in_box(&self.in_box);
        let document = &self.world.diadoc.unsigned_document;
        let message = MessageId::new(document.message.as_str());
        let entity = EntityId::new(document.entity.as_str());
        match number {
            0 => told(self.diadoc.organizations().await),
            1 => told(self.diadoc.user().await),
            2 => {
                // In parts, and in one.
                let file = &File::bytes("act.xml", "act");
                let parts = self.diadoc.with_part_size(2).put_on_shelf(file).await;
                told(parts) + &told(self.diadoc.put_on_shelf(file).await)
            }
            3 => told(calls.certificates().await),
            4 => told(calls.certificates_with_gos_key().await),
            5 => told(calls.details().await),
            6 => told(calls.employee().await),
            7 => told(calls.entity_content(&message, &entity).await),
            8 => told(calls.signature_info(&message, &entity).await),
            9 | 10 => {
                let filter = DocumentFilter {
                    waiting: number == 10,
                    ..DocumentFilter::default()
                };
                let read = calls.documents(&filter).take(READ).map(told);
                read.collect::<Vec<String>>().await.concat()
            }
            11 => {
                let read = calls.events().page_size(3).read().take(READ).map(told);
                read.collect::<Vec<String>>().await.concat()
            }
            12 => told(calls.message(&message).read().await),
            13 => match calls.message(&message).read().await {
                Ok(message) => format!("{:?} {:?}", message.documents(), message.signatures()),
                Err(error) => error.to_string(),
            },
            _ => {
                let unsent = ToPrepare::unsent(&message, &entity);
                told(calls.prepare_documents([unsent]).send().await)
            }
        }
    }

    async fn call_drafts(&self, number: usize) -> String {
        let account = self.world.extern_.account.as_str().into();
        let calls = self.extern_api.account(&account);
        let (draft, document, signature) = (&self.draft, &"e-7".into(), &"s-1".into());
        let description =
            DocumentDescription::new("urn:document:fns534-report", "a.xml", "application/xml");
        let request = DocumentRequest::new("c-9".into()).with_description(description);
        match number {
            15 => told(self.extern_api.accounts().await),
            16 => told(
                self.extern_api
                    .test_confirmation_code(&"q".into())
                    .await
                    .map(drop),
            ),
            17 => told(calls.certificates().await),
            18 => told(calls.drafts().await),
            19 => told(calls.create_draft(&self.meta).await),
            20 => {
                told(calls.put_draft(draft, &self.meta).await)
                    + &told(calls.draft_meta(draft).await)
            }
            21 => {
                let mut meta = DraftMeta::default();
                meta.payer = Some(Payer::new("1"));
                told(calls.put_draft_meta(draft, &meta).await)
            }
            22 => told(calls.draft(draft).await) + &told(calls.draft_contents(draft).await),
            23 => {
                told(calls.draft_tasks(draft).await)
                    + &told(calls.draft_task(draft, &"t".into()).await)
            }
            24 => {
                told(calls.add_draft_document(draft, &request).await)
                    + &told(calls.put_draft_document(draft, document, &request).await)
            }
            25 => told(calls.draft_document(draft, document).await),
            26 => told(calls.draft_document_content(draft, document).await),
            27 => told(
                calls
                    .draft_document_encrypted_content(draft, document)
                    .await,
            ),
            28 => {
                told(calls.draft_document_signature(draft, document).await)
                    + &told(
                        calls
                            .put_draft_document_signature(draft, document, SIGNATURE)
                            .await,
                    )
            }
            29 => {
                let request = SignatureRequest::new(SIGNATURE);
                told(calls.add_draft_signature(draft, document, &request).await)
                    + &told(
                        calls
                            .put_draft_signature(draft, document, signature, &request)
                            .await,
                    )
            }
            30 => {
                told(calls.draft_signature(draft, document, signature).await)
                    + &told(
                        calls
                            .draft_signature_content(draft, document, signature)
                            .await,
                    )
            }
            31 => told(calls.print_draft_document(draft, document, MINUTE).await),
            _ => {
                told(
                    calls
                        .delete_draft_signature(draft, document, signature)
                        .await,
                ) + &told(calls.delete_draft_document(draft, document).await)
                    + &told(calls.delete_draft(draft).await)
            }
        }
    }

    async fn call_docflows(&self, number: usize) -> String {
        let account = self.world.extern_.account.as_str().into();
        let calls = self.extern_api.account(&account);
        let seeded = &self.world.extern_;
        let at: &DocumentPath = &place(&seeded.encrypted.sms.place);
        let docflow = &seeded.encrypted.sms.place.docflow.as_str().into();
        let reply: &ReplyId = &reply("r-6");
        let (content, signature) = (&"c-9".into(), &"s-1".into());
        let certificate = CertificateRequest::new(CERTIFICATE);
        match number {
            33 => told(calls.docflow(docflow).await),
            34 => told(calls.docflow_documents(docflow).await),
            35 => {
                let read = calls
                    .docflows(&DocflowFilter::default())
                    .take(READ)
                    .map(told);
                read.collect::<Vec<String>>().await.concat()
            }
            36 => told(calls.docflow_when_indexed(docflow, MINUTE).await),
            37 => told(calls.document(at).await),
            38 => told(calls.document_description(at).await),
            39 => {
                told(calls.document_encrypted_content(at).await)
                    + &told(calls.document_decrypted_content(at).await)
            }
            40 => told(calls.put_document_decrypted_content(at, content).await),
            41 => told(calls.document_signatures(at).await),
            42 => {
                told(calls.document_signature(at, signature).await)
                    + &told(calls.document_signature_content(at, signature).await)
            }
            43 => told(calls.signature_for(at, b"content").await),
            44 => told(
                calls
                    .generate_reply(
                        at,
                        "urn:document:fns534-report-receipt",
                        &certificate,
                        &["05"],
                    )
                    .await,
            ),
            45 => told(
                calls
                    .generate_pfr_reply(at, "pfr-report-protocol-reply", &certificate)
                    .await,
            ),
            46 => told(calls.reply(at, reply).await) + &told(calls.pfr_reply(at, reply).await),
            47 => {
                told(calls.put_reply_content(at, reply, "text").await)
                    + &told(calls.put_reply_signature(at, reply, SIGNATURE).await)
            }
            48 => {
                told(
                    calls
                        .put_pfr_reply_content(at, reply, &"p".into(), "text")
                        .await,
                ) + &told(
                    calls
                        .put_pfr_reply_signature(at, reply, &"p".into(), SIGNATURE)
                        .await,
                )
            }
            49 => told(calls.replies_asked_for(docflow).await),
            // More than one request, each of which must be answered well: oftener than the others.
            50 | 51 => {
                let upload = calls.upload(LocalFile::bytes("a.xml", "text")).part_size(3);
                told(upload.run().await)
            }
            _ => {
                told(calls.content(content).await)
                    + &told(calls.download(content).part_size(3).to_memory().await)
            }
        }
    }
}

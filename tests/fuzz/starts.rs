//! A start of every kind of operation, each by a number.
//!
//! *Invariant:* every kind is here; a kind that takes several ways has each of them.

use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::diadoc::document_signature::{SignedContent, When};
use podpis::diadoc::dss_sign::GosKey;
use podpis::diadoc::posting::OutgoingDocument;
use podpis::diadoc::{EntityId, MessageId};
use podpis::{Begin as _, Deadline, File, LocalFile, Prompt, ReportDocument};
use podpis_sandbox::ExternReplyInfo;

use super::calls::{CERTIFICATE, Clients, SIGNATURE, told};
use crate::stage_extern::{place, reply, report_document};

/// How many there are.
pub(super) const STARTS: usize = 22;

const IP: &str = "8.8.8.8";
const TEN_MINUTES: Deadline = Deadline::minutes(10);

impl Clients {
    pub(super) async fn start(&self, number: usize, prompt: &mut dyn Prompt) -> String {
        match number {
            0..8 => Box::pin(self.start_diadoc(number, prompt)).await,
            _ => Box::pin(self.start_extern(number, prompt)).await,
        }
    }

    async fn start_diadoc(&self, number: usize, prompt: &mut dyn Prompt) -> String {
        let calls = self.diadoc.in_box(&self.in_box);
        let files = || {
            [
                File::bytes("act.xml", "act"),
                File::bytes("bill.xml", "bill"),
            ]
        };
        let unsigned = &self.world.diadoc.unsigned_document;
        let message = MessageId::new(unsigned.message.as_str());
        let entity = EntityId::new(unsigned.entity.as_str());
        let draft = MessageId::new(self.world.diadoc.messages.draft.message.as_str());
        match number {
            0 => told(
                self.diadoc
                    .cloud_sign(files())
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            1 => told(calls.dss_sign(files()).run(prompt, TEN_MINUTES).await),
            2 => told(calls.auto_sign_receipts().run(prompt, TEN_MINUTES).await),
            3 => told(
                calls
                    .sign_and_attach(&message, &entity)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            4 => {
                let gos_key = GosKey::new(self.world.diadoc.users[0].snils.as_str());
                let signing = calls.dss_sign(files()).gos_key(gos_key);
                told(signing.run(prompt, TEN_MINUTES).await)
            }
            5 => {
                let signature =
                    DocumentSignature::builder(&entity, SignatureSource::from(SIGNATURE.to_vec()));
                let signature = signature.build().unwrap();
                let patch = calls.patch_message(&message).signature(signature);
                told(patch.run(prompt, TEN_MINUTES).await)
            }
            6 => told(calls.send_draft(&draft).run(prompt, TEN_MINUTES).await),
            _ => {
                let content =
                    SignedContent::builder(b"act".to_vec(), When::Now, SignatureSource::Test);
                let document = OutgoingDocument::file("a.txt", content.build().unwrap());
                told(
                    calls
                        .post_message()
                        .document(document)
                        .run(prompt, TEN_MINUTES)
                        .await,
                )
            }
        }
    }

    async fn start_extern(&self, number: usize, prompt: &mut dyn Prompt) -> String {
        let seeded = &self.world.extern_;
        let account = seeded.account.as_str().into();
        let calls = self.extern_api.account(&account);
        let phone = &seeded.drafts.dss.id.as_str().into();
        let documents = || -> [ReportDocument; 2] { ["a.xml", "b.xml"].map(report_document) };
        let encrypted = &seeded.encrypted;
        let (asked, package) = (&seeded.replies.fns_demand, &seeded.replies.pfr);
        let (at, package_at) = (&place(&asked.place), &place(&package.place));
        let (by_phone, by_sms) = (&reply(&asked.dss), &reply(&asked.sms));
        let parts = &reply(&package.sms);
        let answer = |to: &ExternReplyInfo| {
            calls.answer(&place(&to.place), &*to.document_type, CERTIFICATE, IP)
        };
        match number {
            8 => told(calls.sign_draft(&self.draft).run(prompt, TEN_MINUTES).await),
            9 => told(calls.sign_draft(phone).run(prompt, TEN_MINUTES).await),
            10 => told(
                calls
                    .check_draft(&self.draft)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            11 => told(
                calls
                    .prepare_draft(&self.draft)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            12 => told(calls.send_draft(&self.draft).run(prompt, TEN_MINUTES).await),
            13 => told(
                calls
                    .send_report(self.meta.clone(), documents())
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            14 => told(
                calls
                    .decrypt(&place(&encrypted.sms.place), CERTIFICATE)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            15 => told(
                calls
                    .sign_reply(at, by_phone)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            16 => told(calls.sign_reply(at, by_sms).run(prompt, TEN_MINUTES).await),
            17 => told(
                calls
                    .sign_pfr_reply(package_at, parts)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            18 => told(
                calls
                    .send_reply(at, by_sms, IP)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            19 => told(
                calls
                    .send_pfr_reply(package_at, parts, IP)
                    .run(prompt, TEN_MINUTES)
                    .await,
            ),
            20 => told(answer(asked).run(prompt, TEN_MINUTES).await),
            _ => {
                let contents = [LocalFile::bytes("part.xml", "<Ответ/>")];
                told(
                    answer(package)
                        .contents(contents)
                        .run(prompt, TEN_MINUTES)
                        .await,
                )
            }
        }
    }
}

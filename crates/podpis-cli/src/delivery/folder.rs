//! What Extern gives: signatures with their documents, contents, reports and answers.
//!
//! **Invariant:** a document is written beside its signature only when it is what was signed, and a signature is
//! written whether or not its document can be had.

use bytes::Bytes;
use podpis::cms::{Check, Expectation, Reason};
use podpis::extern_api::model::CheckError;
use podpis::extern_api::{AnsweredDocument, Decrypted, SentReport};
use podpis::{FileOutcome, Operation, Output as Gave, Signatures, Signed};
use serde_json::json;

use super::Delivery;
use crate::asked::Contents;
use crate::failure::Failure;
use crate::messages::Message;
use crate::out_folder::OutFolder;

/// A folder, and where the documents are fetched that go with the signatures.
#[derive(Debug)]
pub(crate) struct FolderGoal {
    pub(crate) folder: OutFolder,
    /// What was asked, where that is known and there is something to fetch.
    pub(crate) contents: Option<Box<Contents>>,
}

impl FolderGoal {
    /// A folder where nothing goes with the signatures.
    pub(crate) fn of(folder: OutFolder) -> Self {
        Self {
            folder,
            contents: None,
        }
    }
}

/// Writes what came. None for a result of an unknown kind.
pub(super) async fn deliver(
    delivery: &mut Delivery,
    goal: &FolderGoal,
    operation: &Operation,
    gave: Gave,
) -> Option<()> {
    let mut delivering = Delivering { goal, delivery };
    match gave {
        Gave::Signatures(signatures) => {
            let contents = delivering.asked_contents().await;
            delivering.signatures(&signatures, contents);
        }
        Gave::Content(content) => {
            let file = operation.files().first();
            let name = file.map_or("document", |file| &*file.name);
            delivering.content(name, &content).await;
        }
        Gave::Report(report) => {
            let contents = delivering.data_to_sign(&report).await;
            delivering.signatures(&report.signatures, contents);
            delivering.report(&report);
        }
        Gave::Answer(answer) => {
            let contents = delivering.asked_contents().await;
            delivering.signatures(&answer.signatures, contents);
            delivering.answer(&answer);
        }
        _ => return None,
    }
    Some(())
}

struct Delivering<'a> {
    goal: &'a FolderGoal,
    delivery: &'a mut Delivery,
}

impl Delivering<'_> {
    /// What was signed, in the order of the signatures, where it is what was asked for that says so.
    async fn asked_contents(&mut self) -> Vec<Option<Bytes>> {
        let contents = match self.goal.contents.as_deref() {
            Some(contents) => contents.get().await,
            None => Ok(Vec::new()),
        };
        contents.unwrap_or_else(|error| {
            self.delivery.not_written(error.into());
            Vec::new()
        })
    }

    /// Likewise for a report: the person has the files, and where others were signed these are fetched.
    async fn data_to_sign(&mut self, report: &SentReport) -> Vec<Option<Bytes>> {
        let mut contents = vec![None; report.signatures.files().len()];
        for data in &report.data_to_sign {
            match data.bytes().await {
                Ok(bytes) => {
                    if let Some(content) = contents.get_mut(data.index()) {
                        *content = Some(bytes);
                    }
                }
                Err(error) => self.delivery.not_written(error.into()),
            }
        }
        contents
    }

    fn signatures(&mut self, signatures: &Signatures, mut contents: Vec<Option<Bytes>>) {
        contents.resize(signatures.files().len().max(contents.len()), None);
        for (outcome, content) in signatures.files().iter().zip(contents) {
            match outcome {
                FileOutcome::Signed(signed) => self.signed(signed, content.as_deref()),
                FileOutcome::Failed { name, reason } => {
                    self.delivery.not_signed(json!({}), name, reason);
                }
            }
        }
    }

    fn signed(&mut self, signed: &Signed, content: Option<&[u8]>) {
        let name = signed.name();
        let mut checked = signed.clone();
        let content = content.filter(|bytes| match signed.with_file(bytes, &same(signed)) {
            Ok(bound) => {
                checked = bound;
                true
            }
            Err(_) => {
                let message = Message::ContentDiffers(name.to_owned());
                // Another try would give the same, so this keeps nothing in the journal.
                self.delivery.fail(Failure::failed("signature", message));
                false
            }
        });
        let der = signed.der();
        let written = match content {
            Some(bytes) => self.goal.folder.write(name, &[("", bytes), (".p7s", der)]),
            None => self.goal.folder.write(name, &[(".p7s", der)]),
        };
        let written = match written {
            Ok(written) => written,
            Err(failure) => return self.delivery.not_written(failure),
        };
        let signature = written.last().cloned().unwrap_or_default();
        let document = written.first().filter(|_| content.is_some());
        let result = json!({ "file": name, "document": document, "signature": signature });
        let file = document.map_or(name, |path| path);
        self.delivery.signed(&checked, result, file, signature);
    }

    async fn content(&mut self, name: &str, content: &Decrypted) {
        let written = match content.bytes().await {
            Ok(bytes) => self
                .goal
                .folder
                .write(name, &[("", &bytes)])
                .map(|written| (written, bytes.len())),
            Err(error) => Err(error.into()),
        };
        match written {
            Ok((written, size)) => {
                let document = written.into_iter().next().unwrap_or_default();
                let result = json!({ "file": name, "document": document, "size": size });
                self.delivery.result(result);
                self.delivery.line(Message::Decrypted {
                    file: name.to_owned(),
                    target: document,
                });
            }
            Err(failure) => self.delivery.not_written(failure),
        }
    }

    fn report(&mut self, report: &SentReport) {
        let finding = |(document, finding): (Option<&str>, &CheckError)| {
            json!({
                "document": document,
                "level": finding.level.as_ref().map(ToString::to_string),
                "message": finding.description,
            })
        };
        let findings: Vec<_> = report.check.findings().map(finding).collect();
        for (_, finding) in report.check.findings() {
            let text = finding.description.as_deref().or(finding.id.as_deref());
            let text = text.unwrap_or_default().to_owned();
            self.delivery.line(Message::CheckFound(text));
        }
        self.delivery.result(json!({
            "draft": report.draft,
            "docflow": report.docflow_id,
            "findings": findings,
        }));
        self.delivery.line(Message::ReportSent {
            docflow: report.docflow_id.to_string(),
        });
    }

    fn answer(&mut self, answer: &AnsweredDocument) {
        let document = answer.place.document_id();
        self.delivery.result(json!({
            "docflow": answer.place.docflow_id(),
            "answered": document,
            "reply_type": answer.reply_type,
            "reply": answer.reply,
        }));
        self.delivery.line(Message::Answered {
            document: document.to_string(),
            reply_type: answer.reply_type.clone(),
        });
    }
}

/// What was expected of a signature already, for another look at it.
fn same(signed: &Signed) -> Expectation {
    match (signed.checks().signer(), signed.certificate()) {
        (Check::NotChecked(Reason::NotAsked), _) | (_, None) => Expectation::new(),
        (_, Some(certificate)) => Expectation::new().signer(certificate.clone()),
    }
}

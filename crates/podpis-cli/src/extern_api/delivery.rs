//! Decides what becomes of the results of an operation of Extern.
//!
//! **Invariant:** a document is written beside its signature only when it is what was signed, and a signature is
//! written whether or not its document can be had.

use podpis::cms::{Check, Expectation, Reason};
use podpis::extern_api::model::CheckError;
use podpis::extern_api::{Answer, Decrypted, SentReport};
use podpis::{Extern, FileOutcome, Operation, OperationId, Output as Gave, Signatures, Signed};
use serde_json::json;

use super::ask::Ask;
use super::out_folder::OutFolder;
use crate::delivery::Delivery;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;

/// Where the results of an operation go.
#[derive(Debug)]
pub(crate) struct FolderGoal {
    pub(crate) client: Extern,
    pub(crate) folder: OutFolder,
    /// What was asked, where that is known.
    pub(crate) ask: Option<Ask>,
}

/// Writes and tells what came; also whether all of it is in files. None for a result of an unknown kind.
pub(crate) async fn deliver(
    goal: &FolderGoal,
    operation: &Operation,
    gave: Gave,
    kept: bool,
    output: Output,
) -> Option<(Delivery, bool)> {
    let mut delivering = Delivering {
        goal,
        id: operation.id(),
        kept,
        output,
        complete: true,
        delivery: Delivery::new(),
    };
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
    Some((delivering.delivery, delivering.complete))
}

struct Delivering<'a> {
    goal: &'a FolderGoal,
    id: &'a OperationId,
    kept: bool,
    output: Output,
    complete: bool,
    delivery: Delivery,
}

impl Delivering<'_> {
    /// What was signed, in the order of the signatures, where it is what was asked for that says so.
    async fn asked_contents(&mut self) -> Vec<Option<Vec<u8>>> {
        let contents = match &self.goal.ask {
            Some(ask) => ask.contents(&self.goal.client).await,
            None => Ok(Vec::new()),
        };
        contents.unwrap_or_else(|error| {
            self.failed(error.into());
            Vec::new()
        })
    }

    /// The same for a report: the person has the files, and where others were signed these are fetched.
    async fn data_to_sign(&mut self, report: &SentReport) -> Vec<Option<Vec<u8>>> {
        let mut contents = vec![None; report.signatures.files().len()];
        for data in &report.data_to_sign {
            match data.bytes().await {
                Ok(bytes) => {
                    if let Some(content) = contents.get_mut(data.index()) {
                        *content = Some(bytes.to_vec());
                    }
                }
                Err(error) => self.failed(error.into()),
            }
        }
        contents
    }

    fn signatures(&mut self, signatures: &Signatures, mut contents: Vec<Option<Vec<u8>>>) {
        contents.resize(signatures.files().len().max(contents.len()), None);
        for (outcome, content) in signatures.files().iter().zip(contents) {
            match outcome {
                FileOutcome::Signed(signed) => self.signed(signed, content.as_deref()),
                FileOutcome::Failed { name, reason } => {
                    self.delivery.exit = self.delivery.exit.worst(Exit::Refused);
                    self.delivery.files.push(json!({
                        "operation": self.id,
                        "file": name,
                        "error": { "kind": "not_signed", "message": reason },
                    }));
                    self.output.say(&Message::NotSigned {
                        file: name.clone(),
                        reason: reason.clone(),
                    });
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
                let failure = Failure::failed("signature", message).about(self.id);
                self.delivery.exit = self.delivery.exit.worst(failure.exit());
                self.delivery.failures.push(failure);
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
            Err(failure) => return self.failed(failure),
        };
        let signature = written.last().cloned().unwrap_or_default();
        let document = written.first().filter(|_| content.is_some());
        let result = json!({
            "operation": self.id,
            "file": name,
            "document": document,
            "signature": signature,
        });
        let file = document.map_or(name, |path| path);
        self.delivery
            .signed(&checked, result, file, signature, self.output);
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
                self.delivery.files.push(json!({
                    "operation": self.id,
                    "file": name,
                    "document": document,
                    "size": size,
                }));
                self.output.say(&Message::Decrypted {
                    file: name.to_owned(),
                    target: document,
                });
            }
            Err(failure) => self.failed(failure),
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
            self.output.say(&Message::CheckFound(text));
        }
        self.delivery.files.push(json!({
            "operation": self.id,
            "draft": report.draft,
            "docflow": report.docflow_id,
            "findings": findings,
        }));
        self.output.say(&Message::ReportSent {
            docflow: report.docflow_id.to_string(),
        });
    }

    fn answer(&mut self, answer: &Answer) {
        let document = answer.place.document_id();
        self.delivery.files.push(json!({
            "operation": self.id,
            "docflow": answer.place.docflow_id(),
            "answered": document,
            "reply_type": answer.reply_type,
            "reply": answer.reply,
        }));
        self.output.say(&Message::Answered {
            document: document.to_string(),
            reply_type: answer.reply_type.clone(),
        });
    }

    /// Something is not in a file; the journal still has it, where there is one.
    fn failed(&mut self, failure: Failure) {
        self.complete = false;
        let failure = failure.about(self.id);
        let mut exit = failure.exit();
        let failure = if self.kept {
            if exit == Exit::Failed {
                exit = Exit::Open;
            }
            failure.leaving_open()
        } else {
            failure
        };
        self.delivery.exit = self.delivery.exit.worst(exit);
        self.delivery.failures.push(failure);
    }
}

/// What was expected of a signature already, for another look at it.
fn same(signed: &Signed) -> Expectation {
    match (signed.checks().signer(), signed.certificate()) {
        (Check::NotChecked(Reason::NotAsked), _) | (_, None) => Expectation::new(),
        (_, Some(certificate)) => Expectation::new().signer(certificate.clone()),
    }
}

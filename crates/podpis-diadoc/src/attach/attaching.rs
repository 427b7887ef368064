//! A SignAndAttach before it is started.
//!
//! **Invariant:** the rules are checked against the message before anybody is asked.

use podpis_core::wait::{Beginning, Run};
use podpis_core::{Error, begins};
use podpis_diadoc_proto::invoicing::signers::ExtendedSigner;
use podpis_operation::Journal;

use super::getting_ready;
use super::{SignAndAttach, SignBy};
use crate::Diadoc;
use crate::document_signature::{Breach, PowerOfAttorney};
use crate::prepare::Signer;
use crate::{BoxId, EntityId, InBox, MessageId};

/// A SignAndAttach that was not started yet.
#[derive(Clone)]
#[must_use = "nothing is sent until `start` or `run`"]
pub struct Attaching {
    pub(super) begin: Beginning<Diadoc>,
    pub(super) in_box: BoxId,
    /// Each with its message.
    pub(super) documents: Vec<(MessageId, EntityId)>,
    pub(super) by: SignBy,
    pub(super) approval: bool,
    pub(super) labels: Vec<String>,
    pub(super) power_of_attorney: Option<PowerOfAttorney>,
    pub(super) as_stored: bool,
    pub(super) signer: Option<Signer>,
    pub(super) extended_signer: Option<ExtendedSigner>,
}

begins!(Attaching { in_box, documents } => SignAndAttach);

impl InBox {
    /// Signs a document of a message and attaches the signature to it.
    ///
    /// The document is prepared where it waits unsent and can be, signed by DSS unless [`Attaching::method`] says
    /// otherwise, checked, attached, and seen in the message. An ordinary signature of a document that waits for it
    /// sends the document.
    ///
    /// ```no_run
    /// # use podpis_core::wait::{Begin, Deadline, NoPrompt};
    /// # use podpis_diadoc::document_signature::PowerOfAttorney;
    /// # use podpis_diadoc::{BoxId, Diadoc, EntityId, MessageId};
    /// # async fn example(
    /// #     diadoc: Diadoc,
    /// #     in_box: BoxId,
    /// #     message: MessageId,
    /// #     document: EntityId,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let attaching = diadoc.in_box(&in_box).sign_and_attach(&message, &document);
    /// let attached = attaching
    ///     .power_of_attorney(PowerOfAttorney::by_default())
    ///     .run(&mut NoPrompt, Deadline::minutes(10))
    ///     .await?;
    /// assert!(attached.is_complete());
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign_and_attach(&self, message: &MessageId, entity: &EntityId) -> Attaching {
        Attaching {
            begin: Beginning::new(self.client.clone()),
            in_box: self.id.clone(),
            documents: vec![(message.clone(), entity.clone())],
            by: SignBy::default(),
            approval: false,
            labels: Vec::new(),
            power_of_attorney: None,
            as_stored: false,
            signer: None,
            extended_signer: None,
        }
    }
}

impl Attaching {
    /// Signs another document of the message that was named last, too: the person is asked once for all, and all
    /// signatures of a message go in one patch.
    pub fn and(mut self, entity: &EntityId) -> Self {
        if let Some((message, _)) = self.documents.last().cloned() {
            self.documents.push((message, entity.clone()));
        }
        self
    }

    /// Signs a document of another message too. The person is asked once for all documents of all messages, and then
    /// each message gets its patch: one that the service refuses keeps none of the others from theirs.
    ///
    /// How many documents one confirmation may be for, no source says; a start that is refused asks nobody.
    pub fn and_in(mut self, message: &MessageId, entity: &EntityId) -> Self {
        self.documents.push((message.clone(), entity.clone()));
        self
    }

    /// By what to sign; by a DSS certificate unless set.
    pub fn method(mut self, by: SignBy) -> Self {
        self.by = by;
        self
    }

    /// Attaches approval signatures: any number may be under a document. Otherwise it is the ordinary one of our side.
    pub fn approval(mut self) -> Self {
        self.approval = true;
        self
    }

    /// The power of attorney by which the signer acts.
    pub fn power_of_attorney(mut self, power: PowerOfAttorney) -> Self {
        self.power_of_attorney = Some(power);
        self
    }

    /// Labels of the signature, each at most 20 Latin letters, digits and hyphens.
    pub fn labels(mut self, labels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.labels.extend(labels.into_iter().map(Into::into));
        self
    }

    /// Signs documents as they are stored, even where they could be prepared.
    pub fn without_preparing(mut self) -> Self {
        self.as_stored = true;
        self
    }

    /// Who is written into documents that are prepared; unless set, the owner of the certificate where one is named.
    /// Not for universal transfer documents: those take an [extended signer](Self::extended_signer). The last of the
    /// two counts.
    pub fn signer(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self.extended_signer = None;
        self
    }

    /// Who is written into documents that are prepared, with the powers that newer forms ask for.
    pub fn extended_signer(mut self, signer: ExtendedSigner) -> Self {
        self.extended_signer = Some(signer);
        self.signer = None;
        self
    }

    /// Reads the messages and checks the rules, as a start does; gives what may be wrong. Nobody is asked, and nothing
    /// is posted.
    ///
    /// # Errors
    /// When a message cannot be read, or a hard rule is broken: the error names it.
    pub async fn check(&self) -> Result<Vec<Breach>, Error> {
        let messages = getting_ready::read(self).await?;
        getting_ready::check(self, &messages)
    }

    /// Reads the messages, checks the rules, has documents prepared, stores the record, and sends
    /// the first call.
    ///
    /// # Errors
    /// What is wrong by itself or breaks a rule, and what could not be read or prepared (nothing was started); a start
    /// that was refused (nothing is stored then); one whose effect is unknown (the record is in the journal and in the
    /// error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, SignAndAttach>, Error> {
        let (begin, prepared) = Box::pin(getting_ready::ready(self)).await?;
        begin.start(journal, prepared).await
    }
}

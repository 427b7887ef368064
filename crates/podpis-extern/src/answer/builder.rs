//! Answers, and sendings of replies, that were not started yet.
//!
//! **Invariant:** what the document asks for is looked up before anything is made.

use std::net::IpAddr;

use podpis_cms::Certificate;
use podpis_core::local_file::LocalFile;
use podpis_core::wait::{Beginning, Prepared, Run};
use podpis_core::{Error, ErrorKind, begins};
use podpis_extern_model::{AccountId, Base64, ReplyId};
use podpis_operation::Journal;

use super::asked::asked;
use super::kinds::{AnswerDocument, SendReply};
use super::record::{Content, Record, Step};
use super::sending::{SendRecord, SendStep, asked_before};
use crate::replies::bare;
use crate::{DocumentPath, Extern};

/// Sending a reply that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct ReplySending {
    begin: Beginning<Extern>,
    account: AccountId,
    place: DocumentPath,
    reply: ReplyId,
    package: bool,
    sender_ip: String,
}

begins!(ReplySending { place, reply } => SendReply);

impl ReplySending {
    pub(crate) fn new(
        client: Extern,
        account: AccountId,
        place: DocumentPath,
        reply: ReplyId,
        package: bool,
        sender_ip: String,
    ) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            place,
            reply,
            package,
            sender_ip,
        }
    }

    /// Looks whether the document asks for a reply, stores the record, and sends the reply.
    ///
    /// # Errors
    /// A `sender_ip` that is not an IP address, or a document that cannot be read (nothing was started); a reply that was
    /// refused (nothing is stored then); or one
    /// whose sending is unknown (the record is in the journal and in the error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, SendReply>, Error> {
        check_ip(&self.sender_ip)?;
        let begin = self.begin;
        let asked = asked_before(&begin.client, &self.account, &self.place).await;
        let record = SendRecord {
            account: self.account.clone(),
            place: self.place,
            reply: self.reply,
            package: self.package,
            sender_ip: self.sender_ip,
            asked: asked.map_err(Error::before_start)?,
            reply_type: None,
            step: SendStep::Starting,
        };
        let place = record.account.to_string();
        let prepared = Prepared::new(record, ()).in_place(place);
        begin.start(journal, prepared).await
    }
}

/// Answering a document that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct Answering {
    begin: Beginning<Extern>,
    account: AccountId,
    place: DocumentPath,
    reply_type: String,
    certificate: Vec<u8>,
    sender_ip: String,
    decline_codes: Vec<String>,
    force_confirmation: bool,
    contents: Vec<LocalFile>,
}

begins!(Answering { place, reply_type } => AnswerDocument);

impl Answering {
    pub(crate) fn new(
        client: Extern,
        account: AccountId,
        place: DocumentPath,
        reply_type: String,
        certificate: Vec<u8>,
        sender_ip: String,
    ) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            place,
            reply_type,
            certificate,
            sender_ip,
            decline_codes: Vec::new(),
            force_confirmation: false,
            contents: Vec::new(),
        }
    }

    /// Why a demand is declined, for a reply that declines one. A package takes none.
    pub fn decline_codes(mut self, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.decline_codes = codes.into_iter().map(Into::into).collect();
        self
    }

    /// The service's `forceConfirmation`; false unless set. Whether somebody is asked is read from the answer. The
    /// service has no such flag for packages, which are always confirmed.
    pub fn force_confirmation(mut self, force: bool) -> Self {
        self.force_confirmation = force;
        self
    }

    /// What the documents of a package for the pension fund hold, not encrypted: one for each document in the order of
    /// the package, or a single one for all of them. Needed where the service has no content of a document, and wrong
    /// for any other reply.
    pub fn contents(mut self, contents: impl IntoIterator<Item = LocalFile>) -> Self {
        self.contents = contents.into_iter().collect();
        self
    }

    /// Looks what the document asks for, uploads the contents of a package, stores the record,
    /// and makes the reply; the steps after it are taken by [`Run::wait`].
    ///
    /// # Errors
    /// A certificate that cannot be read or a `sender_ip` that is not an IP address; a document that cannot be read or asks
    /// for no such reply; contents or decline
    /// codes that this reply does not take (nothing was started), or a reply that could not be made (nothing is stored
    /// then).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, AnswerDocument>, Error> {
        check_ip(&self.sender_ip)?;
        let begin = self.begin;
        let wrong = |text: String| Error::new(ErrorKind::InvalidInput, text).before_start();
        let certificate = Certificate::from_der(&self.certificate).map_err(|error| {
            let text = format!("the certificate to answer with cannot be read: {error}");
            Error::new(ErrorKind::InvalidInput, text).with_source(error)
        })?;
        let document = begin
            .client
            .account(&self.account)
            .document(&self.place)
            .await
            .map_err(Error::before_start)?;
        let wanted = bare(self.reply_type.trim());
        let offered = asked(&self.place, &document);
        let Some(offer) = offered
            .iter()
            .find(|offer| offer.reply_type.eq_ignore_ascii_case(wanted))
        else {
            let mut text = format!("document {} asks for no {wanted}", self.place.document_id());
            let names: Vec<&str> = offered.iter().map(|offer| &*offer.reply_type).collect();
            if !names.is_empty() {
                text.push_str(&format!("; it asks for {}", names.join(" or ")));
            }
            return Err(wrong(text));
        };
        if offer.is_package && !self.decline_codes.is_empty() {
            return Err(wrong(format!(
                "a {wanted} is a package, which takes no decline codes"
            )));
        }
        if !offer.is_package && !self.contents.is_empty() {
            return Err(wrong(format!(
                "a {wanted} is made by the service, and only packages take contents"
            )));
        }
        let mut contents = Vec::with_capacity(self.contents.len());
        for file in self.contents {
            let upload = begin.client.account(&self.account).upload(file);
            let uploaded = upload.run().await.map_err(Error::before_start)?;
            contents.push(Content {
                file: uploaded.fingerprint(),
                id: uploaded.content,
            });
        }
        let record = Record {
            account: self.account.clone(),
            place: self.place,
            reply_type: offer.reply_type.clone(),
            package: offer.is_package,
            certificate: Base64::encode(&self.certificate),
            thumbprint: certificate.thumbprint().to_string(),
            decline_codes: self.decline_codes,
            force_confirmation: self.force_confirmation,
            sender_ip: self.sender_ip,
            contents,
            reply: None,
            parts: Vec::new(),
            signed: None,
            step: Step::Generate,
        };
        let place = record.account.to_string();
        let prepared = Prepared::new(record, ()).in_place(place);
        begin.start(journal, prepared).await
    }
}

/// Of the texts that an answer is asked with, only this one can be told from the others.
fn check_ip(sender_ip: &str) -> Result<(), Error> {
    if sender_ip.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    let text = format!("sender_ip: `{sender_ip}` is not an IP address");
    Err(Error::new(ErrorKind::InvalidInput, text).before_start())
}

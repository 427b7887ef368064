//! What is asked about documents of a message: by what they are signed, and as what the signatures are attached.
//!
//! **Invariant:** what cannot be understood is an error before anything is sent.

use clap::{Args, ValueEnum};
use podpis::diadoc::attach::{Attaching, SignBy};
use podpis::diadoc::document_signature::PowerOfAttorney;
use podpis::diadoc::{BoxId, EntityId, MessageId};
use podpis::{Diadoc, Thumbprint};
use serde::{Deserialize, Serialize};

use crate::environment::parse;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::store::Subject;

// One thing to do, as it is asked for and as it is noted.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttachAsk {
    /// Message of the documents; with a sandbox, a seeded unsigned document unless given
    #[arg(long, value_name = "MESSAGE", requires = "entities")]
    #[serde(default)]
    pub(crate) message: Option<String>,

    /// Document in the message; several are signed with one confirmation
    #[arg(long = "entity", value_name = "ENTITY", requires = "message")]
    pub(crate) entities: Vec<String>,

    /// Documents of several messages, in place of the two above.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    documents: Vec<InMessage>,

    /// Attach approval signatures, of which a document can have any number
    #[arg(long)]
    #[serde(default)]
    pub(crate) approval: bool,

    /// How to sign
    #[arg(long, value_enum, default_value_t = AttachMethod::Dss)]
    pub(crate) method: AttachMethod,

    /// Thumbprint of the certificate to sign with; the person's current one unless given
    #[arg(long = "cert", value_name = "THUMBPRINT")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,

    /// Label of the signature: at most 20 Latin letters, digits and hyphens
    #[arg(long = "label", value_name = "LABEL")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<String>,

    /// Power of attorney by which the signer acts: `default` for the user's own, or NUMBER:INN:REPINN of who issued it and who acts by it
    #[arg(long, value_name = "POWER")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    power_of_attorney: Option<String>,

    /// Sign documents as they are stored, even where they could be prepared
    #[arg(long)]
    #[serde(default)]
    as_stored: bool,
}

/// A document of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct InMessage {
    message: String,
    entity: String,
}

/// By what documents are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AttachMethod {
    /// DSS certificate, confirmed on its owner's phone (DssSign)
    #[default]
    Dss,
    /// Kontur.Certificate with a code by SMS (CloudSign)
    Cloud,
    /// Nobody signs: the service makes a test signature, for test organizations only
    Test,
}

impl AttachAsk {
    /// Whether all of it can be understood.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.method == AttachMethod::Test && self.certificate.is_some() {
            return Err(Failure::usage(DiadocMessage::TestTakesNoCertificate.into()));
        }
        self.thumbprint()?;
        self.power().map(drop)
    }

    /// The same about these documents.
    pub(crate) fn about<'d>(
        &self,
        documents: impl IntoIterator<Item = (&'d MessageId, &'d EntityId)>,
    ) -> Self {
        let noted = documents.into_iter().map(|(message, entity)| InMessage {
            message: message.to_string(),
            entity: entity.to_string(),
        });
        Self {
            message: None,
            entities: Vec::new(),
            documents: noted.collect(),
            ..self.clone()
        }
    }

    /// What it is about. A document is known without its message, and one signature of it at a time is asked for.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let of_many = self.documents.iter().map(|one| &one.entity);
        let entities = self.entities.iter().chain(of_many);
        entities
            .map(|entity| Subject::of_id("document", entity))
            .collect()
    }

    /// As the client takes it.
    pub(crate) fn attaching(&self, diadoc: &Diadoc, in_box: &BoxId) -> Result<Attaching, Failure> {
        let message = MessageId::new(self.message.as_deref().unwrap_or_default());
        let of_one = self.entities.iter();
        let of_one = of_one.map(|entity| (message.clone(), EntityId::new(entity.as_str())));
        let of_many = self.documents.iter().map(|one| {
            let message = MessageId::new(one.message.as_str());
            (message, EntityId::new(one.entity.as_str()))
        });
        let mut documents = of_one.chain(of_many);
        let first = documents.next();
        let (message, entity) =
            first.ok_or_else(|| Failure::usage(Message::MissingIds("--message, --entity")))?;
        let certificate = self.thumbprint()?;
        let mut attaching = documents
            .fold(
                diadoc.in_box(in_box).sign_and_attach(&message, &entity),
                |attaching, (message, entity)| attaching.and_in(&message, &entity),
            )
            .labels(&self.labels)
            .method(match self.method {
                AttachMethod::Dss => SignBy::Dss { certificate },
                AttachMethod::Cloud => SignBy::Sms { certificate },
                AttachMethod::Test => SignBy::TestSignature,
            });
        if self.approval {
            attaching = attaching.approval();
        }
        if self.as_stored {
            attaching = attaching.without_preparing();
        }
        if let Some(power) = self.power()? {
            attaching = attaching.power_of_attorney(power);
        }
        Ok(attaching)
    }

    pub(crate) fn thumbprint(&self) -> Result<Option<Thumbprint>, Failure> {
        let text = self.certificate.as_deref();
        text.map(|text| parse("--cert", text)).transpose()
    }

    pub(crate) fn power(&self) -> Result<Option<PowerOfAttorney>, Failure> {
        let Some(text) = self.power_of_attorney.as_deref() else {
            return Ok(None);
        };
        if text == "default" {
            return Ok(Some(PowerOfAttorney::by_default()));
        }
        let parts: Vec<&str> = text.split(':').collect();
        let [number, issuer, representative] = parts[..] else {
            let wanted =
                "`default`, or NUMBER:INN:REPINN of who issued it and who acts by it, is wanted";
            return Err(
                Failure::usage(Message::BadArgument("--power-of-attorney")).with_source(wanted)
            );
        };
        // Whether each has its form, the library says before anybody is asked.
        Ok(Some(PowerOfAttorney::registered(
            number,
            issuer,
            representative,
        )))
    }
}

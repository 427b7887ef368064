//! What is asked about documents of a message: by what they are signed, and as what the signatures are attached.
//!
//! **Invariant:** what cannot be understood is an error before anything is sent.

use clap::ValueEnum;
use podpis::diadoc::attach::{Attaching, SignBy};
use podpis::diadoc::document_signature::PowerOfAttorney;
use podpis::diadoc::{BoxId, EntityId, MessageId};
use podpis::{Diadoc, Thumbprint};
use serde::{Deserialize, Serialize};

use crate::environment::parse;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttachAsk {
    pub(crate) message: String,
    pub(crate) entities: Vec<String>,
    pub(crate) method: AttachMethod,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,
    #[serde(default)]
    pub(crate) approval: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels: Vec<String>,
    /// `default`, or a number and the INN of who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) power_of_attorney: Option<String>,
    #[serde(default)]
    pub(crate) as_stored: bool,
}

/// By what documents are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AttachMethod {
    /// DSS certificate, confirmed on its owner's phone (DssSign)
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

    /// The same as the client takes it.
    pub(crate) fn attaching(&self, diadoc: &Diadoc, in_box: &BoxId) -> Result<Attaching, Failure> {
        let message = MessageId::new(self.message.as_str());
        let mut entities = self
            .entities
            .iter()
            .map(|entity| EntityId::new(entity.as_str()));
        let first = entities.next();
        let first =
            first.ok_or_else(|| Failure::usage(Message::MissingIds("--message, --entity")))?;
        let certificate = self.thumbprint()?;
        let mut attaching = entities
            .fold(
                diadoc.sign_and_attach(in_box, &message, &first),
                |attaching, entity| attaching.and(&entity),
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

    fn thumbprint(&self) -> Result<Option<Thumbprint>, Failure> {
        let text = self.certificate.as_deref();
        text.map(|text| parse("--cert", text)).transpose()
    }

    fn power(&self) -> Result<Option<PowerOfAttorney>, Failure> {
        let Some(text) = self.power_of_attorney.as_deref() else {
            return Ok(None);
        };
        if text == "default" {
            return Ok(Some(PowerOfAttorney::by_default()));
        }
        match text.split_once(':') {
            Some((number, inn)) if !number.is_empty() && !inn.is_empty() => {
                Ok(Some(PowerOfAttorney::registered(number, inn)))
            }
            _ => Err(Failure::usage(Message::BadArgument("--power-of-attorney"))
                .with_source("`default`, or NUMBER:INN of who issued it, is wanted")),
        }
    }
}

//! A small world of certificates and lists in which everything is right, to make one thing wrong in.

use podpis_cms::{Certificate, Document, Signature};
use podpis_trust::{Given, Judgement, Moment, RevocationList, judge};

use crate::files::time;
use crate::maker::{Draft, Key, ListDraft, Message, TokenDraft};

pub(crate) const CONTENT: &[u8] = b"content";
/// The time stamps are of this time.
pub(crate) const STAMPED: &str = "20240610120030Z";

pub(crate) fn now() -> Moment {
    Moment::now(time("2024-06-15T00:00:00Z"))
}

/// The keys: of the root, of its issuer, of the signer, of the time stamps.
pub(crate) struct World {
    pub(crate) root: Key,
    pub(crate) ca: Key,
    pub(crate) person: Key,
    pub(crate) tsa: Key,
}

impl World {
    pub(crate) fn new() -> Self {
        let [root, ca, person, tsa] = [1, 2, 3, 4].map(Key::p256);
        Self {
            root,
            ca,
            person,
            tsa,
        }
    }

    pub(crate) fn root_draft(&self) -> Draft {
        Draft::authority("Root", &self.root, "Root", 1)
    }

    pub(crate) fn ca_draft(&self) -> Draft {
        Draft::authority("CA", &self.ca, "Root", 2)
    }

    pub(crate) fn signer_draft(&self) -> Draft {
        Draft::person("Signer", &self.person, "CA", 0x10)
    }

    pub(crate) fn stamper_draft(&self) -> Draft {
        Draft::stamper("TSA", &self.tsa, "CA", 0x11)
    }

    pub(crate) fn root_certificate(&self) -> Certificate {
        self.root_draft().by(&self.root)
    }

    pub(crate) fn ca_certificate(&self) -> Certificate {
        self.ca_draft().by(&self.root)
    }

    pub(crate) fn signer(&self) -> Certificate {
        self.signer_draft().by(&self.ca)
    }

    pub(crate) fn stamper(&self) -> Certificate {
        self.stamper_draft().by(&self.ca)
    }

    pub(crate) fn root_list(&self) -> RevocationList {
        ListDraft::new("Root").by(&self.root)
    }

    pub(crate) fn ca_list(&self) -> RevocationList {
        ListDraft::new("CA").by(&self.ca)
    }

    /// All that is needed but the issuer's list.
    pub(crate) fn given_but_list(&self) -> Given {
        Given::new()
            .roots([self.root_certificate()])
            .certificates([self.ca_certificate()])
            .lists([self.root_list()])
    }

    pub(crate) fn given(&self) -> Given {
        self.given_but_list().lists([self.ca_list()])
    }

    pub(crate) fn message(&self) -> Message {
        self.message_of(&self.signer())
    }

    /// Signed with this certificate of the signer.
    pub(crate) fn message_of(&self, signer: &Certificate) -> Message {
        Message::new(CONTENT, &self.person, signer)
    }

    pub(crate) fn token(&self, message: &Message) -> Vec<u8> {
        self.token_draft(message).by(&self.tsa, &self.stamper())
    }

    pub(crate) fn token_draft(&self, message: &Message) -> TokenDraft {
        TokenDraft::new(&message.value(), &self.tsa.digest, STAMPED)
    }

    /// The answer for a signer with this certificate.
    pub(crate) fn said_of(&self, signer: &Draft) -> String {
        let signer = signer.clone().by(&self.ca);
        said(&self.message_of(&signer), &self.given(), now())
    }

    /// The answer where the issuer has this certificate.
    pub(crate) fn said_under(&self, ca: Draft) -> String {
        let given = Given::new()
            .roots([self.root_certificate()])
            .certificates([ca.by(&self.root)])
            .lists([self.root_list(), self.ca_list()]);
        said(&self.message(), &given, now())
    }

    /// The answer with this list of the issuer.
    pub(crate) fn said_with(&self, list: ListDraft) -> String {
        let given = self.given_but_list().lists([list.by(&self.ca)]);
        said(&self.message(), &given, now())
    }
}

pub(crate) fn judged(message: &Message, given: &Given, at: Moment) -> Judgement {
    judged_der(&message.der(), given, at)
}

pub(crate) fn judged_der(der: &[u8], given: &Given, at: Moment) -> Judgement {
    let signature = Signature::parse(der).unwrap();
    judge(
        &Document::content("content", CONTENT),
        &signature,
        given,
        at,
    )
}

/// The answer, and whose certificate it is about.
pub(crate) fn said(message: &Message, given: &Given, at: Moment) -> String {
    let judgement = judged(message, given, at);
    match judgement.trust().why() {
        None => "trusted".to_owned(),
        Some(why) => format!("{} of {}", judgement.trust(), why.whose()),
    }
}

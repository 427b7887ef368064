//! Decides what a time-stamp token says (RFC 3161 2.4.2): over what, and when.
//!
//! **Invariant:** a token has one signer, and a critical extension of what it says makes it
//! unreadable, because none is known.

use std::time::{Duration, SystemTime};

use podpis_cms::tlv::{self, Element};
use podpis_cms::{Attached, DigestAlgorithm, Signer, oid_text, time_of};

use crate::{extension, oid};

const EXTENSIONS: u8 = tlv::CONTEXT_1;

/// A token and what it says.
pub(crate) struct Token {
    pub(crate) message: Attached,
    pub(crate) algorithm: DigestAlgorithm,
    /// The digest of what was stamped.
    pub(crate) imprint: Vec<u8>,
    pub(crate) time: SystemTime,
    /// The time with the accuracy added.
    pub(crate) latest: SystemTime,
    pub(crate) policy: String,
}

impl Token {
    /// `None` if it cannot be read.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let message = Attached::parse(bytes, oid::TIME_STAMP_INFO).ok()?;
        if message.signature().signers().len() != 1 {
            return None;
        }
        let said = Said::read(message.content())?;
        Some(Self {
            message,
            algorithm: said.algorithm,
            imprint: said.imprint,
            time: said.time,
            latest: said.latest,
            policy: said.policy,
        })
    }

    pub(crate) fn signer(&self) -> Option<&Signer> {
        self.message.signature().signers().first()
    }
}

struct Said {
    algorithm: DigestAlgorithm,
    imprint: Vec<u8>,
    time: SystemTime,
    latest: SystemTime,
    policy: String,
}

impl Said {
    fn read(content: &[u8]) -> Option<Self> {
        let what = "TSTInfo";
        let info = Element::single(content).ok()?;
        if info.tag() != tlv::SEQUENCE {
            return None;
        }
        let mut fields = info.inside();
        fields.expect(tlv::INTEGER, what).ok()?;
        let policy = fields.expect(tlv::OBJECT_IDENTIFIER, what).ok()?;
        let mut imprint = fields.expect(tlv::SEQUENCE, what).ok()?.inside();
        let algorithm = imprint.expect(tlv::SEQUENCE, what).ok()?;
        let algorithm = algorithm
            .inside()
            .expect(tlv::OBJECT_IDENTIFIER, what)
            .ok()?;
        let digest = imprint.expect(tlv::OCTET_STRING, what).ok()?;
        fields.expect(tlv::INTEGER, what).ok()?;
        let time = fields.expect(tlv::GENERALIZED_TIME, what).ok()?;
        let time = time_of(&time)?;
        let accuracy = match fields.optional(tlv::SEQUENCE, what).ok()? {
            Some(accuracy) => accuracy_of(&accuracy)?,
            None => Duration::ZERO,
        };
        let extensions = fields.find(|field| field.tag() == EXTENSIONS);
        if let Some(extensions) = extensions {
            for one in extension::all(extensions.content()) {
                if one.ok()?.is_critical {
                    return None;
                }
            }
        }
        Some(Self {
            algorithm: DigestAlgorithm::from_oid(&oid_text(algorithm.content())),
            imprint: digest.content().to_vec(),
            time,
            latest: time.checked_add(accuracy)?,
            policy: oid_text(policy.content()),
        })
    }
}

/// Seconds, thousandths and millionths of a second, each if it is there.
fn accuracy_of(accuracy: &Element<'_>) -> Option<Duration> {
    let mut total = Duration::ZERO;
    for part in extension::whole(accuracy.inside())? {
        let count = u64::try_from(extension::count(part.content())?).ok()?;
        let part = match part.tag() {
            tlv::INTEGER => Duration::from_secs(count),
            tlv::CONTEXT_0_PRIMITIVE => Duration::from_millis(count),
            tlv::CONTEXT_1_PRIMITIVE => Duration::from_micros(count),
            _ => return None,
        };
        total = total.checked_add(part)?;
    }
    Some(total)
}

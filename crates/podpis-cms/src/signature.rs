//! Decides whether bytes are a detached CMS signature.
//!
//! **Invariant:** a `Signature` is detached (but for one that an [`Attached`](crate::Attached) lends) and has at least one signer, and its DER has the signed
//! attributes and certificates that came. It says nothing of any document yet: that is what
//! [`bind`](crate::bind) is for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use const_oid::ObjectIdentifier;

use crate::certificate::{place, slice};
use crate::tlv::{self, Element, Elements};
use crate::{
    Certificate, Departure, DigestAlgorithm, Digests, Form, FormatError, Limits, Signer, embedded,
    encoding, oid, text,
};

/// A detached CMS signature (RFC 5652 `SignedData` without content). Copies share their bytes.
#[derive(Clone)]
pub struct Signature(Arc<Inner>);

struct Inner {
    der: Bytes,
    form: Form,
    certificates: Range<u32>,
    lists: Range<u32>,
    signers: Vec<Signer>,
}

impl Signature {
    /// Reads a signature in whatever form it came: DER, BER, with zeros or a line end behind, PEM,
    /// Base64 text. [`form`](Self::form) says which. What the signature does not need to be
    /// understood (unsigned attributes, revocation lists, other people's certificates) is not
    /// looked into.
    ///
    /// # Errors
    ///
    /// [`FormatError`], a variant for each thing that can be wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        Self::parse_within(bytes, &Limits::default())
    }

    /// With other limits.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Self, FormatError> {
        Self::parse_as(bytes, limits, Content::Detached).map(|(signature, _)| signature)
    }

    /// Reads a signature of this content, and where in its DER the content stands, if it does.
    pub(crate) fn parse_as(
        bytes: &[u8],
        limits: &Limits,
        content: Content,
    ) -> Result<(Self, Range<u32>), FormatError> {
        if bytes.len() > limits.bytes {
            return Err(FormatError::TooLarge {
                bytes: bytes.len(),
                limit: limits.bytes,
            });
        }
        let mut form = Form::default();
        let der = match text::decode(bytes)? {
            Some((decoded, departure)) => {
                form.note(departure);
                encoding::to_der(outer(&decoded, &mut form)?.whole(), &mut form)?
            }
            None => encoding::to_der(outer(bytes, &mut form)?.whole(), &mut form)?,
        };
        Self::read(Bytes::from(der), form, limits, content)
    }

    fn read(
        der: Bytes,
        mut form: Form,
        limits: &Limits,
        content: Content,
    ) -> Result<(Self, Range<u32>), FormatError> {
        let fields = SignedData::read(&der, content)?;
        let place = |part: Option<Element<'_>>| {
            let content = part.map_or(&[][..], |part| part.content());
            match content {
                [] => Some(0..0),
                content => place(&der, content),
            }
            .ok_or(FormatError::Structure { what: "SignedData" })
        };
        let (certificates, lists) = (place(fields.certificates)?, place(fields.lists)?);
        let inside = place(fields.content)?;
        let mut infos = fields.signer_infos;
        let mut signers = Vec::new();
        while !infos.is_empty() {
            let position = signers.len();
            if position == limits.signers {
                return Err(FormatError::TooManySigners {
                    limit: limits.signers,
                });
            }
            let info = infos
                .expect(tlv::SEQUENCE, "SignerInfo")
                .map_err(|error| error.in_signer(position))?;
            let signer = Signer::read(&der, &info, content.kind(), position)?;
            if !signer.is_sorted() {
                form.note(Departure::UnsortedAttributes);
            }
            signers.push(signer);
        }
        if signers.is_empty() {
            return Err(FormatError::NoSigners);
        }
        let set = Elements::of(slice(&der, &certificates));
        embedded::give(&der, set, &mut signers, limits)?;
        let signature = Self(Arc::new(Inner {
            der,
            form,
            certificates,
            lists,
            signers,
        }));
        Ok((signature, inside))
    }

    /// The form in which it came.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.0.form
    }

    /// The signature in DER, in whatever form it came. Certificates, revocation lists and, but for
    /// their lengths, signed attributes are byte for byte those that came; lengths are definite and
    /// shortest, and nothing follows the end.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.0.der
    }

    /// Who signed: one or more.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        &self.0.signers
    }

    /// Every embedded certificate that can be read, whoever's it is, in their order.
    #[must_use]
    pub fn certificates(&self) -> Vec<Certificate> {
        let set = Elements::of(slice(&self.0.der, &self.0.certificates));
        embedded::all(&self.0.der, set)
    }

    /// Every embedded revocation list (and what else stands among them), as it stands.
    #[must_use]
    pub fn revocation_lists(&self) -> Elements<'_> {
        Elements::of(slice(&self.0.der, &self.0.lists))
    }

    /// The digests of a document that are needed to say whether this signature is for it, each
    /// once. Among them may be ones that the crate cannot compute.
    #[must_use]
    pub fn digest_algorithms(&self) -> Vec<DigestAlgorithm> {
        let mut all: Vec<_> = self
            .signers()
            .iter()
            .map(|signer| signer.document_digest().clone())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The digests of the document that the signers state, for a document whose bytes were never here. **They prove
    /// nothing of any document**; with them a value can be verified, and the path of the certificate judged. Signers
    /// without signed attributes state none.
    #[must_use]
    pub fn stated_digests(&self) -> Digests {
        Digests::stated(self.signers())
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Signature {}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("length", &self.0.der.len())
            .field("form", &self.0.form)
            .field("signers", &self.0.signers)
            .finish()
    }
}

/// What is signed, and where it should stand.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// Plain data, which is not in the signature.
    Detached,
    /// Content of this type, which is in the signature.
    Attached(ObjectIdentifier),
}

impl Content {
    fn kind(self) -> ObjectIdentifier {
        match self {
            Self::Detached => oid::DATA,
            Self::Attached(kind) => kind,
        }
    }
}

/// The fields of a `ContentInfo` with `SignedData` inside.
struct SignedData<'a> {
    content: Option<Element<'a>>,
    certificates: Option<Element<'a>>,
    lists: Option<Element<'a>>,
    signer_infos: Elements<'a>,
}

impl<'a> SignedData<'a> {
    fn read(der: &'a [u8], wanted: Content) -> Result<Self, FormatError> {
        let mut content_info = Element::single(der)?.inside();
        let content_type = content_info
            .expect(tlv::OBJECT_IDENTIFIER, "contentType")
            .map_err(|_| FormatError::NotCms)?;
        if content_type.content() != oid::SIGNED_DATA.as_bytes() {
            return Err(FormatError::NotSignedData {
                oid: oid::oid_text(content_type.content()),
            });
        }
        let mut content = content_info.expect(tlv::CONTEXT_0, "content")?.inside();
        content_info.end("ContentInfo")?;
        let mut fields = content.expect(tlv::SEQUENCE, "SignedData")?.inside();
        content.end("ContentInfo")?;

        fields.expect(tlv::INTEGER, "version")?;
        fields.expect(tlv::SET, "digestAlgorithms")?;
        let signed = fields.expect(tlv::SEQUENCE, "encapContentInfo")?.inside();
        let inside = content_of(signed, wanted)?;
        let certificates = fields.optional(tlv::CONTEXT_0, "certificates")?;
        let lists = fields.optional(tlv::CONTEXT_1, "crls")?;
        let signer_infos = fields.expect(tlv::SET, "signerInfos")?.inside();
        fields.end("SignedData")?;
        Ok(Self {
            content: inside,
            certificates,
            lists,
            signer_infos,
        })
    }
}

/// The outermost element; what stands behind it is noted, if it means nothing.
fn outer<'a>(bytes: &'a [u8], form: &mut Form) -> Result<Element<'a>, FormatError> {
    match bytes.first() {
        None => return Err(FormatError::Empty),
        Some(&tlv::SEQUENCE) => {}
        Some(&first) => return Err(FormatError::NotDer { first }),
    }
    let (element, behind) = Element::first(bytes)?;
    if behind.is_empty() {
        return Ok(element);
    }
    if behind.iter().all(|byte| *byte == 0) {
        form.note(Departure::TrailingZeros);
    } else if behind.iter().all(u8::is_ascii_whitespace) {
        form.note(Departure::TrailingLineEnd);
    } else {
        return Err(FormatError::TrailingBytes {
            count: behind.len(),
        });
    }
    Ok(element)
}

/// What stands in `encapContentInfo`, which must be what is wanted.
fn content_of(
    mut fields: Elements<'_>,
    wanted: Content,
) -> Result<Option<Element<'_>>, FormatError> {
    let what = "encapContentInfo";
    let kind = fields.expect(tlv::OBJECT_IDENTIFIER, what)?;
    let found = fields.optional(tlv::CONTEXT_0, what)?;
    let content = match (wanted, found) {
        (Content::Detached, Some(_)) => return Err(FormatError::Attached),
        (Content::Attached(_), None) => return Err(FormatError::Detached),
        (_, None) => None,
        (_, Some(found)) => {
            let mut inside = found.inside();
            let content = inside.expect(tlv::OCTET_STRING, what)?;
            inside.end(what)?;
            Some(content)
        }
    };
    fields.end(what)?;
    if kind.content() == wanted.kind().as_bytes() {
        return Ok(content);
    }
    let oid = oid::oid_text(kind.content());
    Err(match wanted {
        Content::Detached => FormatError::NotData { oid },
        Content::Attached(_) => FormatError::OtherContent { oid },
    })
}

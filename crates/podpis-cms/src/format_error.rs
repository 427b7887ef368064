//! Decides how an unreadable signature is described.
//!
//! **Invariant:** an error never carries bytes of the signature: offsets, counts and OIDs only.

/// Why the bytes are not a detached CMS signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// No bytes at all.
    #[error("the signature is empty")]
    Empty,
    /// More bytes than [`Limits::bytes`](crate::Limits::bytes).
    #[error("the signature has {bytes} bytes, over the limit of {limit}")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many are read at most.
        limit: usize,
    },
    /// More signers than [`Limits::signers`](crate::Limits::signers).
    #[error("the signature has more than {limit} signers")]
    TooManySigners {
        /// How many are read at most.
        limit: usize,
    },
    /// More certificates for one signer than [`Limits::certificates`](crate::Limits::certificates).
    #[error("more than {limit} certificates in the signature may be one signer's")]
    TooManyCertificates {
        /// How many are tried at most.
        limit: usize,
    },
    /// `-----BEGIN …` without its end, or with something else than Base64 between.
    #[error("the signature is PEM text that cannot be decoded")]
    BadPem,
    /// PEM text with more than one signature: which of them is meant?
    #[error("the text holds more than one signature")]
    SeveralBlocks,
    /// Text that begins as the Base64 of a signature and cannot be decoded.
    #[error("the signature is Base64 text that cannot be decoded")]
    BadBase64,
    /// Neither text that is known nor the 0x30 that every signature starts with.
    #[error("the bytes are no signature: they start with 0x{first:02X} instead of 0x30")]
    NotDer {
        /// The first byte.
        first: u8,
    },
    /// A length does not fit into memory.
    #[error("the signature is malformed: a length in it is beyond any signature")]
    LengthTooLarge,
    /// An indefinite length of an element that has no elements inside.
    #[error("the signature is malformed: a primitive element has no length")]
    PrimitiveIndefinite,
    /// The bytes end inside an element, or an element ends inside the one it contains.
    #[error("the signature is cut off: an element lacks {missing} bytes")]
    Truncated {
        /// How many bytes are missing at least.
        missing: usize,
    },
    /// Something follows the signature.
    #[error("{count} bytes follow the end of the signature")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// Elements nested deeper than 64 levels.
    #[error("the signature is nested too deeply")]
    TooDeep,
    /// DER, but not a CMS ContentInfo.
    #[error("the bytes are DER but not a CMS message")]
    NotCms,
    /// A CMS message of another kind, such as an encrypted one.
    #[error("the CMS message is not SignedData but {oid}")]
    NotSignedData {
        /// The content type found, dotted.
        oid: String,
    },
    /// The signed content is of a type other than `id-data`.
    #[error("the signed content is not plain data but {oid}")]
    NotData {
        /// The content type found, dotted.
        oid: String,
    },
    /// The document is inside the signature; only detached signatures are accepted.
    #[error("the signature is attached: it carries the content it signs")]
    Attached,
    /// The content should be inside the signature and is not.
    #[error("the signature is detached: it does not carry the content it signs")]
    Detached,
    /// The content inside the signature is of another type than the one asked for.
    #[error("the content inside the signature is of another type: {oid}")]
    OtherContent {
        /// The content type found, dotted.
        oid: String,
    },
    /// No signer in it.
    #[error("the signature has no signers")]
    NoSigners,
    /// A part of SignedData is absent or is not what it should be.
    #[error("the signature is malformed: {what} cannot be read")]
    Structure {
        /// The part, in the words of RFC 5652.
        what: &'static str,
    },
    /// One of the signers is malformed.
    #[error("signer {} of the signature is malformed: {what} cannot be read", .signer + 1)]
    Signer {
        /// Which signer, from 0.
        signer: usize,
        /// The part, in the words of RFC 5652.
        what: &'static str,
    },
    /// Signed attributes without `messageDigest`.
    #[error("signer {} of the signature has signed attributes without messageDigest", .signer + 1)]
    NoMessageDigest {
        /// Which signer, from 0.
        signer: usize,
    },
    /// `messageDigest` of a length that its algorithm does not give.
    #[error("signer {} of the signature has a messageDigest of {found} bytes for {algorithm}", .signer + 1)]
    MessageDigestLength {
        /// Which signer, from 0.
        signer: usize,
        /// The digest algorithm's name.
        algorithm: String,
        /// Length found, in bytes.
        found: usize,
    },
    /// Signed attributes without `contentType`.
    #[error("signer {} of the signature has signed attributes without contentType", .signer + 1)]
    NoContentType {
        /// Which signer, from 0.
        signer: usize,
    },
    /// The `contentType` attribute is not `id-data`.
    #[error("signer {} of the signature signs {oid} instead of plain data", .signer + 1)]
    OtherContentType {
        /// Which signer, from 0.
        signer: usize,
        /// The content type found, dotted.
        oid: String,
    },
    /// The same attribute twice, where RFC 5652 allows it once.
    #[error("signer {} of the signature repeats the attribute {oid}", .signer + 1)]
    RepeatedAttribute {
        /// Which signer, from 0.
        signer: usize,
        /// The attribute's type, dotted.
        oid: String,
    },
}

impl FormatError {
    /// Likewise for a part read inside signer `signer` (from 0).
    pub(crate) fn in_signer(self, signer: usize) -> Self {
        match self {
            Self::Structure { what } => Self::Signer { signer, what },
            other => other,
        }
    }
}

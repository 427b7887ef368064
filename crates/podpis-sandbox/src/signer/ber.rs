//! Decides how a signature looks in BER: lengths left out, OCTET STRINGs in pieces.
//!
//! **Invariant:** it is the same SignedData. Certificates and attributes stay as they are inside, because somebody
//! signed their DER.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode as _, Encode as _, Header, Reader as _, SliceReader, Tag, Tagged as _};

use super::SignError;
use super::stamp::TIME_STAMP_TOKEN;

/// What is nested deeper is copied as it is: a signature that was posted may hold anything.
const DEEPEST: usize = 32;

const END_OF_CONTENTS: [u8; 2] = [0, 0];
const INDEFINITE: u8 = 0x80;
const CONSTRUCTED: u8 = 0x20;

/// The same signature in BER.
pub(crate) fn in_ber(signature: &[u8]) -> Result<Vec<u8>, SignError> {
    let mut out = Vec::new();
    write(&mut out, AnyRef::from_der(signature)?, 0)?;
    Ok(out)
}

/// The same signature in DER, but for the time stamps in it, which are in BER.
pub(crate) fn with_tokens_in_ber(signature: &[u8]) -> Result<Vec<u8>, SignError> {
    copied(AnyRef::from_der(signature)?, 0)
}

fn write(out: &mut Vec<u8>, element: AnyRef<'_>, depth: usize) -> Result<(), SignError> {
    let tag = element.tag();
    if tag == Tag::OctetString && !element.value().is_empty() {
        out.extend([tag.octet() | CONSTRUCTED, INDEFINITE]);
        for piece in element.value().chunks(element.value().len() / 2 + 1) {
            out.extend(OctetStringRef::new(piece)?.to_der()?);
        }
        out.extend(END_OF_CONTENTS);
    } else if !tag.is_constructed() || depth > DEEPEST {
        out.extend(element.to_der()?);
    } else {
        out.extend([tag.octet(), INDEFINITE]);
        // Below ContentInfo these are certificates, revocation lists, attributes and the content.
        if depth > 1 && matches!(tag, Tag::ContextSpecific { .. }) {
            out.extend(element.value());
        } else {
            for child in children(element)? {
                write(out, child, depth + 1)?;
            }
        }
        out.extend(END_OF_CONTENTS);
    }
    Ok(())
}

fn copied(element: AnyRef<'_>, depth: usize) -> Result<Vec<u8>, SignError> {
    let tag = element.tag();
    if !tag.is_constructed() || depth > DEEPEST {
        return Ok(element.to_der()?);
    }
    let mut content = Vec::new();
    let children = children(element)?;
    if let [name, values] = children.as_slice()
        && name.decode_as::<ObjectIdentifier>() == Ok(TIME_STAMP_TOKEN)
    {
        content.extend(name.to_der()?);
        let mut tokens = Vec::new();
        for token in self::children(*values)? {
            write(&mut tokens, token, 0)?;
        }
        content.extend(enclosed(values.tag(), &tokens)?);
    } else {
        for child in children {
            content.extend(copied(child, depth + 1)?);
        }
    }
    enclosed(tag, &content)
}

fn enclosed(tag: Tag, content: &[u8]) -> Result<Vec<u8>, SignError> {
    let mut out = Header::new(tag, content.len())?.to_der()?;
    out.extend(content);
    Ok(out)
}

fn children(element: AnyRef<'_>) -> Result<Vec<AnyRef<'_>>, SignError> {
    let mut reader = SliceReader::new(element.value())?;
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(AnyRef::decode(&mut reader)?);
    }
    Ok(all)
}

//! Decides how a signature that came in BER is written in DER.
//!
//! Lengths become definite and shortest, strings in pieces become whole. What somebody else signed
//! is not touched: certificates and revocation lists stay byte for byte, and so do the elements of
//! signed attributes, in the signer's order.
//!
//! **Invariant:** what is DER already comes out as it went in; nothing that is read changes its
//! meaning; the work is linear for any nesting that is accepted.

use crate::tlv::{self, CONSTRUCTED, Element, Elements, Length};
use crate::{Departure, Form, FormatError};

/// Nesting deeper than this is refused: real signatures stay under 20, and the walk is recursive.
const MAX_DEPTH: usize = 64;

/// What to do with an element and what is inside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// ContentInfo, and what else has no fields of its own here.
    Plain,
    /// ContentInfo's `[0]`: SignedData is inside.
    Content,
    SignedData,
    SignerInfos,
    SignerInfo,
    /// The signer's name for its certificate: a key identifier is an implicit OCTET STRING.
    SignerId,
    /// `certificates` or `crls`.
    Foreigners,
    /// Signed by somebody else: stays as it is.
    Foreign,
    /// Attributes, in which anything may stand: in DER if it can be, else as it is.
    Attributes,
}

/// The signature in DER, and how `bytes` departed from that.
///
/// `bytes` is one element, checked by the caller to be a SEQUENCE.
pub(crate) fn to_der(whole: &Element<'_>, form: &mut Form) -> Result<Vec<u8>, FormatError> {
    let mut writer = Writer {
        out: Vec::with_capacity(whole.whole().len()),
        form,
    };
    writer.element(whole, Part::Plain, 0)?;
    Ok(writer.out)
}

struct Writer<'f> {
    out: Vec<u8>,
    form: &'f mut Form,
}

impl Writer<'_> {
    fn element(
        &mut self,
        element: &Element<'_>,
        part: Part,
        depth: usize,
    ) -> Result<(), FormatError> {
        if depth > MAX_DEPTH {
            return Err(FormatError::TooDeep);
        }
        match part {
            Part::Foreign => {
                self.note_length(element);
                self.out.extend_from_slice(element.whole());
                return Ok(());
            }
            Part::Attributes | Part::Foreigners => return self.lenient(element, part, depth),
            _ => {}
        }
        if !element.is_constructed() {
            self.note_length(element);
        }
        if part == Part::SignerId && element.tag() == tlv::CONTEXT_0 {
            return self.joined(element, tlv::CONTEXT_0_PRIMITIVE, depth);
        }
        // OCTET STRING is the one string in pieces that BER writers make.
        if element.tag() == tlv::OCTET_STRING | CONSTRUCTED {
            return self.joined(element, tlv::OCTET_STRING, depth);
        }
        if element.is_constructed() {
            return self.constructed(element, part, depth);
        }
        let start = self.begin(element.tag_bytes());
        self.out.extend_from_slice(element.content());
        self.finish(start);
        Ok(())
    }

    fn constructed(
        &mut self,
        element: &Element<'_>,
        part: Part,
        depth: usize,
    ) -> Result<(), FormatError> {
        self.note_length(element);
        let start = self.begin(element.tag_bytes());
        self.inside(element, part, depth)?;
        self.finish(start);
        Ok(())
    }

    fn inside(
        &mut self,
        element: &Element<'_>,
        part: Part,
        depth: usize,
    ) -> Result<(), FormatError> {
        let mut children = element.inside();
        let mut position = 0;
        while !children.is_empty() {
            let (child, rest) = Element::first(children.rest())?;
            children = Elements::of(rest);
            let inner = part_of(part, depth, position, child.tag());
            self.element(&child, inner, depth + 1)?;
            position += 1;
        }
        Ok(())
    }

    /// A string whose pieces are OCTET STRINGs, as one.
    fn joined(&mut self, element: &Element<'_>, tag: u8, depth: usize) -> Result<(), FormatError> {
        self.note_length(element);
        self.form.note(Departure::ConstructedString);
        let start = self.begin(&[tag]);
        self.pieces(element, depth)?;
        self.finish(start);
        Ok(())
    }

    fn pieces(&mut self, element: &Element<'_>, depth: usize) -> Result<(), FormatError> {
        if depth > MAX_DEPTH {
            return Err(FormatError::TooDeep);
        }
        let what = "string in pieces";
        let mut pieces = element.inside();
        while !pieces.is_empty() {
            let piece = pieces.any(what)?;
            self.note_length(&piece);
            match piece.tag() {
                tlv::OCTET_STRING => self.out.extend_from_slice(piece.content()),
                tag if tag == tlv::OCTET_STRING | CONSTRUCTED => self.pieces(&piece, depth + 1)?,
                _ => return Err(FormatError::Structure { what }),
            }
        }
        Ok(())
    }

    /// What is malformed inside stays as it is, if the element around it has a length.
    fn lenient(
        &mut self,
        element: &Element<'_>,
        part: Part,
        depth: usize,
    ) -> Result<(), FormatError> {
        let (length, before) = (self.out.len(), self.form.clone());
        match self.constructed(element, part, depth) {
            Err(_) if element.length() != Length::Indefinite => {
                self.out.truncate(length);
                *self.form = before;
                self.note_length(element);
                let start = self.begin(element.tag_bytes());
                self.out.extend_from_slice(element.content());
                self.finish(start);
                Ok(())
            }
            other => other,
        }
    }

    fn note_length(&mut self, element: &Element<'_>) {
        match element.length() {
            Length::Shortest => {}
            Length::Longer => self.form.note(Departure::NonMinimalLength),
            Length::Indefinite => self.form.note(Departure::IndefiniteLength),
        }
    }

    /// Writes a tag; the length follows when the content is written.
    fn begin(&mut self, tag: &[u8]) -> usize {
        self.out.extend_from_slice(tag);
        self.out.len()
    }

    /// Puts the length before the content that was written since `begin`.
    fn finish(&mut self, start: usize) {
        let mut length = Vec::new();
        tlv::push_length(&mut length, self.out.len() - start);
        self.out.splice(start..start, length);
    }
}

/// What an element is, by what it stands in and where.
fn part_of(parent: Part, depth: usize, position: usize, tag: u8) -> Part {
    match parent {
        Part::Plain if depth == 0 && tag == tlv::CONTEXT_0 => Part::Content,
        Part::Content => Part::SignedData,
        // version, digestAlgorithms, encapContentInfo, [0] certificates, [1] crls, signerInfos
        Part::SignedData if position < 3 => Part::Plain,
        Part::SignedData if tag == tlv::CONTEXT_0 || tag == tlv::CONTEXT_1 => Part::Foreigners,
        Part::SignedData if tag == tlv::SET => Part::SignerInfos,
        Part::SignerInfos => Part::SignerInfo,
        Part::SignerInfo if position == 1 => Part::SignerId,
        Part::SignerInfo if tag == tlv::CONTEXT_0 || tag == tlv::CONTEXT_1 => Part::Attributes,
        Part::Foreigners => Part::Foreign,
        _ => Part::Plain,
    }
}

//! Decides how a signature that came in BER is written in DER.
//!
//! Lengths become definite and shortest, strings in pieces become whole. What somebody else signed
//! is not touched: certificates and revocation lists stay byte for byte, and so do the elements of
//! signed attributes, in the signer's order.
//!
//! **Invariant:** what is DER already comes out as it went in; nothing that is read changes its
//! meaning; the work is linear for any nesting that is accepted.

use crate::tlv::{self, CONSTRUCTED, Element, Header, Length};
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

/// The signature in DER; how it departed from that is noted in the form.
pub(crate) fn to_der(whole: &[u8], form: &mut Form) -> Result<Vec<u8>, FormatError> {
    let mut writer = Writer {
        out: Vec::with_capacity(whole.len()),
        form,
    };
    writer.element(whole, Part::Plain, 0)?;
    Ok(writer.out)
}

/// Each of its functions takes the bytes that something begins with, and gives how many of them it is.
struct Writer<'f> {
    out: Vec<u8>,
    form: &'f mut Form,
}

impl Writer<'_> {
    fn element(&mut self, bytes: &[u8], part: Part, depth: usize) -> Result<usize, FormatError> {
        if depth > MAX_DEPTH {
            return Err(FormatError::TooDeep);
        }
        let header = tlv::header(bytes)?;
        self.note_length(header.length);
        match part {
            Part::Foreign => {
                let (element, _) = Element::first(bytes)?;
                self.out.extend_from_slice(element.whole());
                return Ok(element.whole().len());
            }
            Part::Attributes | Part::Foreigners if header.is_constructed() => {
                return self.lenient(bytes, &header, part, depth);
            }
            Part::SignerId if header.tag == tlv::CONTEXT_0 => {
                return self.joined(bytes, &header, tlv::CONTEXT_0_PRIMITIVE, depth);
            }
            _ => {}
        }
        // OCTET STRING is the one string in pieces that BER writers make.
        if header.tag == tlv::OCTET_STRING | CONSTRUCTED {
            return self.joined(bytes, &header, tlv::OCTET_STRING, depth);
        }
        if header.is_constructed() {
            return self.constructed(bytes, &header, part, depth);
        }
        let (element, _) = Element::first(bytes)?;
        self.whole(&element);
        Ok(element.whole().len())
    }

    /// Writes an element whose content stays as it is.
    fn whole(&mut self, element: &Element<'_>) {
        let content = element.content();
        self.begin(element.tag_bytes(), content.len());
        self.out.extend_from_slice(content);
    }

    fn constructed(
        &mut self,
        bytes: &[u8],
        header: &Header,
        part: Part,
        depth: usize,
    ) -> Result<usize, FormatError> {
        let tag = bytes.get(..header.tag_length).unwrap_or_default();
        let begun = self.begin(tag, header.content);
        let mut position = 0;
        let length = self.each(bytes, header, |writer, child| {
            let tag = child.first().copied().unwrap_or_default();
            let inner = part_of(part, depth, position, tag);
            position += 1;
            writer.element(child, inner, depth + 1)
        })?;
        self.finish(&begun);
        Ok(length)
    }

    /// Goes through what is inside, to the end that the length names or that closes it.
    fn each(
        &mut self,
        bytes: &[u8],
        header: &Header,
        mut child: impl FnMut(&mut Self, &[u8]) -> Result<usize, FormatError>,
    ) -> Result<usize, FormatError> {
        let is_indefinite = header.length == Length::Indefinite;
        let end = if is_indefinite {
            bytes.len()
        } else {
            header.before.saturating_add(header.content)
        };
        let inside = bytes.get(..end).ok_or_else(|| tlv::truncated(bytes, end))?;
        let mut at = header.before;
        loop {
            let rest = inside.get(at..).unwrap_or_default();
            if is_indefinite && rest.starts_with(&tlv::END_OF_CONTENTS) {
                return Ok(at + tlv::END_OF_CONTENTS.len());
            }
            if !is_indefinite && rest.is_empty() {
                return Ok(at);
            }
            at += child(self, rest)?;
        }
    }

    /// A string whose pieces are OCTET STRINGs, as one.
    fn joined(
        &mut self,
        bytes: &[u8],
        header: &Header,
        tag: u8,
        depth: usize,
    ) -> Result<usize, FormatError> {
        self.form.note(Departure::ConstructedString);
        let begun = self.begin(&[tag], header.content);
        let length = self.pieces(bytes, header, depth)?;
        self.finish(&begun);
        Ok(length)
    }

    fn pieces(
        &mut self,
        bytes: &[u8],
        header: &Header,
        depth: usize,
    ) -> Result<usize, FormatError> {
        if depth > MAX_DEPTH {
            return Err(FormatError::TooDeep);
        }
        self.each(bytes, header, |writer, piece| {
            let header = tlv::header(piece)?;
            writer.note_length(header.length);
            match header.tag {
                tlv::OCTET_STRING => {
                    let (element, _) = Element::first(piece)?;
                    writer.out.extend_from_slice(element.content());
                    Ok(element.whole().len())
                }
                tag if tag == tlv::OCTET_STRING | CONSTRUCTED => {
                    writer.pieces(piece, &header, depth + 1)
                }
                _ => Err(FormatError::Structure {
                    what: "string in pieces",
                }),
            }
        })
    }

    /// What is malformed inside stays as it is, if the element around it has a length.
    fn lenient(
        &mut self,
        bytes: &[u8],
        header: &Header,
        part: Part,
        depth: usize,
    ) -> Result<usize, FormatError> {
        let (length, before) = (self.out.len(), self.form.clone());
        match self.constructed(bytes, header, part, depth) {
            Err(_) if header.length != Length::Indefinite => {
                self.out.truncate(length);
                *self.form = before;
                let (element, _) = Element::first(bytes)?;
                self.whole(&element);
                Ok(element.whole().len())
            }
            other => other,
        }
    }

    fn note_length(&mut self, length: Length) {
        match length {
            Length::Shortest => {}
            Length::Longer => self.form.note(Departure::NonMinimalLength),
            Length::Indefinite => self.form.note(Departure::IndefiniteLength),
        }
    }

    /// Writes a tag and the length that the content had as it came, which it mostly keeps.
    fn begin(&mut self, tag: &[u8], length: usize) -> Begun {
        self.out.extend_from_slice(tag);
        let before = self.out.len();
        tlv::push_length(&mut self.out, length);
        let content = self.out.len();
        Begun {
            length,
            before,
            content,
        }
    }

    /// Puts another length before the content that was written since `begin`, where it is another.
    fn finish(&mut self, begun: &Begun) {
        let length = self.out.len() - begun.content;
        if length != begun.length {
            let mut bytes = Vec::new();
            tlv::push_length(&mut bytes, length);
            self.out.splice(begun.before..begun.content, bytes);
        }
    }
}

/// An element whose content is being written.
struct Begun {
    /// The length that stands before the content.
    length: usize,
    /// Where that length begins.
    before: usize,
    /// Where the content begins.
    content: usize,
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

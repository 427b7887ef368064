//! Decides whether bytes are a text form of a binary element, and which bytes it stands for.
//!
//! **Invariant:** only what begins as PEM or as the Base64 of a SEQUENCE is taken for text; text
//! that cannot be decoded is an error that says so.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::{Departure, FormatError};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// Tools disagree about padding and about bits after the last byte; neither changes what is meant.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What the text stands for, and which kind of text it is; `None` if it is no text. Certificates
/// before a signature are passed over, and blocks of other kinds behind it.
pub(crate) fn decode(bytes: &[u8]) -> Result<Option<(Vec<u8>, Departure)>, FormatError> {
    let text = bytes
        .strip_prefix(BYTE_ORDER_MARK)
        .unwrap_or(bytes)
        .trim_ascii();
    let mut certificate = None;
    let mut all = blocks(text);
    while let Some(block) = all.next().transpose()? {
        if !block.is_certificate() {
            let is_like_it = |other: Block<'_>| other.label == block.label;
            if all.any(|other| other.is_ok_and(is_like_it)) {
                return Err(FormatError::SeveralBlocks);
            }
            return decode_block(&block).map(Some);
        }
        certificate.get_or_insert(block);
    }
    if let Some(block) = certificate {
        return decode_block(&block).map(Some);
    }
    if is_base64(text) {
        return base64(text)
            .map(|der| Some((der, Departure::Base64)))
            .ok_or(FormatError::BadBase64);
    }
    Ok(None)
}

fn decode_block(block: &Block<'_>) -> Result<(Vec<u8>, Departure), FormatError> {
    let der = block.decode().ok_or(FormatError::BadPem)?;
    Ok((der, Departure::Pem))
}

/// What a text stands for: every PEM block whose label ends with `label` (other blocks are passed
/// over), or the one element that a Base64 text is; `None` if the bytes are no text.
///
/// # Errors
///
/// [`FormatError::BadPem`] and [`FormatError::BadBase64`]: text that cannot be decoded.
pub fn decode_text(bytes: &[u8], label: &str) -> Result<Option<Vec<Vec<u8>>>, FormatError> {
    let mut all = Vec::new();
    let mut is_pem = false;
    for block in blocks(bytes) {
        is_pem = true;
        let block = block?;
        if block.label.ends_with(label.as_bytes()) {
            all.push(block.decode().ok_or(FormatError::BadPem)?);
        }
    }
    if is_pem {
        return Ok(Some(all));
    }
    Ok(decode(bytes)?.map(|(der, _)| vec![der]))
}

/// One block of PEM text.
pub(crate) struct Block<'a> {
    /// What stands after BEGIN.
    label: &'a [u8],
    body: &'a [u8],
}

impl Block<'_> {
    pub(crate) fn is_certificate(&self) -> bool {
        self.label.ends_with(b"CERTIFICATE")
    }

    /// The bytes it stands for; `None` if it is not Base64.
    pub(crate) fn decode(&self) -> Option<Vec<u8>> {
        base64(self.body)
    }
}

/// The PEM blocks of a text, if a line of it begins one. Text around them is passed over.
/// A byte order mark and white space in front are passed over.
pub(crate) fn blocks(bytes: &[u8]) -> impl Iterator<Item = Result<Block<'_>, FormatError>> {
    let text = bytes
        .strip_prefix(BYTE_ORDER_MARK)
        .unwrap_or(bytes)
        .trim_ascii();
    let mut rest = if is_text(text) { text } else { &[] };
    std::iter::from_fn(move || {
        let begin = line_that_begins(rest, BEGIN)?;
        let after = rest.get(begin + BEGIN.len()..)?;
        rest = &[];
        let block = block(after);
        if let Some((_, behind)) = &block {
            rest = behind;
        }
        Some(block.map(|(block, _)| block).ok_or(FormatError::BadPem))
    })
}

fn block(after: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let label_end = find(after, DASHES)?;
    let (label, body) = after.split_at_checked(label_end)?;
    let body = body.get(DASHES.len()..)?;
    let closing = [END, label, DASHES].concat();
    let end = line_that_begins(body, &closing)?;
    let (body, end) = body.split_at_checked(end)?;
    let block = Block {
        label,
        body: without_headers(body),
    };
    Some((block, end.get(closing.len()..)?))
}

/// RFC 1421 puts headers before an empty line.
fn without_headers(body: &[u8]) -> &[u8] {
    if !body.contains(&b':') {
        return body;
    }
    [b"\n\n".as_slice(), b"\r\n\r\n"]
        .iter()
        .find_map(|gap| find(body, gap).and_then(|at| body.get(at + gap.len()..)))
        .unwrap_or(body)
}

/// DER begins with a control character or `0`, and holds others; text has none.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.starts_with(b"0")
        && !bytes
            .iter()
            .take(64)
            .any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

fn line_that_begins(text: &[u8], with: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = find(text.get(from..)?, with) {
        let at = from + at;
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if matches!(before, None | Some(b'\n' | b'\r')) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// The Base64 of any SEQUENCE begins with `M`.
fn is_base64(text: &[u8]) -> bool {
    text.starts_with(b"M")
        && text.len() >= 16
        && text.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || byte.is_ascii_whitespace()
                || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
        })
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let engine = if digits.iter().any(|digit| matches!(digit, b'-' | b'_')) {
        URL_SAFE
    } else {
        STANDARD
    };
    engine.decode(digits).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::{Departure, FormatError};

    const BODY: &str = "MAoGCCqFAwcBAQMCAAAA";

    fn bytes() -> Vec<u8> {
        super::base64(BODY.as_bytes()).unwrap()
    }

    #[test]
    fn text_of_every_kind_is_decoded() {
        let pem = format!("-----BEGIN CMS-----\n{BODY}\n-----END CMS-----\n");
        let (head, tail) = BODY.split_at(7);
        for (text, kind) in [
            (pem.clone(), Departure::Pem),
            (format!("\u{feff}\r\n{pem}"), Departure::Pem),
            (
                format!("signed by\nsomebody\n{pem}and more"),
                Departure::Pem,
            ),
            (pem.replace('\n', "\r\n"), Departure::Pem),
            (
                pem.replace(BODY, &format!("Version: 1\n\n{head}\n{tail}")),
                Departure::Pem,
            ),
            (BODY.to_owned(), Departure::Base64),
            (format!(" {head}\r\n{tail}\n"), Departure::Base64),
        ] {
            assert_eq!(decode(text.as_bytes()), Ok(Some((bytes(), kind))), "{text}");
        }
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        for bytes in [
            b"".as_slice(),
            b"<html>",
            &[0x30, 0x03, 2, 1, 1],
            b"0 -----BEGIN ",
        ] {
            assert_eq!(decode(bytes), Ok(None));
        }
    }

    #[test]
    fn text_that_is_broken_says_so() {
        let open = format!("-----BEGIN CMS-----\n{BODY}\n");
        assert_eq!(decode(open.as_bytes()), Err(FormatError::BadPem));
        let foreign = format!("-----BEGIN CMS-----\n{BODY}*\n-----END CMS-----");
        assert_eq!(decode(foreign.as_bytes()), Err(FormatError::BadPem));
        let padded = format!("{BODY}=={BODY}");
        assert_eq!(decode(padded.as_bytes()), Err(FormatError::BadBase64));
    }
}

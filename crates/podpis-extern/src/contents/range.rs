//! Decides how ranges of bytes are written and read.
//!
//! **Invariant:** what is sent has the form of RFC 9110, both ends counted in; what is read may have any form that
//! the sources show, and its end is not believed: the documentation's own examples are off by one.

use http::HeaderValue;
use http::header::CONTENT_RANGE;
use podpis_core::call::Answer;

/// `Range` that asks for `length` bytes from `from`; at least one.
pub(super) fn asked(from: u64, length: u64) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("bytes={from}-{}", last(from, length))).ok()
}

/// `Content-Range` of a part that is sent.
pub(super) fn sent(from: u64, length: u64, total: u64) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("bytes {from}-{}/{total}", last(from, length))).ok()
}

fn last(from: u64, length: u64) -> u64 {
    from.saturating_add(length.max(1) - 1)
}

/// Where a part begins, and how many bytes there are in all, where that is told.
pub(super) fn of_answer(answer: &Answer) -> Option<(u64, Option<u64>)> {
    read(answer.headers().get(CONTENT_RANGE)?.to_str().ok()?)
}

/// `bytes 0-99/100`, and the documents' own slip `bytes=0-99/100`; the total may be `*`.
fn read(text: &str) -> Option<(u64, Option<u64>)> {
    let text = text
        .trim()
        .strip_prefix("bytes")?
        .trim_start_matches([' ', '=']);
    let (range, total) = text.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((from.trim().parse().ok()?, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_counted_in() {
        assert_eq!(asked(0, 100).unwrap(), "bytes=0-99");
        assert_eq!(asked(99, 1).unwrap(), "bytes=99-99");
        assert_eq!(sent(100, 50, 150).unwrap(), "bytes 100-149/150");
    }

    #[test]
    fn every_form_that_was_seen_is_read() {
        for (text, expected) in [
            ("bytes 0-20/100", Some((0, Some(100)))),
            ("bytes=0-20/100", Some((0, Some(100)))),
            ("bytes 40-99/*", Some((40, None))),
            (" bytes  0 - 3 / 4 ", Some((0, Some(4)))),
            ("bytes */100", None),
            ("bytes 0-20", None),
            ("items 0-20/100", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}

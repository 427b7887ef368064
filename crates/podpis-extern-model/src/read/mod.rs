//! Decides how an answer's body becomes a value.
//!
//! **Invariant:** an object is read from a JSON object only. The usual reading would take `[]` for an object
//! with no fields, and an answer without ids means "nothing to confirm" here. What is read takes memory by the length of
//! the body.

mod error;
mod room;
mod trail;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Base64;

pub use error::{ReadError, ReadProblem};
use trail::{Traced, Trail};

/// Some servers and proxies put this in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads an answer's body.
///
/// # Errors
/// When the body is not JSON, or a field that must be there is missing or has another form than every source
/// describes; or when a list has so many empty items that they would take far more memory than the body. The error names
/// the field and the reason, never what was in the body.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ReadError> {
    read_text(json_text(body)?, "")
}

/// Reads a part of a body that was read before; `root` is the path of that part.
pub(crate) fn read_part<T: DeserializeOwned>(part: &Value, root: &str) -> Result<T, ReadError> {
    // As text, so that no second way of reading each type is built for values.
    let text = part.to_string();
    read_text(text.as_bytes(), root).map_err(ReadError::without_position)
}

fn read_text<T: DeserializeOwned>(text: &[u8], root: &str) -> Result<T, ReadError> {
    let mut value = None;
    located(text.len(), root, &mut |trail| {
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        value = Some(T::deserialize(Traced::new(&mut deserializer, trail))?);
        // What stands after the value belongs to no field.
        deserializer.end()
    })?;
    value.ok_or_else(|| ReadError::new(ReadProblem::Empty, root))
}

/// Reads a text of that length, once if all is well; what went wrong is located by going the same way again.
fn located(
    length: usize,
    root: &str,
    read: &mut dyn FnMut(&Trail) -> serde_json::Result<()>,
) -> Result<(), ReadError> {
    if read(&Trail::none(length)).is_ok() {
        return Ok(());
    }
    let trail = Trail::kept(length);
    read(&trail).map_err(|error| ReadError::from_json(&error, root, &trail))
}

/// Reads the bytes of a signature or a content.
///
/// Methods of drafts and docflows send bytes as a JSON string of base64, the contents service sends them as
/// they are. The content type tells which; without one, a body that is a JSON string of base64 is that.
///
/// # Errors
/// When the content type is JSON and the body is not a JSON string of base64.
pub fn read_bytes(content_type: Option<&str>, body: &[u8]) -> Result<Vec<u8>, ReadError> {
    let text = || read::<Base64>(body)?.decode();
    match content_type {
        Some(name) if is_json(name) => text(),
        Some(name) if !name.trim().is_empty() && !is_text(name) => Ok(body.to_vec()),
        _ => Ok(text().unwrap_or_else(|_| body.to_vec())),
    }
}

/// Whether a content type is one of JSON.
pub(crate) fn is_json(content_type: &str) -> bool {
    content_type.to_ascii_lowercase().contains("json")
}

fn is_text(content_type: &str) -> bool {
    content_type
        .trim()
        .to_ascii_lowercase()
        .starts_with("text/")
}

/// Reads the answer of the test stand's `get-cloud-sign-confirmation-code`: the code as a bare text, or as a
/// JSON string. It is not copied: put it into a type that does not print it.
///
/// # Errors
/// When there is no code in the body: nothing, or something that is neither letters nor digits.
pub fn read_code(body: &[u8]) -> Result<&str, ReadError> {
    let text = std::str::from_utf8(json_text(body)?);
    let text = text.map_err(|_| ReadError::new(ReadProblem::InvalidValue, ""))?;
    match text.trim().trim_matches('"').trim() {
        "" | "null" => Err(ReadError::new(ReadProblem::Empty, "")),
        code if code.chars().all(char::is_alphanumeric) => Ok(code),
        _ => Err(ReadError::new(ReadProblem::InvalidValue, "")),
    }
}

/// The body without its byte order mark, when it can be JSON at all.
fn json_text(body: &[u8]) -> Result<&[u8], ReadError> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    match body.trim_ascii_start().first() {
        None => Err(ReadError::new(ReadProblem::Empty, "")),
        Some(b'<') => Err(ReadError::new(ReadProblem::Html, "")),
        Some(_) => Ok(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApiTask, CertificateList, Document, Link, SignInit};

    fn problem<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> (ReadProblem, String, String) {
        let error = read::<T>(body.as_bytes()).unwrap_err();
        (error.problem(), error.field().to_owned(), error.to_string())
    }

    #[test]
    fn an_error_names_the_field_and_the_reason() {
        let cases = [
            (
                problem::<ApiTask>(r#"{"id":"x"}"#),
                (
                    ReadProblem::Missing,
                    "task-state",
                    "field `task-state` is missing (line 1, column 10)",
                ),
            ),
            (
                problem::<ApiTask>(r#"{"task-state":["s3cret"]}"#),
                (
                    ReadProblem::WrongType,
                    "task-state",
                    "field `task-state` must not be a list (line 1, column 25)",
                ),
            ),
            (
                problem::<CertificateList>(r#"{"certificates":[null,{"is-valid":"s3cret"}]}"#),
                (
                    ReadProblem::InvalidValue,
                    "certificates[1].is-valid",
                    "field `certificates[1].is-valid` has a value that cannot be read (line 1, column 43)",
                ),
            ),
            (
                problem::<Document>(
                    r#"{"content":{"docflow-document-contents":[{"content-id":[5]}]}}"#,
                ),
                (
                    ReadProblem::WrongType,
                    "content.docflow-document-contents[0].content-id",
                    "field `content.docflow-document-contents[0].content-id` must not be a list (line 1, column 59)",
                ),
            ),
            (
                problem::<Link>(r#"{"href":"a","href":"b"}"#),
                (
                    ReadProblem::Duplicate,
                    "href",
                    "field `href` occurs twice (line 1, column 18)",
                ),
            ),
        ];
        for (found, (problem, field, sentence)) in cases {
            assert_eq!(found, (problem, field.to_owned(), sentence.to_owned()));
        }
    }

    #[test]
    fn an_error_about_the_whole_body_names_no_field() {
        let cases = [
            ("", ReadProblem::Empty, "the answer is empty"),
            (" \r\n", ReadProblem::Empty, "the answer is empty"),
            (
                "<html>s3cret",
                ReadProblem::Html,
                "the answer is not JSON but a page or XML",
            ),
            (
                "s3cret",
                ReadProblem::NotJson,
                "the answer is not JSON (line 1, column 1)",
            ),
            (
                r#"{"links":[]} s3cret"#,
                ReadProblem::NotJson,
                "the answer is not JSON (line 1, column 14)",
            ),
            (
                "\"s3cret\"",
                ReadProblem::WrongType,
                "the answer must not be a text (line 1, column 8)",
            ),
            (
                "null",
                ReadProblem::WrongType,
                "the answer must not be null (line 1, column 4)",
            ),
        ];
        for (body, kind, sentence) in cases {
            let expected = (kind, String::new(), sentence.to_owned());
            assert_eq!(problem::<SignInit>(body), expected, "{body}");
        }
    }

    #[test]
    fn a_broken_body_says_where_it_broke() {
        let cut = problem::<SignInit>(r#"{"links":[{"rel":"s3cr"#);
        assert_eq!(cut.0, ReadProblem::Truncated);
        assert_eq!(
            cut.2,
            "the answer ends too early, in field `links[0].rel` (line 1, column 22)"
        );
        let deep = format!(r#"{{"links":{}"#, "[".repeat(1000));
        assert_eq!(problem::<SignInit>(&deep).0, ReadProblem::WrongType);
        let deep = format!(r#"{{"task-result":{}"#, "[".repeat(1000));
        assert_eq!(problem::<ApiTask>(&deep).0, ReadProblem::TooDeep);
        // A field that nobody knows is skipped without going down into it.
        let deep = format!(r#"{{"unknown":{}{}}}"#, "[".repeat(9999), "]".repeat(9999));
        assert_eq!(read(deep.as_bytes()), Ok(SignInit::default()));
    }

    #[test]
    fn a_name_from_the_body_is_never_in_the_path() {
        let (kind, field, sentence) =
            problem::<crate::CheckResult>(r#"{"documents-errors":{"s3cret":[{"description":1}]}}"#);
        assert_eq!(kind, ReadProblem::WrongType);
        assert_eq!(field, "documents-errors.*[0].description");
        assert!(!sentence.contains("s3cret"));
    }

    #[test]
    fn an_array_is_not_an_answer_without_ids() {
        assert_eq!(problem::<SignInit>("[]").0, ReadProblem::WrongType);
        assert_eq!(
            problem::<SignInit>(r#"[[],[],"r","t","sms"]"#).0,
            ReadProblem::WrongType
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_obstacle() {
        let link: Link = read(b"\xEF\xBB\xBF{\"rel\":\"self\",\"href\":null}").unwrap();
        assert_eq!((link.rel.as_str(), link.href.as_str()), ("self", ""));
    }

    #[test]
    fn bytes_come_as_base64_or_as_they_are() {
        let json = Some("application/json; charset=utf-8");
        assert_eq!(read_bytes(json, b"\"AQID\"").unwrap(), [1, 2, 3]);
        assert_eq!(read_bytes(None, b"\"AQID\"").unwrap(), [1, 2, 3]);
        assert_eq!(
            read_bytes(Some("text/plain"), b"\"AQID\"").unwrap(),
            [1, 2, 3]
        );
        let octets = Some("application/octet-stream");
        assert_eq!(read_bytes(octets, b"\"AQID\"").unwrap(), b"\"AQID\"");
        assert_eq!(read_bytes(None, b"0\x82").unwrap(), b"0\x82");
        let error = read_bytes(json, b"\"s3cret!\"").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer has a value that cannot be read"
        );
        assert!(read_bytes(json, b"").is_err());
    }

    #[test]
    fn a_code_comes_bare_or_quoted() {
        for body in ["1234", "\"1234\"", " 1234\r\n"] {
            assert_eq!(read_code(body.as_bytes()).unwrap(), "1234");
        }
        for body in ["", "\"\"", "<html>", "{\"id\":1}", "null "] {
            assert!(read_code(body.as_bytes()).is_err(), "{body}");
        }
    }
}

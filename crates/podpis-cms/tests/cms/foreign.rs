//! What other tools make is read as the table beside the signatures says, and believed only then.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use podpis_cms::tlv::{self, Element, Length};
use podpis_cms::{
    BindError, Check, Document, Expectation, FormatError, Reason, Signature, Signed,
    verify_detached,
};

/// A line of `table.tsv`; the columns are explained in the README beside it.
struct Row {
    file: String,
    reading: String,
    form: String,
    digest: String,
    value: String,
    time: String,
    signature: Vec<u8>,
    content: Vec<u8>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/foreign")
}

fn table() -> Vec<Row> {
    let table = fs::read_to_string(folder().join("table.tsv")).unwrap();
    let rows: Vec<Row> = table.lines().skip(1).map(row).collect();
    assert!(rows.len() > 250, "the table is cut");
    rows
}

fn row(line: &str) -> Row {
    let columns: Vec<&str> = line.split('\t').collect();
    let [file, content, _, reading, form, digest, value, time, ..] = columns[..] else {
        panic!("a row of fewer columns: {line}")
    };
    Row {
        file: file.to_owned(),
        reading: reading.to_owned(),
        form: form.to_owned(),
        digest: digest.to_owned(),
        value: value.to_owned(),
        time: time.to_owned(),
        signature: fs::read(folder().join(file)).unwrap(),
        content: fs::read(folder().join(content)).unwrap(),
    }
}

/// All rows of which `wrong` has something to say.
#[track_caller]
fn assert_none(wrong: impl Fn(&Row) -> Option<String>) {
    let found: Vec<String> = table()
        .iter()
        .filter_map(|row| wrong(row).map(|what| format!("{}: {what}", row.file)))
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn verify(row: &Row, signature: &[u8]) -> Result<Signed, BindError> {
    let document = Document::content("act.txt", &row.content);
    verify_detached(&document, signature, &Expectation::new())
}

/// The word of the table for a refusal.
fn word(error: &FormatError) -> &'static str {
    match error {
        FormatError::Attached => "attached",
        FormatError::NotSignedData { .. } => "not-signed-data",
        FormatError::NotData { .. } => "not-data",
        FormatError::NoSigners => "no-signers",
        FormatError::NoMessageDigest { .. } => "no-message-digest",
        FormatError::NoContentType { .. } => "no-content-type",
        FormatError::RepeatedAttribute { .. } => "repeated-attribute",
        FormatError::MessageDigestLength { .. } => "message-digest-length",
        _ => "another",
    }
}

/// The words of the table that a check that did not fail agrees with.
fn words(check: &Check) -> &'static [&'static str] {
    match check {
        Check::Passed => &["passed", "proven"],
        Check::NotChecked(reason) => match reason {
            Reason::UnreadableCertificate => &[
                "not-checked:certificate-unreadable",
                "not-checked:any",
                "not-proven",
            ],
            Reason::NoCertificate => &[
                "not-checked:no-certificate",
                "not-checked:any",
                "not-proven",
            ],
            Reason::WeakKey { .. } => &[
                "not-checked:weak-key",
                "not-checked:any",
                "not-proven",
                "wrong-or-weak",
            ],
            Reason::Algorithm(_) => &["not-checked:algorithm", "not-checked:any", "not-proven"],
            _ => &["not-checked:any", "not-proven"],
        },
    }
}

#[test]
fn the_table_lists_every_signature() {
    let listed: BTreeSet<String> = table().into_iter().map(|row| row.file).collect();
    let there: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            let base64 = name.starts_with("base64-");
            base64
                || ["p7s", "pem"]
                    .iter()
                    .any(|end| name.ends_with(&format!(".{end}")))
        })
        .collect();
    assert_eq!(listed, there);
}

#[test]
fn what_can_be_read_is_read_and_the_rest_refused_for_its_reason() {
    assert_none(|row| {
        let said = match Signature::parse(&row.signature) {
            Ok(_) => "reads".to_owned(),
            Err(_) if row.reading == "refused:any" => return None,
            Err(error) => format!("refused:{} ({error})", word(&error)),
        };
        let right = said == row.reading || said.starts_with(&format!("{} (", row.reading));
        (!right).then(|| format!("{said} instead of {}", row.reading))
    });
}

#[test]
fn the_form_says_how_a_signature_departs_from_der() {
    assert_none(|row| {
        // What is not read is reported by another test.
        let signature = Signature::parse(&row.signature).ok()?;
        let form = signature.form();
        let found: BTreeSet<String> = form.departures().map(|d| d.name().to_owned()).collect();
        assert_eq!(form.is_der(), found.is_empty(), "{}", row.file);
        let expected: BTreeSet<String> = match row.form.as_str() {
            "der" => BTreeSet::new(),
            words => words.split(',').map(str::to_owned).collect(),
        };
        (found != expected).then(|| format!("{found:?} instead of {expected:?}"))
    });
}

#[test]
fn a_signature_is_believed_only_when_the_table_says_so() {
    assert_none(|row| {
        if row.reading != "reads" {
            return verify(row, &row.signature)
                .is_ok()
                .then(|| "accepted".to_owned());
        }
        outcome(row, &row.signature)
    });
}

/// What is wrong with the outcome of verifying these bytes.
fn outcome(row: &Row, signature: &[u8]) -> Option<String> {
    let result = verify(row, signature);
    let fails = row.digest == "binds-nothing" || row.digest == "other-content";
    let may_be_wrong = ["wrong", "wrong-or-weak", "not-proven"].contains(&row.value.as_str());
    let checks = match &result {
        Err(_) if fails => return None,
        Err(BindError::WrongValue { .. }) if may_be_wrong => return None,
        Err(error) => return Some(format!("{error:?}")),
        Ok(_) if fails => return Some("bound".to_owned()),
        Ok(signed) => signed.checks(),
    };
    if !words(checks.digest()).contains(&row.digest.as_str()) {
        return Some(format!(
            "digest {} instead of {}",
            checks.digest(),
            row.digest
        ));
    }
    if !words(checks.value()).contains(&row.value.as_str()) {
        return Some(format!("value {} instead of {}", checks.value(), row.value));
    }
    let proven = row.digest == "passed" && row.value == "proven";
    (checks.is_proven() != proven).then(|| format!("proven: {}", checks.is_proven()))
}

#[test]
fn other_content_is_never_proven() {
    assert_none(|row| {
        let other = Document::content("act.txt", b"no one signs this");
        let signed = verify_detached(&other, &row.signature, &Expectation::new()).ok()?;
        signed.checks().is_proven().then(|| "proven".to_owned())
    });
}

#[test]
fn its_der_is_worth_the_same() {
    assert_none(|row| {
        let signature = Signature::parse(&row.signature).ok()?;
        let again = match Signature::parse(signature.to_der()) {
            Ok(again) => again,
            Err(error) => return Some(format!("the DER is refused: {error}")),
        };
        if again.to_der() != signature.to_der() {
            return Some("the DER is not its own".to_owned());
        }
        if !is_der(&Element::single(signature.to_der()).unwrap(), 0) {
            return Some("a length is not DER's".to_owned());
        }
        outcome(row, signature.to_der()).map(|what| format!("in DER: {what}"))
    });
}

/// Are all lengths DER's, but for what others signed or anybody added: certificates, revocation lists,
/// unsigned attributes?
fn is_der(element: &Element<'_>, depth: usize) -> bool {
    let foreign = |child: &Element<'_>| {
        depth == 2 && [tlv::CONTEXT_0, tlv::CONTEXT_1].contains(&child.tag())
            || depth == 4 && child.tag() == tlv::CONTEXT_1
    };
    element.length() == Length::Shortest
        && (!element.is_constructed()
            || element
                .inside()
                .filter(|child| !foreign(child))
                .all(|child| is_der(&child, depth + 1)))
}

#[test]
fn the_signing_time_is_told_whenever_it_can_be() {
    let mut asked = 0;
    for row in table() {
        let expected = match row.time.as_str() {
            "-" => continue,
            "none" => None,
            time => Some(seconds(time)),
        };
        asked += 1;
        let signature = Signature::parse(&row.signature).unwrap();
        let found = signature.signers()[0].signing_time().map(|time| {
            match time.duration_since(SystemTime::UNIX_EPOCH) {
                Ok(after) => after.as_secs().cast_signed(),
                Err(before) => -before.duration().as_secs().cast_signed(),
            }
        });
        assert_eq!(found, expected, "{}", row.file);
    }
    assert!(asked >= 20);
}

/// Seconds since 1970 of a time such as `2026-11-29T12:00:00Z`.
fn seconds(time: &str) -> i64 {
    let numbers: Vec<i64> = time
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect();
    let [year, month, day, hour, minute, second] = numbers[..] else {
        panic!("not a time: {time}")
    };
    // Days of the Gregorian calendar, with years that begin in March.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469;
    ((days * 24 + hour) * 60 + minute) * 60 + second
}

#[test]
fn days_are_counted_right() {
    assert_eq!(seconds("1970-01-01T00:00:00Z"), 0);
    assert_eq!(seconds("1950-01-01T00:00:00Z"), -631_152_000);
    assert_eq!(seconds("2026-11-29T12:00:00Z"), 1_795_953_600);
    let end = SystemTime::UNIX_EPOCH
        + Duration::from_secs(seconds("9999-12-31T23:59:59Z").cast_unsigned());
    assert!(end > SystemTime::UNIX_EPOCH);
}

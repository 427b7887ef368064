//! The contents service.

use crate::support::Is as _;
use bytes::Bytes;
use podpis_sandbox::{ContentAnswerSpelling, ContentRangeSpelling, ExternOptions, ExternSpelling};

use super::support::{Client, text};

fn status(client: &mut Client, method: &str, path: &str, body: Bytes, range: &str) -> u16 {
    let headers = [("content-range", range)];
    let headers = if range.is_empty() { &[][..] } else { &headers };
    client.raw(method, path, body, headers).status().as_u16()
}

fn create(client: &mut Client, body: &'static str, range: &str) -> (u16, String) {
    let path = client.path("contents");
    let headers = [("content-range", range), ("content-type", "text/plain")];
    let headers = if range.is_empty() {
        &headers[1..]
    } else {
        &headers
    };
    let answer = client.raw("POST", &path, body, headers);
    let value: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let path = client.path(&format!("contents/{}", text(&value, "id")));
    (answer.status().as_u16(), path)
}

#[test]
fn a_whole_content_and_its_ranges() {
    let mut client = Client::new();
    let (status, path) = create(&mut client, "0123456789", "");
    assert_eq!(status, 201);
    let answer = client.raw("GET", &path, "", &[]);
    answer.is(200);
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.body().as_ref(), b"0123456789");
    for (range, body, told) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=0-3/10", "0123", "bytes 0-3/10"),
        ("bytes=8-", "89", "bytes 8-9/10"),
        ("bytes=8-100", "89", "bytes 8-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
    ] {
        let answer = client.raw("GET", &path, "", &[("range", range)]);
        answer.is(206);
        assert_eq!(answer.body().as_ref(), body.as_bytes(), "{range}");
        assert_eq!(answer.headers()["content-range"], told);
    }
    for range in ["bytes=10-", "bytes=5-3", "bytes", "lines=0-1", "bytes=x-y"] {
        client.raw("GET", &path, "", &[("range", range)]).is(416);
    }
    client.be(2);
    assert_eq!(client.call("GET", &path, "").0, 403);
}

#[test]
fn parts_in_any_order() {
    let mut client = Client::new();
    let (first, path) = create(&mut client, "0123", "bytes 0-3/10");
    assert_eq!(first, 200);
    assert_eq!(client.call("GET", &path, "").0, 404, "not complete");
    let put = |client: &mut Client, body: &'static str, range: &str| {
        status(client, "PUT", &path, body.into(), range)
    };
    assert_eq!(put(&mut client, "89", "bytes 8-9/10"), 200);
    for (body, range) in [
        ("4567", ""),
        ("4567", "bytes 4-8/10"),
        ("4567", "bytes 8-11/10"),
        ("4567", "bytes 4-7/11"),
        ("", "bytes 4-7/10"),
        ("4567", "nonsense"),
        ("4567", "bytes 18446744073709551612-18446744073709551615/*"),
    ] {
        assert_eq!(put(&mut client, body, range), 400, "{range}");
    }
    assert_eq!(put(&mut client, "4567", "bytes=4-7/10"), 201);
    let answer = client.raw("GET", &path, "", &[]);
    assert_eq!(answer.body().as_ref(), b"0123456789");
    let answer = client.raw("GET", &path, "", &[("range", "bytes=2-8")]);
    assert_eq!(answer.body().as_ref(), b"2345678");
    let unknown = client.path("contents/unknown");
    let seen = status(&mut client, "PUT", &unknown, "x".into(), "bytes 0-0/1");
    assert_eq!(seen, 404);
}

#[test]
fn a_part_again_changes_nothing_and_an_overlap_is_refused() {
    let mut client = Client::new();
    let (_, path) = create(&mut client, "0123", "bytes 0-3/10");
    let put = |client: &mut Client, body: &'static str, range: &str| {
        status(client, "PUT", &path, body.into(), range)
    };
    assert_eq!(put(&mut client, "0123", "bytes 0-3/10"), 200);
    for (body, range) in [
        ("9999", "bytes 0-3/10"),
        ("012", "bytes 0-2/10"),
        ("345", "bytes 3-5/10"),
        ("0123456789", "bytes 0-9/10"),
    ] {
        assert_eq!(put(&mut client, body, range), 400, "{range}");
    }
    assert_eq!(put(&mut client, "456789", "bytes 4-9/10"), 201);
    assert_eq!(put(&mut client, "456789", "bytes 4-9/10"), 201, "again");
    assert_eq!(put(&mut client, "0123", "bytes 0-3/10"), 201);
    let whole = client.raw("GET", &path, "", &[]);
    assert_eq!(whole.body().as_ref(), b"0123456789");
}

#[test]
fn what_lies_in_one_part_is_not_copied() {
    let mut client = Client::new();
    let part = Bytes::from(b"0123456789".to_vec());
    let equal = Bytes::from(part.to_vec());
    let contents = client.path("contents");
    let headers = [("content-range", "bytes 0-9/20")];
    let answer = client.raw("POST", &contents, part.clone(), &headers);
    let value: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let path = format!("{contents}/{}", text(&value, "id"));
    let seen = status(&mut client, "PUT", &path, equal, "bytes 10-19/20");
    assert_eq!(seen, 201);
    for range in ["bytes=2-9", "bytes=12-19"] {
        let answer = client.raw("GET", &path, "", &[("range", range)]);
        assert_eq!(answer.body().as_ptr(), part[2..].as_ptr(), "{range}");
    }
    let answer = client.raw("GET", &path, "", &[("range", "bytes=8-11")]);
    assert_eq!(answer.body().as_ref(), b"8901");
}

#[test]
fn ranges_and_answers_can_be_spelled_as_the_documents_do() {
    let spelled = |spelling: ExternSpelling| {
        let mut client = Client::with_extern(ExternOptions::default().spelling(spelling));
        let (_, path) = create(&mut client, "0123", "bytes 0-3/10");
        let headers = [("content-range", "bytes 4-9/10")];
        let answer = client.raw("PUT", &path, "456789", &headers);
        let put: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        let id = path.rsplit('/').next().unwrap().to_owned();
        let answer = client.raw("GET", &path, "", &[("range", "bytes=0-3")]);
        assert_eq!(answer.body().as_ref(), b"0123");
        let range = answer.headers()["content-range"].to_str().unwrap();
        (range.to_owned(), put, id)
    };
    let default = ExternSpelling::default;
    for (spelling, range) in [
        (ContentRangeSpelling::Rfc, "bytes 0-3/10"),
        (ContentRangeSpelling::Equals, "bytes=0-3/10"),
        (ContentRangeSpelling::OffByOne, "bytes 0-4/10"),
    ] {
        assert_eq!(spelled(default().content_range(spelling)).0, range);
    }
    let (_, put, id) = spelled(default().content_answer(ContentAnswerSpelling::Id));
    assert_eq!(put, serde_json::json!({ "id": id }));
    let (_, put, id) = spelled(default().content_answer(ContentAnswerSpelling::Nested));
    let nested = serde_json::json!({ "content": { "id": id }, "is-completed": true });
    assert_eq!(put, nested);
}

#[test]
fn a_length_can_come_later() {
    let mut client = Client::new();
    let (first, path) = create(&mut client, "0123", "bytes 0-3/*");
    assert_eq!(first, 200);
    let seen = status(&mut client, "PUT", &path, "45".into(), "bytes 4-5/*");
    assert_eq!(seen, 200);
    let seen = status(&mut client, "PUT", &path, "67".into(), "bytes 6-7/8");
    assert_eq!(seen, 201);
    assert_eq!(
        client.raw("GET", &path, "", &[]).body().as_ref(),
        b"01234567"
    );
}

#[test]
fn a_part_has_64_mebibytes_at_most() {
    let mut client = Client::new();
    let part = Bytes::from(vec![7; 64 * 1024 * 1024]);
    let contents = client.path("contents");
    let total = part.len() + 1;
    let answer = client.raw(
        "POST",
        &contents,
        part.clone(),
        &[(
            "content-range",
            &format!("bytes 0-{}/{total}", part.len() - 1),
        )],
    );
    answer.is(200);
    let value: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let path = format!("{contents}/{}", text(&value, "id"));
    let range = format!("bytes {0}-{0}/{total}", part.len());
    assert_eq!(status(&mut client, "PUT", &path, "x".into(), &range), 201);
    assert_eq!(client.call("GET", &path, "").0, 413, "in parts only");
    let last = format!("bytes={}-", part.len());
    let answer = client.raw("GET", &path, "", &[("range", &last)]);
    assert_eq!(answer.body().as_ref(), b"x");
    let larger = Bytes::from(vec![7; 64 * 1024 * 1024 + 1]);
    assert_eq!(client.call("POST", &contents, larger).0, 413);
}

#[test]
fn uploaded_contents_go_after_90_days() {
    let mut client = Client::new();
    let (_, path) = create(&mut client, "x", "");
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    client.wait(day * 89);
    client.raw("GET", &path, "", &[]).is(200);
    client.wait(day * 2);
    client.raw("GET", &path, "", &[]).is(404);
}

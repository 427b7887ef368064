//! Parts, names, limits and life of files on the shelf.

use std::time::Duration;

use podpis_sandbox::WorldOptions;

use crate::support::{Desk, Is as _, number, rows, text};

#[test]
fn version_2_in_one_piece() {
    let mut desk = Desk::new();
    for query in [
        "",
        "?fileExtension",
        "?fileExtension=",
        "?fileExtension=.xml",
    ] {
        let answer = desk.post(&format!("/V2/ShelfUpload{query}"), "content");
        answer.is(200);
        let name = text(&answer);
        assert!(name.starts_with("dd-api-") && name.len() == 43, "{name}");
        for given in [
            name.clone(),
            format!("__userId__%2F{name}"),
            format!("__userId__/{name}"),
        ] {
            let answer = desk.get(&format!("/V2/ShelfDownload?fileName={given}"));
            let seen = (answer.status().as_u16(), text(&answer));
            assert_eq!(seen, (200, "content".to_owned()));
        }
        let seen = text(&desk.get(&format!("/ShelfDownload?nameOnShelf=__userId__/{name}")));
        assert_eq!(seen, "content");
    }
}

#[test]
fn version_2_in_parts_reports_what_is_missing() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/ShelfUploadPartInit?fileExtension=", "a"));
    let part = |index: u32, last: &str| {
        format!("/ShelfUploadPart?fileName={name}&partIndex={index}&isLastPart={last}")
    };
    assert_eq!(text(&desk.post(&part(3, "True"), "d")), "[1,2]");
    desk.get(&format!("/V2/ShelfDownload?fileName={name}"))
        .is(404);
    assert_eq!(text(&desk.post(&part(1, "False"), "b")), "");
    // An older SDK marks the last of the missing parts, whatever its index.
    assert_eq!(text(&desk.post(&part(2, "true"), "c")), "[]");
    let seen = text(&desk.get(&format!("/V2/ShelfDownload?fileName={name}")));
    assert_eq!(seen, "abcd");
    let seen = text(&desk.post(&part(2, "1"), "C"));
    assert_eq!(seen, "[]", "a part can be sent again");
    let seen = text(&desk.get(&format!("/V2/ShelfDownload?fileName={name}")));
    assert_eq!(seen, "abCd");
}

#[test]
fn one_part_can_be_the_whole_file() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/ShelfUploadPartInit?isLastPart=true", "only"));
    let seen = text(&desk.get(&format!("/V2/ShelfDownload?fileName={name}")));
    assert_eq!(seen, "only");
    let name = text(&desk.post("/ShelfUploadPartInit", "open"));
    desk.get(&format!("/V2/ShelfDownload?fileName={name}"))
        .is(404);
}

#[test]
fn version_1_keeps_files_under_the_name_of_the_sender() {
    let mut desk = Desk::new();
    let part = |index: u32, last: &str| {
        format!("/ShelfUpload?nameOnShelf=__userId__%2Fjava_api-1&partIndex={index}{last}")
    };
    assert_eq!(text(&desk.post(&part(2, "&isLastPart=1"), "c")), "[0,1]");
    desk.post(&part(0, ""), "a").is(200);
    desk.post(&part(1, "&isLastPart=0"), "b").is(200);
    assert_eq!(text(&desk.post(&part(2, "&isLastPart=1"), "c")), "[]");
    let seen = text(&desk.get("/ShelfDownload?nameOnShelf=__userId__/java_api-1"));
    assert_eq!(seen, "abc");
    desk.get("/ShelfDownload?nameOnShelf=java_api-1").is(404);
}

#[test]
fn what_is_refused() {
    let mut desk = Desk::new();
    let big = vec![1_u8; 3 * 1024 * 1024 + 1];
    let name = text(&desk.post("/ShelfUploadPartInit", "a"));
    let table = format!(
        "/ShelfUpload?nameOnShelf=public&partIndex=0 | x | 400
         /ShelfUpload?nameOnShelf=__userId__/&partIndex=0 | x | 400
         /ShelfUpload?nameOnShelf=__userId__/n | x | 400
         /ShelfUpload?partIndex=0 | x | 400
         /ShelfUpload?nameOnShelf=__userId__/n&partIndex=0 | | 400
         /ShelfUpload?nameOnShelf=__userId__/n&partIndex=-1 | x | 400
         /ShelfUpload?nameOnShelf=__userId__/n&partIndex=4000000000 | x | 400
         /ShelfUpload?nameOnShelf=__userId__/n&partIndex=0&isLastPart=yes | x | 400
         /V2/ShelfUpload | | 400
         /V2/ShelfUpload | big | 400
         /ShelfUploadPartInit | big | 400
         /ShelfUploadPart?fileName={name}&partIndex=1 | big | 400
         /ShelfUploadPart?partIndex=1 | x | 400
         /ShelfUploadPart?fileName=dd-api-unknown&partIndex=1 | x | 404"
    );
    for [path, body, status] in rows(&table) {
        let body = if body == "big" {
            big.clone()
        } else {
            body.into()
        };
        desk.post(path, body).is(number(status));
    }
    let version_1 = "/ShelfUpload?nameOnShelf=__userId__/big&partIndex=0&isLastPart=1";
    let seen = text(&desk.post(version_1, big));
    assert_eq!(seen, "[]", "version 1 takes larger parts");
    desk.get("/V2/ShelfDownload?fileName=unknown").is(404);
    desk.get("/V2/ShelfDownload").is(400);
}

#[test]
fn exactly_3_mib_is_allowed() {
    let mut desk = Desk::new();
    desk.post("/V2/ShelfUpload", vec![7_u8; 3 * 1024 * 1024])
        .is(200);
}

#[test]
fn a_file_has_a_limit_as_a_whole() {
    let mut desk = Desk::with(WorldOptions::default().shelf_file_limit(10));
    let name = text(&desk.post("/ShelfUploadPartInit", "12345678"));
    let part = |index: u32| format!("/ShelfUploadPart?fileName={name}&partIndex={index}");
    desk.post(&part(1), "90").is(200);
    // A repeated part counts once.
    desk.post(&part(1), "09").is(200);
    desk.post(&part(2), "x").is(400);
}

#[test]
fn files_vanish_after_seven_days_and_belong_to_one_user() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/V2/ShelfUpload", "x"));
    let path = format!("/V2/ShelfDownload?fileName={name}");
    desk.be(1);
    desk.get(&path).is(404);
    desk.be(0);
    desk.wait(Duration::from_secs(7 * 24 * 60 * 60 - 1));
    desk.get(&path).is(200);
    desk.wait(Duration::from_secs(1));
    desk.get(&path).is(404);
}

#[test]
fn base64_bodies_are_decoded() {
    let mut desk = Desk::new();
    for (body, status) in [("0JDQutGC", 200), ("not base64!", 400)] {
        let mut request = desk.request("POST", "/V2/ShelfUpload", body);
        request
            .headers_mut()
            .insert("content-type", "base64".parse().unwrap());
        let answer = desk.send(&request);
        answer.is(status);
        if status == 200 {
            let name = text(&answer);
            let seen = text(&desk.get(&format!("/V2/ShelfDownload?fileName={name}")));
            assert_eq!(seen, "Акт");
        }
    }
}

//! Lists of docflows and what is done with their documents.

use std::time::Duration;

use serde_json::json;

use super::support::{Client, text};

#[test]
fn lists_can_be_filtered() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.ready_to_send.id);
    client.task(&draft, "send?deferred=true");
    client.wait(Duration::from_secs(60));
    let total = |client: &mut Client, query: &str| {
        client.get(&client.path(&format!("docflows?{query}")))["total-count"].clone()
    };
    for (query, count) in [
        ("", 6),
        ("finished=false", 6),
        ("finished=true", 0),
        ("incoming=true", 2),
        ("incoming=false", 4),
        ("innKpp=6676130154-667601001", 6),
        ("innKpp=6676130154", 6),
        ("innKpp=6676130154-000000000", 0),
        ("orgId=unknown", 0),
        ("type=urn:docflow:pfr-report", 1),
        ("type=fns534-report&type=pfr-report", 4),
        ("type=unknown", 0),
        ("createdFrom=2023-11-14T22:00:00Z", 1),
        ("createdTo=2023-11-14T22:00:00.0000000", 5),
        ("updatedFrom=2023-11-14T22:13:22", 1),
        (
            "updatedFrom=2023-11-14T10:00:00&updatedTo=2023-11-14T13:00:01%2B03:00",
            5,
        ),
    ] {
        assert_eq!(total(&mut client, query), count, "{query}");
    }
    for query in [
        "take=1001",
        "take=0",
        "skip=-1",
        "finished=perhaps",
        "createdFrom=yesterday",
        "updatedTo=2023-02-30",
        "orderBy=size",
    ] {
        let path = client.path(&format!("docflows?{query}"));
        assert_eq!(client.call("GET", &path, "").0, 400, "{query}");
    }
    let ids = |client: &mut Client, query: &str| -> Vec<String> {
        let list = client.get(&client.path(&format!("docflows?take=1000&orderBy={query}")));
        let items = list["docflows-page-item"].as_array().unwrap();
        items.iter().map(|one| text(one, "id").to_owned()).collect()
    };
    let mut upwards = ids(&mut client, "Ascending");
    let downwards = ids(&mut client, "descending");
    upwards.reverse();
    assert_eq!(upwards, downwards);
    let page = client.get(&client.path("docflows?orderBy=descending&skip=1&take=2"));
    assert_eq!(page["docflows-page-item"][0]["id"], downwards[1].as_str());
    assert_eq!((&page["skip"], &page["take"]), (&json!(1), &json!(2)));
}

#[test]
fn a_decrypted_content_can_be_put() {
    let mut client = Client::new();
    let path = client.info.encrypted.dss.place.path.clone();
    let put = format!("{path}/decrypted-content");
    for body in ["", "{}", r#"{"content-id":"unknown"}"#] {
        assert_eq!(client.call("PUT", &put, body).0, 400, "{body}");
    }
    let content = client.upload("<decrypted/>");
    let body = json!({ "content-id": content }).to_string();
    let (status, answer) = client.call("PUT", &put, body.clone());
    assert_eq!((status, &answer["content-id"]), (200, &json!(content)));
    client.call("PUT", &put, body);
    let document = client.get(&path);
    let contents = document["content"]["docflow-document-contents"].as_array();
    let contents = contents.unwrap();
    assert_eq!(contents.len(), 2, "the encrypted one and this");
    assert_eq!(contents[1]["content-id"], content.as_str());
    client.wait(Duration::from_secs(100 * 24 * 60 * 60));
    client.get(&put);
}

#[test]
fn a_document_is_printed_once_at_a_time() {
    let mut client = Client::new();
    let path = client.info.replies.fns_receipt.place.path.clone();
    let other = client.info.replies.fns_demand.place.path.clone();
    let content = client.upload("<decrypted/>");
    let body = json!({ "content-id": content }).to_string();
    let print = |path: &str| format!("{path}/print?deferred=true");
    client.expect(400, "POST", &format!("{path}/print"), body.clone());
    let started = client.expect(200, "POST", &print(&path), body.clone());
    assert_eq!(started["task-type"], "urn:task-type:docflowPrint");
    let error = client.expect(409, "POST", &print(&path), body.clone());
    assert_eq!(error["context"]["concurrent-task"]["id"], started["id"]);
    assert_eq!(client.call("POST", &print(&other), body.clone()).0, 200);
    client.wait(Duration::from_secs(1));
    let task = text(&started, "id");
    client.expect(404, "GET", &format!("{other}/tasks/{task}"), "");
    let done = client.get(&format!("{path}/tasks/{task}"));
    let pdf = client.path(&format!(
        "contents/{}",
        text(&done["task-result"], "content-id")
    ));
    assert!(client.raw("GET", &pdf, "", &[]).body().starts_with(b"%PDF"));
    assert_eq!(client.call("POST", &print(&path), body).0, 200);
}

#[test]
fn what_cannot_be_printed_says_so() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.dss.id);
    let content = client.upload("%PDF");
    let body = json!({
        "content-id": content,
        "description": { "filename": "a.pdf", "content-type": "application/pdf" },
    });
    let added = client.expect(201, "POST", &format!("{draft}/documents"), body.to_string());
    let path = format!("{draft}/documents/{}", text(&added, "id"));
    let print = format!("{path}/print?deferred=true");
    let refused = client.expect(400, "GET", &print, "");
    let id = "urn:error:externapi:documentPrintUnsupported";
    assert_eq!(text(&refused, "id"), id);
}

/// What either official SDK reads of a docflow's kind; it is there also where nothing is known.
#[test]
fn a_docflow_tells_what_the_sdks_read_of_its_kind() {
    const OF_KINDS: [(&str, &str); 4] = [
        (
            "fns534-report",
            "form-version recipient recepient final-recipient final-recepient correction-number period-code \
             report-inn report-kpp oktmo reorganization-form",
        ),
        (
            "fns534-demand",
            "cu transit-cu attachments-count form-versions receipt-status receipt-deadline-date replies-status",
        ),
        ("stat-cu-letter", "cu subject okpo"),
        (
            "pfr-report",
            "registration-number cu final-recipient form-version extended-status",
        ),
    ];
    const OF_ALL: &str = "payer-inn period-begin period-end related-docflow-id related-document-id origin-docflow-id \
         original-draft-id requisites";
    let mut client = Client::new();
    for (kind, members) in OF_KINDS {
        let page = client.get(&client.path(&format!("docflows?type={kind}")));
        let docflow = &page["docflows-page-item"][0];
        assert_eq!(docflow["abonent-id"], client.info.account.as_str());
        assert!(docflow["extern-user-id"].is_string());
        let seen = docflow["description"].as_object().unwrap();
        for member in members.split(' ').chain(OF_ALL.split(' ')) {
            assert!(seen.contains_key(member), "{kind}: {member}");
        }
    }
}

#[test]
fn inventories_are_found_through_their_document() {
    let mut client = Client::new();
    let place = client.info.replies.inventory_receipt.place.clone();
    let related = client.path(&format!(
        "docflows/{}/documents/{}",
        place.docflow,
        place.related_document.unwrap()
    ));
    let links = client.get(&related)["links"].clone();
    let links = links.as_array().unwrap().clone();
    let link = links.iter().find(|link| link["rel"] == "inventories");
    assert!(text(link.unwrap(), "href").ends_with(&format!("{related}/inventories")));
    let list = client.get(&format!("{related}/inventories"));
    assert_eq!(list["total-count"], 1);
    let inventory = list["docflows-page-item"][0].clone();
    assert_eq!(inventory["id"], place.inventory.unwrap());
    let form = &inventory["description"]["form-version"];
    assert_eq!(text(form, "form-fullname"), "Опись документов");
    let one = format!("{related}/inventories/{}", text(&inventory, "id"));
    assert_eq!(client.get(&one), inventory);
    let documents = inventory["documents"].as_array().unwrap();
    assert!(documents.iter().any(|one| one["id"] == place.document));
    for document in documents {
        let path = format!("{one}/documents/{}", text(document, "id"));
        assert_eq!(&client.get(&path), document);
    }
    let unknown = format!("{related}/inventories/x");
    assert_eq!(client.call("GET", &unknown, "").0, 404);
}

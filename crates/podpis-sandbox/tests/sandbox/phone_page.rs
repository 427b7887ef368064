//! The page of the phone: what it is made of, what cards show, and the events that keep it up to date.

use std::time::Duration;

use podpis_sandbox::{Bind, MessageState, PhoneMode, RunningServer, WorldOptions};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::dss::inline_v3;
use crate::support::{Desk, Is as _, header, inline, text, world};

#[test]
fn the_page_and_its_parts_are_there_and_need_nothing_from_elsewhere() {
    let mut desk = Desk::new();
    let page = text(desk.get("/phone").is(200));
    let parts = page
        .split(['"', '\''])
        .filter(|part| part.starts_with("/_sandbox/page/"));
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    assert_eq!(parts.len(), 3);
    let mut all = page;
    for part in parts {
        let answer = desk.get(&part);
        let kind = header(&answer, "content-type").unwrap();
        assert!(kind.starts_with("text/css") || kind.starts_with("text/javascript"));
        all += &text(&answer);
        desk.post(&part, "").is(405);
    }
    assert!(all.contains("/_sandbox/events"));
    assert!(!all.contains("http://") && !all.contains("https://"));
    desk.get("/_sandbox/page/nothing.js").is(404);
}

#[test]
fn a_message_says_as_data_what_the_person_is_asked_for() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("four"), inline("seven77")]);
    desk.token(&task);
    let (_, messages) = desk.json("GET", "/_sandbox/messages", "");
    let sms = &messages[0];
    assert_eq!(
        sms["asked"],
        json!({
            "service": "diadoc",
            "purpose": "sign",
            "person": "Иванова Мария Петровна",
            "files": [{"name": "act.xml", "size": 4}, {"name": "act.xml", "size": 7}],
        })
    );
    let (came, until) = (sms["came_ms"].as_u64(), sms["until_ms"].as_u64());
    assert_eq!(
        until.zip(came).map(|(until, came)| until - came),
        Some(300_000)
    );
    desk.wait(Duration::from_secs(301));
    let late = &desk.json("GET", "/_sandbox/messages", "").1[0];
    assert_eq!(
        (&late["state"], &late["until_ms"]),
        (&json!("expired"), &Value::Null)
    );

    let login =
        "client_id=podpis-sandbox-extern&client_secret=e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001";
    let (_, begun) = desk.json("POST", "/connect/deviceauthorization", login);
    let login = &desk.json("GET", "/_sandbox/messages", "").1[1]["asked"];
    assert_eq!(
        (&login["service"], &login["purpose"]),
        (&json!("identity"), &json!("login"))
    );
    assert_eq!(login["screen_code"], begun["user_code"]);
}

#[test]
fn a_mode_holds_for_what_waits_already() {
    let late = Duration::from_secs(10);
    for (mode, state) in [
        (PhoneMode::Confirm, MessageState::Confirmed),
        (PhoneMode::Decline, MessageState::Declined),
        (PhoneMode::Silent, MessageState::Waiting),
    ] {
        let mut desk = Desk::new();
        let task = desk.dss(vec![inline_v3("x")]);
        desk.dss_result(&task);
        let seen = |desk: &Desk| desk.world.messages()[0].state;
        desk.world.set_phone(mode, late);
        assert_eq!(seen(&desk), MessageState::Waiting, "{mode:?}");
        // Who changes their mind in time has not acted.
        desk.world.set_phone(PhoneMode::Manual, late);
        desk.wait(late);
        assert_eq!(seen(&desk), MessageState::Waiting, "{mode:?}");
        desk.world.set_phone(mode, late);
        desk.wait(late);
        assert_eq!(seen(&desk), state, "{mode:?}");
    }
}

#[test]
fn what_a_silent_phone_has_kept_back_arrives_later_if_it_still_waits() {
    let mut desk = Desk::with(WorldOptions::default().phone(PhoneMode::Silent, Duration::ZERO));
    let old = desk.start(vec![inline("x")]);
    desk.token(&old);
    desk.wait(Duration::from_secs(301));
    let task = desk.start(vec![inline("x")]);
    let token = desk.token(&task);
    assert!(desk.world.messages().is_empty());
    let counted = desk.world.counters().sms_sent;
    desk.json("PUT", "/_sandbox/phone", r#"{"mode":"manual"}"#);
    let messages = desk.world.messages();
    assert_eq!(messages.len(), 1, "what is too old never comes");
    assert_eq!(messages[0].known_as, [task, token.clone()]);
    assert_eq!(desk.world.counters().sms_sent, counted);
    desk.confirmed(&token, "Content");
}

#[test]
fn events_are_all_there_is_where_an_answer_has_to_end() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("x")]);
    desk.token(&task);
    let answer = desk.get("/_sandbox/events");
    assert_eq!(header(&answer, "content-type"), Some("text/event-stream"));
    let events = told(text(&answer).as_bytes());
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["whole"], true);
    assert_eq!(
        events[0]["messages"],
        desk.json("GET", "/_sandbox/messages", "").1
    );
    desk.post("/_sandbox/events", "").is(405);
}

/// The data of the events in what came so far.
fn told(came: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(came);
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    let data = whole.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// A page that is open.
struct Page {
    stream: TcpStream,
    came: Vec<u8>,
}

impl Page {
    async fn open(server: &RunningServer) -> Self {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let request = b"GET /_sandbox/events HTTP/1.1\r\nhost: x\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let came = Vec::new();
        Self { stream, came }
    }

    /// All events so far, as soon as there are so many.
    async fn events(&mut self, count: usize) -> Vec<Value> {
        loop {
            let events = told(&self.came);
            if events.len() >= count {
                return events;
            }
            let read = self.stream.read_buf(&mut self.came).await.unwrap();
            assert_ne!(read, 0, "the events have ended: {events:?}");
        }
    }
}

#[tokio::test]
async fn an_open_page_is_told_what_changes_and_nothing_else() {
    let sandbox = world(WorldOptions::default());
    let mut desk = Desk::new();
    desk.world = sandbox.clone();
    let server = sandbox.serve(Bind::loopback(0)).await.unwrap();
    let mut page = Page::open(&server).await;
    let first = &page.events(1).await[0];
    let seen = (&first["whole"], &first["phone"]["mode"], &first["messages"]);
    assert_eq!(seen, (&json!(true), &json!("manual"), &json!([])));

    let task = desk.start(vec![inline("x")]);
    desk.token(&task);
    let news = &page.events(2).await[1];
    assert_eq!((&news["whole"], &news["gone"]), (&json!(false), &json!([])));
    let message = desk.json("GET", "/_sandbox/messages", "").1[0].clone();
    assert_eq!(news["messages"], json!([message]));

    // Requests that change nothing on the phone are no news: the next event is that of the person's no.
    for _ in 0..20 {
        desk.get("/_sandbox/health").is(200);
        desk.get("/Unknown").is(404);
    }
    let operation = message["operation"].as_str().unwrap();
    sandbox.decline(operation).unwrap();
    let events = page.events(3).await;
    assert_eq!(events.len(), 3);
    assert_eq!(events[2]["messages"][0]["state"], "declined");

    sandbox.set_phone(PhoneMode::Confirm, Duration::ZERO);
    assert_eq!(page.events(4).await[3]["phone"]["mode"], "confirm");
    sandbox.reset();
    let news = &page.events(5).await[4];
    assert_eq!(
        (&news["gone"], &news["messages"]),
        (&json!([operation]), &json!([]))
    );

    // Another page begins with all that is there now, and neither keeps the server from stopping.
    let mut other = Page::open(&server).await;
    assert_eq!(other.events(1).await[0]["messages"], json!([]));
    server.shutdown().await;
    for mut page in [page, other] {
        page.stream.read_to_end(&mut page.came).await.unwrap();
        assert!(
            page.came.ends_with(b"\r\n0\r\n\r\n"),
            "it has ended in order"
        );
    }
}

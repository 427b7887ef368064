//! Login on another device.

use std::time::Duration;

use podpis_transport::Delivery;

use super::{CLIENT, Script, stage};
use crate::login::oidc::{DeviceLogin, OidcProvider};
use crate::wait::{Deadline, ManualTime};
use crate::{ErrorChain, ErrorKind};

const STARTED: &str = r#"{"device_code":"DEVICE-1","user_code":"BDWPHQPK",
    "verification_uri":"https://id.example.com/device",
    "verification_uri_complete":"https://id.example.com/device?code=BDWPHQPK",
    "interval":3,"expires_in":300}"#;

async fn started() -> (Script, ManualTime, DeviceLogin) {
    let (script, time, provider) = stage();
    script.json(200, STARTED);
    let login = provider.start_device().await.unwrap();
    (script, time, login)
}

#[tokio::test]
async fn a_confirmed_login_is_waited_for_at_the_services_pace() {
    let (script, time, login) = started().await;
    assert_eq!(login.user_code(), "BDWPHQPK");
    assert_eq!(login.verification_uri().path(), "/device");
    assert_eq!(
        login.verification_uri_complete().unwrap().query(),
        Some("code=BDWPHQPK")
    );
    assert_eq!(login.interval(), Duration::from_secs(3));
    assert_eq!(login.left(), Duration::from_secs(300));
    assert!(!format!("{login:?}").contains("DEVICE-1"));

    script
        .error("authorization_pending")
        .error("slow_down")
        .error("authorization_pending")
        .json(
            200,
            r#"{"access_token":"a","expires":3600,"token_type":"Bearer"}"#,
        );
    let tokens = login.wait(Deadline::minutes(10)).await.unwrap();
    assert_eq!(tokens.lifetime(), Some(Duration::from_secs(3_600)));
    assert_eq!(time.slept(), Duration::from_secs(3 + 3 + 8 + 8));
    let poll = format!(
        "/connect/token grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code\
         &device_code=DEVICE-1&{CLIENT}&scope=extern.api"
    );
    let start = format!("/connect/deviceauthorization scope=extern.api&{CLIENT}");
    assert_eq!(
        script.requests(),
        [start, poll.clone(), poll.clone(), poll.clone(), poll]
    );
}

#[tokio::test]
async fn what_was_asked_for_more_slowly_stays_so_for_all_polls() {
    let (script, time, login) = started().await;
    for _ in 0..6 {
        script.error("slow_down");
    }
    // A lost poll makes the pause no shorter, and neither does another wait.
    script.nothing(Delivery::Unknown);
    script.error("authorization_pending");
    script.error("authorization_pending");
    let error = login.wait(Deadline::seconds(180)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    let polls = [3, 11, 24, 42, 65, 93, 126, 159, 180];
    assert_eq!(script.requests().len(), 1 + polls.len());
    assert_eq!(time.slept(), Duration::from_secs(180));
    assert_eq!(login.interval(), Duration::from_secs(33));
    script.tokens("a", "");
    login.wait(Deadline::seconds(60)).await.unwrap();
    assert_eq!(time.slept(), Duration::from_secs(180 + 33));
}

#[tokio::test]
async fn a_service_that_may_be_asked_at_any_time_is_not_asked_without_a_pause() {
    let (script, time, provider) = stage();
    script.json(200, &STARTED.replace(":3,", ":0,"));
    let login = provider.start_device().await.unwrap();
    assert_eq!(login.interval(), Duration::ZERO);
    for _ in 0..9 {
        script.error("authorization_pending");
    }
    script.tokens("a", "");
    login.wait(Deadline::minutes(1)).await.unwrap();
    assert_eq!(time.slept(), Duration::from_secs(1));
}

#[tokio::test]
async fn a_start_is_read_in_every_spelling() {
    let spelled = [
        STARTED.replace("verification_uri", "verification_url"),
        STARTED
            .replace(":3,", ":\" 3 \",")
            .replace(":300", ":\"300\""),
        format!("\u{feff}{STARTED}"),
        STARTED.replace(
            "\"interval\"",
            "\"verification_url\":\"ftp://x\",\"interval\"",
        ),
    ];
    for body in spelled {
        let (script, _, provider) = stage();
        script.json(200, &body);
        let login = provider.start_device().await.unwrap();
        assert_eq!(login.interval(), Duration::from_secs(3), "{body}");
        assert_eq!(login.left(), Duration::from_secs(300), "{body}");
        assert_eq!(login.verification_uri().path(), "/device");
        assert!(login.verification_uri_complete().is_some(), "{body}");
        let tokens = format!(
            "\u{feff}{}",
            r#"{"access_token":"a","token_type":"Bearer"}"#
        );
        script.json(200, &tokens);
        login.wait(Deadline::minutes(3)).await.unwrap();
    }
}

#[tokio::test]
async fn the_last_poll_is_at_the_deadline_and_waiting_can_go_on() {
    let (script, time, login) = started().await;
    for _ in 0..4 {
        script.error("authorization_pending");
    }
    let error = login.wait(Deadline::seconds(10)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(
        error.to_string(),
        "login on another device: not confirmed within 10 s; the code is good for 290 s more"
    );
    assert_eq!(time.slept(), Duration::from_secs(10));
    assert_eq!(script.requests().len(), 5, "polls at 3, 6, 9 and 10 s");
    script.tokens("a", "");
    login.wait(Deadline::minutes(1)).await.unwrap();
    assert_eq!(time.slept(), Duration::from_secs(13));
}

#[tokio::test]
async fn the_code_ends_a_wait_whatever_the_deadline() {
    let (script, time, login) = started().await;
    for _ in 0..100 {
        script.error("authorization_pending");
    }
    let error = login.wait(Deadline::minutes(60)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Login);
    assert!(error.to_string().contains("start again"), "{error}");
    assert_eq!(time.slept(), Duration::from_secs(300));
    assert_eq!(script.requests().len(), 101);
}

#[tokio::test]
async fn the_persons_no_and_the_services_end_are_final() {
    for (code, words) in [
        ("access_denied", "the person declined"),
        ("expired_token", "not confirmed in time"),
        ("invalid_grant", "the device code is not accepted"),
    ] {
        let (script, _, login) = started().await;
        script.error("authorization_pending").error(code);
        let error = login.wait(Deadline::minutes(1)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Login);
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(script.requests().len(), 3);
    }
}

#[tokio::test]
async fn failures_that_pass_are_forgiven_and_the_last_one_is_told_at_the_deadline() {
    let (script, _, login) = started().await;
    script
        .nothing(Delivery::Unknown)
        .answer(502, "text/html", "<html>")
        .nothing(Delivery::NotSent)
        .tokens("a", "");
    login.wait(Deadline::minutes(3)).await.unwrap();
    assert_eq!(script.requests().len(), 5);

    let (script, _, login) = started().await;
    for _ in 0..2 {
        script.nothing(Delivery::Unknown);
    }
    let error = login.wait(Deadline::seconds(5)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert!(
        ErrorChain(&error).to_string().contains("no answer"),
        "{error}"
    );
}

#[tokio::test]
async fn a_token_lives_from_the_poll_that_brought_it() {
    let (script, time, login) = started().await;
    for _ in 0..10 {
        script.error("authorization_pending");
    }
    script.tokens("a", "");
    let tokens = login.wait(Deadline::minutes(3)).await.unwrap();
    assert_eq!(time.slept(), Duration::from_secs(33));
    let now = crate::wait::Time::elapsed(&time);
    assert!(tokens.login(now + Duration::from_secs(599)).is_some());
    assert!(tokens.login(now + Duration::from_secs(600)).is_none());
}

#[tokio::test]
async fn a_start_that_makes_no_sense_is_an_unreadable_answer() {
    let refused = async |body: String| {
        let (script, _, provider): (Script, _, OidcProvider) = stage();
        script.json(200, &body);
        provider.start_device().await.unwrap_err().kind()
    };
    for (from, to) in [
        (
            "https://id.example.com/device\"",
            "http://id.example.com/device\"",
        ),
        ("https://id.example.com/device?", "javascript:alert?"),
        ("https://id.example.com/device?", "device?"),
        ("BDWPHQPK\",\n", "\",\n"),
        ("\"interval\":3", "\"interval\":18446744073709551615"),
        ("\"device_code\"", "\"code\""),
    ] {
        let body = STARTED.replace(from, to);
        assert_ne!(body, STARTED, "{from}");
        assert_eq!(refused(body).await, ErrorKind::UnreadableAnswer, "{to}");
    }
    let (script, _, provider) = stage();
    script.error("invalid_client");
    let error = provider.start_device().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Login);
    assert_eq!(error.service().unwrap().endpoint, "DeviceAuthorization");
}

//! Wrong, late and used codes, on both calls that may report them.

use std::time::Duration;

use podpis_diadoc_proto::AsyncMethodResult;
use podpis_sandbox::{ConfirmErrors, MessageState, PersonError, WorldOptions};
use podpis_transport::HttpResponse;

use crate::support::{Desk, Is as _, header, inline, message};

const BAD: Option<&str> = Some("CloudCrypt.BadConfirmationCode");
const EXPIRED: Option<&str> = Some("CloudCrypt.ExpiredRequest");

fn waiting(options: WorldOptions) -> (Desk, String) {
    let mut desk = Desk::with(options);
    let task = desk.start(vec![inline("x")]);
    let token = desk.token(&task);
    (desk, token)
}

fn verdict(answer: &HttpResponse) -> (u16, Option<&str>) {
    (
        answer.status().as_u16(),
        header(answer, "x-diadoc-errorcode"),
    )
}

#[test]
fn three_wrong_codes_end_an_operation() {
    let (mut desk, token) = waiting(WorldOptions::default());
    for _ in 0..3 {
        assert_eq!(verdict(&desk.confirm(&token, "0", "Content")), (409, BAD));
    }
    let code = desk.code();
    assert_eq!(
        verdict(&desk.confirm(&token, &code, "Content")),
        (409, EXPIRED)
    );
    assert_eq!(desk.world.messages()[0].state, MessageState::Expired);
    assert_eq!(desk.world.counters().confirmations, 0);
}

#[test]
fn a_right_code_after_a_wrong_one_is_right_once() {
    let (mut desk, token) = waiting(WorldOptions::default());
    assert_eq!(
        verdict(&desk.confirm(&token, "000000", "Content")),
        (409, BAD)
    );
    let code = desk.code();
    desk.confirm(&token, &code, "Content").is(200);
    assert_eq!(
        verdict(&desk.confirm(&token, &code, "Content")),
        (409, EXPIRED)
    );
}

#[test]
fn a_code_lives_for_five_minutes() {
    let (mut desk, token) = waiting(WorldOptions::default());
    let code = desk.code();
    // The SMS went out 0.3 s after the start, and the desk looked at 1 s.
    desk.wait(Duration::from_millis(299_300));
    assert_eq!(verdict(&desk.confirm(&token, "0", "Content")), (409, BAD));
    desk.wait(Duration::from_millis(1));
    assert_eq!(
        verdict(&desk.confirm(&token, &code, "Content")),
        (409, EXPIRED)
    );
}

#[test]
fn the_error_can_come_with_the_result_instead() {
    let options = WorldOptions::default().confirm_errors(ConfirmErrors::OnResult);
    let (mut desk, token) = waiting(options);
    for (code, expected) in [("1", BAD), ("2", BAD), ("3", BAD), ("4", EXPIRED)] {
        let answer = desk.confirm(&token, code, "Content");
        answer.is(200);
        let task = message::<AsyncMethodResult>(&answer).task_id.unwrap();
        let poll = format!("/CloudSignConfirmResult?taskId={task}");
        desk.get(&poll).is(204);
        assert_eq!(verdict(&desk.result(&task)), (409, expected), "{code}");
    }
}

#[test]
fn requests_that_are_not_about_a_code_are_not_counted_as_attempts() {
    let (mut desk, token) = waiting(WorldOptions::default());
    let code = desk.code();
    for path in [
        format!("/CloudSignConfirm?token={token}"),
        format!("/CloudSignConfirm?token={token}&confirmationCode="),
        format!("/CloudSignConfirm?confirmationCode={code}"),
        format!("/CloudSignConfirm?token={token}&confirmationCode={code}&return=Fax"),
    ] {
        desk.post(&path, "").is(400);
    }
    desk.confirm("unknown", &code, "Content").is(404);
    desk.confirm(&token, &code, "").is(200);
}

#[test]
fn a_person_can_decline_but_cannot_confirm_an_sms_on_the_phone() {
    let (mut desk, token) = waiting(WorldOptions::default());
    let operation = desk.world.messages()[0].operation.clone();
    assert_eq!(desk.world.confirm(&operation), Err(PersonError::NeedsCode));
    assert_eq!(desk.world.confirm("x"), Err(PersonError::UnknownOperation));
    assert_eq!(desk.world.decline(&operation), Ok(()));
    assert_eq!(desk.world.decline(&operation), Err(PersonError::NotWaiting));
    assert_eq!(desk.world.confirm(&operation), Err(PersonError::NotWaiting));
    assert_eq!(desk.world.messages()[0].state, MessageState::Declined);
    let code = desk.code();
    assert_eq!(
        verdict(&desk.confirm(&token, &code, "Content")),
        (409, EXPIRED)
    );
}

#[test]
fn codes_have_the_length_that_was_asked_for() {
    for (asked, expected) in [(4, 4), (5, 5), (6, 6), (0, 4), (99, 12)] {
        let (mut desk, _) = waiting(WorldOptions::default().code_length(asked));
        assert_eq!(desk.code().len(), expected);
    }
}

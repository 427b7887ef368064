//! Decides whether a box is the caller's.
//!
//! **Invariant:** a box that nobody has is 404, one that others have is 403, whichever form its id is written in.

use super::places::{BOX_ID, OTHER_BOX_ID};
use crate::answer::{Handled, Refusal, bad_request};
use crate::call::Call;

/// Refuses a call whose `boxId` is not the box of the seeded users.
pub(super) fn own(call: &Call) -> Handled<()> {
    check(call.query.required("boxId")?)
}

/// Refuses a box that is not the one of the seeded users.
pub(super) fn check(id: &str) -> Handled<()> {
    if is(id, BOX_ID) {
        Ok(())
    } else if is(id, OTHER_BOX_ID) {
        Err(Refusal::forbidden("This box is not yours."))
    } else {
        Err(Refusal::not_found("No box has this id."))
    }
}

/// Refuses a box in a body that is not the one of the seeded users.
pub(super) fn check_field(id: &str) -> Handled<()> {
    if uuid::Uuid::try_parse(id.strip_suffix("@diadoc.ru").unwrap_or(id)).is_err() {
        return bad_request(format!("BoxId field is not valid box id: {id}"));
    }
    check(id)
}

/// A box is named by its GUID or by its older form, `32 hexadecimal digits@diadoc.ru`.
pub(super) fn is(id: &str, guid: &str) -> bool {
    let plain = id.strip_suffix("@diadoc.ru").unwrap_or(id);
    plain
        .replace('-', "")
        .eq_ignore_ascii_case(&guid.replace('-', ""))
}

/// The older form of a box id.
pub(super) fn old_form(guid: &str) -> String {
    format!("{}@diadoc.ru", guid.replace('-', ""))
}

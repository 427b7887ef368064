//! Decides with whom the organization of the box exchanges documents: the other one of the seed.
//!
//! **Invariant:** the older versions name the organization, the newest the box; all give the same list.

use podpis_diadoc_proto::{Counteragent, CounteragentList, CounteragentStatus, TotalCountType};

use super::places::{ORGANIZATION, OTHER_ORGANIZATION};
use super::{boxes, organizations};
use crate::answer::{Handled, Refusal, Reply, bad_request};
use crate::call::Call;

/// What a list is asked for; where both sides can have refused, by one word.
const STATUSES: [&str; 4] = ["IsMyCounteragent", "InvitesMe", "IsInvitedByMe", "Rejected"];

/// What the list goes on after.
const KEY: &str = "d0b3a6c2-6666-4c5e-9a57-0d1ad0c00001";

/// The beginning of 2019, when the seed's organizations joined.
const SINCE: i64 = 636_818_976_000_000_000;

/// `GET /V3/GetCounteragents`.
pub(super) fn list(call: &Call) -> Handled {
    boxes::check(call.query.required("myBoxId")?)?;
    asked(call)
}

/// `GET /V2/GetCounteragents` and `/GetCounteragents`.
pub(super) fn list_of_organization(call: &Call) -> Handled {
    if !boxes::is(call.query.required("myOrgId")?, ORGANIZATION.id) {
        return Err(Refusal::forbidden("This organization is not yours."));
    }
    asked(call)
}

fn asked(call: &Call) -> Handled {
    let status = call.query.optional("counteragentStatus");
    let (after, query) = (
        call.query.optional("afterIndexKey"),
        call.query.optional("query"),
    );
    if after.is_some() && query.is_some() {
        return bad_request("query and afterIndexKey exclude each other.");
    }
    if status.is_some_and(|status| !STATUSES.contains(&status)) {
        return bad_request("counteragentStatus is unknown.");
    }
    let is_meant = status.is_none_or(|status| status == STATUSES[0])
        && query.is_none_or(|query| {
            let query = query.to_lowercase();
            let about = &OTHER_ORGANIZATION;
            [about.name, about.full_name, about.inn]
                .iter()
                .any(|text| text.to_lowercase().contains(&query))
        });
    let other = Counteragent::new(organizations::other(), SINCE)
        .with_index_key(KEY)
        .with_current_status(CounteragentStatus::IS_MY_COUNTERAGENT);
    let found = CounteragentList::new(i32::from(is_meant), TotalCountType::EQUAL)
        .with_counteragents((is_meant && after.is_none()).then_some(other));
    Ok(Reply::message(&found))
}

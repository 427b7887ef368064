//! Decides which organizations a person sees, and what asking without care does.
//!
//! **Invariant:** a call that may register somebody is counted as a registration, so that a test can prove that a
//! client never asks for one; at most three a day and person go through.

use std::time::Duration;

use http::StatusCode;
use podpis_diadoc_proto::{
    Box as DiadocBox, Organization, OrganizationList, OrganizationType, ReadyForEpdStatus,
    Sociability,
};

use super::{Call, boxes};
use crate::answer::{Handled, Refusal, Reply};
use crate::world::{BOX_ID, ORGANIZATION, World};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const REGISTRATIONS_A_DAY: usize = 3;

/// `GET /GetMyOrganizations`.
pub(super) fn list(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    // The parameter is true unless it says otherwise.
    let registers =
        call.query.optional("autoRegister").is_none() || call.query.flag("autoRegister")?;
    if registers {
        world.journal.counters.registrations += 1;
        let today = |at: &crate::world::Moment| at.until(call.now) < DAY;
        let known = &mut world.diadoc.registrations;
        known.retain(|(_, at)| today(at));
        if known.iter().filter(|(who, _)| *who == user).count() >= REGISTRATIONS_A_DAY {
            return Err(Refusal::new(
                StatusCode::CONFLICT,
                "You were registered more than three times today.",
            ));
        }
        known.push((user, call.now));
    }
    Ok(Reply::message(&OrganizationList {
        organizations: vec![organization()],
    }))
}

fn organization() -> Organization {
    Organization {
        org_id: ORGANIZATION.id.to_owned(),
        inn: ORGANIZATION.inn.to_owned(),
        kpp: Some(ORGANIZATION.kpp.to_owned()),
        full_name: ORGANIZATION.full_name.to_owned(),
        short_name: Some(ORGANIZATION.name.to_owned()),
        boxes: vec![DiadocBox {
            box_id: boxes::old_form(BOX_ID),
            box_id_guid: BOX_ID.to_owned(),
            title: ORGANIZATION.name.to_owned(),
        }],
        is_active: Some(true),
        is_test: Some(true),
        is_employee: Some(true),
        has_certificate_to_sign: Some(true),
        sociability: Sociability::ALL_ORGANIZATIONS.number(),
        organization_type: Some(OrganizationType::JURIDICAL.number()),
        ready_for_epd_status: Some(ReadyForEpdStatus::NOT_READY.number()),
        ..Organization::default()
    }
}

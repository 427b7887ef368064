//! Decides which organizations and boxes are known, and what asking without care does.
//!
//! **Invariant:** a call that may register somebody is counted, so that a test can prove that a client never asks for
//! it. Everybody is registered already, so nothing is ever registered and the limit of three a day is never reached.

use podpis_diadoc_proto::organizations::{
    AutoBlockStatus, BlockStatus, ManualBlockStatus, OrganizationFeatures,
};
use podpis_diadoc_proto::{
    Box as DiadocBox, Organization, OrganizationList, OrganizationType, ReadyForEpdStatus,
    Sociability,
};

use super::boxes;
use super::places::{BOX_ID, ORGANIZATION, OTHER_BOX_ID, OTHER_ORGANIZATION, OrganizationSeed};
use super::state::Room;
use crate::answer::{Handled, Needed as _, Reply, bad_request};
use crate::call::Call;

/// `GET /GetMyOrganizations`.
pub(super) fn list(room: &mut Room, call: &Call) -> Handled {
    // The parameter is true unless it says otherwise.
    if call.query.optional("autoRegister").is_none() || call.query.flag("autoRegister")? {
        room.counters().registrations += 1;
    }
    Ok(listed(vec![organization(&OURS)]))
}

/// `GET /GetOrganization`.
pub(super) fn one(call: &Call) -> Handled {
    let names = ["orgId", "boxId", "fnsParticipantId", "inn"];
    let mut given = names.into_iter().filter_map(|name| {
        let value = call.query.optional(name)?;
        Some((name, value))
    });
    let (Some((name, value)), None) = (given.next(), given.next()) else {
        return bad_request(
            "Exactly one of orgId, boxId, fnsParticipantId and inn names an organization.",
        );
    };
    let kpp = call.query.optional("kpp");
    if kpp.is_some() && name != "inn" {
        return bad_request("kpp goes with inn only.");
    }
    let is_it = |known: &&Known| match name {
        "orgId" => boxes::is(value, known.about.id),
        "boxId" => boxes::is(value, known.box_id),
        "inn" => value == known.about.inn && kpp.is_none_or(|kpp| kpp == known.about.kpp),
        _ => value.eq_ignore_ascii_case(&participant(known)),
    };
    let found = [OURS, THEIRS].iter().find(is_it).map(organization);
    found
        .map(|found| Reply::message(&found))
        .or_not_found("There is no such organization.")
}

/// `GET /GetOrganizationsByInnKpp`.
pub(super) fn by_inn(call: &Call) -> Handled {
    let inn = call.query.required("inn")?;
    let kpp = call.query.optional("kpp");
    let is_it =
        |known: &&Known| known.about.inn == inn && kpp.is_none_or(|kpp| kpp == known.about.kpp);
    let found = [OURS, THEIRS].iter().filter(is_it).map(organization);
    Ok(listed(found.collect()))
}

/// `GET /GetOrganizationFeatures`.
pub(super) fn features(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let approvals = room.own.messages.options.approvals;
    let features = approvals.then(|| "AllowApprovementSignatures".to_owned());
    let allowed = OrganizationFeatures::new(BlockStatus::new(
        ManualBlockStatus::new(false),
        AutoBlockStatus::new(false),
    ));
    Ok(Reply::message(&allowed.with_features(features)))
}

/// `GET /GetBox`.
pub(super) fn get_box(call: &Call) -> Handled {
    let id = call.query.required("boxId")?;
    let is_it = |known: &&Known| boxes::is(id, known.box_id);
    let found = [OURS, THEIRS].iter().find(is_it).map(|known| DiadocBox {
        organization: Some(organization(known)),
        ..plain_box(known)
    });
    found
        .map(|found| Reply::message(&found))
        .or_not_found("No box has this id.")
}

/// The organization of the other box.
pub(super) fn other() -> Organization {
    organization(&THEIRS)
}

struct Known {
    about: OrganizationSeed,
    box_id: &'static str,
    is_ours: bool,
}

const OURS: Known = Known {
    about: ORGANIZATION,
    box_id: BOX_ID,
    is_ours: true,
};
const THEIRS: Known = Known {
    about: OTHER_ORGANIZATION,
    box_id: OTHER_BOX_ID,
    is_ours: false,
};

fn listed(organizations: Vec<Organization>) -> Reply {
    Reply::message(&OrganizationList { organizations })
}

fn participant(known: &Known) -> String {
    format!("2BM-{}-2019010101010101010100000000", known.about.inn)
}

fn plain_box(known: &Known) -> DiadocBox {
    DiadocBox::new(
        boxes::old_form(known.box_id),
        known.about.name,
        known.box_id,
    )
}

fn organization(known: &Known) -> Organization {
    Organization {
        org_id: known.about.id.to_owned(),
        inn: known.about.inn.to_owned(),
        kpp: Some(known.about.kpp.to_owned()),
        full_name: known.about.full_name.to_owned(),
        short_name: Some(known.about.name.to_owned()),
        boxes: vec![plain_box(known)],
        fns_participant_id: Some(participant(known)),
        is_active: Some(true),
        is_test: Some(true),
        is_employee: Some(known.is_ours),
        has_certificate_to_sign: Some(known.is_ours),
        sociability: Sociability::ALL_ORGANIZATIONS.number(),
        organization_type: Some(OrganizationType::JURIDICAL.number()),
        ready_for_epd_status: Some(ReadyForEpdStatus::NOT_READY.number()),
        ..Organization::default()
    }
}

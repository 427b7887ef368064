//! Decides which docflows a list shows, and in which order.
//!
//! **Invariant:** a filter that cannot be read is 400 and never ignored; a docflow that is not indexed yet is in no
//! list.

use super::call::Call;
use super::docflow_json::{docflow_json, is_finished};
use super::state::Room;
use super::things::Docflow;
use crate::answer::{Handled, Needed as _, Reply, bad_request};
use crate::classes::{Condition, Part};
use crate::moment::Moment;

/// The longest page.
const LONGEST: usize = 1000;

/// What a list was asked for.
struct Filter {
    finished: Option<bool>,
    incoming: Option<bool>,
    inn_kpp: Option<String>,
    organization: Option<String>,
    kinds: Vec<String>,
    updated: (Option<Moment>, Option<Moment>),
    created: (Option<Moment>, Option<Moment>),
    newest_first: bool,
}

impl Filter {
    fn of(call: &Call) -> Handled<Self> {
        let flag = |name: &str| match call.query.optional(name) {
            None => Ok(None),
            Some(_) => call.query.flag(name).map(Some),
        };
        let moment = |name: &str| match call.query.optional(name) {
            None => Ok(None),
            Some(text) => Moment::parse(text)
                .map(Some)
                .or_bad_request(format!("{name} is not a date.")),
        };
        let text = |name: &str| call.query.optional(name).map(str::to_owned);
        let kind = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.strip_prefix("urn:docflow:")
                .unwrap_or(&text)
                .to_owned()
        };
        Ok(Self {
            finished: flag("finished")?,
            incoming: flag("incoming")?,
            inn_kpp: text("innKpp"),
            organization: text("orgId"),
            kinds: call.query.every("type").map(kind).collect(),
            updated: (moment("updatedFrom")?, moment("updatedTo")?),
            created: (moment("createdFrom")?, moment("createdTo")?),
            newest_first: newest_first(call.query.optional("orderBy"))?,
        })
    }

    /// Whether docflows of this kind and direction are asked for.
    fn wants(&self, kind: &str, incoming: bool) -> bool {
        let mut kinds = self.kinds.iter();
        let is_it = |wanted: &String| kind.strip_prefix("urn:docflow:") == Some(wanted);
        (self.kinds.is_empty() || kinds.any(is_it)) && self.incoming.is_none_or(|it| it == incoming)
    }

    /// Whether more is asked than kind and direction.
    fn has_conditions(&self) -> bool {
        let times = [self.updated, self.created];
        self.finished.is_some()
            || self.inn_kpp.is_some()
            || times.iter().any(|(from, to)| from.or(*to).is_some())
    }

    fn takes(&self, room: &Room, index: usize, known: &Docflow) -> bool {
        let within = |(from, to): (Option<Moment>, Option<Moment>), at: Moment| {
            from.is_none_or(|from| from <= at) && to.is_none_or(|to| at <= to)
        };
        self.inn_kpp.as_ref().is_none_or(|wanted| {
            let with_kpp = |kpp| *wanted == format!("{}-{kpp}", known.inn);
            *wanted == known.inn || known.kpp.as_ref().is_some_and(with_kpp)
        }) && within(self.updated, known.changed)
            && within(self.created, known.sent)
            && self
                .finished
                .is_none_or(|wanted| wanted == is_finished(room, index))
    }
}

/// By the moment of sending. No source lists the values, so every plausible spelling of the two is taken.
fn newest_first(order: Option<&str>) -> Handled<bool> {
    match order.map(str::to_ascii_lowercase).as_deref() {
        None | Some("ascending" | "asc") => Ok(false),
        Some("descending" | "desc") => Ok(true),
        Some(_) => bad_request("orderBy is ascending or descending."),
    }
}

/// `GET /v1/{acc}/docflows`.
pub(super) fn list(room: &Room, call: &Call) -> Handled {
    let (skip, take) = call.page(100)?;
    if take > LONGEST {
        return bad_request("take may be 1000 at most.");
    }
    let filter = Filter::of(call)?;
    let organization = room.own.account_id(call.account);
    let mut organizations = filter.organization.iter();
    let is_own = organizations.all(|wanted| organization.eq_ignore_ascii_case(wanted));
    let is_wanted = |(account, kind, incoming): &(usize, &'static str, bool)| {
        is_own && *account == call.account && filter.wants(kind, *incoming)
    };
    let fits = |index: &usize| {
        let known = room.own.docflows.get(*index);
        known.is_some_and(|known| filter.takes(room, *index, known))
    };
    let fits: Condition<'_, usize> = filter.has_conditions().then_some(&fits);
    let total = room.own.listed.count(is_wanted, fits, usize::MAX);
    let part = Part {
        after: None,
        descending: filter.newest_first,
        most: skip.saturating_add(take),
    };
    let found = room.own.listed.part(is_wanted, fits, part).into_iter();
    let found = found.filter_map(|index| Some((index, room.own.docflows.get(index)?)));
    let show = |(index, known): (usize, &Docflow)| docflow_json(room, call, index, known, false);
    let page = call.part(100, "docflows-page-item", total, found, show)?;
    Ok(Reply::json(&page))
}

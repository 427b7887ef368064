//! Decides which docflows a list shows, and in which order.
//!
//! **Invariant:** a filter that cannot be read is 400 and never ignored; a docflow that is not indexed yet is in no
//! list.

use super::call::Call;
use super::docflow_json::{docflow_json, is_finished};
use super::state::Room;
use super::things::Docflow;
use crate::answer::{Handled, Needed as _, Reply, bad_request};
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

    fn takes(&self, room: &Room, index: usize, known: &Docflow) -> bool {
        let same = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        let within = |(from, to): (Option<Moment>, Option<Moment>), at: Moment| {
            from.is_none_or(|from| from <= at) && to.is_none_or(|to| at <= to)
        };
        let organization = room.own.account_id(known.account);
        same(self.finished, is_finished(room, index))
            && same(self.incoming, known.incoming)
            && self.inn_kpp.as_ref().is_none_or(|wanted| {
                let with_kpp = |kpp| *wanted == format!("{}-{kpp}", known.inn);
                *wanted == known.inn || known.kpp.as_ref().is_some_and(with_kpp)
            })
            && self
                .organization
                .as_ref()
                .is_none_or(|wanted| organization.eq_ignore_ascii_case(wanted))
            && (self.kinds.is_empty()
                || self
                    .kinds
                    .iter()
                    .any(|wanted| known.kind.strip_prefix("urn:docflow:") == Some(wanted.as_str())))
            && within(self.updated, known.changed)
            && within(self.created, known.sent)
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
    let (_, take) = call.page(100)?;
    if take > LONGEST {
        return bad_request("take may be 1000 at most.");
    }
    let filter = Filter::of(call)?;
    let docflows = room.own.docflows.all();
    let mut found: Vec<(usize, &Docflow)> = docflows
        .filter(|(_, known)| known.account == call.account && known.indexed <= call.now)
        .filter(|(index, known)| filter.takes(room, *index, known))
        .collect();
    found.sort_by_key(|(_, known)| known.sent);
    if filter.newest_first {
        found.reverse();
    }
    let show = |(index, known): &(usize, &Docflow)| docflow_json(room, call, *index, known, false);
    let page = call.paged(100, "docflows-page-item", &found, show)?;
    Ok(Reply::json(&page))
}

//! Decides how query parameters are read.
//!
//! **Invariant:** absent, bare name and `name=` are the same for an optional parameter, because the official
//! SDKs write "nothing" in all three ways.

use std::borrow::Cow;

use crate::answer::{Handled, Needed as _, bad_request};

/// The parameters of a request. Names are compared without regard to case; of equal names the first counts.
#[derive(Debug)]
pub(crate) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    pub(crate) fn of(uri: &'a http::Uri) -> Self {
        Self(url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect())
    }

    /// The fields of a form, which are written like a query.
    pub(crate) fn of_form(body: &'a [u8]) -> Self {
        Self(url::form_urlencoded::parse(body).collect())
    }

    /// The value, unless it is absent or empty.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    /// Every value that is not empty, in their order.
    pub(crate) fn every<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&self, name: &str) -> Handled<&str> {
        self.optional(name)
            .or_bad_request(format!("The parameter {name} is missing."))
    }

    /// The same, but the bare name is yes: that is how the C# SDK writes it.
    pub(crate) fn switch(&self, name: &str) -> Handled<bool> {
        let is_there = self
            .0
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name));
        if is_there && self.optional(name).is_none() {
            return Ok(true);
        }
        self.flag(name)
    }

    /// `1` and `true` in any case are yes; absent, empty, `0` and `false` in any case are no.
    pub(crate) fn flag(&self, name: &str) -> Handled<bool> {
        match self.optional(name) {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => bad_request(format!("The parameter {name} is neither true nor false.")),
        }
    }
}

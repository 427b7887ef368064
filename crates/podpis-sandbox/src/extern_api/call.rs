//! Decides what a method of Extern sees of a request, and how lists are read page by page.
//!
//! **Invariant:** ids are as the path has them; whose account it is was checked before.

use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::route::Ids;
use crate::answer::{Handled, Needed as _, Reply, bad_request, base64};
use crate::call::Call as AnyCall;

/// One request on its way into a method.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) call: AnyCall<'a>,
    pub(super) ids: Ids<'a>,
    pub(super) user: usize,
    pub(super) account: usize,
}

impl<'a> Deref for Call<'a> {
    type Target = AnyCall<'a>;

    fn deref(&self) -> &Self::Target {
        &self.call
    }
}

impl Call<'_> {
    pub(super) fn link(&self, rel: &str, path: &str) -> Value {
        json!({ "rel": rel, "href": format!("{}{path}", self.base) })
    }

    /// Where a list begins and how long it may be.
    pub(super) fn page(&self, default: usize) -> Handled<(usize, usize)> {
        let number = |name: &str, default: i64| match self.query.optional(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<i64>()
                .or_bad_request(format!("{name} is not a number.")),
        };
        let skip = number("skip", 0)?;
        let take = number("take", i64::try_from(default).unwrap_or(i64::MAX))?;
        if skip < 0 || take <= 0 {
            return bad_request("skip may not be negative, and take has to be positive.");
        }
        let whole = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Ok((whole(skip), whole(take)))
    }

    /// The asked-for page of a list.
    pub(super) fn paged<T>(
        &self,
        default: usize,
        name: &str,
        all: &[T],
        show: impl Fn(&T) -> Value,
    ) -> Handled<Value> {
        self.part(default, name, all.len(), all, show)
    }

    /// The same of a list whose length is known.
    pub(super) fn part<T>(
        &self,
        default: usize,
        name: &str,
        total: usize,
        all: impl IntoIterator<Item = T>,
        show: impl Fn(T) -> Value,
    ) -> Handled<Value> {
        let (skip, take) = self.page(default)?;
        let page = all.into_iter().skip(skip).take(take).map(show);
        let page: Vec<Value> = page.collect();
        Ok(json!({ "skip": skip, "take": take, "total-count": total, name: page }))
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Handled<Value> {
        serde_json::from_slice(self.body).or_bad_request("The body is not JSON.")
    }

    /// The certificate in a body, as DER.
    pub(super) fn certificate(&self) -> Handled<Vec<u8>> {
        let body = self.json()?;
        let text = ["certificate-base64", "content"]
            .iter()
            .find_map(|name| body.get(name))
            .and_then(Value::as_str)
            .or_bad_request("certificate-base64 is missing.")?;
        STANDARD
            .decode(text)
            .or_bad_request("Сертификат передан не в кодировке Base64.")
    }
}

/// Bytes as a JSON string of Base64, as every content but those of the contents service is given.
pub(super) fn base64_reply(bytes: &[u8]) -> Reply {
    Reply::json(&base64(bytes))
}

/// The bytes of a Base64 text in a request.
pub(super) fn decoded(text: &str) -> Handled<Vec<u8>> {
    STANDARD
        .decode(text)
        .or_bad_request("Значение передано не в кодировке Base64.")
}

/// Whether a text is 8-4-4-4-12 hexadecimal digits, as an id that a client chooses has to be.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

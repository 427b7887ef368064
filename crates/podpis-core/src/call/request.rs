//! Builds the request of one call.
//!
//! **Invariant:** every value is percent-encoded into its own place: no value can add a parameter or leave its
//! path segment.

use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Uri};
use podpis_transport::HttpRequest;
use url::form_urlencoded::byte_serialize;

use super::{Endpoint, RepeatPolicy};
use crate::{BaseUrl, Error, ErrorKind};

/// One use of an endpoint.
#[derive(Clone)]
#[must_use = "nothing is sent until a `Caller` gets it"]
pub struct Call {
    pub(super) endpoint: &'static Endpoint,
    pub(super) repeat: Option<RepeatPolicy>,
    /// Whether a success may have any body, a web page too.
    pub(super) any_body: bool,
    query: Vec<(&'static str, String)>,
    segments: Vec<(&'static str, Vec<String>)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Call {
    /// A call without parameters and without a body.
    pub fn new(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            repeat: None,
            any_body: false,
            query: Vec::new(),
            segments: Vec::new(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a query parameter where there is a value.
    pub fn query_if(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Fills in a `{name}` of the endpoint's path.
    pub fn segment(self, name: &'static str, value: impl Into<String>) -> Self {
        self.segments(name, [value.into()])
    }

    /// Fills in a `{name}` of the endpoint's path with several parts, a slash between each two.
    pub fn segments(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = String>,
    ) -> Self {
        self.segments.push((name, values.into_iter().collect()));
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Takes a success whatever its body is: for documents, which may be web pages themselves.
    pub fn any_body(mut self) -> Self {
        self.any_body = true;
        self
    }

    /// Repeats by this policy instead of the caller's own. Polls use [`RepeatPolicy::never`]: the next poll is
    /// the repetition.
    pub fn repeat(mut self, policy: RepeatPolicy) -> Self {
        self.repeat = Some(policy);
        self
    }

    /// The request as it goes out, without login.
    ///
    /// # Errors
    /// When a part of the path was not filled in, or is empty.
    pub fn to_request(&self, base: &BaseUrl) -> Result<HttpRequest, Error> {
        let mut address = String::with_capacity(256);
        address.push_str(base.as_url().as_str().trim_end_matches('/'));
        for part in self.endpoint.path.split('/').skip(1) {
            address.push('/');
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                None => address.push_str(part),
                Some(name) => {
                    let known = self.segments.iter().find(|(known, _)| *known == name);
                    let values = known.map_or(&[][..], |(_, values)| values);
                    if values.is_empty()
                        || values
                            .iter()
                            .any(|value| matches!(value.as_str(), "" | "." | ".."))
                    {
                        return Err(Error::new(
                            ErrorKind::InvalidInput,
                            format!("{}: `{name}` must not be empty", self.endpoint.name),
                        ));
                    }
                    for (index, value) in values.iter().enumerate() {
                        if index > 0 {
                            address.push('/');
                        }
                        encode(&mut address, value);
                    }
                }
            }
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            address.push(if index == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            encode(&mut address, value);
        }
        let mut request = HttpRequest::new(self.body.clone());
        *request.method_mut() = self.endpoint.method.clone();
        *request.uri_mut() = Uri::from_maybe_shared(Bytes::from(address)).map_err(|_| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("{}: a parameter is too long", self.endpoint.name),
            )
        })?;
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        // A post without a body still needs its length, and not every transport adds a zero.
        if self.endpoint.method != http::Method::GET {
            request.headers_mut().insert(
                http::header::CONTENT_LENGTH,
                HeaderValue::from(self.body.len()),
            );
        }
        Ok(request)
    }
}

/// A space as `%20`: some servers read `+` as a plus sign.
fn encode(address: &mut String, value: &str) {
    for part in byte_serialize(value.as_bytes()) {
        address.push_str(if part == "+" { "%20" } else { part });
    }
}

/// Prints names only: a confirmation code travels in the query.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("endpoint", &self.endpoint.name)
            .field(
                "query",
                &self.query.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Replay;
    use http::Method;

    static GET: Endpoint = Endpoint {
        name: "Get",
        method: Method::GET,
        path: "/v1/{account}/get",
        replay: Replay::Safe,
    };

    fn uri(call: Call) -> String {
        call.to_request(&"https://host".parse().unwrap())
            .unwrap()
            .uri()
            .to_string()
    }

    #[test]
    fn a_hostile_value_stays_in_its_place() {
        let call = Call::new(&GET)
            .segment("account", "a/../b?c")
            .query("taskId", "t&boxId=o +");
        assert_eq!(
            uri(call),
            "https://host/v1/a%2F..%2Fb%3Fc/get?taskId=t%26boxId%3Do%20%2B"
        );
    }

    #[test]
    fn a_missing_part_of_the_path_is_named() {
        let error = Call::new(&GET)
            .to_request(&"https://host".parse().unwrap())
            .unwrap_err();
        assert_eq!(error.to_string(), "Get: `account` must not be empty");
        Call::new(&GET)
            .segment("account", "..")
            .to_request(&"https://host".parse().unwrap())
            .unwrap_err();
    }

    #[test]
    fn debug_output_has_no_values() {
        let call = Call::new(&GET)
            .query("confirmationCode", "739155")
            .body("secret");
        assert!(!format!("{call:?}").contains("739155"));
    }
}

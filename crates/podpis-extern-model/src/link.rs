//! Where an answer points to.
//!
//! **Invariant:** a link without address or name is still a link: the documentation shows an empty `rel`.

use serde::Deserialize;

use crate::lenient;

/// A link to something else in the service.
///
/// Source: `Link` of the official Java SDK and of the swagger of 2018.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Link {
    /// Absolute address; empty when the service left it out.
    #[serde(deserialize_with = "lenient::text")]
    pub href: String,
    /// What it points to, for example `document`, `reply`, `send`; may be empty.
    #[serde(deserialize_with = "lenient::text")]
    pub rel: String,
    /// Tells links with the same `rel` apart; for `reply` the type of the reply.
    pub name: Option<String>,
    /// For people.
    pub title: Option<String>,
    /// Address of a description of what is there.
    pub profile: Option<String>,
    /// Whether the address has places to fill in.
    #[serde(deserialize_with = "lenient::plain_flag")]
    pub templated: bool,
}

/// The first link to `rel`; case does not count.
#[must_use]
pub fn find_link<'a>(links: &'a [Link], rel: &str) -> Option<&'a Link> {
    find_links(links, rel).next()
}

/// All links to `rel`; case does not count.
pub fn find_links<'a>(links: &'a [Link], rel: &str) -> impl Iterator<Item = &'a Link> {
    let same = move |link: &&Link| link.rel.eq_ignore_ascii_case(rel);
    links.iter().filter(same)
}

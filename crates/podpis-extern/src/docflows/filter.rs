//! Decides which docflows are listed, and in which order.
//!
//! **Invariant:** a filter that is not set is not sent, so the service's own default counts.

use podpis_core::call::Call;
use podpis_extern_model::ExternDate;

/// Which docflows are listed; all of the account's unless something is set.
///
/// ```
/// use podpis_extern::DocflowFilter;
///
/// let open_demands = DocflowFilter {
///     finished: Some(false),
///     types: vec!["fns534-demand".to_owned()],
///     ..DocflowFilter::default()
/// };
/// ```
///
/// Source: `DocflowFilter` of the official C# SDK and its tests, for the spelling of every value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocflowFilter {
    /// Only finished docflows, or only those that are not.
    pub finished: Option<bool>,
    /// Only docflows that a controlling body began, or only those that the account began.
    pub incoming: Option<bool>,
    /// Only docflows of this organization: `1234567890-123456789`, for an entrepreneur the INN alone.
    pub inn_kpp: Option<String>,
    /// Only docflows of the organization with this id.
    pub organization: Option<String>,
    /// Only docflows of one of these types, for example `fns534-report`, with or without `urn:docflow:`.
    pub types: Vec<String>,
    /// In which order. The official C# SDK says that it does not count together with a moment of change: then they
    /// are in the order of their changes.
    pub order: Option<DocflowOrder>,
    /// Only docflows that changed at this moment or later. In which zone a date without one is, no source says.
    pub updated_from: Option<ExternDate>,
    /// Only docflows that changed until this moment.
    pub updated_to: Option<ExternDate>,
    /// Only docflows that were created at this moment or later.
    pub created_from: Option<ExternDate>,
    /// Only docflows that were created until this moment.
    pub created_to: Option<ExternDate>,
    /// How many docflows are asked for at once; 100 unless set. The service takes 1 to 1000, and what lies outside is
    /// asked for as the nearest of these.
    pub page_size: Option<u16>,
}

/// By when they were created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocflowOrder {
    /// The oldest first.
    Ascending,
    /// The newest first. A docflow that comes in while pages are read moves the others, so that one may be read
    /// twice.
    Descending,
}

/// The longest page that the service gives.
const LONGEST: u16 = 1000;

/// How many docflows a page has unless set; the service's own default.
const PAGE: u16 = 100;

impl DocflowFilter {
    pub(super) fn take(&self) -> u16 {
        self.page_size.unwrap_or(PAGE).clamp(1, LONGEST)
    }

    pub(super) fn ask(&self, call: Call) -> Call {
        let flag = |flag: Option<bool>| flag.map(|flag| if flag { "true" } else { "false" });
        let order = self.order.map(|order| match order {
            DocflowOrder::Ascending => "ascending",
            DocflowOrder::Descending => "descending",
        });
        let moment = |moment: Option<ExternDate>| moment.map(|moment| moment.to_string());
        let call = call
            .query_if("finished", flag(self.finished))
            .query_if("incoming", flag(self.incoming))
            .query_if("innKpp", self.inn_kpp.clone())
            .query_if("orgId", self.organization.clone())
            .query_if("orderBy", order)
            .query_if("updatedFrom", moment(self.updated_from))
            .query_if("updatedTo", moment(self.updated_to))
            .query_if("createdFrom", moment(self.created_from))
            .query_if("createdTo", moment(self.created_to));
        self.types
            .iter()
            .map(|name| name.strip_prefix("urn:docflow:").unwrap_or(name))
            .fold(call, |call, name| call.query("type", name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::DOCFLOWS;

    fn query(filter: &DocflowFilter) -> Option<String> {
        let call = filter.ask(Call::new(&DOCFLOWS).segment("account", "a"));
        let request = call.to_request(&"https://host".parse().unwrap()).unwrap();
        request.uri().query().map(str::to_owned)
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        assert_eq!(query(&DocflowFilter::default()), None);
        let moment = |text: &str| text.parse().ok();
        let filter = DocflowFilter {
            finished: Some(false),
            incoming: Some(true),
            inn_kpp: Some("6676130154-667601001".to_owned()),
            organization: Some("o".to_owned()),
            types: ["urn:docflow:fns534-report", "fns534-letter"]
                .map(str::to_owned)
                .to_vec(),
            order: Some(DocflowOrder::Descending),
            updated_from: moment("2021-07-08T01:01:01"),
            updated_to: moment("2021-07-09T01:01:01Z"),
            created_from: moment("2021-07-08"),
            created_to: moment("2021-07-09T01:01:01+03:00"),
            page_size: None,
        };
        assert_eq!(
            query(&filter).unwrap().split('&').collect::<Vec<_>>(),
            [
                "finished=false",
                "incoming=true",
                "innKpp=6676130154-667601001",
                "orgId=o",
                "orderBy=descending",
                "updatedFrom=2021-07-08T01%3A01%3A01",
                "updatedTo=2021-07-09T01%3A01%3A01Z",
                "createdFrom=2021-07-08T00%3A00%3A00",
                "createdTo=2021-07-09T01%3A01%3A01%2B03%3A00",
                "type=fns534-report",
                "type=fns534-letter",
            ]
        );
    }

    #[test]
    fn a_page_is_what_the_service_gives() {
        let take = |page_size| {
            let filter = DocflowFilter {
                page_size,
                ..DocflowFilter::default()
            };
            filter.take()
        };
        assert_eq!(take(None), 100);
        assert_eq!(
            [take(Some(0)), take(Some(7)), take(Some(5_000))],
            [1, 7, 1_000]
        );
    }
}

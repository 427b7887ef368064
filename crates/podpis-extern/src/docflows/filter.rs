//! Decides which docflows are listed, and in which order.
//!
//! **Invariant:** a filter that is not set is not sent, so the service's own default counts.

use podpis_core::call::Call;
use podpis_extern_model::ExternDate;

/// Which docflows are listed; all of the account's unless something is set.
///
/// Source: `DocflowFilter` of the official C# SDK and its tests, for the spelling of every value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "it does nothing until docflows are listed with it"]
pub struct DocflowFilter {
    finished: Option<bool>,
    incoming: Option<bool>,
    inn_kpp: Option<String>,
    organization: Option<String>,
    types: Vec<String>,
    order: Option<DocflowOrder>,
    updated: (Option<ExternDate>, Option<ExternDate>),
    created: (Option<ExternDate>, Option<ExternDate>),
    page_size: Option<u16>,
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
    /// All docflows of the account.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only finished docflows, or only those that are not.
    pub fn finished(mut self, finished: bool) -> Self {
        self.finished = Some(finished);
        self
    }

    /// Only docflows that a controlling body began, or only those that the account began.
    pub fn incoming(mut self, incoming: bool) -> Self {
        self.incoming = Some(incoming);
        self
    }

    /// Only docflows of this organization: `1234567890-123456789`, for an entrepreneur the INN alone.
    pub fn inn_kpp(mut self, inn_kpp: impl Into<String>) -> Self {
        self.inn_kpp = Some(inn_kpp.into());
        self
    }

    /// Only docflows of the organization with this id.
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }

    /// Only docflows of this type, for example `fns534-report`, with or without `urn:docflow:`. Several calls add
    /// up.
    pub fn docflow_type(mut self, docflow_type: impl AsRef<str>) -> Self {
        let name = docflow_type.as_ref();
        let name = name.strip_prefix("urn:docflow:").unwrap_or(name);
        self.types.push(name.to_owned());
        self
    }

    /// In which order. The official C# SDK says that it does not count together with a moment of change: then they
    /// are in the order of their changes.
    pub fn order(mut self, order: DocflowOrder) -> Self {
        self.order = Some(order);
        self
    }

    /// Only docflows that changed at this moment or later. In which zone a date without one is, no source says.
    pub fn updated_from(mut self, moment: ExternDate) -> Self {
        self.updated.0 = Some(moment);
        self
    }

    /// Only docflows that changed until this moment.
    pub fn updated_to(mut self, moment: ExternDate) -> Self {
        self.updated.1 = Some(moment);
        self
    }

    /// Only docflows that were created at this moment or later.
    pub fn created_from(mut self, moment: ExternDate) -> Self {
        self.created.0 = Some(moment);
        self
    }

    /// Only docflows that were created until this moment.
    pub fn created_to(mut self, moment: ExternDate) -> Self {
        self.created.1 = Some(moment);
        self
    }

    /// How many docflows are asked for at once, from 1 to 1000; 100 unless set.
    pub fn page_size(mut self, docflows: u16) -> Self {
        self.page_size = Some(docflows.clamp(1, LONGEST));
        self
    }

    pub(super) fn take(&self) -> u16 {
        self.page_size.unwrap_or(PAGE)
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
            .query_if("updatedFrom", moment(self.updated.0))
            .query_if("updatedTo", moment(self.updated.1))
            .query_if("createdFrom", moment(self.created.0))
            .query_if("createdTo", moment(self.created.1));
        self.types
            .iter()
            .fold(call, |call, name| call.query("type", name.as_str()))
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
        assert_eq!(query(&DocflowFilter::new()), None);
        let filter = DocflowFilter::new()
            .finished(false)
            .incoming(true)
            .inn_kpp("6676130154-667601001")
            .organization("o")
            .docflow_type("urn:docflow:fns534-report")
            .docflow_type("fns534-letter")
            .order(DocflowOrder::Descending)
            .updated_from("2021-07-08T01:01:01".parse().unwrap())
            .updated_to("2021-07-09T01:01:01Z".parse().unwrap())
            .created_from("2021-07-08".parse().unwrap())
            .created_to("2021-07-09T01:01:01+03:00".parse().unwrap());
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
        let take = |size| DocflowFilter::new().page_size(size).take();
        assert_eq!(DocflowFilter::new().take(), 100);
        assert_eq!([take(0), take(7), take(5_000)], [1, 7, 1_000]);
    }
}

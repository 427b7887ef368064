//! Which identity service is asked, and as which program.
//!
//! **Invariant:** the scope is that of the service, and of its test stand where that is asked.

use podpis::core::login::oidc::{ClientSecret, OidcProvider, identity, scope};
use podpis::core::wait::SystemTimer;
use podpis::{BaseUrl, Error, ReqwestTransport};

use crate::profile::ServiceName;

/// A program as an identity service knows it.
pub(crate) struct Client {
    pub(crate) identity: BaseUrl,
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) scope: &'static str,
}

impl Client {
    /// The program that uses this service.
    pub(crate) fn of(service: ServiceName, identity: BaseUrl, id: String, key: String) -> Self {
        let is_test = identity.as_url().as_str().trim_end_matches('/') == identity::TEST;
        let scope = match service {
            ServiceName::Extern => scope::EXTERN,
            ServiceName::Diadoc if is_test => scope::DIADOC_STAGING,
            ServiceName::Diadoc => scope::DIADOC,
        };
        Self {
            identity,
            id,
            key,
            scope,
        }
    }

    /// The identity service as this program sees it.
    pub(crate) fn provider(&self, transport: &ReqwestTransport) -> Result<OidcProvider, Error> {
        provider(&self.identity, &self.id, &self.key, self.scope, transport)
    }
}

/// An identity service.
pub(crate) fn provider(
    identity: &BaseUrl,
    id: &str,
    key: &str,
    scope: &str,
    transport: &ReqwestTransport,
) -> Result<OidcProvider, Error> {
    let key = ClientSecret::new(key);
    let time = SystemTimer::new();
    let provider = OidcProvider::builder(identity.clone(), id, key, transport.clone(), time);
    provider.scope(scope).build()
}

//! The addresses and scopes that the services document.
//!
//! **Invariant:** suggestions only: any other address or scope is taken as well.

/// Addresses of the identity service. Tokens of one are no good at services of the other.
pub mod identity {
    /// Production.
    pub const PRODUCTION: &str = "https://identity.kontur.ru";
    /// The test stand.
    pub const TEST: &str = "https://identity.testkontur.ru";
}

/// What a token is good for.
pub mod scope {
    /// Kontur.Extern.
    pub const EXTERN: &str = "extern.api";
    /// Kontur.Extern's tools of the test stand, for example reading the code of an SMS.
    pub const EXTERN_TEST_TOOLS: &str = "extern.test-tools";
    /// Diadoc.
    pub const DIADOC: &str = "Diadoc.PublicAPI";
    /// Diadoc's test stand.
    pub const DIADOC_STAGING: &str = "Diadoc.PublicAPI.Staging";
    /// Who the person is. A login with a browser asks for it by itself.
    pub const OPENID: &str = "openid";
}

//! The client of the examples for Diadoc: what a real program does otherwise is here, the address and the login.

use std::time::Duration;

use podpis::core::wait::PollPolicy;
use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin, ReqwestTransport};
use podpis_sandbox::RunningServer;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Talks to the sandbox over real HTTP, with a login of its own.
pub(crate) fn client_of(server: &RunningServer) -> Result<Diadoc, Failure> {
    let seeded = server.sandbox().world_info().diadoc;
    let login = DiadocLogin::password(
        ApiClientId::new(seeded.api_client_id),
        seeded.login,
        Password::new(seeded.password),
    );
    let builder = Diadoc::builder(server.base_url().parse()?, login, ReqwestTransport::new()?);
    // The sandbox answers at once; leave this out for the real service.
    let soon = PollPolicy::growing(Duration::from_millis(20), Duration::from_secs(1));
    Ok(builder.polls(soon).build())
}

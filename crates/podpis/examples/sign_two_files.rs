//! Two short files go to the shelf and are signed by SMS: the whole CloudSign conversation.
//!
//! `cargo run -p podpis --example sign_two_files` runs it against an embedded sandbox; a real program differs in
//! the address, the login and the person who is asked.

use std::time::Duration;

use podpis::core::wait::{Begin, PollPolicy};
use podpis::secret::{ApiClientId, ConfirmationCode, Password};
use podpis::{CodeRequest, Deadline, Diadoc, DiadocLogin, File, PromptError, ReqwestTransport};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A Diadoc to talk to: the sandbox, over real HTTP, with a login of its own.
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let seeded = sandbox.world_info().diadoc;

    let login = DiadocLogin::password(
        ApiClientId::new(seeded.api_client_id),
        seeded.login,
        Password::new(seeded.password),
    );
    let diadoc = Diadoc::builder(server.base_url().parse()?, login, ReqwestTransport::new()?)
        // The sandbox answers at once; leave this out for the real service.
        .polls(PollPolicy::growing(
            Duration::from_millis(20),
            Duration::from_secs(1),
        ))
        .build();

    // The data goes to the shelf.
    let first = diadoc
        .put_on_shelf(&File::bytes("File 1.txt", "TEST document 1"))
        .await?;
    let second = diadoc
        .put_on_shelf(&File::bytes("File 2.txt", "TEST document 2"))
        .await?;

    // Whoever has the phone is asked for the code.
    let phone = sandbox.clone();
    let mut ask = move |_request: CodeRequest| {
        let code = phone.last_code().map(ConfirmationCode::new);
        std::future::ready(code.ok_or_else(|| PromptError::new("no SMS came")))
    };

    // Start, wait for the SMS, confirm, wait for the signatures, and check which file each is for.
    let signatures = diadoc
        .cloud_sign([first, second])
        .certificate(seeded.certificate.parse()?)
        .run(&mut ask, Deadline::minutes(10))
        .await?;

    let signed = signatures.all()?;
    assert_eq!(signed.len(), 2);
    for one in &signed {
        assert!(one.checks().is_proven());
    }
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

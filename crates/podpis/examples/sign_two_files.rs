//! Two short files go to the shelf and are signed by SMS: the whole CloudSign conversation.
//!
//! `cargo run -p podpis --example sign_two_files` runs it against an embedded sandbox; a real program differs in
//! the address, the login and the person who is asked.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::secret::ConfirmationCode;
use podpis::{Begin as _, CodeRequest, Deadline, File, PromptError};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc to talk to: the sandbox, over real HTTP, with a login of its own.
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;

    // The data goes to the shelf.
    let first = File::bytes("File 1.txt", "TEST document 1");
    let first = diadoc.put_on_shelf(&first).await?;
    let second = File::bytes("File 2.txt", "TEST document 2");
    let second = diadoc.put_on_shelf(&second).await?;

    // Whoever has the phone is asked for the code.
    let phone = sandbox.clone();
    let mut ask = move |request: CodeRequest| {
        println!("code number {} is asked for", request.attempt);
        let code = phone.last_code().map(ConfirmationCode::new);
        std::future::ready(code.ok_or_else(|| PromptError::new("no SMS came")))
    };

    // Start, wait for the SMS, confirm, wait for the signatures, and check which file each is for.
    let signatures = diadoc
        .cloud_sign([first, second])
        .certificate(sandbox.world_info().diadoc.certificate.parse()?)
        .run(&mut ask, Deadline::minutes(10))
        .await?;

    let signed = signatures.all()?;
    assert_eq!(signed.len(), 2);
    for one in &signed {
        println!("{}: a signature of {} bytes", one.name(), one.der().len());
        assert!(one.checks().is_proven());
    }
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

//! Two files are signed in Diadoc with a certificate of DSS: its owner confirms both at once, on the phone.
//!
//! `cargo run -p podpis --example diadoc_dss_sign` runs it against an embedded sandbox; a real program differs in the
//! address, the login and the files.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::{Begin as _, BoxId, Deadline, File, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;
    let in_box: BoxId = server.sandbox().world_info().diadoc.box_id.parse()?;

    // Small files travel in the request; one that is large, or is told to, goes by the shelf.
    let files = [
        File::bytes("act.txt", "an act"),
        File::bytes("invoice.txt", "an invoice").by_shelf(),
    ];
    // No code is asked for: whoever has the phone confirms there.
    let signing = diadoc.in_box(&in_box).dss_sign(files);
    let signatures = signing.run(&mut NoPrompt, Deadline::minutes(10)).await?;
    for signed in signatures.all()? {
        let (name, bytes) = (signed.name(), signed.der().len());
        println!("{name}: a signature of {bytes} bytes");
        assert!(signed.checks().is_proven());
    }
    assert_eq!(server.sandbox().counters().pushes_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

//! All receipts that wait in a box of Diadoc are signed and sent, batch after batch.
//!
//! `cargo run -p podpis --example diadoc_auto_sign_receipts` runs it against an embedded sandbox; a real program
//! differs in the address, the login and the box.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::{Begin as _, BoxId, Deadline, NoPrompt};
use podpis_sandbox::{Bind, DiadocOptions, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc with more receipts than one batch takes.
    let waiting = DiadocOptions::default().receipts(250);
    let options = WorldOptions::default().diadoc_options(waiting);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;
    let in_box: BoxId = server.sandbox().world_info().diadoc.box_id.parse()?;

    // Nobody is asked: the service signs with a certificate that it keeps for this.
    let signing = diadoc.in_box(&in_box).auto_sign_receipts();
    let receipts = signing.run(&mut NoPrompt, Deadline::minutes(10)).await?;
    println!(
        "{} receipts in {} batches",
        receipts.signed, receipts.batches
    );
    if !receipts.is_complete() {
        println!("there may be more: {:?}", receipts.end);
    }
    assert_eq!((receipts.signed, receipts.batches), (250, 3));
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

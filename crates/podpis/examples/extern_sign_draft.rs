//! All documents of a draft in Kontur.Extern are signed with one code by SMS, and the person mistypes it once.
//!
//! `cargo run -p podpis --example extern_sign_draft` runs it against an embedded sandbox; a real program differs in the
//! address, the login, the draft and the person who is asked.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::model::{AccountId, DraftId};
use podpis::secret::ConfirmationCode;
use podpis::{Begin as _, CodeRequest, Deadline, PromptError};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let extern_api = client_of(&server)?;
    let seeded = sandbox.world_info().extern_;
    let account = AccountId::new(seeded.account);
    let draft = DraftId::new(seeded.drafts.sms.id);

    // A wrong code is no failure: it is asked for again, with what the service said about it.
    let phone = sandbox.clone();
    let mut ask = move |request: CodeRequest| {
        let code = match request.rejection {
            None => Some("000000".to_owned()),
            Some(_) => phone.last_code(),
        };
        println!("code number {} is given", request.attempt);
        let code = code.map(ConfirmationCode::new);
        std::future::ready(code.ok_or_else(|| PromptError::new("no SMS came")))
    };
    let signing = extern_api.account(&account).sign_draft(&draft);
    let signatures = signing.run(&mut ask, Deadline::minutes(10)).await?;
    for signed in signatures.all()? {
        let (number, bytes) = (signed.position() + 1, signed.der().len());
        println!("document {number}: a signature of {bytes} bytes");
        assert!(signed.checks().is_proven());
    }
    assert_eq!(sandbox.counters().sms_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

//! What the program does about signatures that another program did not trust, in a journal that both use.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use podpis::cms::{Document, Signed, SignerJudge, SignerTrust};
use podpis::core::journal::FolderJournal;
use podpis::diadoc::{EntityId, MessageId};
use podpis::secret::{ApiClientId, Password};
use podpis::{
    Begin as _, Deadline, Diadoc, DiadocLogin, ErrorKind, NoPrompt, ReqwestTransport, TrustPolicy,
};
use podpis_sandbox::{PhoneMode, WorldOptions};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::bench::{Folder, Service};

/// Trusts nobody.
#[derive(Debug)]
struct Nobody;

impl SignerJudge for Nobody {
    fn judge(&self, _: &Document<'_>, _: &Signed, _: SystemTime) -> SignerTrust {
        SignerTrust::Refused("nobody is".to_owned())
    }
}

#[test]
fn the_signature_is_kept_and_told_and_nobody_is_asked_again() {
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let (service, out) = (Service::start(options), Folder::new());
    let seeded = service.sandbox.world_info().diadoc;
    let login = DiadocLogin::password(
        ApiClientId::new(seeded.api_client_id),
        seeded.login,
        Password::new(seeded.password),
    );
    let transport = ReqwestTransport::new().unwrap();
    let diadoc = Diadoc::builder(service.url.parse().unwrap(), login, transport)
        .trust(TrustPolicy::by(Arc::new(Nobody)))
        .build();
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let document = seeded.unsigned_document;
    let (message, entity) = (
        MessageId::new(document.message),
        EntityId::new(document.entity),
    );
    let id = Runtime::new().unwrap().block_on(async {
        let in_box = diadoc.in_box(&seeded.box_id.parse().unwrap());
        let mut run = in_box
            .sign_and_attach(&message, &entity)
            .start(&journal)
            .await
            .unwrap();
        let outcome = run.wait(&mut NoPrompt, Deadline::minutes(1)).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::NotTrusted);
        run.operation().id().to_string()
    });
    assert_eq!(service.calls("PostMessagePatch"), 0);

    for (language, words) in [
        (
            "en",
            [
                "by somebody who was not trusted",
                "nobody has to be asked again",
                "were not attached",
            ],
        ),
        (
            "ru",
            [
                "не было доверия",
                "никого спрашивать снова не надо",
                "подписи не приложены",
            ],
        ),
    ] {
        let ended = service.ops(&["resume", &id, "--json", "--lang", language]);
        ended.expect(4, &[words[0], words[2]]);
        assert!(ended.stderr.contains(words[1]), "{ended:?}");
        assert_eq!(ended.object()["error"]["kind"], "not_trusted", "{ended:?}");
        assert!(ended.stderr.contains("nobody is"), "{ended:?}");
    }
    let out = out.root().to_str().unwrap();
    let shown = service.ops(&["show", &id, "--save", out, "--json"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert_eq!(shown.object()["saved"][0]["is"], json!("signature"));
    assert_eq!(service.calls("PostMessagePatch"), 0);
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
}

//! `podpis extern certificates`.
//!
//! **Invariant:** only reads; every reason that speaks against a certificate is told.

use std::time::SystemTime;

use clap::Args;
use podpis::Extern;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis::extern_api::model::Certificate;
use podpis::extern_api::{Unusable, unusable};
use serde_json::{Value, json};

use crate::connection::{Connection, ExternArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::moment::rfc3339;
use crate::output::{Output, columns};

#[derive(Debug, Args)]
pub(crate) struct CertificatesArguments {
    #[command(flatten)]
    extern_api: ExternArguments,
}

/// Lists.
pub(super) async fn run(
    arguments: &CertificatesArguments,
    output: Output,
) -> Result<Exit, Failure> {
    let account = arguments.extern_api.account()?;
    let connection = Connection::<Extern>::open(&arguments.extern_api.service, output).await?;
    let account = connection.account(account)?;
    let client = connection.reader();
    let accounts = client.accounts().await?;
    let inn = accounts
        .iter()
        .find(|one| one.id.as_ref() == Some(&account))
        .and_then(|one| one.inn.as_deref());
    let certificates = client.account(&account).certificates().await?;
    let now = SystemTimer::new().now();
    let judge = |listed: &Certificate| Judged::at(listed, now, inn);
    output.list(
        &certificates,
        |listed| told(listed, &judge(listed)),
        |listed| shown(listed, &judge(listed), output),
    )?;
    Ok(Exit::Done)
}

/// A certificate as it was read, and what speaks against it.
struct Judged {
    certificate: Option<podpis::cms::Certificate>,
    reasons: Vec<Unusable>,
}

impl Judged {
    fn at(listed: &Certificate, now: SystemTime, inn: Option<&str>) -> Self {
        let der = listed.der().ok();
        Self {
            certificate: der.and_then(|der| podpis::cms::Certificate::from_der(&der).ok()),
            reasons: unusable(listed, now, inn),
        }
    }
}

fn thumbprint(listed: &Certificate, judged: &Judged) -> Option<String> {
    let own = judged.certificate.as_ref();
    let own = own.map(|certificate| certificate.thumbprint().to_string());
    own.or_else(|| listed.thumbprint.clone())
}

fn owner(listed: &Certificate, judged: &Judged) -> Option<String> {
    let own = judged.certificate.as_ref();
    let own = own.and_then(|certificate| certificate.common_name().map(str::to_owned));
    listed.fio.clone().or(own)
}

fn validity(judged: &Judged) -> Option<(String, String)> {
    let certificate = judged.certificate.as_ref()?;
    Some((
        rfc3339(certificate.not_before()?)?,
        rfc3339(certificate.not_after()?)?,
    ))
}

fn told(listed: &Certificate, judged: &Judged) -> Value {
    let reason =
        |reason: &Unusable| json!({ "kind": reason.as_str(), "message": reason.to_string() });
    let reasons: Vec<Value> = judged.reasons.iter().map(reason).collect();
    let (from, to) = validity(judged).unzip();
    json!({
        "certificate": thumbprint(listed, judged),
        "owner": owner(listed, judged),
        "inn": listed.inn,
        "kpp": listed.kpp,
        "type": listed.certificate_type.as_ref().map(ToString::to_string),
        "valid_from": from,
        "valid_to": to,
        "usable": judged.reasons.is_empty(),
        "reasons": reasons,
    })
}

fn shown(listed: &Certificate, judged: &Judged, output: Output) -> Vec<String> {
    let inn = listed.inn.clone();
    let inn = inn.map(|inn| output.text(&Message::Inn(inn)));
    let first = columns([thumbprint(listed, judged), owner(listed, judged), inn]);
    let validity = validity(judged).map(|(from, to)| Message::Validity { from, to });
    let usable = judged.reasons.is_empty().then_some(Message::Usable);
    let reasons = judged.reasons.iter().cloned().map(Message::NotUsable);
    let more = validity.into_iter().chain(usable).chain(reasons);
    let more = more.map(|message| output.text(&message));
    [first].into_iter().chain(more).collect()
}

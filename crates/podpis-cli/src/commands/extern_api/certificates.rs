//! `podpis extern certificates`.
//!
//! **Invariant:** only reads; every reason that speaks against a certificate is told.

use clap::Args;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis::extern_api::model::Certificate;
use podpis::extern_api::{Unusable, Usability, judge};
use serde_json::{Value, json};

use crate::connection::ExternArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::moment::rfc3339;
use crate::output::Output;

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
    let (connection, account) = arguments.extern_api.connect(output).await?;
    let account = connection.account(account)?;
    let client = connection.reader();
    let accounts = client.accounts().await?;
    let inn = accounts
        .iter()
        .find(|one| one.id.as_ref() == Some(&account))
        .and_then(|one| one.inn.as_deref());
    let certificates = client.certificates(&account).await?;
    if certificates.is_empty() {
        output.say(&Message::NothingListed);
    }
    let now = SystemTimer::new().now();
    for listed in &certificates {
        let judged = judge(listed, now, inn);
        output.result(&told(listed, &judged))?;
        show(listed, &judged, output)?;
    }
    Ok(Exit::Done)
}

fn thumbprint(listed: &Certificate, judged: &Usability) -> Option<String> {
    let own = judged.certificate.as_ref();
    let own = own.map(|certificate| certificate.thumbprint().to_string());
    own.or_else(|| listed.thumbprint.clone())
}

fn owner(listed: &Certificate, judged: &Usability) -> Option<String> {
    let own = judged.certificate.as_ref();
    let own = own.and_then(|certificate| certificate.common_name().map(str::to_owned));
    listed.fio.clone().or(own)
}

fn validity(judged: &Usability) -> Option<(String, String)> {
    let certificate = judged.certificate.as_ref()?;
    Some((
        rfc3339(certificate.not_before()?)?,
        rfc3339(certificate.not_after()?)?,
    ))
}

fn told(listed: &Certificate, judged: &Usability) -> Value {
    let reason = |reason: &Unusable| json!({ "kind": name(reason), "message": reason.to_string() });
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
        "usable": judged.is_usable(),
        "reasons": reasons,
    })
}

fn show(listed: &Certificate, judged: &Usability, output: Output) -> Result<(), Failure> {
    let inn = listed.inn.clone();
    let inn = inn.map(|inn| output.text(&Message::Inn(inn)));
    let line = [thumbprint(listed, judged), owner(listed, judged), inn];
    let line: Vec<String> = line.into_iter().flatten().collect();
    output.show(&line.join("  "))?;
    if let Some((from, to)) = validity(judged) {
        output.show(&output.text(&Message::Validity { from, to }))?;
    }
    if judged.is_usable() {
        output.show(&output.text(&Message::Usable))?;
    }
    for reason in &judged.reasons {
        output.show(&output.text(&Message::NotUsable(reason.clone())))?;
    }
    Ok(())
}

/// The reason in a word that stays.
fn name(reason: &Unusable) -> &'static str {
    match reason {
        Unusable::NotRemote => "not_remote",
        Unusable::Expired => "expired",
        Unusable::NotValid => "not_valid",
        Unusable::NotQualified => "not_qualified",
        Unusable::AnotherOwner { .. } => "another_owner",
        Unusable::IssuedByAnotherCa { .. } => "issued_by_another_ca",
        Unusable::Unreadable => "unreadable",
        _ => "other",
    }
}

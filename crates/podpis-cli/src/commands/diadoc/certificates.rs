//! `podpis diadoc certificates`.
//!
//! **Invariant:** only reads; every reason that speaks against a certificate is told, for each method.

use clap::Args;
use podpis::Diadoc;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis::diadoc::certificates::{Certificate, DssCertificateType, SigningMethod, Unusable};
use serde_json::{Value, json};

use crate::connection::{Connection, DiadocArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::moment::rfc3339;
use crate::output::{Output, columns};

#[derive(Debug, Args)]
pub(crate) struct CertificatesArguments {
    #[command(flatten)]
    diadoc: DiadocArguments,
}

/// The methods, as `--method` takes them.
const METHODS: [(&str, SigningMethod); 2] = [
    ("dss", SigningMethod::DssSign),
    ("cloud", SigningMethod::CloudSign),
];

/// What speaks against a certificate, for each method.
type Judged = [(&'static str, SigningMethod, Vec<Unusable>); METHODS.len()];

/// Lists.
pub(super) async fn run(
    arguments: &CertificatesArguments,
    output: Output,
) -> Result<Exit, Failure> {
    let in_box = arguments.diadoc.in_box()?;
    let connection = Connection::<Diadoc>::open(&arguments.diadoc.service, output).await?;
    let in_box = connection.in_box(in_box, output).await?;
    let client = connection.reader();
    let certificates = client.in_box(&in_box).certificates_with_gos_key().await?;
    let now = SystemTimer::new().now();
    let judge = |listed: &Certificate| {
        METHODS.map(|(name, method)| (name, method, listed.unusable_for(method, now)))
    };
    output.list(
        &certificates,
        |listed| told(listed, &judge(listed)),
        |listed| shown(listed, &judge(listed), output),
    )?;
    Ok(Exit::Done)
}

/// The thumbprint in the form that `--cert` and the service take.
fn thumbprint(listed: &Certificate) -> Option<String> {
    listed.thumbprint().map(|thumbprint| thumbprint.to_string())
}

fn told(listed: &Certificate, judged: &Judged) -> Value {
    let reason =
        |reason: &Unusable| json!({ "kind": reason.as_str(), "message": reason.to_string() });
    let method = |(method, _, reasons): &(&str, SigningMethod, Vec<Unusable>)| {
        let told = json!({
            "usable": reasons.is_empty(),
            "reasons": reasons.iter().map(reason).collect::<Vec<Value>>(),
        });
        ((*method).to_owned(), told)
    };
    let methods: serde_json::Map<String, Value> = judged.iter().map(method).collect();
    json!({
        "certificate": thumbprint(listed),
        "owner": listed.owner(),
        "organization": listed.organization_name,
        "inn": listed.inn,
        "type": listed.type_name(),
        "confirmation": listed.dss_type.map(confirmation_name),
        "default": listed.is_default,
        "valid_from": listed.valid_from.and_then(rfc3339),
        "valid_to": listed.valid_to.and_then(rfc3339),
        "usable": judged.iter().any(|(_, _, reasons)| reasons.is_empty()),
        "methods": methods,
    })
}

fn shown(listed: &Certificate, judged: &Judged, output: Output) -> Vec<String> {
    let words = |message: DiadocMessage| output.text(&message.into());
    let inn = listed.inn.clone();
    let inn = inn.map(|inn| output.text(&Message::Inn(inn)));
    let first = thumbprint(listed).unwrap_or_else(|| words(DiadocMessage::NoThumbprint));
    let mut lines = vec![columns([Some(first), listed.owner(), inn])];
    let validity = [listed.valid_from, listed.valid_to].map(|moment| moment.and_then(rfc3339));
    if let [Some(from), Some(to)] = validity {
        lines.push(output.text(&Message::Validity { from, to }));
    }
    for (_, method, reasons) in judged {
        if reasons.is_empty() {
            lines.push(words(DiadocMessage::CanSign(*method)));
        }
        let cannot = |reason: &Unusable| DiadocMessage::CannotSign(*method, reason.clone());
        lines.extend(reasons.iter().map(cannot).map(words));
    }
    lines
}

/// How the owner confirms, in a word that stays; a number where this version has no word.
fn confirmation_name(dss_type: DssCertificateType) -> String {
    match dss_type {
        DssCertificateType::MY_DSS => "my_dss".to_owned(),
        DssCertificateType::K_SIGN_SERVER => "k_sign_server".to_owned(),
        DssCertificateType::K_SIGN_RUTOKEN => "k_sign_rutoken".to_owned(),
        DssCertificateType::K_SIGN_MOBILE => "k_sign_mobile".to_owned(),
        other => other.number().to_string(),
    }
}

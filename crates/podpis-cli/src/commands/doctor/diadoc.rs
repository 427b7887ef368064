//! What the user has in Diadoc.
//!
//! **Invariant:** only reads, and registers nobody.

use podpis::core::certificate::{SigningMethod, Unusable};
use podpis::diadoc::BoxId;
use podpis::diadoc::certificates::Certificate;
use podpis::diadoc::organizations::Organization;
use podpis::{Diadoc, Error};

use super::finding::Findings;
use super::service;
use crate::connection::Connection;
use crate::environment::{self, BOX, parse};
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage, Message};
use crate::moment;
use crate::profile::ServiceName;

/// What needs a connection, the login first.
const LATER: [Check; 3] = [Check::Login, Check::Box, Check::Certificates];

/// Looks at it.
pub(super) async fn examine(
    sandbox: Option<&str>,
    mut findings: Findings<'_>,
) -> Result<(), Failure> {
    let findings = &mut findings;
    let Some(connection) = service::reach::<Diadoc>(sandbox, &LATER, findings).await? else {
        return Ok(());
    };
    let client = connection.reader();
    let organizations = client.organizations().await;
    let Some(organizations) =
        service::logged_in(ServiceName::Diadoc, organizations, &LATER, findings)?
    else {
        return Ok(());
    };
    let Some(in_box) = in_box(&connection, &organizations, findings)? else {
        return findings.skipped(&[Check::Certificates]);
    };
    let certificates = client.in_box(&in_box).certificates_with_gos_key().await;
    tell_certificates(certificates, findings)
}

/// The box that would be worked with.
fn in_box(
    connection: &Connection<Diadoc>,
    organizations: &[Organization],
    findings: &mut Findings<'_>,
) -> Result<Option<BoxId>, Failure> {
    let all: Vec<(&BoxId, &Organization)> = organizations
        .iter()
        .flat_map(|one| one.boxes.iter().map(move |its| (its, one)))
        .flat_map(|(its, one)| [&its.guid, &its.address].map(|id| (id, one)))
        .filter_map(|(id, one)| Some((id.as_ref()?, one)))
        .collect();
    let named = match environment::value(BOX)? {
        Some(named) => Some(named),
        None => connection.seeded().map(|world| world.box_id.clone()),
    };
    let Some(named) = named else {
        let boxes: usize = organizations.iter().map(|one| one.boxes.len()).sum();
        return match (boxes, all.first()) {
            (1, Some((id, one))) => {
                tell_box(id, one, findings)?;
                Ok(Some((*id).clone()))
            }
            _ => {
                let (found, advice) = (DoctorMessage::BoxUnnamed(boxes), DoctorMessage::NameBox);
                findings.problem(Check::Box, found, advice)?;
                Ok(None)
            }
        };
    };
    let id: BoxId = match parse(BOX, &named) {
        Ok(id) => id,
        Err(failure) => {
            findings.failure(Check::Box, &failure, DoctorMessage::NameBox)?;
            return Ok(None);
        }
    };
    let host = |text: &str| text.to_ascii_lowercase().replace("@diadoc.ru", "");
    let same = |other: &BoxId| host(other.as_str()) == host(id.as_str());
    match all.iter().find(|(other, _)| same(other)) {
        Some((_, one)) => {
            tell_box(&id, one, findings)?;
            Ok(Some(id))
        }
        None => {
            let (found, advice) = (DoctorMessage::BoxUnknown(named), DoctorMessage::NameBox);
            findings.problem(Check::Box, found, advice)?;
            Ok(None)
        }
    }
}

fn tell_box(
    id: &BoxId,
    organization: &Organization,
    findings: &mut Findings<'_>,
) -> Result<(), Failure> {
    let found = DoctorMessage::BoxFound {
        in_box: id.to_string(),
        organization: organization.full_name.clone(),
    };
    findings.fine(Check::Box, found)
}

fn tell_certificates(
    listed: Result<Vec<Certificate>, Error>,
    findings: &mut Findings<'_>,
) -> Result<(), Failure> {
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => {
            let failure = Failure::from(error);
            return findings.failure(Check::Certificates, &failure, DoctorMessage::TryAgain);
        }
    };
    let now = moment::now();
    let judged = listed.iter().map(|one| {
        let name = one.thumbprint().map(|thumbprint| thumbprint.to_string());
        let name = name.or_else(|| one.owner()).unwrap_or_default();
        let reasons = [SigningMethod::DssSign, SigningMethod::CloudSign]
            .map(|method| one.unusable_for(method, now));
        // The method that has less against it is the one to name.
        let [dss, cloud] = reasons;
        (name, if cloud.len() < dss.len() { cloud } else { dss })
    });
    judge(judged.collect(), findings)
}

/// How many of these certificates can sign, and if none, why.
pub(super) fn judge(
    judged: Vec<(String, Vec<Unusable>)>,
    findings: &mut Findings<'_>,
) -> Result<(), Failure> {
    let able = judged.iter().filter(|(_, why)| why.is_empty()).count();
    if able > 0 {
        let of = judged.len();
        let found = DoctorMessage::CanSign { able, of };
        return findings.fine(Check::Certificates, found);
    }
    let output = findings.output();
    let reason = |(certificate, why): (String, Vec<Unusable>)| {
        let why = why
            .into_iter()
            .map(|one| output.text(&Message::Reason(one)));
        let reason = why.collect::<Vec<String>>().join(", ");
        let because = DoctorMessage::Because {
            certificate,
            reason,
        };
        output.text(&because.into())
    };
    let reasons: Vec<String> = judged.into_iter().map(reason).collect();
    let found = if reasons.is_empty() {
        DoctorMessage::NoCertificates
    } else {
        DoctorMessage::NoneCanSign(reasons.join("; "))
    };
    findings.problem(Check::Certificates, found, DoctorMessage::GetCertificate)
}

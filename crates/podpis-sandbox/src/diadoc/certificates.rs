//! Decides which certificates a person has in Diadoc, and which of them the cloud signs with.
//!
//! **Invariant:** a certificate of another person never signs, and one that is not valid now never does.

use podpis_diadoc_proto::certificates::{
    CertificateInfoV2, CertificateList, CertificateSubjectType, CertificateType,
};

use super::boxes;
use super::certificates_store::{Certificate, default_for_dss};
use super::places::ORGANIZATION;
use super::state::Room;
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::call::Call;
use crate::moment::Moment;

/// The certificate for a DssSign.
pub(super) fn for_dss(
    room: &Room,
    user: usize,
    thumbprint: Option<&str>,
    now: Moment,
) -> Handled<usize> {
    let Some(thumbprint) = thumbprint.filter(|text| !text.is_empty()) else {
        return default_for_dss(&room.own.certificates, user, now).ok_or_else(|| {
            let id = room.shared.people.get(user).map_or("", |user| user.id);
            Refusal::not_found(format!(
                "User with userId=[{id}] has no active DSS certificates"
            ))
        });
    };
    named(
        room,
        user,
        (thumbprint, "DSS"),
        now,
        Certificate::signs_by_dss,
    )
}

/// The certificate for receipts: a Kontur.Certificate. Without a thumbprint it is the active one.
pub(super) fn for_receipts(
    room: &Room,
    user: usize,
    thumbprint: Option<&str>,
    now: Moment,
) -> Handled<usize> {
    let is_kontur =
        |known: &Certificate| known.kind == CertificateType::KONTUR_CERTIFICATE.number();
    let by_dss = room.own.options.dss_receipts;
    let Some(thumbprint) = thumbprint else {
        return room
            .own
            .certificates
            .iter()
            .position(|known| known.owner == user && is_kontur(known) && known.is_active(now))
            .or_else(|| {
                by_dss
                    .then(|| default_for_dss(&room.own.certificates, user, now))
                    .flatten()
            })
            .or_not_found("User has no valid cloud certificate");
    };
    named(room, user, (thumbprint, "cloud"), now, |known| {
        is_kontur(known) || by_dss && known.signs_by_dss()
    })
}

fn named(
    room: &Room,
    user: usize,
    (thumbprint, kind): (&str, &str),
    now: Moment,
    fits: impl Fn(&Certificate) -> bool,
) -> Handled<usize> {
    let unknown = || {
        Refusal::not_found(format!(
            "Certificate with thumbprint {thumbprint} is not a {kind} certificate"
        ))
    };
    let (index, known) = room
        .own
        .certificates
        .iter()
        .enumerate()
        .find(|(_, known)| known.identity.thumbprint.eq_ignore_ascii_case(thumbprint))
        .filter(|(_, known)| fits(known))
        .ok_or_else(unknown)?;
    if known.owner != user {
        return Err(Refusal::forbidden(
            "This certificate belongs to somebody else.",
        ));
    }
    if known.is_active(now) {
        Ok(index)
    } else {
        bad_request("The certificate or its key has expired, or is not valid yet.")
    }
}

/// `GET /GetMyCertificates`.
pub(super) fn list(room: &Room, user: usize, call: &Call) -> Handled {
    boxes::own(call)?;
    let with_goskey = call.query.flag("includeGoskeyCertificates")?;
    let valid_only = room.own.options.valid_certificates_only;
    let certificates = room
        .own
        .certificates
        .iter()
        .filter(|known| known.owner == user)
        .filter(|known| with_goskey || !known.is_goskey())
        .filter(|known| !valid_only || known.identity.is_active(call.now))
        .map(|known| describe(room, known))
        .collect();
    Ok(Reply::message(&CertificateList { certificates }))
}

fn describe(room: &Room, known: &Certificate) -> CertificateInfoV2 {
    let identity = &known.identity;
    let name = room.shared.people.get(known.owner).map(|user| user.name);
    let mut words = name.unwrap_or_default().split(' ').map(str::to_owned);
    let (last, first, middle) = (words.next(), words.next(), words.next());
    let short = match (&last, &first, &middle) {
        (Some(last), Some(first), Some(middle)) => {
            let initial = |word: &str| word.chars().next().unwrap_or_default();
            Some(format!("{last} {}.{}.", initial(first), initial(middle)))
        }
        _ => None,
    };
    CertificateInfoV2 {
        thumbprint: identity.thumbprint.clone(),
        r#type: known.kind,
        valid_from: Some(identity.not_before.ticks()),
        valid_to: Some(identity.not_after.ticks()),
        private_key_valid_from: Some(identity.not_before.ticks()),
        private_key_valid_to: Some(known.key_until.ticks()),
        organization_name: Some(ORGANIZATION.name.to_owned()),
        inn: Some(ORGANIZATION.inn.to_owned()),
        user_first_name: first,
        user_middle_name: middle,
        user_last_name: last,
        user_short_name: short,
        is_default: Some(known.is_default),
        subject_type: Some(CertificateSubjectType::LEGAL_ENTITY.number()),
        usages: known.usages.iter().map(|usage| usage.number()).collect(),
        dss_type: known.dss_type,
    }
}

//! The English sentences about trust.
//!
//! **Invariant:** a reason says whose certificate, since when, and not more than is known.

use podpis::trust::{Reason, Whose};

use super::{Reasoned, with};

/// The sentence of a reason.
pub(super) fn sentence(why: &Reasoned) -> String {
    let certificate = certificate(why.whose);
    let (date, detail) = (why.date.as_deref(), why.detail.as_deref());
    let is_stamp = matches!(why.whose, Whose::Stamp(_));
    let on = |date: Option<&str>| date.map_or(String::new(), |date| format!(" on {date}"));
    let of = |date: Option<&str>| date.map_or(String::new(), |date| format!(" of {date}"));
    match why.reason {
        Reason::ContentDiffers => "the document is another one, or was changed".into(),
        Reason::ValueWrong => format!(
            "the value was not made by the key of {certificate}, or not with the algorithms that are protected in it"
        ),
        Reason::SigningCertificateDiffers if is_stamp => {
            format!("it was made for another certificate than {certificate}, or names none")
        }
        Reason::SigningCertificateDiffers => {
            format!("the signature was made for another certificate than {certificate}")
        }
        Reason::Revoked if detail == Some("certificateHold") => {
            format!("{certificate} was put on hold{}", on(date))
        }
        Reason::Revoked => with(format!("{certificate} was revoked{}", on(date)), detail),
        Reason::NotACa => format!("{certificate} does not allow to issue certificates"),
        Reason::PathTooLong => {
            format!("{certificate} is that of one issuer more than those above it permit")
        }
        Reason::NameNotPermitted => {
            format!("the issuers of {certificate} may not issue certificates for that name")
        }
        Reason::Policy => {
            format!("the certificate policies that the path asks for do not hold for {certificate}")
        }
        Reason::UnknownCriticalExtension => with(
            format!(
                "{certificate} has a critical extension that is not known here or cannot be read"
            ),
            detail,
        ),
        Reason::KeyUsage if is_stamp => format!("{certificate} is not one for time stamps"),
        Reason::KeyUsage => format!("{certificate} is not one for signing"),
        Reason::StampDiffers => "it is for another signature".into(),
        Reason::StampUnreadable => "it cannot be read".into(),
        Reason::NeedsFile => with(
            "the file is not at hand in the digest that the signer used".into(),
            detail,
        ),
        Reason::NoSignerCertificate => format!("{certificate} is not at hand"),
        Reason::NoChain => format!("no path leads from {certificate} to a root that you trust"),
        Reason::Expired if is_stamp => format!("the validity of {certificate} ended{}", on(date)),
        Reason::Expired => format!(
            "the validity of {certificate} ended{}, and nothing proves that the signature is older",
            on(date)
        ),
        Reason::NotYetValid if is_stamp => with(
            format!(
                "it is of later than the moment, or the validity of {certificate} begins later"
            ),
            date,
        ),
        Reason::NotYetValid => format!("the validity of {certificate} begins only{}", on(date)),
        Reason::NoList => {
            format!("no revocation list of the issuer of {certificate} is at hand")
        }
        Reason::ListStale => with(
            format!("the revocation list at hand for {certificate} is of another time"),
            date,
        ),
        Reason::ListNotTrusted => format!(
            "the revocation list{} at hand for {certificate} is not by a key of its issuer that may sign lists",
            of(date)
        ),
        Reason::ListNotUsable => with(
            format!(
                "the revocation list{} at hand leaves out {certificate}, or is not understood whole",
                of(date)
            ),
            detail,
        ),
        Reason::ListAfterExpiry => format!(
            "the revocation list{} at hand is from after the end of {certificate}, when it may be dropped from lists",
            of(date)
        ),
        Reason::Algorithm => with(
            format!("a value cannot be verified that {certificate} rests on, or that rests on it"),
            detail,
        ),
        Reason::ChainTooLong => "the path goes on beyond ten certificates".into(),
        Reason::TooManyPaths => "there are more paths than are tried".into(),
        Reason::TooManyChecks => "there are more values than are verified".into(),
        other => with(format!("{other}, of {certificate}"), detail),
    }
}

fn certificate(whose: Whose) -> String {
    match whose {
        Whose::Signer => "the certificate of the signer".into(),
        Whose::Issuer(number) => format!("the certificate of issuer {number}"),
        Whose::Root => "the certificate of the root".into(),
        Whose::Stamp(number) => format!("the certificate of time stamp {number}"),
    }
}

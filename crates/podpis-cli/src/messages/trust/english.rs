//! The English words about trust.
//!
//! **Invariant:** one line per message; a reason says whose certificate, since when, and not more than is known.

use podpis::trust::{File, Note, Reason, Whose};

use super::{Judged, Kind, MomentFrom, Reasoned, TrustMessage, Verdict, Wanted, about, with};

pub(super) fn text(message: &TrustMessage) -> String {
    match message {
        TrustMessage::NeedsTrust(argument) => {
            format!(
                "{argument} means nothing without --trust, which names the roots that you trust"
            )
        }
        TrustMessage::NotAMoment(text) => format!(
            "--at {text} is not a moment: it is written as 2024-06-15T12:00:00Z, 2024-06-15T15:00:00+03:00, or 2024-06-15 \
             for its first moment in UTC"
        ),
        TrustMessage::NeitherFileNorFolder(path) => {
            format!("{path} is neither a file nor a folder")
        }
        TrustMessage::FolderUnreadable(path) => format!("the folder {path} cannot be read"),
        TrustMessage::TooLarge { path, limit } => format!("{path} is larger than {limit} bytes"),
        TrustMessage::NotOfKind { path, kind } => match kind {
            Kind::Certificates => format!("{path} holds no certificates in PEM, DER or Base64"),
            Kind::Lists => format!("{path} holds no revocation lists in PEM, DER or Base64"),
        },
        TrustMessage::Damaged { path, kind } => match kind {
            Kind::Certificates => format!("a certificate in {path} cannot be read"),
            Kind::Lists => format!("a revocation list in {path} cannot be read"),
        },
        TrustMessage::NoneInFolder { path, kind } => match kind {
            Kind::Certificates => format!("no file in the folder {path} is a certificate"),
            Kind::Lists => format!("no file in the folder {path} is a revocation list"),
        },
        TrustMessage::Skipped { path, kind } => match kind {
            Kind::Certificates => format!("{path} is skipped: it is not a certificate"),
            Kind::Lists => format!("{path} is skipped: it is not a revocation list"),
        },
        TrustMessage::OneOfSeveral {
            number,
            count,
            verdict,
        } => format!("  signer {number} of {count}: {}", answer(verdict)),
        TrustMessage::JudgedAt(judged) => format!("  judged at: {}", moment(judged)),
        TrustMessage::Path { whose, certificate } => match whose {
            Whose::Signer => format!("  path, signer: {certificate}"),
            Whose::Issuer(number) => format!("  path, issuer {number}: {certificate}"),
            Whose::Root => format!("  path, root, which you trust: {certificate}"),
            Whose::Stamp(number) => format!("  path, time stamp {number}: {certificate}"),
        },
        TrustMessage::NotInList {
            certificate,
            date,
            next,
        } => match next {
            Some(next) => {
                format!(
                    "  not in the list of {date} (the next by {next}) up to then: {certificate}"
                )
            }
            None => format!("  not in the list of {date} up to then: {certificate}"),
        },
        TrustMessage::Note(note) => format!("  note: {}", noted(*note)),
        TrustMessage::Stamp {
            number,
            time,
            certificate,
            verdict,
        } => {
            let time = time
                .as_deref()
                .map_or(String::new(), |time| format!("{time}, "));
            let text = match verdict {
                Verdict::Trusted => about(format!("{time}trusted"), certificate.as_deref()),
                other => format!("{time}{}; it is ignored", answer(other)),
            };
            format!("  time stamp {number}: {text}")
        }
        TrustMessage::Needed(wanted) => format!("  needed: {}", needed(wanted)),
        TrustMessage::Verdict {
            file,
            judged,
            verdict,
        } => match verdict {
            Verdict::Trusted => format!("{file}: trusted at {}", moment(judged)),
            other => format!("{file}: {}", answer(other)),
        },
    }
}

fn answer(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Trusted => "trusted".into(),
        Verdict::Refused(why) => format!("refused: {}", reasoned(why)),
        Verdict::NotProven(why) => format!("not proven: {}", reasoned(why)),
    }
}

fn moment(judged: &Judged) -> String {
    let at = &judged.at;
    match &judged.from {
        MomentFrom::Now => format!("{at}, now"),
        MomentFrom::Asked => format!("{at}, as you asked"),
        MomentFrom::Stamp {
            number,
            certificate: Some(certificate),
        } => format!("{at}, by time stamp {number} of {certificate}"),
        MomentFrom::Stamp { number, .. } => format!("{at}, by time stamp {number}"),
    }
}

fn reasoned(why: &Reasoned) -> String {
    about(sentence(why), why.certificate.as_deref())
}

fn sentence(why: &Reasoned) -> String {
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

fn noted(note: Note) -> String {
    match note {
        Note::SigningCertificateNotNamed => {
            "the signature does not name its certificate among what is signed: plain CMS, not CAdES"
                .into()
        }
        Note::SignaturePolicyNotChecked => {
            "the signature states a signature policy, which was not looked at".into()
        }
        Note::ArchiveNotChecked => {
            "the signature has parts of an archive form, which were not looked at".into()
        }
        other => other.name().into(),
    }
}

fn needed(wanted: &Wanted) -> String {
    let (what, argument) = match wanted.what {
        File::SignerCertificate => ("the signer's own certificate", "--intermediate"),
        File::IssuerCertificate => (
            "the certificate of the issuer",
            "--intermediate, or --trust if it is a root that you trust",
        ),
        File::RevocationList => ("a revocation list of the moment, of the issuer", "--crl"),
        _ => ("a file of the issuer", "--intermediate, --crl"),
    };
    let mut parts = Vec::new();
    if !wanted.issuer.is_empty() {
        let is_own = wanted.what == File::SignerCertificate;
        let lead = if is_own { "issued by " } else { "" };
        parts.push(format!("{lead}{}", wanted.issuer));
    }
    if let Some(serial) = &wanted.serial {
        parts.push(format!("serial number {serial}"));
    }
    if let Some(key_id) = &wanted.key_id {
        parts.push(format!("key identifier {key_id}"));
    }
    let mut text = format!("{what} ({argument})");
    if !parts.is_empty() {
        text = format!("{text}: {}", parts.join(", "));
    }
    if !wanted.addresses.is_empty() {
        let addresses = wanted.addresses.join(" ");
        text = format!("{text}; where from, as the certificate says: {addresses}");
    }
    text
}

//! The rules that need the message.
//!
//! **Invariant:** an error says what certainly breaks a rule; where the message does not tell enough, it is a warning.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::rule::{Breach, Rule};
use super::sender::DocumentSenderSignature;
use super::{DocumentSignature, Parts};
use crate::message::{AttachedSignature, Document, Formality, Message, Sending, Side, same_id};
use crate::{BoxId, EntityId};

/// Approval signatures per document and day.
const APPROVALS: usize = 500;

/// What travels in one request with signatures, in bytes: the service's documents say 70 MB.
const REQUEST: u64 = 70 * 1024 * 1024;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl DocumentSignature {
    /// Checks the signature against the message that it is for, as it was just read; gives warnings.
    ///
    /// # Errors
    /// The first hard rule that is broken: R-SIG-1, R-SIG-2, R-SIG-7, R-SIG-8, R-APR-2, R-APR-3.
    pub fn check(&self, message: &Message) -> Result<Vec<Breach>, Breach> {
        self.check_among(message, 0)
    }

    /// With so many approval signatures of the same document in the same patch.
    fn check_among(&self, message: &Message, approvals: usize) -> Result<Vec<Breach>, Breach> {
        self.parts.check_in(message)?;
        let document = message.attachment(self.parent());
        let mut warnings = Vec::new();
        if self.is_approval() {
            if let Some(document) = &document {
                warnings.extend(check_approval(document)?);
            }
            warnings.extend(check_number(message, self.parent(), approvals)?);
        } else {
            warnings.extend(check_only_one(message, self.parent(), document.as_ref())?);
        }
        let is_sent = document.is_some_and(|document| document.sending() == Sending::Sent);
        if self.patched_content_id().is_some() && is_sent {
            let text = "the document was sent, and only unsent ones are prepared";
            warnings.push(Breach::new(Rule::Sig7, text));
        }
        Ok(warnings)
    }
}

impl DocumentSenderSignature {
    /// Checks the signature against the draft that it is for, as it was just read; gives warnings.
    ///
    /// # Errors
    /// The first hard rule that is broken: R-SIG-1, R-SIG-2, R-SIG-7.
    pub fn check(&self, draft: &Message) -> Result<Vec<Breach>, Breach> {
        self.parts.check_in(draft)?;
        let document = draft.attachment(self.parent());
        let warning = check_only_one(draft, self.parent(), document.as_ref())?;
        Ok(warning.into_iter().collect())
    }
}

/// Checks the signatures of one patch, each against the message and all together; gives warnings.
///
/// # Errors
/// As [`DocumentSignature::check`]; R-SIG-1 also for two ordinary signatures of one document in the patch, and R-LIM-1
/// for one that is too large.
pub(crate) fn check_patch(
    signatures: &[DocumentSignature],
    message: &Message,
) -> Result<Vec<Breach>, Breach> {
    let mut warnings = Vec::new();
    for (index, signature) in signatures.iter().enumerate() {
        let before = signatures[..index].iter();
        let of_same = before.filter(|other| {
            other.is_approval() == signature.is_approval()
                && same_id(other.parent().as_str(), signature.parent().as_str())
        });
        let of_same = of_same.count();
        if of_same > 0 && !signature.is_approval() {
            return Err(twice(signature.parent()));
        }
        warnings.extend(signature.check_among(message, of_same)?);
    }
    check_size(signatures.iter().map(|signature| &signature.parts))?;
    Ok(warnings)
}

/// Checks what is sent with a draft: its recipient, where the draft does not name it, and its signatures.
///
/// # Errors
/// As [`DocumentSenderSignature::check`]; R-SIG-1 also for two signatures of one document, R-DRF-1 for a recipient
/// that is the draft's own box or is named for an internal draft, and R-LIM-1 for a request that is too large.
pub(crate) fn check_draft(
    signatures: &[DocumentSenderSignature],
    to_box: Option<&BoxId>,
    draft: &Message,
) -> Result<Vec<Breach>, Breach> {
    if let Some(to_box) = to_box {
        let problem = if draft.is_internal() {
            "the draft is internal, and no recipient is named for those"
        } else if draft.is_ours(to_box) {
            "the draft would be sent to its own box"
        } else {
            ""
        };
        if !problem.is_empty() {
            return Err(Breach::new(Rule::Drf1, problem));
        }
    }
    let mut warnings = Vec::new();
    for (index, signature) in signatures.iter().enumerate() {
        let mut before = signatures[..index].iter();
        if before.any(|other| same_id(other.parent().as_str(), signature.parent().as_str())) {
            return Err(twice(signature.parent()));
        }
        warnings.extend(signature.check(draft)?);
    }
    check_size(signatures.iter().map(|signature| &signature.parts))?;
    Ok(warnings)
}

fn twice(parent: &EntityId) -> Breach {
    let text = format!("there are two ordinary signatures of {parent}, and one may be posted");
    Breach::new(Rule::Sig1, text)
}

fn check_size<'p>(parts: impl Iterator<Item = &'p Parts>) -> Result<(), Breach> {
    let size: u64 = parts.map(|parts| parts.source.size()).sum();
    if size > REQUEST {
        let text = format!("the signatures have {size} bytes together, and a request takes 70 MB");
        return Err(Breach::new(Rule::Lim1, text));
    }
    Ok(())
}

/// R-SIG-1 and R-SIG-8. A signature that the service did not accept does not count: another one may follow.
fn check_only_one(
    message: &Message,
    parent: &EntityId,
    document: Option<&Document<'_>>,
) -> Result<Option<Breach>, Breach> {
    if document.is_some_and(Document::our_signature_is_invalid) {
        return Ok(None);
    }
    let of_side = |side: Side| {
        let mut signatures = message.signatures_of(parent);
        signatures.retain(|one| !one.is_approval() && !one.is_rejected() && one.side() == side);
        signatures.len()
    };
    let ours = of_side(Side::Ours);
    // Within one organization both sides are ours.
    let allowed = if message.is_internal() { 1 } else { 0 };
    if ours > allowed {
        let is_unsent = document.is_some_and(|document| document.sending() == Sending::Unsent);
        let (rule, text) = if is_unsent {
            (
                Rule::Sig8,
                format!("{parent} is unsent and has a signature already"),
            )
        } else {
            let text = format!("our side has signed {parent} already; only approvals may be added");
            (Rule::Sig1, text)
        };
        return Err(Breach::new(rule, text));
    }
    let may_be_ours = of_side(Side::Unknown) + if message.is_internal() { ours } else { 0 };
    Ok((may_be_ours > 0).then(|| {
        let text = format!("{parent} has a signature, and it does not show whether it is ours");
        Breach::new(Rule::Sig1, text)
    }))
}

/// R-APR-1 and R-APR-2.
fn check_approval(document: &Document<'_>) -> Result<Option<Breach>, Breach> {
    let id = document.id();
    let warning = |rule, text: String| Ok(Some(Breach::new(rule, text)));
    match (document.sending(), document.formality()) {
        (Sending::Sent, _) => Ok(None),
        (Sending::Draft | Sending::Unsent, Formality::Formalized) => {
            let text = format!(
                "{id} is formalized and unsent: sending changes its content, so it can be approved only afterwards"
            );
            Err(Breach::new(Rule::Apr2, text))
        }
        (Sending::Draft | Sending::Unsent, Formality::Nonformalized) => warning(
            Rule::Apr1,
            format!(
                "{id} is unsent: the approval reaches the recipient only with it and the sender's signature"
            ),
        ),
        (Sending::Draft | Sending::Unsent, Formality::Unknown) => warning(
            Rule::Apr2,
            format!("{id} is unsent, and it does not show whether it is formalized"),
        ),
        (Sending::Unknown, Formality::Nonformalized) => Ok(None),
        (Sending::Unknown, _) => warning(
            Rule::Apr2,
            format!("it does not show whether {id} was sent"),
        ),
    }
}

/// R-APR-3. Where the service's day begins is not documented: what is too many by every reading is an error, what may
/// be is a warning.
fn check_number(
    message: &Message,
    parent: &EntityId,
    in_patch: usize,
) -> Result<Option<Breach>, Breach> {
    let now = message.read_at();
    let signatures = message.signatures_of(parent);
    let since = |moment: SystemTime| {
        let approvals = signatures.iter().filter(|one| one.is_approval());
        let made = approvals.filter_map(AttachedSignature::created);
        made.filter(|made| *made >= moment).count() + in_patch
    };
    let text = |count| {
        format!("{parent} got {count} approval signatures in a day, and {APPROVALS} may be")
    };
    let today = since(start_of_day(now));
    if today >= APPROVALS {
        return Err(Breach::new(Rule::Apr3, text(today)));
    }
    let in_a_day = since(now.checked_sub(DAY).unwrap_or(UNIX_EPOCH));
    Ok((in_a_day >= APPROVALS).then(|| Breach::new(Rule::Apr3, text(in_a_day))))
}

/// The later of the last midnights in UTC and in Moscow.
fn start_of_day(now: SystemTime) -> SystemTime {
    const MOSCOW: u64 = 3 * 60 * 60;
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let midnight =
        |ahead: u64| ((seconds + ahead) / DAY.as_secs() * DAY.as_secs()).saturating_sub(ahead);
    UNIX_EPOCH + Duration::from_secs(midnight(0).max(midnight(MOSCOW)))
}

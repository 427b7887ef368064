//! Keeps away a second program that would start what this one is about to start: between the look at what waits and the
//! start of it nothing else tells that a document is taken.
//!
//! **Invariant:** of the programs that share a journal, one at a time looks in a place and starts what it found; who ends,
//! however, keeps nobody away.

use podpis::operation::Claim;

use crate::failure::Failure;
use crate::messages::DiadocMessage;
use crate::store::Store;

/// The longest name that a journal takes.
const LONGEST: usize = 64;

/// Keeps others away from what waits in this box or account, until what is given is dropped.
pub(crate) async fn alone<'s>(
    store: &'s Store,
    host: &str,
    place: &str,
) -> Result<Claim<'s>, Failure> {
    let claim = store.claim_name(&name(host, place)).await?;
    claim.ok_or_else(|| {
        let place = place.to_owned();
        Failure::failed("claimed", DiadocMessage::AtItAlready { place }.into())
    })
}

/// A name in the journal that no operation has. Two places of one name would wait for each other, which is no harm.
fn name(host: &str, place: &str) -> String {
    let folded = format!("waiting-{place}-{host}").to_ascii_lowercase();
    let safe = |c: char| match c {
        'a'..='z' | '0'..='9' => c,
        _ => '-',
    };
    folded.chars().map(safe).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use podpis::OperationId;

    use super::*;

    #[test]
    fn every_place_has_a_name_that_a_journal_takes() {
        let account = "e7e2d0c5-0001-4c5e-9a57-0d1ad0c00001";
        let names = [
            name("127.0.0.1:8787", "db32ce1f5e7d4b089a0c1f1f9a8a7b11"),
            name("diadoc-api.kontur.ru", "db32ce1f5e7d4b089a0c1f1f9a8a7b11"),
            name("extern-api.kontur.ru", account),
            name("Ящик", "ящик"),
        ];
        for (at, one) in names.iter().enumerate() {
            assert!(one.parse::<OperationId>().is_ok(), "{one}");
            assert!(!names[..at].contains(one), "{one}");
        }
    }
}

//! Decides which ids things of the seed have, and what is in a new reply.
//!
//! **Invariant:** ids are constants, so a manual can name them.

use bytes::Bytes;

use super::things::Part;

pub(super) const INN: &str = "6676130154";
pub(super) const KPP: &str = "667601001";

/// What an id is of.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(super) enum Of {
    Account = 1,
    Draft,
    DraftDocument,
    Docflow,
    Document,
    Inventory,
    Reply,
    ReplyPart,
    Content,
    Signature,
}

pub(super) fn id(of: Of, number: usize) -> String {
    format!("e7e2d0c5-{:04x}-4c5e-9a57-0d1ad0c{number:05x}", of as u8)
}

// The order of the certificates.
pub(super) const DSS: usize = 0;
pub(super) const SMS: usize = 1;
pub(super) const DSS_ENCRYPTION: usize = 2;
pub(super) const SMS_ENCRYPTION: usize = 3;
/// The documents of a new reply. Those of a package get their content from the client.
pub(super) fn reply_parts(
    reply: &str,
    kind: &str,
    package: bool,
    mut next_id: impl FnMut() -> String,
) -> Vec<Part> {
    let count = if package { 3 } else { 1 };
    (1..=count)
        .map(|at| Part {
            id: next_id(),
            filename: format!("{kind}-{at}.xml"),
            content_type: "application/xml".to_owned(),
            content: (!package).then(|| reply_content(reply, kind, at).into()),
            ..Part::default()
        })
        .collect()
}

pub(super) fn reply_content(reply: &str, kind: &str, at: usize) -> Bytes {
    Bytes::from(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Ответ>{reply}</Ответ><Вид>{kind}</Вид><Документ>{at}</Документ></Файл>\n"
    ))
}

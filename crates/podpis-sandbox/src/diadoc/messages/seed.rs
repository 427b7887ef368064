//! Decides which messages lie in the box from the start.
//!
//! **Invariant:** ids are constants, so a manual can name them; only the signatures depend on the day.

use bytes::Bytes;

use super::blank::{document, entity_id, message, transfer_document};
use super::info::{DocumentInfo, MessagesInfo, PacketInfo, Verification};
use super::message::{Document, Entity, LOCKED, Message, Signature, What};
use super::store::{Messages, Prepared};
use super::waiting;
use crate::diadoc::places::{MESSAGE_ID, PATCHED_CONTENT_ID};
use crate::identity::User;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::signer::{self, Authority, Digests, Identity, KeyName, Manner, Subject};

const COUNTER_SIGNED: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00002";
const UNSENT: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00003";
const UNSENT_PLAIN: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00004";
const DRAFT: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00005";
const SENT: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00006";
const LOCKED_PACKET: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00007";

const UNSIGNED_TEXT: &str =
    "Акт об оказании услуг № 1. Документ песочницы, который никто ещё не подписал.\n";
const PREPARED_TEXT: &str =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Подписант>Иванова</Подписант></Файл>\n";

/// The person who signs for the other side.
const COUNTERPARTY: Subject = Subject {
    common_name: "Берёзов Илья Олегович",
    surname: "Берёзов",
    given_name: "Илья Олегович",
    inn: "781100112233",
    snils: "22334455600",
};
/// What makes test signatures.
const SERVICE: Subject = Subject {
    common_name: "Тестовая подпись Диадока",
    surname: "Тестовая",
    given_name: "Подпись",
    inn: "000000000000",
    snils: "00000000000",
};

/// The box as it is at the start. Certificates are issued last, so those of the users do not change by it.
pub(crate) fn seeded(
    authority: &mut Authority,
    users: &[User],
    (options, manner): (&WorldOptions, &Manner),
    now: Moment,
) -> Messages {
    // One key is enough for two certificates that belong to nobody's secrets.
    let counterparty = authority.issue(&COUNTERPARTY, KeyName::Stranger);
    let service = authority.issue(&SERVICE, KeyName::Stranger);
    let director = users.first().and_then(|user| user.certificates.first());
    let yesterday = now.days_later(-1);
    let mut messages = Messages::new(service, options);
    let prepared = Prepared {
        place: None,
        content: Bytes::from_static(PREPARED_TEXT.as_bytes()),
        until: now.days_later(365),
    };
    messages.prepared.seed(prepared, [PATCHED_CONTENT_ID]);
    let incoming = |id: &str| Message {
        outgoing: false,
        ..message(id, yesterday)
    };
    messages.seed(Message {
        entities: vec![Entity {
            content: Bytes::from_static(UNSIGNED_TEXT.as_bytes()),
            ..sent(plain(1, "act.txt"), yesterday)
        }],
        ..incoming(MESSAGE_ID)
    });
    let document = sent(formal(2, "УПД-2"), yesterday);
    let signature = messages.signed(&document, 3, &counterparty, false, (yesterday, manner));
    messages.seed(Message {
        entities: [Some(document), signature].into_iter().flatten().collect(),
        ..incoming(COUNTER_SIGNED)
    });
    messages.seed(Message {
        entities: vec![formal(4, "УПД-4")],
        ..message(UNSENT, yesterday)
    });
    messages.seed(Message {
        entities: vec![plain(5, "contract.txt")],
        ..message(UNSENT_PLAIN, yesterday)
    });
    messages.seed(Message {
        is_draft: true,
        entities: vec![formal(6, "УПД-6"), plain(7, "appendix.txt")],
        ..message(DRAFT, yesterday)
    });
    let document = sent(formal(8, "УПД-8"), yesterday);
    let signature = director
        .and_then(|director| messages.signed(&document, 9, director, true, (yesterday, manner)));
    messages.seed(Message {
        entities: [Some(document), signature].into_iter().flatten().collect(),
        ..message(SENT, yesterday)
    });
    messages.seed(Message {
        lock_mode: LOCKED,
        entities: vec![plain(10, "first.txt"), plain(11, "second.txt")],
        ..message(LOCKED_PACKET, yesterday)
    });
    for message in waiting::seeded(yesterday) {
        messages.seed(message);
    }
    messages
}

/// A file of any kind.
fn plain(number: u8, name: &str) -> Entity {
    document(
        number,
        format!("Документ песочницы {name}.\n"),
        Document {
            needs_recipient_signature: true,
            ..Document::plain(name)
        },
    )
}

/// The seller's title of a universal transfer document.
fn formal(number: u8, name: &str) -> Entity {
    document(
        number,
        transfer_document(name),
        Document {
            file_name: format!("{name}.xml"),
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: "СЧФДОП".to_owned(),
            version: "utd970_05_03_01".to_owned(),
            can_be_prepared: true,
            needs_recipient_signature: true,
            ..Document::default()
        },
    )
}

fn sent(mut entity: Entity, at: Moment) -> Entity {
    if let What::Document(document) = &mut entity.what {
        document.sent_at = Some(at);
    }
    entity
}

impl Messages {
    /// A message whose entities are as old as itself, and which is never forgotten.
    pub(super) fn seed(&mut self, mut message: Message) {
        for entity in &mut message.entities {
            entity.created = message.created;
        }
        let id = message.id.clone();
        let place = self.all.seed(message, [&*id]);
        self.file(place);
        self.tell_new(&id);
    }

    /// A signature that was verified long ago. A signature that cannot be made would be a bug of the sandbox; the
    /// document is unsigned then.
    fn signed(
        &mut self,
        document: &Entity,
        number: u8,
        by: &Identity,
        ours: bool,
        (at, manner): (Moment, &Manner),
    ) -> Option<Entity> {
        let content = Digests::of(manner.signatures, &document.content);
        let signature: Bytes = signer::sign_detached(by, &content, at, manner).ok()?.into();
        let stamped = signer::stamped(&signature, &manner.stamps, at).ok()?;
        Some(Entity {
            id: entity_id(number),
            parent: Some(document.id.clone()),
            created: at,
            content: signature,
            what: What::Signature(Box::new(Signature {
                ours,
                stamped: stamped.into(),
                stamped_id: entity_id(number | 0x80),
                verify_at: at,
                verification: Verification::Valid,
                ..Signature::default()
            })),
            ..Entity::default()
        })
    }
}

/// The ids of all this.
pub(crate) fn describe() -> MessagesInfo {
    let document = |message: &str, number: u8| DocumentInfo {
        message: message.to_owned(),
        entity: entity_id(number),
    };
    let packet = |message: &str, numbers: [u8; 2]| PacketInfo {
        message: message.to_owned(),
        documents: numbers.into_iter().map(entity_id).collect(),
    };
    MessagesInfo {
        waiting: waiting::describe([
            document(MESSAGE_ID, 1),
            document(COUNTER_SIGNED, 2),
            document(UNSENT, 4),
            document(UNSENT_PLAIN, 5),
            document(LOCKED_PACKET, 10),
            document(LOCKED_PACKET, 11),
        ]),
        counter_signed: document(COUNTER_SIGNED, 2),
        counter_signature: entity_id(3),
        unsent: document(UNSENT, 4),
        unsent_nonformalized: document(UNSENT_PLAIN, 5),
        sent: document(SENT, 8),
        draft: packet(DRAFT, [6, 7]),
        locked: packet(LOCKED_PACKET, [10, 11]),
    }
}

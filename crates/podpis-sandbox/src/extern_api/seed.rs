//! Decides who and what is in Extern from the start: accounts, certificates, drafts.
//!
//! **Invariant:** ids are constants, so a manual can name them; only certificates and signatures depend on the day.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde_json::{Value, json};

use super::contents_store::Contents;
use super::info::{ExternCertificateInfo, ExternDraftInfo, ExternDraftsInfo, ExternInfo};
use super::seed_ids::{DSS, INN, KPP, Of, SMS, id};
use super::state::Extern;
use super::things::{Account, Certificate, Draft, Part};
use super::work::{self, Operations};
use super::{outcome, seed_docflows};
use crate::answer::base64;
use crate::classes::Classes;
use crate::identity::{ACCOUNTANT, API_KEY, CLIENT_ID, DIRECTOR, User};
use crate::kept::Kept;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::MessageKind;
use crate::signer::{Authority, KeyName, Manner, Subject};

/// The person who signs for the authorities.
const OFFICIAL: Subject = Subject {
    common_name: "Орлова Вера Николаевна",
    surname: "Орлова",
    given_name: "Вера Николаевна",
    inn: "770011223344",
    snils: "33445566700",
};

const IRON: usize = 6;
const FOREIGN: usize = 7;

fn accounts() -> Vec<Account> {
    let rows: [(_, _, _, &[usize]); 2] = [
        (INN, KPP, "ООО «Ромашка»", &[0, 1]),
        ("7704407589", "770401001", "ООО «Василёк»", &[2]),
    ];
    let account = |(number, (inn, kpp, name, members))| Account {
        id: id(Of::Account, number),
        inn,
        kpp,
        name,
        members,
    };
    (1..).zip(rows).map(account).collect()
}

fn certificates(authority: &mut Authority, foreign: &mut Authority) -> Vec<Certificate> {
    let mut own = |kind, key, method| Certificate {
        kind,
        identity: authority.issue(&DIRECTOR, key),
        owner: 0,
        inn: INN,
        method,
        qualified: true,
        own_authority: true,
    };
    let (dss, sms) = (Some(MessageKind::Push), Some(MessageKind::Sms));
    let known = vec![
        own("dss", KeyName::ExternDss, dss),
        own("sms", KeyName::ExternSms, sms),
        own("dss-encryption", KeyName::ExternDssRsa, dss),
        own("sms-encryption", KeyName::ExternSmsRsa, sms),
        own("expired", KeyName::ExternExpired, dss),
        Certificate {
            qualified: false,
            ..own("not-qualified", KeyName::ExternUnqualified, dss)
        },
        own("iron", KeyName::ExternIron, None),
        Certificate {
            identity: foreign.issue(&DIRECTOR, KeyName::ExternForeign),
            own_authority: false,
            ..own("foreign-ca", KeyName::ExternForeign, dss)
        },
        own("colleague", KeyName::ExternColleague, dss),
    ];
    known
        .into_iter()
        .map(|known| match known.kind {
            "expired" => Certificate {
                identity: authority.issue_expired(&DIRECTOR, KeyName::ExternExpired),
                ..known
            },
            "colleague" => Certificate {
                identity: authority.issue(&ACCOUNTANT, KeyName::ExternColleague),
                owner: 1,
                inn: ACCOUNTANT.inn,
                ..known
            },
            _ => known,
        })
        .collect()
}

/// Extern in its seeded state, and what a world tells about it except for the certificates.
pub(crate) fn seeded(
    authority: &mut Authority,
    users: &[User],
    (options, manner): (&WorldOptions, &Manner),
    now: Moment,
) -> (Extern, ExternInfo) {
    let accounts = accounts();
    let mut foreign = Authority::foreign(authority.signatures(), now);
    let certificates = certificates(authority, &mut foreign);
    let first = users.first();
    let text = |pick: fn(&User) -> &'static str| first.map(pick).unwrap_or_default().to_owned();
    let limits = &options.limits;
    let extern_options = options.extern_options.clone();
    let second = work::second(extern_options.unconfirmed_operation);
    let mut external = Extern {
        options: extern_options,
        certificates,
        official: foreign.issue(&OFFICIAL, KeyName::Stranger),
        drafts: Kept::new(limits.drafts),
        drafts_by_account: BTreeMap::new(),
        docflows: Kept::new(limits.drafts),
        listed: Classes::default(),
        unlisted: BTreeSet::new(),
        documents: Kept::new(limits.contents),
        replies: Kept::new(limits.drafts),
        contents: Contents::new(limits.contents),
        operations: Operations::new(limits.operations, options.code_life, second),
        api_tasks: Kept::new(limits.tasks),
        arrivals: BTreeSet::new(),
        accounts,
    };
    let drafts = drafts(&mut external, manner, now);
    let (replies, encrypted, answerable) = seed_docflows::seed(&mut external, manner);
    let info = ExternInfo {
        client_id: CLIENT_ID.to_owned(),
        api_key: API_KEY.to_owned(),
        login: text(|user| user.login),
        password: text(|user| user.password),
        sid: text(|user| user.sid),
        token: text(|user| user.token),
        account: id(Of::Account, 1),
        certificates: Vec::new(),
        drafts,
        replies,
        encrypted,
        answerable,
    };
    (external, info)
}

/// What a world tells about Extern.
pub(crate) fn describe(
    external: &Extern,
    info: &ExternInfo,
    users: &[User],
    now: Moment,
) -> ExternInfo {
    let certificates = external
        .certificates
        .iter()
        .map(|known| ExternCertificateInfo {
            kind: known.kind.to_owned(),
            thumbprint: known.identity.thumbprint.clone(),
            serial_number: known.serial_number(),
            algorithm: known.identity.key.algorithm().to_owned(),
            owner: users
                .get(known.owner)
                .map(|user| user.login)
                .unwrap_or_default()
                .to_owned(),
            confirmation: known.method.map(|method| {
                match method {
                    MessageKind::Push => "my-dss",
                    MessageKind::Sms => "sms",
                }
                .to_owned()
            }),
            usable: known.owner == 0
                && known.qualified
                && known.usable().is_some()
                && known.identity.is_active(now),
        })
        .collect();
    ExternInfo {
        certificates,
        ..info.clone()
    }
}

fn drafts(external: &mut Extern, manner: &Manner, now: Moment) -> ExternDraftsInfo {
    let mut made = 0;
    let mut draft = |certificate: usize, count: usize, status: &'static str| {
        made += 1;
        let number = made;
        let mut parts: Vec<Part> = (1..=count).map(|at| draft_part(number, at)).collect();
        for part in &parts {
            if let (Some(id), Some(content)) = (&part.content_id, &part.content) {
                external
                    .contents
                    .seed(id, 0, "application/xml", content.whole());
            }
        }
        let identity = external.certificates.get(certificate);
        let thumbprint = identity.map(|known| known.identity.thumbprint.clone());
        if ["signed", "ready-to-send", "sent"].contains(&status)
            && let Some(known) = identity
        {
            for (at, part) in parts.iter_mut().enumerate() {
                let id = id(Of::Signature, number * 16 + at);
                // A signature that cannot be made is a bug that a test of this seed would see.
                part.signature = outcome::signature_of(&known.identity, part, id, now, manner).ok();
            }
        }
        let draft = Draft {
            id: id(Of::Draft, number),
            account: 0,
            certificate: Some(certificate),
            meta: meta(identity),
            // No status of the service says "signed".
            status: if status == "signed" { "new" } else { status },
            parts,
            docflow: (status == "sent").then_some(seed_docflows::FNS),
            ..Draft::default()
        };
        let info = ExternDraftInfo {
            id: draft.id.clone(),
            documents: draft.parts.iter().map(|part| part.id.clone()).collect(),
            certificate: thumbprint.unwrap_or_default(),
        };
        external.add_draft(draft, true);
        info
    };
    ExternDraftsInfo {
        dss: draft(DSS, 3, "new"),
        sms: draft(SMS, 3, "new"),
        signed: draft(DSS, 2, "signed"),
        ready_to_send: draft(DSS, 1, "ready-to-send"),
        sent: draft(SMS, 1, "sent"),
        iron: draft(IRON, 1, "new"),
        foreign_ca: draft(FOREIGN, 1, "new"),
        empty: draft(DSS, 0, "new"),
    }
}

fn meta(certificate: Option<&Certificate>) -> Value {
    let content = certificate.map(|known| base64(&known.identity.der));
    let name = accounts().first().map(|known| known.name);
    json!({
        "sender": {
            "inn": INN,
            "kpp": KPP,
            "name": name,
            "certificate": { "content": content },
            "is-representative": false,
            "ipaddress": "8.8.8.8",
        },
        "recipient": { "ifns-code": "0087" },
        "payer": { "inn": INN, "organization": { "kpp": KPP } },
    })
}

fn draft_part(draft: usize, at: usize) -> Part {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл><Черновик>{draft}</Черновик><Документ>{at}</Документ></Файл>\n"
    );
    Part {
        id: id(Of::DraftDocument, draft * 16 + at),
        kind: Some("urn:document:fns534-report".to_owned()),
        filename: format!("NO_PRIB_0087_0087_{INN}{KPP}_20231114_{draft}-{at}.xml"),
        content_type: "application/xml".to_owned(),
        content: Some(Bytes::from(content).into()),
        content_id: Some(id(Of::Content, draft * 16 + at)),
        ..Part::default()
    }
}

//! Decides who lives in a world and what lies in it from the start.
//!
//! **Invariant:** ids and logins are constants, so a manual can name them; only certificates depend on the day.

use crate::signer::{Authority, Identity, KeyName, Subject};

pub(crate) const API_CLIENT_ID: &str = "podpis-sandbox-client";
pub(crate) const BOX_ID: &str = "d0b3a6c2-1111-4c5e-9a57-0d1ad0c00001";
/// A box of somebody else.
pub(crate) const OTHER_BOX_ID: &str = "d0b3a6c2-1111-4c5e-9a57-0d1ad0c00002";
pub(crate) const MESSAGE_ID: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00001";
pub(crate) const ENTITY_ID: &str = "d0b3a6c2-3333-4c5e-9a57-0d1ad0c00001";
pub(crate) const PATCHED_CONTENT_ID: &str = "d0b3a6c2-4444-4c5e-9a57-0d1ad0c00001";

/// What the other box is called.
pub(crate) const OTHER_TITLE: &str = "ООО «Лютик»";

/// What is known about an organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrganizationSeed {
    pub(crate) id: &'static str,
    pub(crate) inn: &'static str,
    pub(crate) kpp: &'static str,
    pub(crate) name: &'static str,
    pub(crate) full_name: &'static str,
}

/// The organization of the box.
pub(crate) const ORGANIZATION: OrganizationSeed = OrganizationSeed {
    id: "d0b3a6c2-5555-4c5e-9a57-0d1ad0c00001",
    inn: "6676130154",
    kpp: "667601001",
    name: "ООО «Ромашка»",
    full_name: "Общество с ограниченной ответственностью «Ромашка»",
};

/// The organization of the other box.
pub(crate) const OTHER_ORGANIZATION: OrganizationSeed = OrganizationSeed {
    id: "d0b3a6c2-5555-4c5e-9a57-0d1ad0c00002",
    inn: "7811000017",
    kpp: "781101001",
    name: OTHER_TITLE,
    full_name: "Общество с ограниченной ответственностью «Лютик»",
};

/// The department that all others are below.
pub(crate) const HEAD_DEPARTMENT: &str = "00000000-0000-0000-0000-000000000000";

/// A person with logins, a phone and certificates.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: &'static str,
    pub(crate) login: &'static str,
    pub(crate) password: &'static str,
    pub(crate) sid: &'static str,
    pub(crate) token: &'static str,
    pub(crate) name: &'static str,
    pub(crate) phone: &'static str,
    /// What certificates say about the person.
    pub(crate) subject: Subject,
    /// The certificates of CloudSign.
    pub(crate) certificates: Vec<Identity>,
}

const DIRECTOR: Subject = Subject {
    common_name: "Иванова Мария Петровна",
    surname: "Иванова",
    given_name: "Мария Петровна",
    inn: "500100732259",
    snils: "11223344595",
};
const ACCOUNTANT: Subject = Subject {
    common_name: "Сидоров Пётр Алексеевич",
    surname: "Сидоров",
    given_name: "Пётр Алексеевич",
    inn: "773370857141",
    snils: "08765430300",
};
const ARCHIVIST: Subject = Subject {
    common_name: "Ёлкина Ольга Ильинична",
    surname: "Ёлкина",
    given_name: "Ольга Ильинична",
    inn: "366112110000",
    snils: "16012345600",
};
const STRANGER: Subject = Subject {
    common_name: "Чужой Человек",
    surname: "Чужой",
    given_name: "Человек",
    inn: "000000000000",
    snils: "00000000000",
};

#[cfg(test)]
pub(crate) const SUBJECT_FOR_TESTS: Subject = DIRECTOR;

/// The first user is the one that the top of the world's description names.
pub(crate) fn users(authority: &mut Authority) -> Vec<User> {
    vec![
        User {
            id: "d0b3a6c2-7777-4c5e-9a57-0d1ad0c00001",
            login: "director@romashka.example",
            password: "director-password",
            sid: "sandbox-sid-director",
            token: "sandbox-oidc-director",
            name: DIRECTOR.common_name,
            phone: "+79990000001",
            subject: DIRECTOR,
            certificates: vec![
                authority.issue(&DIRECTOR, KeyName::Director),
                authority.issue_expired(&DIRECTOR, KeyName::DirectorExpired),
            ],
        },
        User {
            id: "d0b3a6c2-7777-4c5e-9a57-0d1ad0c00002",
            login: "accountant@romashka.example",
            password: "accountant-password",
            sid: "sandbox-sid-accountant",
            token: "sandbox-oidc-accountant",
            name: ACCOUNTANT.common_name,
            phone: "+79990000002",
            subject: ACCOUNTANT,
            certificates: vec![authority.issue(&ACCOUNTANT, KeyName::Accountant)],
        },
        User {
            id: "d0b3a6c2-7777-4c5e-9a57-0d1ad0c00003",
            login: "archivist@romashka.example",
            password: "archivist-password",
            sid: "sandbox-sid-archivist",
            token: "sandbox-oidc-archivist",
            name: ARCHIVIST.common_name,
            phone: "+79990000003",
            subject: ARCHIVIST,
            certificates: vec![authority.issue(&ARCHIVIST, KeyName::Archivist)],
        },
    ]
}

/// A signer that belongs to nobody, for the fault that signs with another certificate.
pub(crate) fn stranger(authority: &mut Authority) -> Identity {
    authority.issue(&STRANGER, KeyName::Stranger)
}

//! Decides who lives in a world, with which logins.
//!
//! **Invariant:** ids and logins are constants, so a manual can name them; only certificates depend on the day.

use crate::signer::{Authority, Identity, KeyName, Subject};

/// The only client id (developer key) that Diadoc knows.
pub(crate) const API_CLIENT_ID: &str = "podpis-sandbox-client";
/// The only client id that the identity service knows beside it.
pub(crate) const CLIENT_ID: &str = "podpis-sandbox-extern";
/// `client_secret` of the identity service, and `X-Kontur-Apikey`.
pub(crate) const API_KEY: &str = "e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001";

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

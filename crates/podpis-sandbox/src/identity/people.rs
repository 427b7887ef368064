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

/// The words about a person: the whole name, the parts of it, the numbers.
const fn subject(name: [&'static str; 3], [inn, snils]: [&'static str; 2]) -> Subject {
    let [common_name, surname, given_name] = name;
    Subject {
        common_name,
        surname,
        given_name,
        inn,
        snils,
    }
}

pub(crate) const DIRECTOR: Subject = subject(
    ["Иванова Мария Петровна", "Иванова", "Мария Петровна"],
    ["500100732259", "11223344595"],
);
pub(crate) const ACCOUNTANT: Subject = subject(
    ["Сидоров Пётр Алексеевич", "Сидоров", "Пётр Алексеевич"],
    ["773370857141", "08765430300"],
);
const ARCHIVIST: Subject = subject(
    ["Ёлкина Ольга Ильинична", "Ёлкина", "Ольга Ильинична"],
    ["366112110000", "16012345600"],
);
const STRANGER: Subject = subject(
    ["Чужой Человек", "Чужой", "Человек"],
    ["000000000000", "00000000000"],
);

/// Whoever has a post is known by it everywhere.
macro_rules! user {
    ($number:literal, $post:literal, $subject:ident, $certificates:expr) => {
        User {
            id: concat!("d0b3a6c2-7777-4c5e-9a57-0d1ad0c0000", $number),
            login: concat!($post, "@romashka.example"),
            password: concat!($post, "-password"),
            sid: concat!("sandbox-sid-", $post),
            token: concat!("sandbox-oidc-", $post),
            name: $subject.common_name,
            phone: concat!("+7999000000", $number),
            subject: $subject,
            certificates: $certificates,
        }
    };
}

/// The first user is the one that the top of the world's description names.
pub(crate) fn users(authority: &mut Authority) -> Vec<User> {
    let first = vec![
        authority.issue(&DIRECTOR, KeyName::Director),
        authority.issue_expired(&DIRECTOR, KeyName::DirectorExpired),
    ];
    let second = vec![authority.issue(&ACCOUNTANT, KeyName::Accountant)];
    let third = vec![authority.issue(&ARCHIVIST, KeyName::Archivist)];
    vec![
        user!(1, "director", DIRECTOR, first),
        user!(2, "accountant", ACCOUNTANT, second),
        user!(3, "archivist", ARCHIVIST, third),
    ]
}

/// A signer that belongs to nobody, for the fault that signs with another certificate.
pub(crate) fn stranger(authority: &mut Authority) -> Identity {
    authority.issue(&STRANGER, KeyName::Stranger)
}

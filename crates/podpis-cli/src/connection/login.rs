//! Decides as whom a service is talked to.
//!
//! The token wins; else client, login and password log in, with a key where the service has one. Where none of them says who,
//! it is the login that podpis login has kept.
//!
//! **Invariant:** seeded values go to the sandbox that they came from and to nobody else.

use podpis::Thumbprint;
use podpis::secret::Token;

use crate::environment;
use crate::failure::Failure;

/// The variables that a login is read from.
#[derive(Debug)]
pub(crate) struct Variables {
    pub(crate) token: &'static str,
    pub(crate) client: &'static str,
    /// None where the service asks for none.
    pub(crate) key: Option<&'static str>,
    pub(crate) login: &'static str,
    pub(crate) password: &'static str,
}

/// A whole login.
pub(crate) enum Credentials {
    Token(Token),
    Person {
        client: String,
        /// Empty where the service asks for none.
        key: String,
        login: String,
        password: String,
    },
}

/// What a sandbox shows of those who may log in.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) client: String,
    pub(crate) key: String,
    /// Who logs in unless somebody else is named.
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) people: Vec<Person>,
}

/// Somebody whom a sandbox knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub(crate) token: String,
    pub(crate) login: String,
    pub(crate) password: String,
    /// The number of the phone, if it is known.
    pub(crate) phone: Option<String>,
    /// The certificate for CloudSign.
    pub(crate) certificate: Option<Thumbprint>,
    /// The certificate for DssSign.
    pub(crate) dss_certificate: Option<Thumbprint>,
}

impl Known {
    fn by_login(&self, login: &str) -> Option<&Person> {
        let mut people = self.people.iter();
        people.find(|person| person.login.eq_ignore_ascii_case(login))
    }

    fn by_token(&self, token: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.token == token)
    }
}

/// The login as the environment gives it.
pub(super) struct Given {
    token: Option<String>,
    client: Option<String>,
    key: Option<String>,
    login: Option<String>,
    password: Option<String>,
}

impl Given {
    pub(super) fn read(from: &Variables) -> Result<Self, Failure> {
        Ok(Self {
            token: environment::value(from.token)?,
            client: environment::value(from.client)?,
            key: match from.key {
                Some(name) => environment::value(name)?,
                None => Some(String::new()),
            },
            login: environment::value(from.login)?,
            password: environment::value(from.password)?,
        })
    }

    /// Whether it says who logs in, which a kept login gives way to.
    pub(super) fn names_somebody(&self) -> bool {
        self.token.is_some() || self.login.is_some() || self.password.is_some()
    }

    /// The login, if all of it is there; else the names of what is missing.
    pub(super) fn complete(self, from: &Variables) -> Result<Credentials, String> {
        if let Some(token) = self.token {
            return Ok(Credentials::Token(Token::new(token)));
        }
        match (self.client, self.key, self.login, self.password) {
            (Some(client), Some(key), Some(login), Some(password)) => Ok(Credentials::Person {
                client,
                key,
                login,
                password,
            }),
            (client, key, login, password) => {
                let missing: Vec<&str> = [
                    (Some(from.client), client),
                    (from.key, key),
                    (Some(from.login), login),
                    (Some(from.password), password),
                ]
                .into_iter()
                .filter_map(|(name, value)| name.filter(|_| value.is_none()))
                .collect();
                Err(missing.join(", "))
            }
        }
    }

    /// Nothing but what this sandbox has shown to anybody who asked.
    pub(super) fn only_of(self, known: &Known) -> Self {
        let password = self.password;
        let is_theirs = |person: &Person| {
            let mut given = password.iter();
            given.all(|given| *given == person.password)
        };
        Self {
            token: self.token.filter(|token| known.by_token(token).is_some()),
            client: None,
            key: None,
            login: self
                .login
                .filter(|login| known.by_login(login).is_some_and(is_theirs)),
            password: None,
        }
    }

    /// The login with what is missing from the sandbox, and who that is.
    pub(super) fn seeded(self, known: &Known) -> (Credentials, Option<&Person>) {
        if let Some(token) = self.token {
            let person = known.by_token(&token);
            return (Credentials::Token(Token::new(token)), person);
        }
        let login = self.login.unwrap_or_else(|| known.login.clone());
        let person = known.by_login(&login);
        let own = || person.map_or(&known.password, |person| &person.password);
        let credentials = Credentials::Person {
            client: self.client.unwrap_or_else(|| known.client.clone()),
            key: self.key.unwrap_or_else(|| known.key.clone()),
            password: self.password.unwrap_or_else(|| own().clone()),
            login,
        };
        (credentials, person)
    }
}

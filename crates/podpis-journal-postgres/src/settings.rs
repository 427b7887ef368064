//! Decides where the database is and how it is talked to.
//!
//! **Invariant:** a password is never printed, and a server on another machine is talked to by verified TLS unless the
//! address says `sslmode=disable`.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::PostgresError;

/// The longest name that PostgreSQL keeps whole, in bytes, and room for the endings of what is named after it.
const LONGEST_SCHEMA: usize = 48;

/// Where the journal is, and how patient it is.
///
/// Made from an address such as `postgres://user:password@host:5432/database?sslrootcert=/etc/ca.pem`. Besides the
/// parameters of `tokio-postgres` it may have `sslmode`, `sslrootcert` (the only authorities that are trusted then) and
/// `schema`.
#[derive(Clone)]
pub struct PostgresSettings {
    pub(crate) config: Config,
    pub(crate) roots: Option<PathBuf>,
    pub(crate) schema: String,
    pub(crate) connections: usize,
    pub(crate) lease: Duration,
    pub(crate) statement: Duration,
    pub(crate) patience: Duration,
    pub(crate) migrate: bool,
    pub(crate) direct: Option<Config>,
}

impl PostgresSettings {
    /// The password, where it should not stand in the address.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.config.password(password);
        if let Some(direct) = &mut self.direct {
            direct.password(password);
        }
        self
    }

    /// Whether the address has a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// The schema of the database that holds the journal's tables, `podpis` unless given: 1 to 48 of `a-z`, `0-9` and
    /// `_`, the first a letter.
    ///
    /// # Errors
    /// When it is not such a name.
    pub fn schema(mut self, name: &str) -> Result<Self, PostgresError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let first = name
            .bytes()
            .next()
            .is_some_and(|it| it.is_ascii_lowercase());
        if !first || name.len() > LONGEST_SCHEMA || !name.bytes().all(allowed) {
            return Err(PostgresError::Address(format!(
                "a schema has 1 to {LONGEST_SCHEMA} characters of a-z, 0-9 and _, the first a letter"
            )));
        }
        name.clone_into(&mut self.schema);
        Ok(self)
    }

    /// At most this many connections at once, 8 unless given; at least one.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.max(1);
        self
    }

    /// The lease of a claim that asks for none, a minute unless given. Runs renew it while they are driven.
    #[must_use]
    pub fn lease(mut self, length: Duration) -> Self {
        self.lease = length;
        self
    }

    /// How long one statement may take before its connection is given up, 10 seconds unless given.
    #[must_use]
    pub fn statement_timeout(mut self, length: Duration) -> Self {
        self.statement = length;
        self
    }

    /// For how long a failing server is tried again before a call fails, 30 seconds unless given: longer than a restart
    /// takes.
    #[must_use]
    pub fn patience(mut self, length: Duration) -> Self {
        self.patience = length;
        self
    }

    /// Whether missing and older tables are made and brought up to date, which they are unless given.
    #[must_use]
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// An address that leads to the server itself and not to a pooler: by it [`crate::Work`] hears of new work at once.
    /// TLS is that of the other address.
    ///
    /// # Errors
    /// When it is not an address.
    pub fn listening_at(mut self, direct: &str) -> Result<Self, PostgresError> {
        let other: Self = direct.parse()?;
        self.direct = Some(other.config);
        Ok(self)
    }

    /// The same for an address that is a direct one already.
    #[must_use]
    pub fn listening(mut self) -> Self {
        self.direct = Some(self.config.clone());
        self
    }

    /// The database, for people.
    pub(crate) fn place(&self) -> String {
        place(&self.config, &self.schema)
    }
}

fn place(config: &Config, schema: &str) -> String {
    let ports = config.get_ports();
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(number, host)| {
            let port = ports.get(number).or(ports.first()).copied();
            match host {
                Host::Tcp(name) => format!("{name}:{}", port.unwrap_or(5432)),
                #[cfg(unix)]
                Host::Unix(path) => path.display().to_string(),
            }
        })
        .collect();
    let database = config.get_dbname().or(config.get_user());
    format!(
        "postgres://{}/{} (schema {schema})",
        hosts.join(","),
        database.unwrap_or_default()
    )
}

impl FromStr for PostgresSettings {
    type Err = PostgresError;

    fn from_str(address: &str) -> Result<Self, PostgresError> {
        let refused = |why: &str| PostgresError::Address(why.to_owned());
        if !is_address(address) {
            return Err(refused("it does not begin with postgres://"));
        }
        let (base, query) = address.split_once('?').unwrap_or((address, ""));
        let (mut kept, mut mode, mut roots, mut schema) = (Vec::new(), None, None, None);
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let pair = url::form_urlencoded::parse(part.as_bytes()).next();
            let (name, value) = pair.ok_or_else(|| refused("a parameter has no name"))?;
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(&*value)),
                "schema" => schema = Some(value.into_owned()),
                _ => kept.push(part),
            }
        }
        let text = match kept[..] {
            [] => base.to_owned(),
            _ => format!("{base}?{}", kept.join("&")),
        };
        let mut config: Config = text.parse().map_err(PostgresError::address)?;
        if config.get_hosts().is_empty() {
            return Err(refused("it names no host"));
        }
        let verified = match mode.as_deref() {
            None => !config.get_hosts().iter().all(is_here),
            Some("disable") => false,
            // Whoever would rather have TLS gets it, or an error.
            Some("prefer" | "require" | "verify-ca" | "verify-full") => true,
            Some(_) => {
                return Err(refused(
                    "sslmode is disable, prefer, require, verify-ca or verify-full",
                ));
            }
        };
        config.ssl_mode(if verified {
            SslMode::Require
        } else {
            SslMode::Disable
        });
        if config.get_application_name().is_none() {
            config.application_name("podpis");
        }
        let settings = Self {
            config,
            roots,
            schema: "podpis".to_owned(),
            connections: 8,
            lease: Duration::from_secs(60),
            statement: Duration::from_secs(10),
            patience: Duration::from_secs(30),
            migrate: true,
            direct: None,
        };
        match schema {
            Some(name) => settings.schema(&name),
            None => Ok(settings),
        }
    }
}

/// Whether a text is meant as the address of a PostgreSQL database.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// Whether what is said to this host stays on this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Prints the place and nothing of the password.
impl fmt::Debug for PostgresSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresSettings")
            .field(&self.place())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(address: &str) -> PostgresSettings {
        address.parse().unwrap()
    }

    #[test]
    fn a_password_is_not_printed() {
        let address = "postgres://me:secret@db.example:6000/signatures?schema=mine";
        let settings = settings(address);
        assert!(settings.has_password());
        assert_eq!(
            format!("{settings:?}"),
            "PostgresSettings(\"postgres://db.example:6000/signatures (schema mine)\")"
        );
        for bad in [
            "postgres://me:secret@db.example:port/x",
            "postgres://me:secret@/x?sslmode=maybe",
            "postgres://me:secret@h/x?unknown=secret",
            "mysql://me:secret@h/x",
        ] {
            let error = bad.parse::<PostgresSettings>().unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("secret"), "{shown}");
        }
    }

    #[test]
    fn other_machines_are_talked_to_by_tls_unless_it_is_switched_off() {
        for (address, mode) in [
            ("postgres://u@db.example/x", SslMode::Require),
            ("postgres://u@db.example/x?sslmode=prefer", SslMode::Require),
            (
                "postgres://u@10.0.0.1/x?sslmode=verify-full",
                SslMode::Require,
            ),
            ("postgres://u@localhost,db.example/x", SslMode::Require),
            (
                "postgres://u@db.example/x?sslmode=disable",
                SslMode::Disable,
            ),
            ("postgres://u@127.0.0.1/x", SslMode::Disable),
            ("postgres://u@localhost/x?sslmode=require", SslMode::Require),
            ("postgresql:///x?host=/run/postgresql", SslMode::Disable),
        ] {
            assert_eq!(settings(address).config.get_ssl_mode(), mode, "{address}");
        }
    }

    #[test]
    fn a_schema_is_a_plain_name() {
        for bad in ["", "Podpis", "1a", "a\"b", "a b", "a-b", &"a".repeat(49)] {
            let settings = settings("postgres://u@localhost/x");
            assert!(settings.schema(bad).is_err(), "{bad}");
        }
    }
}

//! Diadoc as a service to connect to, and the box in it.
//!
//! **Invariant:** a box that is none is told before anything else, also where none is needed.

use clap::Args;
use podpis::core::login::SharedCredentials;
use podpis::diadoc::BoxId;
use podpis::diadoc::organizations::Organization;
use podpis::operation::Claim;
use podpis::secret::{ApiClientId, Password, Token};
use podpis::{AnyRun, BaseUrl, Diadoc, DiadocLogin, Error, Podpis, ReqwestTransport, diadoc};
use podpis_sandbox::{DiadocInfo, WorldInfo};

use super::login::{Credentials, Known, Person, Variables};
use super::{Connection, Service, ServiceArguments, Waiting, watched};
use crate::environment::{self, BASE_URL, BOX, CLIENT_ID, LOGIN, PASSWORD, TOKEN, parse};
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::output::Output;
use crate::profile::ServiceName;

// What every command that talks to Diadoc takes.
#[derive(Debug, Args)]
pub(crate) struct DiadocArguments {
    #[command(flatten)]
    pub(crate) service: ServiceArguments,

    /// Box of the organization: a GUID, or 32 hexadecimal digits with @diadoc.ru; DIADOC_BOX unless given, else the
    /// only one that the user has
    #[arg(long = "box", value_name = "BOX")]
    box_id: Option<String>,
}

impl DiadocArguments {
    /// The box that was named.
    pub(crate) fn in_box(&self) -> Result<Option<BoxId>, Failure> {
        match (&self.box_id, environment::value(BOX)?) {
            (Some(id), _) => parse("--box", id).map(Some),
            (None, Some(id)) => parse(BOX, &id).map(Some),
            (None, None) => Ok(None),
        }
    }
}

impl Service for Diadoc {
    const NAME: ServiceName = ServiceName::Diadoc;
    const ADDRESS: (&'static str, &'static str) = (BASE_URL, diadoc::PRODUCTION);
    const LOGIN: Variables = Variables {
        token: TOKEN,
        client: CLIENT_ID,
        key: None,
        login: LOGIN,
        password: PASSWORD,
    };
    type Login = DiadocLogin;
    type Seeded = DiadocInfo;

    fn missing(names: String) -> Message {
        Message::MissingCredentials(names)
    }

    fn nobody() -> DiadocLogin {
        DiadocLogin::bearer(&Token::new(""))
    }

    fn kept(credentials: SharedCredentials) -> DiadocLogin {
        DiadocLogin::other(credentials)
    }

    fn login(
        credentials: Credentials,
        _sandbox: Option<&BaseUrl>,
        _transport: &ReqwestTransport,
    ) -> Result<DiadocLogin, Failure> {
        Ok(match credentials {
            Credentials::Token(token) => DiadocLogin::bearer(&token),
            Credentials::Person {
                client,
                login,
                password,
                ..
            } => DiadocLogin::password(ApiClientId::new(client), login, Password::new(password)),
        })
    }

    fn seeded(world: WorldInfo) -> DiadocInfo {
        world.diadoc
    }

    fn known(world: &DiadocInfo) -> Known {
        let first = world.certificate.parse().ok();
        let person = |user: &podpis_sandbox::UserInfo| Person {
            token: user.token.clone(),
            login: user.login.clone(),
            password: user.password.clone(),
            phone: Some(user.phone.clone()),
            certificate: first.filter(|_| user.login == world.login),
            dss_certificate: user
                .dss_certificate
                .as_deref()
                .and_then(|text| text.parse().ok()),
        };
        Known {
            client: world.api_client_id.clone(),
            key: String::new(),
            login: world.login.clone(),
            password: world.password.clone(),
            people: world.users.iter().map(person).collect(),
        }
    }

    fn client(at: &Connection<Self>, waiting: Option<Waiting<'_>>) -> Self {
        let client = Diadoc::builder(at.base.clone(), at.login.clone(), at.transport.clone());
        watched!(client, at, waiting)
    }

    fn resume<'j>(&self, claim: Claim<'j>) -> Result<AnyRun<'j>, Error> {
        Podpis::new().with_diadoc(self.clone()).resume(claim)
    }
}

impl Connection<Diadoc> {
    /// The box: the one that was named, the seeded one, or the only one of the user, who is told so.
    pub(crate) async fn in_box(
        &self,
        named: Option<BoxId>,
        output: Output,
    ) -> Result<BoxId, Failure> {
        if let Some(named) = named {
            return Ok(named);
        }
        if let Some(seeded) = self.seeded() {
            return parse(BOX, &seeded.box_id);
        }
        let organizations = self.reader().organizations().await?;
        let box_of = |one: &Organization| one.box_id().cloned();
        match &organizations[..] {
            [only] if only.boxes.len() == 1 && box_of(only).is_some() => {
                let found = box_of(only).ok_or_else(|| missing_box(1))?;
                let message = DiadocMessage::UsingBox {
                    in_box: found.to_string(),
                    organization: only.full_name.clone(),
                };
                output.say(&message.into());
                Ok(found)
            }
            several => Err(missing_box(several.len())),
        }
    }
}

fn missing_box(organizations: usize) -> Failure {
    Failure::usage(DiadocMessage::MissingBox { organizations }.into())
}

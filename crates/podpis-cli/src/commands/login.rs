//! `podpis login`: a person logs in once, and the commands after it need no variable.
//!
//! **Invariant:** no secret is an argument, and none is printed; what is kept is kept under the lock of the login, and the
//! settings get the address alone.

use std::time::Duration;

use clap::Args;
use podpis::core::login::oidc::{OidcProvider, Tokens, identity};
use podpis::core::wait::Deadline;
use podpis::{BaseUrl, Diadoc, Extern, ReqwestTransport};
use podpis_sandbox::WorldInfo;
use serde_json::json;

use crate::address::configured;
use crate::connection::{Connection, Service, ServiceArguments};
use crate::environment::{
    self, API_KEY, CLIENT_ID, EXTERN_ACCOUNT, EXTERN_API_KEY, EXTERN_CLIENT_ID,
    EXTERN_IDENTITY_URL, IDENTITY_URL, parse, person_at_terminal,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::login::{Browser, Client, Kept, Place, Stored};
use crate::messages::{LoginMessage, Message};
use crate::moment;
use crate::output::Output;
use crate::profile::{self, ProfileArguments, ServiceName, SettingsFile};
use crate::sandbox::{self, Found, SandboxControl};

/// Where `podpis sandbox` listens unless told otherwise.
const SANDBOX: &str = "http://127.0.0.1:8787";

#[derive(Debug, Args)]
pub(crate) struct LoginArguments {
    /// Which service to log in to
    #[arg(long, value_enum, default_value_t = ServiceName::Diadoc)]
    service: ServiceName,

    /// Log in to the sandbox that podpis sandbox runs in another terminal, at --base-url or http://127.0.0.1:8787
    #[arg(long)]
    sandbox: bool,

    /// Address of the service; DIADOC_BASE_URL, for Extern EXTERN_BASE_URL, or production unless given
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Log in by a browser on this machine, in place of a page on any device
    #[arg(long, conflicts_with = "yes")]
    browser: bool,

    /// The address, registered for the program, at which it waits for the browser; a free port of 127.0.0.1 unless given
    #[arg(long, value_name = "URL", requires = "browser")]
    redirect: Option<String>,

    /// How long to wait for the person, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    timeout: u64,

    /// Confirm for the person on the phone of the sandbox. Refused for any other service
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    _profile: ProfileArguments,
}

/// Logs in.
pub(crate) async fn run(arguments: LoginArguments, output: Output) -> Result<Exit, Failure> {
    let service = arguments.service;
    let address = match service {
        ServiceName::Diadoc => Diadoc::ADDRESS,
        ServiceName::Extern => Extern::ADDRESS,
    };
    let base = address_of(&arguments, address)?;
    let url = shown(&base);
    let transport = ReqwestTransport::new().map_err(Failure::setup)?;
    let found = sandbox::look(&base, &transport).await?;
    let at_sandbox = match found {
        Found::Sandbox(control, world) => {
            output.say(&Message::UsingSandbox(url.clone()));
            Some((control, world))
        }
        Found::Nothing(error) if arguments.sandbox => {
            let message = LoginMessage::NoSandbox(url);
            return Err(Failure::failed("no_answer", message.into()).with_source(error));
        }
        _ if arguments.sandbox => {
            return Err(Failure::failed(
                "no_answer",
                LoginMessage::NoSandbox(url).into(),
            ));
        }
        _ if arguments.yes => return Err(Failure::usage(Message::YesNeedsSandbox(url))),
        _ => None,
    };
    let client = client(
        service,
        &base,
        at_sandbox.as_ref().map(|(_, world)| &**world),
        output,
    )?;
    let provider = client.provider(&transport)?;
    let place = Place::required(service, output)?;
    let longest = Duration::from_secs(arguments.timeout * 60);
    let tokens = if arguments.browser {
        by_browser(&provider, arguments.redirect.as_deref(), longest, output).await?
    } else {
        let control = at_sandbox.as_ref().map(|(control, _)| control);
        let confirms = control.filter(|_| arguments.yes);
        by_device(&provider, confirms, longest, output).await?
    };
    let kept = Kept::of(&tokens, &client, url.clone(), moment::now());
    let lock = place.lock().await?;
    let stored = place.write(&kept, &lock).await?;
    drop(lock);
    remember(service, address, &base, &client, at_sandbox.is_some())?;
    if service == ServiceName::Extern {
        remember_account(&base, output).await?;
    }
    tell(
        service,
        url,
        &stored,
        kept.refresh_token().is_some(),
        output,
    )?;
    Ok(Exit::Done)
}

/// Where to log in. That a profile was used with a sandbox before does not keep it there.
fn address_of(
    arguments: &LoginArguments,
    address: (&'static str, &'static str),
) -> Result<BaseUrl, Failure> {
    if arguments.base_url.is_some() {
        return configured(address, arguments.base_url.as_deref());
    }
    let (variable, production) = address;
    let set = configured(address, None)?;
    match (arguments.sandbox, set.is_loopback()) {
        (true, false) => parse("--sandbox", SANDBOX),
        (false, true) if environment::is_of_profile(variable) => parse(variable, production),
        _ => Ok(set),
    }
}

fn tell(
    service: ServiceName,
    url: String,
    stored: &Stored,
    is_renewed: bool,
    output: Output,
) -> Result<(), Failure> {
    let profile = profile::name().to_owned();
    let service = service.as_str();
    let (place, kept) = match stored {
        #[cfg(feature = "key-ring")]
        Stored::KeyRing => ("key_ring", LoginMessage::KeptInKeyRing),
        Stored::File(path) => ("file", LoginMessage::KeptInFile(path.clone())),
    };
    output.result(&json!({
        "service": service,
        "profile": profile,
        "base_url": url,
        "kept_in": place,
    }))?;
    let message = LoginMessage::LoggedIn {
        service,
        profile,
        url,
    };
    output.say(&message.into());
    output.say(&kept.into());
    if !is_renewed {
        output.say(&LoginMessage::NoRefresh.into());
    }
    Ok(())
}

/// Who the program is to the identity service.
fn client(
    service: ServiceName,
    base: &BaseUrl,
    world: Option<&WorldInfo>,
    output: Output,
) -> Result<Client, Failure> {
    let (id_name, key_name, identity_name) = match service {
        ServiceName::Diadoc => (CLIENT_ID, API_KEY, IDENTITY_URL),
        ServiceName::Extern => (EXTERN_CLIENT_ID, EXTERN_API_KEY, EXTERN_IDENTITY_URL),
    };
    // A sandbox is its own identity service, and is told nothing that is for another.
    if let Some(world) = world {
        let (id, key) = match service {
            ServiceName::Diadoc => (&world.diadoc.api_client_id, &world.extern_.api_key),
            ServiceName::Extern => (&world.extern_.client_id, &world.extern_.api_key),
        };
        return Ok(Client::of(service, base.clone(), id.clone(), key.clone()));
    }
    let identity = match environment::plain(identity_name)? {
        Some(url) => parse(identity_name, &url)?,
        None => parse(identity_name, identity::PRODUCTION)?,
    };
    let (id, key) = (environment::value(id_name)?, environment::value(key_name)?);
    let (id, key) = match (id, key) {
        (Some(id), Some(key)) => (id, key),
        (id, key) if person_at_terminal() => (
            id.map_or_else(|| asked(LoginMessage::AskClient, false, output), Ok)?,
            key.map_or_else(|| asked(LoginMessage::AskKey, true, output), Ok)?,
        ),
        (id, key) => {
            let missing = [(id_name, id), (key_name, key)];
            let missing = missing.iter().filter(|(_, value)| value.is_none());
            let names: Vec<&str> = missing.map(|(name, _)| *name).collect();
            let message = LoginMessage::ClientMissing(names.join(", "));
            return Err(Failure::usage(message.into()));
        }
    };
    Ok(Client::of(service, identity, id, key))
}

/// Asks at the terminal.
fn asked(question: LoginMessage, is_secret: bool, output: Output) -> Result<String, Failure> {
    let question = output.text(&question.into());
    let answer = if is_secret {
        let question = inquire::Password::new(&question).without_confirmation();
        question.prompt()
    } else {
        inquire::Text::new(&question).prompt()
    };
    let answer = answer
        .map_err(|error| Failure::failed("prompt", Message::CodeCancelled).with_source(error))?;
    Ok(answer.trim().to_owned())
}

async fn by_device(
    provider: &OidcProvider,
    confirms: Option<&SandboxControl>,
    longest: Duration,
    output: Output,
) -> Result<Tokens, Failure> {
    let login = provider.start_device().await?;
    let page = login.verification_uri_complete();
    let page = page.unwrap_or_else(|| login.verification_uri());
    let code = login.user_code().to_owned();
    output.say(&LoginMessage::OpenPage.into());
    output.line(page.as_str());
    output.say(&LoginMessage::Code(code.clone()).into());
    match confirms {
        Some(control) => confirm(control, &code, output).await?,
        None => output.say(&LoginMessage::Confirming.into()),
    }
    Ok(login.wait(Deadline::after(longest)).await?)
}

/// Confirms the login with this code on the phone of a sandbox.
async fn confirm(control: &SandboxControl, code: &str, output: Output) -> Result<(), Failure> {
    let messages = control.messages().await?;
    let push = messages.iter().rev().find(|one| one.text.contains(code));
    if let Some(push) = push
        && control.confirm(&push.operation).await
    {
        output.say(&Message::ConfirmedOnPhone);
    }
    Ok(())
}

async fn by_browser(
    provider: &OidcProvider,
    redirect: Option<&str>,
    longest: Duration,
    output: Output,
) -> Result<Tokens, Failure> {
    let browser = Browser::listen(redirect).await?;
    let login = provider.authorize(browser.redirect())?;
    output.say(&LoginMessage::OpenBrowser.into());
    output.line(login.url().as_str());
    let query = browser.query(login.state(), longest, output).await?;
    Ok(login.finish(&query).await?)
}

/// Notes where the login is for, so that the next command finds it without a variable. What was noted of another address
/// is not true of this one.
fn remember(
    service: ServiceName,
    (variable, production): (&'static str, &str),
    base: &BaseUrl,
    client: &Client,
    is_sandbox: bool,
) -> Result<(), Failure> {
    let Some(file) = SettingsFile::find() else {
        return Ok(());
    };
    let named = |url: &BaseUrl, usual: &str| Some(shown(url)).filter(|url| url != usual);
    let base_url = named(base, production);
    let identity = named(&client.identity, identity::PRODUCTION).filter(|_| !is_sandbox);
    let mut changes = vec![
        (service, "base_url", base_url.clone()),
        (service, "identity_url", identity),
    ];
    let before = profile::value(variable).unwrap_or(production);
    if before != shown(base) {
        changes.push(match service {
            ServiceName::Diadoc => (service, "box", None),
            ServiceName::Extern => (service, "account", None),
        });
    }
    // The other service is in the same sandbox, and not in one that is left.
    let (other, its_variable) = match service {
        ServiceName::Diadoc => (ServiceName::Extern, Extern::ADDRESS.0),
        ServiceName::Extern => (ServiceName::Diadoc, Diadoc::ADDRESS.0),
    };
    let its_url = profile::value(its_variable).and_then(|url| url.parse::<BaseUrl>().ok());
    if is_sandbox {
        changes.push((other, "base_url", base_url.clone()));
    } else if its_url.is_some_and(|url| url.is_loopback()) {
        changes.push((other, "base_url", None));
    }
    let is_news = changes.iter().any(|(_, _, value)| value.is_some());
    if is_news || file.is_there() {
        file.set(profile::name(), &changes)?;
    }
    Ok(())
}

/// Notes the account, where the user has one and no other was named.
async fn remember_account(base: &BaseUrl, output: Output) -> Result<(), Failure> {
    let Some(file) = SettingsFile::find() else {
        return Ok(());
    };
    if environment::is_set(EXTERN_ACCOUNT) {
        return Ok(());
    }
    let arguments = ServiceArguments::at(&shown(base));
    let connection = Connection::<Extern>::open(&arguments, output).await?;
    let accounts = connection.reader().accounts().await?;
    if let [only] = &accounts[..]
        && let Some(id) = &only.id
    {
        let account = Some(id.to_string());
        file.set(
            profile::name(),
            &[(ServiceName::Extern, "account", account)],
        )?;
    }
    Ok(())
}

/// The address without the slash behind it.
fn shown(url: &BaseUrl) -> String {
    url.as_url().as_str().trim_end_matches('/').to_owned()
}

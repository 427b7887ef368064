//! One service, from its address to its login.
//!
//! **Invariant:** a step is taken only where the one before it went well: a login that could not be sent is not a wrong one.

use podpis::{BaseUrl, Error, ErrorKind};

use super::finding::Findings;
use super::probe::{Clock, Probed, probe};
use super::{address_variable, proxy, roots};
use crate::address::configured;
use crate::connection::{Connection, Service, ServiceArguments};
use crate::failure::Failure;
use crate::login;
use crate::messages::{Check, DoctorMessage};
use crate::profile::ServiceName;

/// Clocks that are further apart than this, in seconds, judge certificates and tokens wrongly.
const APART: u64 = 300;

/// Looks at how the service is reached, and gives the connection to go on with. `sandbox` is the address of the one that was
/// started for this; `later` is what cannot be looked at without a connection.
pub(super) async fn reach<S: Service>(
    sandbox: Option<&str>,
    later: &[Check],
    findings: &mut Findings<'_>,
) -> Result<Option<Connection<S>>, Failure> {
    let variable = address_variable::<S>();
    let base = match configured(S::ADDRESS, sandbox) {
        Ok(base) => base,
        Err(failure) => {
            let wrong = DoctorMessage::AddressWrong(variable);
            let example = S::ADDRESS.1;
            let advice = DoctorMessage::SetAddress { variable, example };
            let why = failure
                .cause()
                .map_or_else(String::new, ToString::to_string);
            let why = std::io::Error::other(why);
            findings.problem_because(Check::Address, wrong, &why, advice)?;
            findings.skipped(&[Check::Proxy, Check::Tls, Check::Clock])?;
            findings.skipped(later)?;
            return Ok(None);
        }
    };
    if !(proxy::examine(&base, findings).await? && answers(&base, findings).await?) {
        findings.skipped(later)?;
        return Ok(None);
    }
    let arguments = ServiceArguments::at(base.as_url().as_str());
    match Connection::open(&arguments, findings.output()).await {
        Ok(connection) => Ok(Some(connection)),
        Err(failure) => {
            findings.failure(Check::Login, &failure, log_in(S::NAME))?;
            findings.skipped(rest(later))?;
            Ok(None)
        }
    }
}

/// What the first call that needs a login gave; none when it failed, which was told.
pub(super) fn logged_in<T>(
    service: ServiceName,
    first: Result<T, Error>,
    later: &[Check],
    findings: &mut Findings<'_>,
) -> Result<Option<T>, Failure> {
    let error = match first {
        Ok(found) => {
            findings.fine(Check::Login, DoctorMessage::LoggedIn)?;
            return Ok(Some(found));
        }
        Err(error) => error,
    };
    let status = error.service().map(|answer| answer.status.as_u16());
    let is_refused = matches!(error.kind(), ErrorKind::Login | ErrorKind::InvalidInput)
        || matches!(status, Some(401 | 403));
    let advice = if is_refused {
        log_in(service)
    } else {
        DoctorMessage::TryAgain
    };
    findings.failure(Check::Login, &Failure::from(error), advice)?;
    findings.skipped(rest(later))?;
    Ok(None)
}

/// The checks behind the login.
fn rest(later: &[Check]) -> &[Check] {
    later.get(1..).unwrap_or_default()
}

fn log_in(service: ServiceName) -> DoctorMessage {
    DoctorMessage::LogIn(login::command(service))
}

/// Asks it once without a login.
async fn answers(base: &BaseUrl, findings: &mut Findings<'_>) -> Result<bool, Failure> {
    let url = base.as_url().as_str().trim_end_matches('/').to_owned();
    let verified = match base.as_url().scheme() {
        "https" => match roots::examine(findings)? {
            Some(verified) => verified,
            None => {
                findings.skipped(&[Check::Address, Check::Clock])?;
                return Ok(false);
            }
        },
        _ => DoctorMessage::NoTls,
    };
    let (found, error, advice) = match probe(base).await? {
        Probed::Answered(clock) => {
            findings.fine(Check::Address, DoctorMessage::Answers(url))?;
            findings.fine(Check::Tls, verified)?;
            tell_clock(clock, findings)?;
            return Ok(true);
        }
        Probed::NotTrusted(error) => {
            findings.fine(Check::Address, DoctorMessage::Answers(url))?;
            let (found, advice) = (DoctorMessage::NotTrusted, DoctorMessage::TrustRoots);
            findings.problem_because(Check::Tls, found, &error, advice)?;
            findings.skipped(&[Check::Clock])?;
            return Ok(false);
        }
        Probed::UnknownHost(error) => (
            DoctorMessage::UnknownHost(url),
            error,
            DoctorMessage::CheckName,
        ),
        Probed::Refused(error) => (DoctorMessage::Refused(url), error, DoctorMessage::CheckPort),
        Probed::Silent(error) => (
            DoctorMessage::NoAnswer(url),
            error,
            DoctorMessage::CheckNetwork,
        ),
    };
    findings.problem_because(Check::Address, found, &error, advice)?;
    findings.skipped(&[Check::Tls, Check::Clock])?;
    Ok(false)
}

fn tell_clock(clock: Option<Clock>, findings: &mut Findings<'_>) -> Result<(), Failure> {
    let Some(Clock { is_fast, seconds }) = clock else {
        return findings.fine(Check::Clock, DoctorMessage::ClockUntold);
    };
    let wrong = match (seconds > APART, is_fast) {
        (false, _) => return findings.fine(Check::Clock, DoctorMessage::ClockRight(seconds)),
        (true, true) => DoctorMessage::ClockFast(seconds),
        (true, false) => DoctorMessage::ClockSlow(seconds),
    };
    findings.problem(Check::Clock, wrong, DoctorMessage::SetClock)
}

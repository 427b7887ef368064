//! Decides what the log shows: `-v`, or `PODPIS_LOG` with targets of tracing and their levels.
//!
//! **Invariant:** only our own events. The code of an SMS travels in the query of a URL, and the HTTP library
//! writes URLs into its log, so its log is never turned on, whatever the filter says. An event is one line.

use std::io::{self, Write};

use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::environment;
use crate::failure::Failure;
use crate::hidden::one_line;
use crate::messages::Message;

/// The variable with the filter.
const VARIABLE: &str = "PODPIS_LOG";

/// Standard error, where each event comes as one piece and becomes one line.
struct Lines;

impl Write for Lines {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        writeln!(io::stderr(), "{}", one_line(text.trim_end()))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Reads `target=level,…`. What asks for spans or fields, or has no level after `=`, would be a target that nothing has.
fn targets(filter: &str) -> Result<Targets, Failure> {
    let wrong = || Failure::usage(Message::BadArgument(VARIABLE));
    let is_odd = |part: &str| part.contains(['[', ']', '{', '}']) || part.ends_with('=');
    if filter.split(',').any(|part| is_odd(part.trim())) {
        return Err(wrong());
    }
    filter.parse().map_err(|error| wrong().with_source(error))
}

/// Turns the log on if it was asked for.
pub(crate) fn start(verbose: bool) -> Result<(), Failure> {
    let filter = match environment::plain(VARIABLE)? {
        Some(filter) => filter,
        None if verbose => "debug".to_owned(),
        None => return Ok(()),
    };
    let filter = targets(&filter)?;
    let ours = filter_fn(|event| event.target().starts_with("podpis"));
    let layer = fmt::layer()
        .with_writer(|| Lines)
        .with_filter(filter.and(ours));
    // There is one call in one program, so there is no earlier subscriber to complain about.
    let _ = tracing_subscriber::registry().with(layer).try_init();
    Ok(())
}

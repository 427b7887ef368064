//! Decides how a fault is written in JSON.
//!
//! **Invariant:** an unknown key or endpoint is refused, because a fault that never fires makes a test pass for
//! the wrong reason.

use std::time::Duration;

use serde::Deserialize;

use crate::answer::Refusal;
use crate::diadoc::ENDPOINTS;
use crate::extern_api;
use crate::faults::{Fault, SignatureFault};

/// How long each byte of an answer that trickles takes, unless told.
const EVERY_MS: u64 = 1_000;

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Do {
    DropBefore,
    DropAfter,
    RefuseConnection,
    Answer,
    HangBefore,
    HangAfter,
    Trickle,
    Truncate,
    Signatures,
    RevokeTokens,
    Nothing,
}

/// A number of a DssSign, or `"absent"`.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Number {
    Given(i32),
    LeftOut(Word),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Absent,
}

impl From<Number> for Option<i32> {
    fn from(number: Number) -> Self {
        match number {
            Number::Given(number) => Some(number),
            Number::LeftOut(Word::Absent) => None,
        }
    }
}

/// What is told about one file of a DssSign.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    file: usize,
    status: Number,
    #[serde(default)]
    signature: bool,
}

/// So many percent of the calls.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareForm {
    percent: u8,
    #[serde(default)]
    seed: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultForm {
    endpoint: String,
    call: Option<u64>,
    #[serde(default)]
    calls: Vec<u64>,
    rate: Option<u32>,
    share: Option<ShareForm>,
    every_ms: Option<u64>,
    #[serde(rename = "do")]
    effect: Option<Do>,
    #[serde(default)]
    delay_ms: u64,
    retry_after: Option<u64>,
    status: Option<u16>,
    content_type: Option<String>,
    body: Option<String>,
    #[serde(default)]
    handled: bool,
    bytes: Option<usize>,
    change: Option<SignatureFault>,
    operation_status: Option<Number>,
    confirm_type: Option<Number>,
    operator: Option<Number>,
    #[serde(default)]
    files: Vec<FileForm>,
}

impl FaultForm {
    pub(super) fn into_fault(self) -> Result<Fault, Refusal> {
        let names: Vec<&str> = ENDPOINTS
            .iter()
            .map(|one| one.name)
            .chain(extern_api::Endpoint::names())
            .collect();
        let known =
            |name: &str| name == "*" || names.iter().any(|one| one.eq_ignore_ascii_case(name));
        if !known(&self.endpoint) {
            return Err(Refusal::bad_request(format!(
                "The endpoint is unknown. Known are *, {}.",
                names.join(", ")
            )));
        }
        let script = self.script(Fault::on("*")).script;
        let scriptable = ENDPOINTS
            .iter()
            .any(|one| one.is_scriptable() && one.name.eq_ignore_ascii_case(&self.endpoint));
        if !script.is_empty() && !scriptable {
            return Err(Refusal::bad_request(
                "Only DssSign, DssSignV2 and DssSignResult have statuses of operations and files.",
            ));
        }
        let effect = self.effect.unwrap_or_else(|| self.implied());
        let mut fault = Fault::on(self.endpoint).delay(Duration::from_millis(self.delay_ms));
        for number in self.calls.into_iter().chain(self.call) {
            fault = fault.call(number);
        }
        fault.script = script;
        if let Some(seconds) = self.retry_after {
            fault = fault.retry_after(seconds);
        }
        let fault = match effect {
            Do::Nothing => fault,
            Do::HangBefore => fault.hang_before(),
            Do::HangAfter => fault.hang_after(),
            Do::Trickle => fault.trickle(Duration::from_millis(self.every_ms.unwrap_or(EVERY_MS))),
            Do::DropBefore => fault.drop_before(),
            Do::DropAfter => fault.drop_after(),
            Do::RefuseConnection => fault.refuse_connection(),
            Do::Truncate => fault.truncate(self.bytes.unwrap_or_default()),
            Do::RevokeTokens => fault.revoke_tokens(),
            Do::Signatures => {
                fault.signatures(self.change.ok_or_else(|| {
                    Refusal::bad_request("A fault of signatures needs \"change\".")
                })?)
            }
            Do::Answer => {
                let status = self.status.unwrap_or(200);
                if http::StatusCode::from_u16(status).is_err() {
                    return Err(Refusal::bad_request("This is no HTTP status."));
                }
                let fault = fault
                    .body(
                        self.content_type
                            .unwrap_or_else(|| "text/plain; charset=utf-8".to_owned()),
                        self.body.unwrap_or_default(),
                    )
                    .status(status);
                if self.handled {
                    fault.after_handling()
                } else {
                    fault
                }
            }
        };
        let fault = match self.rate {
            Some(per_second) => fault.rate(per_second),
            None => fault,
        };
        match self.share {
            Some(share) if share.percent > 100 => {
                Err(Refusal::bad_request("There are a hundred percent."))
            }
            Some(share) => Ok(fault.share(share.percent, share.seed)),
            None => Ok(fault),
        }
    }

    /// Writes what is told about a DssSign into a fault.
    fn script(&self, mut fault: Fault) -> Fault {
        if let Some(number) = self.operation_status {
            fault = fault.operation_status(number);
        }
        if let Some(number) = self.confirm_type {
            fault = fault.confirm_type(number);
        }
        if let Some(number) = self.operator {
            fault = fault.operator(number);
        }
        for one in &self.files {
            fault = if one.signature {
                fault.file_signed(one.file, one.status)
            } else {
                fault.file_unsigned(one.file, one.status)
            };
        }
        fault
    }

    /// What is meant when `do` is left out.
    fn implied(&self) -> Do {
        if self.status.is_some() || self.body.is_some() || self.content_type.is_some() {
            Do::Answer
        } else if self.change.is_some() {
            Do::Signatures
        } else if self.bytes.is_some() {
            Do::Truncate
        } else if self.every_ms.is_some() {
            Do::Trickle
        } else {
            Do::Nothing
        }
    }
}

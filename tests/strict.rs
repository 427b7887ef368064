//! Looks at every message that the sandbox answers, in the transport of the stage.
//!
//! *Invariant:* whatever a test asks, an answer of 200 to a method with a message is that message, whole, with no
//! enum outside its schema. Only a method that a test had spoiled is not looked at.

use std::sync::{Arc, Mutex};

use podpis::SharedTransport;
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use podpis_sandbox::{Fault, FaultId};

use crate::stage::Stage;

#[path = "../crates/podpis-sandbox/tests/sandbox/strict.rs"]
mod messages;

/// What in a fault changes an answer.
const SPOILING: [&str; 5] = [
    "body",
    "operation_status",
    "confirm_type",
    "operator",
    "files",
];

/// The methods whose answers may be anything, by the ends of their paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoiled(Arc<Mutex<Vec<String>>>);

impl Spoiled {
    /// This transport, with a look at what it brings.
    pub(crate) fn over(&self, wire: impl Into<SharedTransport>) -> SharedTransport {
        SharedTransport::new(Strict {
            wire: wire.into(),
            spoiled: self.clone(),
        })
    }

    fn has(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let spoiled = self.0.lock().unwrap();
        spoiled.iter().any(|method| path.ends_with(method))
    }
}

#[derive(Debug)]
struct Strict {
    wire: SharedTransport,
    spoiled: Spoiled,
}

#[async_trait::async_trait]
impl Transport for Strict {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let asked = request.clone();
        let answer = self.wire.execute(request).await?;
        if !self.spoiled.has(asked.uri().path()) {
            messages::check(&asked, &answer);
        }
        Ok(answer)
    }
}

impl Stage {
    /// From now on this method may answer what no strict reader takes.
    pub(crate) fn spoil(&self, method: &str) {
        let method = method.to_ascii_lowercase();
        self.spoiled.0.lock().unwrap().push(method);
    }

    /// Makes something go wrong, and spoils the methods whose answers it changes.
    pub(crate) fn inject(&self, fault: Fault) -> FaultId {
        let form = serde_json::to_value(&fault).unwrap();
        let method = form["endpoint"].as_str().unwrap().to_owned();
        let harmless = serde_json::to_value(Fault::on(&*method)).unwrap();
        if SPOILING.iter().any(|name| form[name] != harmless[name]) {
            self.spoil(&method);
            if method == "DssSign" {
                self.spoil("DssSignResult");
            }
        }
        self.sandbox.inject(fault)
    }
}

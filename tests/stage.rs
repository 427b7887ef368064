//! A sandbox, a clock and clients, for every test.
//!
//! **Invariant:** no test waits for real seconds: the sandbox and the client share one [`ManualTime`].

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use podpis::core::wait::Observer;
use podpis::diadoc::{BoxId, DiadocBuilder};
use podpis::operation::Event;
use podpis::secret::{ApiClientId, ConfirmationCode, Password};
use podpis::{
    CodeRequest, Diadoc, DiadocLogin, Operation, Prompt, PromptError, ReqwestTransport,
    SharedTransport, Thumbprint,
};
use podpis_core::wait::{ManualTime, Time};
use podpis_sandbox::{Bind, RunningServer, Sandbox, WorldOptions};

use crate::strict::Spoiled;

/// How a client reaches the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skin {
    InProcess,
    Http,
}

pub(crate) const SKINS: [Skin; 2] = [Skin::InProcess, Skin::Http];

/// One sandbox with its clock.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) time: ManualTime,
    transport: SharedTransport,
    pub(crate) spoiled: Spoiled,
    base: String,
    _server: Option<RunningServer>,
}

impl Stage {
    pub(crate) async fn set(skin: Skin, options: WorldOptions) -> Self {
        let time = ManualTime::at(UNIX_EPOCH + Duration::from_secs(1_795_000_000));
        let clock = time.clone();
        let sleeper = time.clone();
        let sandbox = Sandbox::with_time(options, move || -> SystemTime { Time::now(&clock) })
            .with_sleep(move |pause| {
                let sleeper = sleeper.clone();
                Box::pin(async move { Time::sleep(&sleeper, pause).await })
            });
        let spoiled = Spoiled::default();
        match skin {
            Skin::InProcess => Self {
                transport: spoiled.over(sandbox.clone()),
                spoiled,
                base: "http://localhost".to_owned(),
                _server: None,
                sandbox,
                time,
            },
            Skin::Http => {
                let server = sandbox.serve(Bind::loopback(0)).await.unwrap();
                Self {
                    transport: spoiled.over(ReqwestTransport::new().unwrap()),
                    spoiled,
                    base: server.base_url().to_string(),
                    _server: Some(server),
                    sandbox,
                    time,
                }
            }
        }
    }

    pub(crate) async fn in_process(options: WorldOptions) -> Self {
        Self::set(Skin::InProcess, options).await
    }

    /// The seeded user's login.
    pub(crate) fn login(&self) -> DiadocLogin {
        let seeded = self.sandbox.world_info().diadoc;
        DiadocLogin::password(
            ApiClientId::new(seeded.api_client_id),
            seeded.login,
            Password::new(seeded.password),
        )
    }

    pub(crate) fn builder(&self) -> DiadocBuilder {
        self.builder_with(self.login())
    }

    pub(crate) fn builder_with(&self, login: DiadocLogin) -> DiadocBuilder {
        Diadoc::builder(self.base.parse().unwrap(), login, self.transport.clone())
            .time(self.time.clone())
    }

    /// The same client over another transport.
    pub(crate) fn builder_over(&self, transport: impl Into<SharedTransport>) -> DiadocBuilder {
        self.builder_over_as(self.login(), transport)
    }

    /// The same, with another login.
    pub(crate) fn builder_over_as(
        &self,
        login: DiadocLogin,
        transport: impl Into<SharedTransport>,
    ) -> DiadocBuilder {
        Diadoc::builder(self.base.parse().unwrap(), login, transport).time(self.time.clone())
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn transport(&self) -> SharedTransport {
        self.transport.clone()
    }

    pub(crate) fn diadoc(&self) -> Diadoc {
        self.builder().build()
    }

    /// The box of the seeded user.
    pub(crate) fn in_box(&self) -> BoxId {
        let seeded = self.sandbox.world_info().diadoc;
        seeded.box_id.parse().unwrap()
    }

    /// The sandbox's thumbprint of the seeded user's certificate of this name.
    pub(crate) fn diadoc_certificate(&self, name: &str) -> Thumbprint {
        let seeded = self.sandbox.world_info().diadoc;
        let mut all = seeded.certificates.iter();
        let found = all.find(|known| known.owner == 0 && known.name == name);
        found.unwrap().thumbprint.parse().unwrap()
    }

    /// A person who reads the code off the sandbox's phone.
    pub(crate) fn person(&self) -> Person {
        Person {
            sandbox: self.sandbox.clone(),
            wrong_first: 0,
            asked: Vec::new(),
            rejections: Vec::new(),
        }
    }

    /// How often the sandbox got this endpoint.
    pub(crate) fn calls(&self, endpoint: &str) -> usize {
        self.sandbox
            .requests()
            .iter()
            .filter(|request| request.endpoint.as_deref() == Some(endpoint))
            .count()
    }
}

/// Answers prompts with the code of the last SMS, after some wrong ones.
#[derive(Debug)]
pub(crate) struct Person {
    sandbox: Sandbox,
    wrong_first: u32,
    pub(crate) asked: Vec<u32>,
    pub(crate) rejections: Vec<Option<String>>,
}

impl Person {
    pub(crate) fn who_mistypes(mut self, times: u32) -> Self {
        self.wrong_first = times;
        self
    }
}

#[async_trait::async_trait]
impl Prompt for Person {
    async fn code(&mut self, request: CodeRequest) -> Result<ConfirmationCode, PromptError> {
        self.asked.push(request.attempt);
        self.rejections.push(request.rejection);
        let right = self
            .sandbox
            .last_code()
            .ok_or_else(|| PromptError::new("no SMS came"))?;
        if request.attempt <= self.wrong_first {
            let wrong = "w".repeat(right.len());
            return Ok(ConfirmationCode::new(wrong));
        }
        Ok(ConfirmationCode::new(right))
    }
}

/// Keeps every event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Event>>>);

impl Recorder {
    pub(crate) fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.events().iter().map(Event::name).collect()
    }
}

impl Observer for Recorder {
    fn event(&self, _operation: &Operation, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

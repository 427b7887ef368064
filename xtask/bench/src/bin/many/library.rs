//! podpis: its driver, with the journal in memory.

use std::sync::Arc;

use podpis::drive::{Driver, Outcomes};
use podpis::secret::{ApiClientId, Password};
use podpis::{Begin as _, Diadoc, DiadocLogin, File, MemoryJournal, Output, Podpis};
use podpis_bench::Error;

use crate::clock::Clock;
use crate::counted::Counted;
use crate::{IN_FLIGHT, Many, STEP};

/// As a user calls it.
pub(crate) struct Library {
    diadoc: Diadoc,
    journal: MemoryJournal,
    clock: Clock,
    service: Counted,
    driver: Option<(Driver<Output>, Outcomes<Output>)>,
}

impl Many for Library {
    async fn new() -> Result<Self, Error> {
        let (clock, service) = (Clock::default(), Counted::at_work());
        let password = Password::new("a password");
        let login = DiadocLogin::password(ApiClientId::new("bench"), "login", password);
        let diadoc = Diadoc::builder("http://localhost".parse()?, login, service.clone());
        Ok(Self {
            diadoc: diadoc.time(clock.clone()).build(),
            journal: MemoryJournal::new(),
            clock,
            service,
            driver: None,
        })
    }

    async fn start(&mut self, document: Vec<u8>) -> Result<(), Error> {
        let signing = self.diadoc.cloud_sign([File::bytes("act.xml", document)]);
        drop(signing.start(&self.journal).await?);
        Ok(())
    }

    async fn drive(&mut self) -> Result<(), Error> {
        let podpis = Podpis::new().with_diadoc(self.diadoc.clone());
        let driver = podpis.driver(Arc::new(self.journal.clone()));
        let driver = driver.in_flight(IN_FLIGHT).time(self.clock.clone()).start();
        self.driver = Some(driver);
        Ok(())
    }

    async fn pass(&mut self, polls: usize) -> Result<(), Error> {
        self.service.want(polls);
        let moving = async {
            loop {
                // As often as those who are due in one step are taken in hand.
                for _ in 0..50 {
                    tokio::task::yield_now().await;
                }
                self.clock.advance(STEP);
            }
        };
        tokio::select! {
            () = self.service.enough() => Ok(()),
            never = moving => never,
        }
    }
}

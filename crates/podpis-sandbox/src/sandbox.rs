//! Decides how one world is shared by its skins and by a test that holds the handle.
//!
//! **Invariant:** every access reads the time once, from the closure, and works under one lock, so what a test
//! sees is always a state between two requests.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use podpis_transport::{HttpRequest, HttpResponse};
use tokio::sync::watch;

use crate::diadoc::{self, DocumentState, ReceiptInfo};
use crate::extern_api::{self, OperationEnd};
use crate::faults::{Fault, FaultId};
use crate::journal::{Counters, RequestRecord};
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{PersonError, PhoneInfo, PhoneMessage, PhoneMode, Told};
use crate::scenario::Scenario;
use crate::server;
use crate::world::{Exchange, World, WorldInfo};

/// A world with a clock: clone it, hand it to a client as its transport, or serve it over HTTP.
///
/// All clones share one world. It sleeps only where a fault says so: the HTTP server on the machine's clock, the
/// in-process transport as [`with_sleep`](Self::with_sleep) says.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
    sleep: Option<Sleep>,
}

type Sleep = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

struct Shared {
    world: Mutex<World>,
    /// Tells whoever follows the world that it may have changed.
    touched: watch::Sender<()>,
    time: Box<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Sandbox {
    /// A new world on the system clock.
    #[must_use]
    pub fn new(options: WorldOptions) -> Self {
        Self::with_time(options, server::system_time)
    }

    /// A new world on another clock, for example the manual one of a test.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use podpis_sandbox::{Sandbox, WorldOptions};
    ///
    /// let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    /// let sandbox = Sandbox::with_time(WorldOptions::default(), move || start);
    /// sandbox.advance(Duration::from_secs(60));
    /// ```
    #[must_use]
    pub fn with_time(
        options: WorldOptions,
        time: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Self {
        let world = World::new(options, time());
        Self {
            shared: Arc::new(Shared {
                world: Mutex::new(world),
                touched: watch::Sender::new(()),
                time: Box::new(time),
            }),
            sleep: None,
        }
    }

    /// How the in-process transport sleeps when a fault delays, hangs or trickles: on the clock that
    /// [`with_time`](Self::with_time) reads. Only this handle and its clones do.
    #[must_use]
    pub fn with_sleep(
        mut self,
        sleep: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        self.sleep = Some(Arc::new(sleep));
        self
    }

    pub(crate) fn can_sleep(&self) -> bool {
        self.sleep.is_some()
    }

    /// Sleeps; for ever where nobody said how.
    pub(crate) async fn sleep(&self, pause: Duration) {
        match &self.sleep {
            Some(sleep) => sleep(pause).await,
            None => std::future::pending().await,
        }
    }

    /// Handles one request the way the in-process transport does, without being asynchronous.
    #[must_use]
    pub fn exchange(&self, request: &HttpRequest) -> Exchange {
        let (mut world, now) = self.open();
        world.exchange(request, now)
    }

    /// Handles one request and gives the answer; see [`World::handle`].
    #[must_use]
    pub fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let (mut world, now) = self.open();
        world.handle(request, now)
    }

    /// Makes something go wrong.
    pub fn inject(&self, fault: Fault) -> FaultId {
        self.world().inject(fault)
    }

    /// Has everybody play a scenario from now on; it takes the place of the one before, and of all faults.
    pub fn play(&self, scenario: Scenario) {
        self.world().play(scenario);
    }

    /// Takes a fault back. False when it is not there any more.
    pub fn remove_fault(&self, id: &FaultId) -> bool {
        self.world().faults.remove(id.as_str())
    }

    /// Takes every fault back.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// What happened so far, in numbers.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.settled().0.shared.journal.counters
    }

    /// The requests to the services so far, newest last.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.world().shared.journal.requests()
    }

    /// The messages on the virtual phone, newest last.
    #[must_use]
    pub fn messages(&self) -> Vec<PhoneMessage> {
        let (world, now) = self.settled();
        world.visible_messages(now)
    }

    /// The code in the newest SMS on the virtual phone.
    #[must_use]
    pub fn last_code(&self) -> Option<String> {
        let (world, now) = self.settled();
        let mut newest = world.shared.phone.outbox.visible(now).rev();
        newest.find_map(|(_, sent)| sent.code.clone())
    }

    /// Changes how the person with the phone behaves, also towards what waits already: pushes are confirmed or declined,
    /// and what a silent phone has kept back arrives.
    pub fn set_phone(&self, mode: PhoneMode, delay: Duration) {
        let (mut world, now) = self.settled();
        world.set_phone(PhoneInfo::new(mode, delay), now);
    }

    /// The person confirms an operation in the app.
    ///
    /// # Errors
    /// When there is no such operation, or it does not wait for this.
    pub fn confirm(&self, operation: &str) -> Result<(), PersonError> {
        let (mut world, now) = self.settled();
        world.confirm_at(operation, now)
    }

    /// The person declines an operation.
    ///
    /// # Errors
    /// When there is no such operation, or it waits for nobody.
    pub fn decline(&self, operation: &str) -> Result<(), PersonError> {
        let (mut world, now) = self.settled();
        world.decline_at(operation, now)
    }

    /// The signing service ends an operation of Extern, or a DssSign, that waits for the person. A DssSign can only
    /// crash: Diadoc has no status for too many attempts, so both ends are its `Crashed`.
    ///
    /// # Errors
    /// When there is no such operation, or it does not wait for the person.
    pub fn end(&self, operation: &str, end: OperationEnd) -> Result<(), PersonError> {
        let (mut world, now) = self.settled();
        world.end_at(operation, end, now)
    }

    /// The receipts in the box of Diadoc, and how often each was signed.
    #[must_use]
    pub fn receipts(&self) -> Vec<ReceiptInfo> {
        self.settled().0.diadoc.receipts.all().to_vec()
    }

    /// The documents in the box of Diadoc, and what is signed.
    #[must_use]
    pub fn documents(&self) -> Vec<DocumentState> {
        diadoc::document_states(&self.settled().0.diadoc())
    }

    /// Has the authority that issued the certificate with this thumbprint revoke it, as of now: its next list names it.
    /// The services go on signing with it. False when no authority of this world issued it.
    pub fn revoke_certificate(&self, thumbprint: &str) -> bool {
        let (mut world, now) = self.settled();
        world.revoke(thumbprint, now)
    }

    /// Ends every login, so that the next call of each client is answered with 401. Seeded bearer tokens are
    /// ended too and come back with [`reset`](Self::reset).
    pub fn revoke_tokens(&self) {
        self.world().revoke_tokens();
    }

    /// Puts the world's clock forward, for good.
    pub fn advance(&self, time: Duration) {
        self.world().advance(time);
    }

    /// Back to the seeded state: operations, shelf, logins, faults, journal, phone and clock.
    pub fn reset(&self) {
        let (mut world, now) = self.open();
        world.reset_at(Moment::of(now));
    }

    /// The seeded ids, logins and certificates.
    #[must_use]
    pub fn world_info(&self) -> WorldInfo {
        let (world, now) = self.open();
        world.describe(world.moment(now))
    }

    /// The certificate of the sandbox's root, as PEM.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.world().shared.authority.pem()
    }

    /// A certificate of the sandbox as DER, by its thumbprint.
    #[must_use]
    pub fn certificate(&self, thumbprint: &str) -> Option<Vec<u8>> {
        let world = self.world();
        let known = world.shared.certificate(thumbprint);
        known.map(|(_, identity)| identity.der.clone())
    }

    /// Counts a request to a service as open.
    pub(crate) fn enter(&self, path: &str) -> OpenRequest {
        let limited = extern_api::is_limited(path);
        let mut world = self.world();
        world.shared.journal.enter();
        if limited {
            world.shared.journal.enter_extern();
        }
        OpenRequest {
            sandbox: self.clone(),
            limited,
        }
    }

    /// Ready whenever the world may have changed.
    pub(crate) fn touched(&self) -> watch::Receiver<()> {
        self.shared.touched.subscribe()
    }

    /// The next event for a page of the phone that was told so much. To look is no change.
    pub(crate) fn news(&self, told: &mut Told) -> Option<String> {
        let mut world = self.locked();
        let now = world.moment((self.shared.time)());
        world.settle(now);
        world.news(told, now)
    }

    fn open(&self) -> (Held<'_>, SystemTime) {
        (self.world(), (self.shared.time)())
    }

    /// The world after everything that happens by itself up to now.
    fn settled(&self) -> (Held<'_>, Moment) {
        let (mut world, now) = self.open();
        let now = world.moment(now);
        world.settle(now);
        (world, now)
    }

    fn world(&self) -> Held<'_> {
        Held {
            world: self.locked(),
            touched: &self.shared.touched,
        }
    }

    // A panic in another test thread must not turn into a second one here; the world is valid between calls.
    fn locked(&self) -> MutexGuard<'_, World> {
        let world = self.shared.world.lock();
        world.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The world, for as long as somebody works on it.
struct Held<'a> {
    world: MutexGuard<'a, World>,
    touched: &'a watch::Sender<()>,
}

impl Deref for Held<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.touched.send_replace(());
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

/// A request counted as open until it is dropped, also when its future is cancelled.
#[derive(Debug)]
pub(crate) struct OpenRequest {
    sandbox: Sandbox,
    limited: bool,
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let mut world = self.sandbox.world();
        world.shared.journal.leave();
        if self.limited {
            world.shared.journal.leave_extern();
        }
    }
}

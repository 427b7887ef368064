//! `podpis ops resume`: goes on with operations, one after another; with all of them together.
//!
//! **Invariant:** starts nothing; one operation that cannot go on, whyever, keeps none of the others from it, and the end
//! names each with its outcome; an operation that somebody else drives is left to them.

use std::mem;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use podpis::core::wait::{OperationKind as _, SystemTimer, Time as _};
use podpis::diadoc::{AutoSignReceipts, SignAndAttach};
use podpis::drive::Clients;
use podpis::operation::{Claim, JournalError, Service as Name, State};
use podpis::{Diadoc, Extern, Operation, OperationId, Output as Gave, Podpis};

use super::AgainArguments;
use super::known::Known;
use super::outcome::{Ended, Skip, Told};
use super::together::Together;
use crate::address::{self, Address, Elsewhere};
use crate::asked::Contents;
use crate::checks;
use crate::connection::{Connection, Service};
use crate::delivery::{FolderGoal, Goal};
use crate::driving::interrupted;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::progress;
use crate::prompt::Asker;
use crate::ready::{Manner, Ready};
use crate::signature_file;
use crate::store::{Note, NotedFile, Store, is_no_result};

/// So long, and with these pauses, what somebody else has for a moment is waited for.
const A_MOMENT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug, Args)]
pub(crate) struct ResumeArguments {
    /// The operations
    #[arg(
        value_name = "ID",
        value_parser = super::named,
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    ids: Vec<OperationId>,

    /// Every operation in the journal that nobody else drives, oldest first
    #[arg(long)]
    all: bool,

    /// Folder for the signatures; where they were to go from the beginning unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    again: AgainArguments,
}

/// Goes on with all that is asked for.
pub(super) async fn run(arguments: &ResumeArguments, output: Output) -> Result<Exit, Failure> {
    let store = arguments.again.store(output).await?;
    store.starting_in(None, arguments.again.base_url.as_deref());
    let (all, out) = (arguments.all, arguments.out.as_deref());
    let output = if all {
        output.naming_operations()
    } else {
        output
    };
    let mut told = Told::new(output);
    let mut interrupt = Interrupt::new();
    let mut round = Round::new(&arguments.again, &store, all, out, output);
    if all {
        let deadline = arguments.again.waiting.deadline().as_duration();
        let mut together = Together::new(&mut round, &mut told);
        if !Box::pin(together.take_up(&mut interrupt)).await? {
            output.say(&Message::JournalEmpty(store.shown()));
        }
        Box::pin(together.drive(&mut interrupt, deadline)).await?;
        store.sweep().await?;
        return Ok(told.end());
    }
    let mut meant = Vec::with_capacity(arguments.ids.len());
    for named in &arguments.ids {
        meant.push(store.meant(named).await?);
    }
    for id in each_once(&meant) {
        let ended = round.one(&id, &mut interrupt).await;
        told.tell(&id, &ended);
        if interrupt.was_pressed() {
            break;
        }
    }
    Ok(told.end())
}

fn each_once(ids: &[OperationId]) -> Vec<OperationId> {
    let mut once = Vec::with_capacity(ids.len());
    for id in ids {
        if !once.contains(id) {
            once.push(id.clone());
        }
    }
    once
}

/// One call of a command that goes on with operations.
pub(super) struct Round<'a> {
    again: &'a AgainArguments,
    pub(super) store: &'a Store,
    /// Whether what is none of our business is passed over.
    all: bool,
    out: Option<&'a Path>,
    pub(super) output: Output,
    diadoc: Known<'a, Diadoc>,
    extern_api: Known<'a, Extern>,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        again: &'a AgainArguments,
        store: &'a Store,
        all: bool,
        out: Option<&'a Path>,
        output: Output,
    ) -> Self {
        Self {
            again,
            store,
            all,
            out,
            output,
            diadoc: Known::default(),
            extern_api: Known::default(),
        }
    }

    /// Goes on with one operation, to its end.
    pub(super) async fn one(&mut self, id: &OperationId, interrupt: &mut Interrupt) -> Ended {
        self.go_to_the_end(id, interrupt, None).await
    }

    /// Hands out what came of an operation that this program has told of already, and that has ended as this record says.
    pub(super) async fn end(&mut self, ended: &Operation, interrupt: &mut Interrupt) -> Ended {
        self.go_to_the_end(ended.id(), interrupt, Some(ended)).await
    }

    async fn go_to_the_end(
        &mut self,
        id: &OperationId,
        interrupt: &mut Interrupt,
        driven: Option<&Operation>,
    ) -> Ended {
        match Box::pin(self.try_one(id, interrupt, driven)).await {
            Ok(ended) => ended,
            Err(failure) => Ended::Failed(failure.about(id)),
        }
    }

    async fn try_one(
        &mut self,
        id: &OperationId,
        interrupt: &mut Interrupt,
        driven: Option<&Operation>,
    ) -> Result<Ended, Failure> {
        let all = self.all;
        let claimed = tokio::select! {
            claimed = self.claimed(id, driven.is_some()) => claimed,
            () = interrupt.pressed(), if !interrupt.was_pressed() => {
                return Err(interrupted(self.store, id).await);
            }
        };
        let mut claim = match claimed {
            Ok(claim) => claim,
            Err(JournalError::Claimed { .. }) if all => {
                return Ok(Ended::Skipped(Skip::Claimed));
            }
            Err(error) => {
                let is_broken = matches!(error, JournalError::Storage { .. });
                let advice = is_broken.then(|| self.store.advice_on_no_journal(id));
                return Err(self.store.not_claimed(id, error).advising(advice));
            }
        };
        let Some(record) = claim.record().cloned() else {
            if let (Some(ended), None) = (driven, self.store.ended(id)) {
                // Nobody held it for a moment, in which somebody removed what is over: its results are not files yet.
                let saved = claim.save(ended).await;
                saved.map_err(|error| self.store.failing(error))?;
                drop(claim);
                return Box::pin(self.try_one(id, interrupt, driven)).await;
            }
            if all {
                // It was there a moment ago.
                return Ok(Ended::Skipped(match self.store.ended(id) {
                    Some(_) => Skip::Finished,
                    None => Skip::Gone,
                }));
            }
            if let Some(exit) = self.store.ended(id) {
                return Ok(Ended::Before(exit));
            }
            return Err(self.store.missing(id).await);
        };
        let open = !record.state().is_final();
        Box::pin(self.go_on(claim, &record, interrupt, driven.is_none()))
            .await
            .or_else(|failure| {
                let failure = failure.about(id);
                Ok(Ended::Failed(if open {
                    failure.leaving_open()
                } else {
                    failure
                }))
            })
    }

    /// Takes an operation for this program. Whoever has one that this program has driven to its end has it for a moment
    /// only, to write what it gave or to remove its record.
    async fn claimed(&self, id: &OperationId, is_driven: bool) -> Result<Claim<'a>, JournalError> {
        let time = SystemTimer::new();
        let ends = time.elapsed() + A_MOMENT;
        loop {
            match self.store.journal().claim(id).await {
                Err(JournalError::Claimed { .. }) if is_driven && time.elapsed() < ends => {
                    time.sleep(PAUSE).await;
                }
                claimed => return claimed,
            }
        }
    }

    /// Tells which operation is gone on with, and what is known of it.
    pub(super) fn tell(&self, record: &Operation) {
        self.output.say(&Message::OfOperation {
            id: record.id().to_string(),
            text: names(record),
        });
        if let Some(known) = progress::known(record).or_else(|| finished(record)) {
            self.output.about(record.id(), &known);
        }
    }

    /// Whether an open operation can be driven together with others: its service is reached, and there is a place for its
    /// results. Why not is found by [`Round::one`], which sends nothing then.
    pub(super) async fn reaches(&mut self, record: &Operation) -> bool {
        if podpis::kept(record).is_none() {
            return false;
        }
        let reached = match record.origin().service {
            Name::Diadoc => {
                let mut known = mem::take(&mut self.diadoc);
                let reached = self.reach(&mut known, record).await;
                self.diadoc = known;
                reached
            }
            Name::Extern => {
                let mut known = mem::take(&mut self.extern_api);
                let reached = self.reach(&mut known, record).await;
                self.extern_api = known;
                reached
            }
            _ => return false,
        };
        reached.unwrap_or(false)
    }

    async fn reach<S: Resumed>(
        &self,
        known: &mut Known<'a, S>,
        record: &Operation,
    ) -> Result<bool, Failure> {
        let note = self.store.own_note(record.id())?;
        let base_url = self.again.base_url.as_deref();
        let address = Address::of(record, S::ADDRESS, note.as_ref(), base_url)?;
        if matches!(address, Address::Elsewhere(_)) {
            return Ok(false);
        }
        goal(record, note.as_ref(), self.out, None)?;
        let reached = known.reach(&address, self.manner()).await;
        reached.map(|reached| reached.is_ok())
    }

    fn manner(&self) -> Manner<'a> {
        self.again.manner(self.store, self.output)
    }

    /// How many services were reached so far.
    pub(super) fn reached(&self) -> usize {
        self.diadoc.all().len() + self.extern_api.all().len()
    }

    /// The clients of all services that were reached.
    pub(super) fn clients(&self) -> Clients<Gave> {
        let diadoc = self.diadoc.all().map(|ready| ready.client.clients());
        let extern_api = self.extern_api.all().map(|ready| ready.client.clients());
        diadoc.chain(extern_api).fold(Clients::new(), Clients::and)
    }

    /// Who is asked for the codes of operations of a service, and confirms pushes.
    pub(super) fn askers(&self) -> Vec<(Name, String, Asker)> {
        fn of<S: Service>(
            name: Name,
            ready: &Ready<'_, S>,
            again: &AgainArguments,
            output: Output,
        ) -> (Name, String, Asker) {
            let asker = ready.connection.asker(again.yes, &again.waiting, output);
            (name, ready.client.origin().host, asker)
        }
        let diadoc = self
            .diadoc
            .all()
            .map(|ready| of(Name::Diadoc, ready, self.again, self.output));
        let extern_api = self
            .extern_api
            .all()
            .map(|ready| of(Name::Extern, ready, self.again, self.output));
        diadoc.chain(extern_api).collect()
    }

    async fn go_on(
        &mut self,
        claim: Claim<'_>,
        record: &Operation,
        interrupt: &mut Interrupt,
        is_news: bool,
    ) -> Result<Ended, Failure> {
        // Nobody is asked for a login that would be of no use.
        if podpis::kept(record).is_none() {
            let (id, kind) = (record.id().to_string(), record.kind().to_string());
            return Err(Failure::failed("other", Message::KindUnknown { id, kind }));
        }
        match record.origin().service {
            Name::Diadoc => {
                let mut known = mem::take(&mut self.diadoc);
                let going = self.go_on_at(&mut known, claim, record, interrupt, is_news);
                let ended = going.await;
                self.diadoc = known;
                ended
            }
            Name::Extern => {
                let mut known = mem::take(&mut self.extern_api);
                let going = self.go_on_at(&mut known, claim, record, interrupt, is_news);
                let ended = going.await;
                self.extern_api = known;
                ended
            }
            // A kind that is known here is of one of the two.
            _ => Err(Failure::failed("other", Message::ResultNotUnderstood)),
        }
    }

    async fn go_on_at<S: Resumed>(
        &self,
        known: &mut Known<'a, S>,
        claim: Claim<'_>,
        record: &Operation,
        interrupt: &mut Interrupt,
        is_news: bool,
    ) -> Result<Ended, Failure> {
        let (again, output) = (self.again, self.output);
        let leading_on = |failure: Failure| match failure.advice() {
            Some(_) => failure,
            None => failure.advising(Some(self.store.advice(record))),
        };
        let note = self.store.own_note(record.id()).map_err(leading_on)?;
        let base_url = again.base_url.as_deref();
        let address =
            Address::of(record, S::ADDRESS, note.as_ref(), base_url).map_err(leading_on)?;
        let is_final = record.state().is_final();
        if let Address::Elsewhere(elsewhere) = &address
            && !is_final
        {
            return self.left_alone(record, elsewhere.clone());
        }
        if is_news {
            self.tell(record);
        }
        let goal = goal(record, note.as_ref(), self.out, Some(output))
            .map_err(|failure| failure.advising(Some(self.store.advice_on_no_place(record))))?;
        let offline = || -> Result<Ready<'a, S>, Failure> {
            let connection = Connection::offline(address::stored(record)?);
            Ok(Ready::at(connection, self.manner()))
        };
        let reached = match is_final && !S::FETCHES {
            // Nothing is asked of the service, so neither it nor a login need be there.
            true => None,
            false => Some(known.reach(&address, self.manner()).await),
        };
        let stored;
        let ready = match reached {
            Some(Ok(Ok(ready))) => ready,
            Some(Ok(Err(elsewhere))) if !is_final => return self.left_alone(record, elsewhere),
            Some(Err(failure)) if !is_final => return Err(leading_on(failure)),
            // Signatures that have come are handed out all the same.
            _ => {
                stored = offline()?;
                &stored
            }
        };
        let goal = S::fetching(goal, note, &ready.client);
        let delivered = ready.go_on(claim, &goal, interrupt).await;
        delivered.map(Ended::Delivered)
    }

    /// An operation for which the login is not.
    fn left_alone(&self, record: &Operation, elsewhere: Elsewhere) -> Result<Ended, Failure> {
        if self.all {
            Ok(Ended::Skipped(Skip::Elsewhere(elsewhere)))
        } else {
            // Anybody may have written the address of a host into a record, so no command is made of it.
            let advice = elsewhere.in_sandbox.then(|| self.store.advice(record));
            Err(elsewhere.failure(record).advising(advice))
        }
    }
}

/// A service in which operations are gone on with.
trait Resumed: Service {
    /// This client, for all kinds of operations.
    fn clients(&self) -> Clients<Gave>;

    /// Whether results are fetched when they are handed out.
    const FETCHES: bool;

    /// This goal, with what is fetched for it.
    fn fetching(goal: Goal, note: Option<Note>, client: &Self) -> Goal;
}

impl Resumed for Diadoc {
    fn clients(&self) -> Clients<Gave> {
        Podpis::new().with_diadoc(self.clone()).clients()
    }

    const FETCHES: bool = false;

    fn fetching(goal: Goal, _note: Option<Note>, _client: &Self) -> Goal {
        goal
    }
}

impl Resumed for Extern {
    fn clients(&self) -> Clients<Gave> {
        Podpis::new().with_extern(self.clone()).clients()
    }

    const FETCHES: bool = true;

    fn fetching(mut goal: Goal, note: Option<Note>, client: &Self) -> Goal {
        if let (Goal::Folder(goal), Some(ask)) = (&mut goal, note.and_then(|note| note.ask)) {
            goal.contents = Some(Box::new(Contents::at_the_service(client.clone(), ask)));
        }
        goal
    }
}

/// Where the results go: where the person says now, where they were to go from the beginning, or, when nobody
/// knows that any more, into the current folder under the names that the signer was shown. `output` tells of that.
fn goal(
    record: &Operation,
    note: Option<&Note>,
    out: Option<&Path>,
    output: Option<Output>,
) -> Result<Goal, Failure> {
    if *record.kind() == AutoSignReceipts::KIND {
        return Ok(Goal::Told);
    }
    let folder = || match (out, note.and_then(Note::folder)) {
        (Some(out), _) => OutFolder::asked(Some(out)),
        (None, Some(noted)) => OutFolder::open(Some(&noted)),
        (None, None) => {
            if let Some(output) = output {
                let here = Path::new(".");
                let shown = std::path::absolute(here).unwrap_or_else(|_| here.to_owned());
                output.say(&Message::PlaceUnknown {
                    id: record.id().to_string(),
                    folder: shown.display().to_string(),
                });
            }
            OutFolder::open(None)
        }
    };
    if record.origin().service == Name::Extern || *record.kind() == SignAndAttach::KIND {
        return Ok(Goal::Folder(FolderGoal::of(folder()?)));
    }
    let names: Vec<&str> = record.files().iter().map(|file| &*file.name).collect();
    let noted = note.filter(|note| note.files.len() == names.len());
    let files: Vec<String> = match noted {
        Some(note) => {
            let paths = note.paths().into_iter();
            paths.map(|file| file.display().to_string()).collect()
        }
        None => names.iter().map(|&name| name.to_owned()).collect(),
    };
    let targets = match (out, noted) {
        (None, Some(note)) => {
            let places: Vec<PathBuf> = note.files.iter().map(NotedFile::signature).collect();
            signature_file::at(&places)?
        }
        _ => signature_file::for_names(&names, &folder()?),
    };
    Ok(Goal::Files {
        targets: files.into_iter().zip(targets).collect(),
        names: checks::ALL,
    })
}

/// That it has ended, where it has: what it gave is all that is left to do.
fn finished(record: &Operation) -> Option<Message> {
    let exit = match record.state() {
        State::Done if !is_no_result(record) => Exit::Done,
        State::Refused { .. } => Exit::Refused,
        _ => return None,
    };
    let id = record.id().to_string();
    Some(Message::FinishedBefore { id, exit })
}

/// What it is about: its files, or its kind where it has none.
pub(super) fn names(record: &Operation) -> String {
    if record.files().is_empty() {
        return record.kind().to_string();
    }
    let names: Vec<&str> = record.files().iter().map(|file| &*file.name).collect();
    names.join(", ")
}

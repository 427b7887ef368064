//! Where a login is kept: in the key ring of the system, or in a file of the user's where there is none.
//!
//! **Invariant:** a file can be read by its owner alone, is replaced as a whole, and is believed only if nobody else may have
//! written it; whoever changes a login holds its lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use podpis::core::journal::{open_regular, read_private};
use podpis::core::wait::{SharedTime, SystemTimer};

#[cfg(feature = "key-ring")]
use super::key_ring::{self, Answer};
use super::{Kept, command};
use crate::failure::Failure;
use crate::messages::LoginMessage;
use crate::output::Output;
use crate::profile::{self, ServiceName};
use crate::store::own_folder;
use crate::whole_file::{self, Readers};

/// Between two looks at a lock.
const PAUSE: Duration = Duration::from_millis(50);

/// So many looks: two requests to the identity service take less.
const LOOKS: u32 = 4_800;

/// The place of one login.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    service: ServiceName,
    folder: PathBuf,
    /// In the key ring, and what the file's name begins with.
    name: String,
    /// Where the person is told of waiting.
    #[cfg_attr(
        not(feature = "key-ring"),
        expect(dead_code, reason = "a file keeps nobody waiting")
    )]
    output: Output,
}

/// Where a login was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    #[cfg(feature = "key-ring")]
    KeyRing,
    File(String),
}

/// Nobody else changes the login as long as this lives.
#[derive(Debug)]
pub(crate) struct Locked(#[expect(dead_code, reason = "it is held")] File);

impl Place {
    /// Of a service in the profile; none without a home.
    pub(crate) fn of(service: ServiceName, output: Output) -> Option<Self> {
        let folder = own_folder().ok()?.join("logins");
        let name = format!("{}.{}", profile::name(), service.as_str());
        Some(Self {
            service,
            folder,
            name,
            output,
        })
    }

    /// The same where there has to be one.
    pub(crate) fn required(service: ServiceName, output: Output) -> Result<Self, Failure> {
        Self::of(service, output).ok_or_else(|| Failure::usage(LoginMessage::NoStateFolder.into()))
    }

    fn file_name(&self) -> String {
        format!("{}.json", self.name)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.file_name())
    }

    fn shown(&self) -> String {
        self.path().display().to_string()
    }

    /// Waits for whoever changes the login now.
    pub(crate) async fn lock(&self) -> Result<Locked, Failure> {
        let failed = |error: io::Error| self.failure(LoginMessage::LoginNotKept, error);
        profile::private_folder(&self.folder).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let path = self.folder.join(format!("{}.lock", self.name));
        let file = open_regular(&path, &mut options).map_err(failed)?;
        let time = SharedTime::new(SystemTimer::new());
        for _ in 0..LOOKS {
            match file.try_lock() {
                Ok(()) => return Ok(Locked(file)),
                Err(TryLockError::WouldBlock) => time.sleep(PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        let message = LoginMessage::LoginLocked(self.shown());
        Err(Failure::failed("login_locked", message.into()))
    }

    /// The login, if there is one.
    pub(crate) async fn read(&self) -> Result<Option<Kept>, Failure> {
        if let Some(bytes) = self.read_file()? {
            return self.understood(&bytes, LoginMessage::LoginUnreadable(self.shown()));
        }
        #[cfg(feature = "key-ring")]
        if let Answer::Done(Some(bytes)) = key_ring::read(&self.name, self.output).await? {
            return self.understood(&bytes, LoginMessage::LoginInRingUnreadable);
        }
        Ok(None)
    }

    /// Keeps a login in the place of what was there.
    pub(crate) async fn write(&self, kept: &Kept, _lock: &Locked) -> Result<Stored, Failure> {
        let bytes = kept
            .written()
            .map_err(|error| self.failure(LoginMessage::LoginNotKept, error.into()))?;
        #[cfg(feature = "key-ring")]
        let written = key_ring::write(&self.name, bytes.clone(), self.output).await?;
        #[cfg(feature = "key-ring")]
        if let Answer::Done(()) = written {
            // What an earlier program kept without a key ring would win.
            self.remove_file()?;
            return Ok(Stored::KeyRing);
        }
        whole_file::replace(&self.folder, self.file_name(), &bytes, Readers::Owner)
            .map_err(|error| self.failure(LoginMessage::LoginNotKept, error))?;
        Ok(Stored::File(self.shown()))
    }

    /// Removes the login; whether there was one.
    pub(crate) async fn remove(&self, _lock: &Locked) -> Result<bool, Failure> {
        let was_in_file = self.remove_file()?;
        #[cfg(feature = "key-ring")]
        if let Answer::Done(true) = key_ring::remove(&self.name, self.output).await? {
            return Ok(true);
        }
        Ok(was_in_file)
    }

    fn read_file(&self) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.path();
        match read_private(&path) {
            Ok(bytes) => {
                self.must_be_hidden()
                    .map_err(|error| self.failure(LoginMessage::LoginUnreadable, error))?;
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failure(LoginMessage::LoginUnreadable, error)),
        }
    }

    /// Whoever can read it can do what its owner can.
    #[cfg(unix)]
    fn must_be_hidden(&self) -> io::Result<()> {
        use std::os::unix::fs::MetadataExt as _;

        let mode = fs::metadata(self.path())?.mode() & 0o7777;
        if mode & 0o077 == 0 {
            return Ok(());
        }
        let shown = self.shown();
        let text = format!("{shown} may be read by others (mode {mode:04o}): chmod 600 {shown}");
        Err(io::Error::new(io::ErrorKind::PermissionDenied, text))
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "it is looked at where files have modes")]
    fn must_be_hidden(&self) -> io::Result<()> {
        Ok(())
    }

    fn remove_file(&self) -> Result<bool, Failure> {
        match fs::remove_file(self.path()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.failure(LoginMessage::LoginNotRemoved, error)),
        }
    }

    /// What was kept; `otherwise` says where that cannot be used.
    fn understood(&self, bytes: &[u8], otherwise: LoginMessage) -> Result<Option<Kept>, Failure> {
        let kept = Kept::read(bytes).ok_or_else(|| {
            let again = LoginMessage::LogInAgain(command(self.service));
            Failure::failed("login", otherwise.into()).advising(Some(again.into()))
        });
        kept.map(Some)
    }

    fn failure(&self, message: fn(String) -> LoginMessage, error: io::Error) -> Failure {
        Failure::failed("login", message(self.shown()).into()).with_source(error)
    }
}

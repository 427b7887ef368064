//! What trust is judged by: the roots, certificates and revocation lists of files, and the moment.
//!
//! **Invariant:** what was named and cannot be used is an error before any signature is looked at. Of a folder every file
//! that is of the kind is taken, one that says so and cannot be read is an error, and every other one is told. No file is read beyond a limit, and nothing that could keep
//! the program waiting, such as a pipe, is opened.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use podpis::cms::{Certificate, Document, Signature};
use podpis::trust::{Given, Judgement, Moment, RevocationList, judge};

use super::fetch::{Fetched, Fetcher};
use crate::failure::Failure;
use crate::files::read_at_most;
use crate::messages::{Kind, Message, TrustMessage};
use crate::moment;
use crate::output::Output;

/// The largest file read, in bytes: a list of 64 MiB as text, which is a third longer and has line ends.
const LIMIT: u64 = 96 * 1024 * 1024;

/// How often a signature is judged again with what was fetched for it: a path of ten certificates, of which each names
/// several places.
const MOST_ROUNDS: usize = 30;

#[derive(Debug, Args)]
pub(crate) struct TrustArguments {
    /// A root that you trust, for the signature to be judged by: a file with certificates (PEM with any number of them, DER
    /// or Base64) or a folder of such files. Can be repeated
    #[arg(long, value_name = "FILE|DIR")]
    trust: Vec<PathBuf>,

    /// Certificates that a path to a root may go through, or a signer's own: a file or a folder. Can be repeated
    #[arg(long, value_name = "FILE|DIR")]
    intermediate: Vec<PathBuf>,

    /// Revocation lists: a file (PEM with any number of them, DER or Base64) or a folder. Can be repeated
    #[arg(long, value_name = "FILE|DIR")]
    crl: Vec<PathBuf>,

    /// The moment to judge at instead of now, such as 2024-06-15T12:00:00Z, or 2024-06-15 for its first moment in UTC. A
    /// trusted time stamp goes before it
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Get what is missing from the addresses in the certificates: certificates of issuers, OCSP answers, revocation lists.
    /// Without it the program goes nowhere
    #[arg(long)]
    fetch: bool,

    /// How long one of these files may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "fetch", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    fetch_timeout: u64,
}

/// By what, and at which moment, trust is judged.
#[derive(Debug)]
pub(super) struct Basis {
    given: Given,
    at: Moment,
    fetcher: Option<Fetcher>,
}

/// What was found of trust, and what was fetched for it; `None` where that was not asked for.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) judgement: Judgement,
    pub(super) fetched: Option<Vec<Fetched>>,
}

impl Basis {
    /// Reads what was named; `None` if trust was not asked for. What is skipped is said. The certificate of the signer,
    /// if one was asked for, is at hand too.
    pub(super) fn of(
        arguments: &TrustArguments,
        of_signer: Option<Certificate>,
        output: Output,
    ) -> Result<Option<Self>, Failure> {
        if arguments.trust.is_empty() {
            return match arguments.without_trust() {
                Some(argument) => Err(usage(TrustMessage::NeedsTrust(argument))),
                None => Ok(None),
            };
        }
        let at = match &arguments.at {
            None => Moment::now(moment::now()),
            Some(text) => Moment::asked(moment::argument("--at", text)?),
        };
        let read = |bytes: Vec<u8>| Certificate::read_all(&bytes);
        let mut certificates = Reader::new(Kind::Certificates, read, output);
        let read = |bytes: Vec<u8>| RevocationList::read_all(bytes);
        let mut lists = Reader::new(Kind::Lists, read, output);
        let given = Given::new()
            .roots(certificates.all(&arguments.trust)?)
            .certificates(certificates.all(&arguments.intermediate)?)
            .certificates(of_signer)
            .lists(lists.all(&arguments.crl)?);
        let timeout = Duration::from_secs(arguments.fetch_timeout);
        let fetcher = arguments.fetch.then(|| Fetcher::new(timeout)).transpose()?;
        Ok(Some(Self { given, at, fetcher }))
    }

    /// Judges one signature, with what can be got for it.
    pub(super) async fn judge(
        &mut self,
        document: &Document<'_>,
        signature: &Signature,
    ) -> Verdict {
        let mut judgement = judge(document, signature, &self.given, self.at);
        let Some(fetcher) = &mut self.fetcher else {
            return Verdict {
                judgement,
                fetched: None,
            };
        };
        let mut fetched = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let found = fetcher
                .help(&judgement, &mut self.given, &mut fetched)
                .await;
            if found.is_none() {
                break;
            }
            judgement = judge(document, signature, &self.given, self.at);
        }
        fetcher.keep(&judgement);
        Verdict {
            judgement,
            fetched: Some(fetched),
        }
    }
}

impl TrustArguments {
    /// An argument that was given and means nothing where no root is named.
    fn without_trust(&self) -> Option<&'static str> {
        if !self.intermediate.is_empty() {
            Some("--intermediate")
        } else if !self.crl.is_empty() {
            Some("--crl")
        } else if self.fetch {
            Some("--fetch")
        } else {
            self.at.as_ref().map(|_| "--at")
        }
    }
}

fn usage(message: TrustMessage) -> Failure {
    Failure::usage(message.into())
}

/// Reads files of one kind.
struct Reader<R> {
    kind: Kind,
    read: R,
    output: Output,
    /// What was said to be skipped: a folder may be named twice.
    skipped: HashSet<PathBuf>,
}

/// Why a file gives nothing.
enum Unusable {
    Io(io::Error),
    /// A pipe, a device and the like.
    NoFile,
    TooLarge,
    NotOfKind(Box<dyn StdError + Send + Sync>),
    /// It says of itself that it is of the kind.
    Damaged(Box<dyn StdError + Send + Sync>),
}

impl<T, E, R> Reader<R>
where
    R: Fn(Vec<u8>) -> Result<Vec<T>, E>,
    E: StdError + Send + Sync + 'static,
{
    fn new(kind: Kind, read: R, output: Output) -> Self {
        Self {
            kind,
            read,
            output,
            skipped: HashSet::new(),
        }
    }

    /// All that these files and folders hold.
    fn all(&mut self, paths: &[PathBuf]) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        for path in paths {
            let data = fs::metadata(path).map_err(|error| self.failure(path, error.into()))?;
            if data.is_dir() {
                self.folder(path, &mut all)?;
            } else {
                let found = self.file(path, &data);
                all.extend(found.map_err(|unusable| self.failure(path, unusable))?);
            }
        }
        Ok(all)
    }

    /// What the files of a folder hold, in the order of their names. Links are followed.
    fn folder(&mut self, folder: &Path, all: &mut Vec<T>) -> Result<(), Failure> {
        let before = all.len();
        for path in files_of(folder)? {
            let found = match fs::metadata(&path) {
                Ok(data) => self.file(&path, &data),
                // A link that leads nowhere.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Unusable::NoFile),
                Err(error) => Err(error.into()),
            };
            match found {
                Ok(found) => all.extend(found),
                // What is in it nobody knows, so it is not said to be something else: it could revoke.
                Err(unusable @ (Unusable::Io(_) | Unusable::Damaged(_))) => {
                    return Err(self.failure(&path, unusable));
                }
                Err(_) if !self.skipped.insert(path.clone()) => {}
                Err(_) => {
                    let path = path.display().to_string();
                    let kind = self.kind;
                    self.output
                        .say(&TrustMessage::Skipped { path, kind }.into());
                }
            }
        }
        if all.len() == before {
            return Err(usage(TrustMessage::NoneInFolder {
                path: folder.display().to_string(),
                kind: self.kind,
            }));
        }
        Ok(())
    }

    /// What a file holds: something, or it is not of the kind.
    fn file(&self, path: &Path, data: &Metadata) -> Result<Vec<T>, Unusable> {
        if !data.is_file() {
            return Err(Unusable::NoFile);
        }
        let bytes = read_at_most(File::open(path)?, LIMIT)?.ok_or(Unusable::TooLarge)?;
        let says_kind = contains(&bytes, self.kind.label());
        (self.read)(bytes).map_err(|error| {
            if says_kind {
                Unusable::Damaged(Box::new(error))
            } else {
                Unusable::NotOfKind(Box::new(error))
            }
        })
    }

    /// Likewise for people.
    fn failure(&self, path: &Path, unusable: Unusable) -> Failure {
        let path = path.display().to_string();
        match unusable {
            Unusable::Io(error) => Failure::usage(Message::FileUnreadable(path)).with_source(error),
            Unusable::NoFile => usage(TrustMessage::NeitherFileNorFolder(path)),
            Unusable::TooLarge => usage(TrustMessage::TooLarge { path, limit: LIMIT }),
            Unusable::NotOfKind(source) => {
                let kind = self.kind;
                usage(TrustMessage::NotOfKind { path, kind }).with_source(source)
            }
            Unusable::Damaged(source) => {
                let kind = self.kind;
                usage(TrustMessage::Damaged { path, kind }).with_source(source)
            }
        }
    }
}

/// Whether the text of a file has blocks with this label.
fn contains(bytes: &[u8], label: &str) -> bool {
    let begin = format!("-----BEGIN {label}-----");
    let mut windows = bytes.windows(begin.len());
    windows.any(|window| window == begin.as_bytes())
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What is in a folder itself, by name.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder)?;
        entries.map(|entry| Ok(entry?.path())).collect()
    };
    let mut paths = read().map_err(|error| {
        let folder = folder.display().to_string();
        usage(TrustMessage::FolderUnreadable(folder)).with_source(error)
    })?;
    paths.sort();
    Ok(paths)
}

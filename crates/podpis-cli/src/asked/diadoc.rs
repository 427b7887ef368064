//! What is asked of Diadoc.
//!
//! **Invariant:** what is asked again is the same: the same files, with signatures in the same places and by the same
//! certificate.

use std::path::PathBuf;

use podpis::core::wait::OperationKind as _;
use podpis::diadoc::{AutoSignReceipts, BoxId, DssSign, SignAndAttach};
use podpis::{Diadoc, Operation, Thumbprint};

use super::{Asked, AttachAsk, Start, Starting, ToSign};
use crate::checks;
use crate::delivery::{FolderGoal, Goal};
use crate::environment::parse;
use crate::failure::Failure;
use crate::files::{absolute, must_be_the_same};
use crate::messages::{CheckName, DiadocMessage, Message};
use crate::out_folder::OutFolder;
use crate::progress::UploadBar;
use crate::signature_file::{self, Target};
use crate::store::{Note, NotedFile, Store};

/// Something to sign. The certificates are those that were asked for, by the person or by the sandbox.
#[derive(Debug)]
pub(crate) enum DiadocAsk {
    Files {
        method: Method,
        signed: ToSign,
        targets: Vec<Target>,
        certificate: Option<Thumbprint>,
        /// The checks that people are told of: that of the certificate only where a person named one.
        names: &'static [CheckName],
    },
    Receipts {
        in_box: BoxId,
        certificate: Option<Thumbprint>,
    },
    Attach {
        ask: AttachAsk,
        in_box: BoxId,
        folder: OutFolder,
    },
}

/// How files are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Kontur.Certificate with a code by SMS (CloudSign).
    Cloud,
    /// A DSS certificate, confirmed on its owner's phone (DssSign).
    Dss {
        /// The box in which that happens.
        in_box: BoxId,
    },
}

impl Asked for DiadocAsk {
    type Service = Diadoc;

    fn again(store: &Store, record: &Operation) -> Result<Self, Failure> {
        let place = record.origin().place.as_deref();
        let in_box = || parse("origin.place", place.unwrap_or_default());
        let note = store.note(record.id());
        if *record.kind() == AutoSignReceipts::KIND {
            let note = note.ok().flatten();
            return Ok(Self::Receipts {
                in_box: in_box()?,
                certificate: note.as_ref().map(certificate).transpose()?.flatten(),
            });
        }
        if *record.kind() == SignAndAttach::KIND {
            let noted = note.ok().flatten();
            let noted = noted.and_then(|note| Some((note.attach.clone()?, note.folder()?)));
            let Some((ask, folder)) = noted else {
                let command = store.command("abandon", record.id());
                let id = record.id().to_string();
                let message = DiadocMessage::AttachUnknown { id, command };
                return Err(Failure::usage(message.into()).about(record.id()));
            };
            return Ok(Self::Attach {
                ask,
                in_box: in_box()?,
                folder: OutFolder::open(Some(&folder))?,
            });
        }
        let method = if *record.kind() == DssSign::KIND {
            Method::Dss { in_box: in_box()? }
        } else {
            Method::Cloud
        };
        let unknown = || {
            let id = record.id().to_string();
            let command = store.command("abandon", record.id());
            Failure::usage(Message::FilesUnknown { id, command }).about(record.id())
        };
        let note = match note {
            Ok(note) => note.ok_or_else(unknown)?,
            Err(error) => return Err(unknown().with_source(error)),
        };
        if note.is_of_stdin() {
            let id = record.id().to_string();
            let command = store.command("abandon", record.id());
            let message = Message::StdinIsGone { id, command };
            return Err(Failure::usage(message).about(record.id()));
        }
        if note.files.len() != record.files().len() {
            return Err(unknown());
        }
        let files = note.paths();
        must_be_the_same(&files, record)?;
        let places: Vec<PathBuf> = note.files.iter().map(NotedFile::signature).collect();
        Ok(Self::Files {
            method,
            targets: signature_file::at(&places)?,
            signed: ToSign::Files(files),
            certificate: certificate(&note)?,
            names: checks::ALL,
        })
    }

    fn note(&self) -> Result<Note, Failure> {
        let text = |certificate: &Option<Thumbprint>| certificate.map(|known| known.to_string());
        match self {
            Self::Files {
                signed,
                targets,
                certificate,
                ..
            } => {
                let places = || targets.iter().map(Target::place);
                let mut noted = Vec::with_capacity(targets.len());
                for (file, place) in signed.paths().iter().zip(places()) {
                    noted.push(NotedFile::new(absolute(file)?, place));
                }
                let mut note = Note::new(text(certificate), noted);
                if let (ToSign::Stdin(piped), Some(folder)) = (signed, places().next()) {
                    note = note.of_stdin(piped.digest.clone(), folder);
                }
                Ok(note)
            }
            Self::Receipts {
                in_box,
                certificate,
            } => {
                let mut note = Note::new(text(certificate), Vec::new());
                note.receipts_of = Some(in_box.to_string());
                Ok(note)
            }
            Self::Attach { ask, folder, .. } => {
                let mut note = Note::in_folder(folder.real().to_owned());
                note.attach = Some(ask.clone());
                Ok(note)
            }
        }
    }

    fn make_folders(&self) -> Result<(), Failure> {
        match self {
            Self::Files { targets, .. } => targets.iter().try_for_each(Target::make_folder),
            Self::Receipts { .. } => Ok(()),
            Self::Attach { folder, .. } => folder.make(),
        }
    }

    fn start<'j>(&self, diadoc: &Diadoc, start: Start<'j>) -> Result<Starting<'j>, Failure> {
        // Each sort of signing has a type of its own, with this setter.
        macro_rules! by {
            ($certificate:ident, $signing:expr) => {{
                let signing = $signing;
                match $certificate {
                    Some(certificate) => signing.certificate(*certificate),
                    None => signing,
                }
            }};
        }
        match self {
            Self::Files {
                method,
                signed,
                certificate,
                ..
            } => {
                let bar = UploadBar::default();
                let files = signed.files();
                match method {
                    Method::Cloud => {
                        let signing = by!(certificate, diadoc.cloud_sign(files));
                        start.begin(signing.on_upload(move |p| bar.show(p)))
                    }
                    Method::Dss { in_box } => {
                        let signing = by!(certificate, diadoc.in_box(in_box).dss_sign(files));
                        start.begin(signing.on_upload(move |p| bar.show(p)))
                    }
                }
            }
            Self::Receipts {
                in_box,
                certificate,
            } => {
                let signing = by!(certificate, diadoc.in_box(in_box).auto_sign_receipts());
                start.begin(signing)
            }
            Self::Attach { ask, in_box, .. } => start.begin(ask.attaching(diadoc, in_box)?),
        }
    }

    fn goal(&self, _client: &Diadoc) -> Goal {
        match self {
            Self::Files {
                signed,
                targets,
                names,
                ..
            } => {
                let shown = signed.shown().into_iter();
                Goal::Files {
                    targets: shown.zip(targets.iter().cloned()).collect(),
                    names,
                }
            }
            Self::Receipts { .. } => Goal::Told,
            Self::Attach { folder, .. } => Goal::Folder(FolderGoal::of(folder.clone())),
        }
    }

    fn reads_stdin(&self) -> bool {
        matches!(
            self,
            Self::Files {
                signed: ToSign::Stdin(_),
                ..
            }
        )
    }

    fn repeated(&self) -> Option<&[PathBuf]> {
        match self {
            Self::Files { signed, .. } => Some(signed.paths()),
            Self::Receipts { .. } | Self::Attach { .. } => None,
        }
    }
}

fn certificate(note: &Note) -> Result<Option<Thumbprint>, Failure> {
    let text = note.certificate.as_deref();
    text.map(|text| parse("certificate", text)).transpose()
}

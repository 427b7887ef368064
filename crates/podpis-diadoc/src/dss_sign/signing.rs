//! A DssSign before it is started, and its repetitions where the service asks for them.
//!
//! **Invariant:** every repetition sends the very bytes that were read for the first start, is stored before it is
//! sent, and is over before the deadline of the whole.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use podpis_cms::Thumbprint;
use podpis_core::wait::{
    Begin, Beginning, Deadline, NoPrompt, OperationClient as _, Prepared, Prompt, Run,
};
use podpis_core::{Error, ErrorKind, begins};
use podpis_diadoc_proto::dss::DssSignFile;
use podpis_operation::{Fingerprint, Journal, MemoryJournal, Refusal, Timestamp};

use super::record::{Record, Step};
use super::signer::{GosKey, Signer};
use super::{DssSign, Request};
use crate::file::Source;
use crate::shelf::{UploadProgress, UploadSettings, prepare};
use crate::{BoxId, Diadoc, File, Signatures};

/// How often an operation is started over when the service asks for that.
const START_OVERS: u32 = 3;

/// A DssSign that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct DssSigning {
    begin: Beginning<Diadoc>,
    in_box: BoxId,
    files: Vec<File>,
    signer: Signer,
    start_overs: u32,
    uploads: UploadSettings,
}

begins!(DssSigning {
    in_box,
    files,
    signer
});

impl DssSigning {
    pub(crate) fn new(diadoc: Diadoc, in_box: BoxId, files: Vec<File>) -> Self {
        let uploads = diadoc.uploads().clone();
        Self {
            begin: Beginning::new(diadoc),
            in_box,
            files,
            signer: Signer::Default,
            start_overs: 0,
            uploads,
        }
    }

    /// Signs by this certificate; without it, by the user's DSS certificate that is valid longest. The last of
    /// `certificate` and `gos_key` counts.
    pub fn certificate(mut self, thumbprint: Thumbprint) -> Self {
        self.signer = Signer::Certificate(thumbprint);
        self
    }

    /// Signs by the GosKey app of this person instead of a certificate at the service.
    pub fn gos_key(mut self, gos_key: GosKey) -> Self {
        self.signer = Signer::GosKey(gos_key);
        self
    }

    /// Starts over when the service asks for that (OperationRetryRequired), not before the moment it names, at most
    /// three times, and inside the deadline. The owner of the certificate may be asked each time. For
    /// [`run`](Begin::run) and [`DssSigning::run_in`]; whoever calls [`start`](Begin::start) finds the refusal in the run.
    pub fn start_over_when_asked(mut self) -> Self {
        self.start_overs = START_OVERS;
        self
    }

    /// Is told how far uploads are.
    pub fn on_upload(mut self, watcher: impl Fn(&UploadProgress) + Send + Sync + 'static) -> Self {
        self.uploads.watcher = Some(Arc::new(watcher));
        self
    }

    /// Starts, waits, and starts over where that is asked for and allowed; gives the run that has the signatures.
    /// Take them by [`Run::output`], keep them safe, then [`Run::forget`] it.
    ///
    /// A record that was refused and followed by another is removed as soon as the other may have been sent.
    ///
    /// # Errors
    /// As [`start`](Begin::start) and [`Run::wait`]. The refusal [`Refusal::MustStartOver`] comes back when starting
    /// over is not allowed, was done three times, or would begin after the deadline.
    pub async fn run_in<'j>(
        self,
        journal: &'j dyn Journal,
        deadline: Deadline,
    ) -> Result<Run<'j, DssSign>, Error> {
        let mut start_overs = self.start_overs;
        let diadoc = self.begin.client.starting_within(deadline);
        let time = diadoc.dss_runs().time.clone();
        let ends = time.elapsed().saturating_add(deadline.as_duration());
        let mut signing = self;
        signing.begin.client = diadoc.clone();
        let (record, files, request) = Box::pin(signing.ready()).await?;
        let prepared = Prepared::new(record, request);
        let prepared = prepared.in_place(signing.in_box.as_str()).about(files);
        let mut run = signing.begin.start(journal, prepared.clone()).await?;
        loop {
            // Every run counts from the moment at which the first one was asked for.
            let Err(error) = run.wait(&mut NoPrompt, deadline).await else {
                return Ok(run);
            };
            let Some(Refusal::MustStartOver { not_before }) = error.refusal() else {
                return Err(error);
            };
            let pause = pause_until(*not_before, time.now());
            if start_overs == 0 || time.elapsed().saturating_add(pause) >= ends {
                return Err(error);
            }
            start_overs -= 1;
            time.sleep(pause).await;
            let mut begin = Beginning::new(diadoc.clone());
            begin.follows = Some(run.operation().id().clone());
            let next = begin.start(journal, prepared.clone()).await;
            if next.is_ok() || next.as_ref().is_err_and(Error::may_have_been_applied) {
                forget(run).await;
            }
            run = next?;
        }
    }

    /// What is kept before the start, the files, and what the start sends.
    pub(crate) async fn ready(&self) -> Result<(Record, Vec<Fingerprint>, Request), Error> {
        self.check_boxes()?;
        let prepared = prepare(&self.begin.client, &self.uploads, &self.files).await?;
        let certificate = match &self.signer {
            Signer::Certificate(thumbprint) => Some(thumbprint.to_string()),
            Signer::Default | Signer::GosKey(_) => None,
        };
        let record = Record {
            in_box: self.in_box.as_str().to_owned(),
            certificate,
            by_gos_key: matches!(self.signer, Signer::GosKey(_)),
            shelf: prepared
                .iter()
                .map(|file| file.on_shelf().map(ToString::to_string))
                .collect(),
            progress: None,
            step: Step::Starting,
        };
        let files = prepared
            .iter()
            .map(|file| {
                DssSignFile::new(file.content_v3()).with_file_name(file.fingerprint.name.as_str())
            })
            .collect();
        let request = Request {
            files,
            signer: self.signer.clone(),
        };
        let fingerprints = prepared.into_iter().map(|file| file.fingerprint);
        Ok((record, fingerprints.collect(), request))
    }

    /// The request names documents without their box: one of another box would be looked for in the wrong place.
    fn check_boxes(&self) -> Result<(), Error> {
        for file in &self.files {
            if let Source::Entity { in_box, .. } = file.source()
                && in_box.certainly_differs(&self.in_box)
            {
                let text = format!(
                    "{} is in the box {in_box}, and DssSign signs what is in the box {}",
                    file.name(),
                    self.in_box
                );
                return Err(Error::new(ErrorKind::InvalidInput, text));
            }
        }
        Ok(())
    }
}

impl Begin for DssSigning {
    type Kind = DssSign;

    fn beginning(&mut self) -> &mut Beginning<Diadoc> {
        &mut self.begin
    }

    /// How the owner of the certificate is asked, [`DssProgress::of`](crate::dss_sign::DssProgress::of) tells from the
    /// record once a poll has told it.
    async fn start(self, journal: &dyn Journal) -> Result<Run<'_, DssSign>, Error> {
        let (record, files, request) = Box::pin(self.ready()).await?;
        let prepared = Prepared::new(record, request);
        let prepared = prepared.in_place(self.in_box.as_str()).about(files);
        self.begin.start(journal, prepared).await
    }

    async fn run(self, _: &mut dyn Prompt, deadline: Deadline) -> Result<Signatures, Error> {
        let journal = MemoryJournal::new();
        self.run_in(&journal, deadline).await?.output()
    }
}

fn pause_until(moment: Timestamp, now: SystemTime) -> Duration {
    SystemTime::from(moment)
        .duration_since(now)
        .unwrap_or_default()
}

/// Removes a record that another one took the place of. That it stays where this fails does no harm: it is refused.
async fn forget(run: Run<'_, DssSign>) {
    if let Err(failure) = run.forget().await {
        tracing::warn!(%failure, "a record that was followed by another could not be removed");
    }
}

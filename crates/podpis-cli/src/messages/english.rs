//! The English words.
//!
//! **Invariant:** one line per message; it names the thing and says what to do.

use podpis::extern_api::{AnswerStep, ReportStep};

use super::{Cost, Label, Message, one_unit};
use crate::commands::ops::outcome::{Outcome, Skip};
use crate::exit::Exit;
use crate::kept::{Came, Reading};

pub(super) fn text(message: &Message) -> String {
    match message {
        Message::Lead(exit) => match exit {
            Exit::Done => "done".into(),
            Exit::Failed => "it failed".into(),
            Exit::Usage => "nothing was sent for signing".into(),
            Exit::Refused => "there will be no signature".into(),
            Exit::NotProven => "it is not proven".into(),
            Exit::Open => "it is not known yet how this ends".into(),
        },

        Message::BadArgument(name) => format!("{name} is wrong"),
        Message::VariableNotText(name) => format!("{name} does not hold UTF-8 text"),
        Message::VariableTwice(name) => {
            format!("{name} and {name}_FILE are both set; unset one of them")
        }
        Message::VariableFile { name, path } => {
            format!("{name}_FILE names {path}, which gives no value")
        }
        Message::MissingCredentials(names) => format!(
            "no login: {names} is not set; set DIADOC_TOKEN, or DIADOC_CLIENT_ID with DIADOC_LOGIN and \
             DIADOC_PASSWORD (or NAME_FILE with the path of a file that holds the value)"
        ),
        Message::MissingExternCredentials(names) => format!(
            "no login: {names} is not set; set EXTERN_TOKEN, or EXTERN_CLIENT_ID and EXTERN_API_KEY with EXTERN_LOGIN \
             and EXTERN_PASSWORD (or NAME_FILE with the path of a file that holds the value)"
        ),
        Message::MissingAccount => {
            "no account: use --account or set EXTERN_ACCOUNT; podpis extern accounts lists them"
                .into()
        }
        Message::MissingIds(names) => {
            format!("{names} must be given; only a sandbox has something to do without")
        }
        Message::NoSuchCertificate(thumbprint) => format!(
            "the account has no certificate {thumbprint}; podpis extern certificates lists them, and --cert-file takes \
             one from a file"
        ),
        Message::CertificateUnreadable(path) => {
            format!("{path} is not a certificate in DER or PEM")
        }
        Message::YesNeedsSandbox(url) => format!(
            "--yes answers for the person, so it works with a sandbox only, and {url} is not one; leave --yes out"
        ),
        Message::ListenAddress(text) => {
            format!("--listen {text} is not an address with a port, for example 127.0.0.1:8787")
        }
        Message::ListenOtherHosts(address) => format!(
            "--listen {address} can be reached from other machines, and whoever reaches the sandbox reads its codes; \
             listen on 127.0.0.1 or [::1]"
        ),
        Message::SameTarget(target) => format!(
            "two of the files would leave their signature in {target}; sign them one by one, with different --out"
        ),
        Message::TargetIsInput(target) => {
            format!("{target} is one of the files and would be replaced by a signature; use --out")
        }
        Message::TargetIsFolder(target) => {
            format!("the signature would be {target}, and that is a folder")
        }
        Message::NoFolder(folder) => format!("the folder {folder} for signatures cannot be used"),
        Message::FolderNotWritable(folder) => {
            format!("signatures cannot be written to the folder {folder}")
        }
        Message::FileUnreadable(path) => format!("{path} cannot be read"),
        Message::NotAFile(path) => format!("{path} is not a file"),
        Message::TooLargeForSignature { path, limit } => {
            format!("{path} is larger than {limit} bytes, and no signature is")
        }

        Message::Setup => "the program cannot be set up".into(),
        Message::ListenFailed(address) => format!("cannot listen on {address}"),
        Message::NothingAnswers(url) => format!("nothing answers at {url}"),
        Message::SandboxControl(path) => format!("the sandbox did not answer {path} as it should"),
        Message::SignatureNotWritten(target) => format!("the signature {target} was not written"),
        Message::ResultNotWritten(target) => format!("{target} was not written"),
        Message::ContentDiffers(file) => {
            format!("{file} is not what was signed any more, so only its signature was written")
        }
        Message::ResultNotPrinted => "the result could not be printed".into(),
        Message::Interrupted => {
            "interrupted: the signing goes on at the service, and the person may be asked by SMS or on the phone".into()
        }
        Message::InterruptedEarly => "interrupted: nothing was sent for signing".into(),
        Message::ResultNotUnderstood => {
            "the operation gave a result that this version of the program does not know".into()
        }
        Message::JournalUnusable(path) => {
            format!("the journal at {path} cannot be used, so nothing was sent")
        }
        Message::NoJournalFolder => {
            "there is no home folder to keep the journal in; set PODPIS_JOURNAL or use --journal"
                .into()
        }
        Message::RecordUnreadable(path) => format!("the record {path} cannot be read"),
        Message::NoOperation { id, journal } => {
            format!("there is no operation {id} in the journal at {journal}")
        }
        Message::OtherHost { id, elsewhere } => {
            let (host, configured) = (&elsewhere.host, &elsewhere.configured);
            let why = if elsewhere.in_sandbox {
                format!("operation {id} was made in the sandbox at {host}, and no sandbox answers there now")
            } else {
                format!("operation {id} lives at {host}, and what is set up is {configured}")
            };
            format!(
                "{why}: nothing was sent; if your login is for {host}, name it with --base-url (now: {configured})"
            )
        }
        Message::JournalGone => "warning: the result is delivered, and its record in the journal could not be changed".into(),
        Message::NoteRefused(id) => format!("the note of operation {id} is not used"),
        Message::InSandbox(place) => format!("{place} (sandbox)"),
        Message::FilesUnknown { id, command } => format!(
            "where the files of operation {id} are was not noted: sign them with podpis diadoc sign, and forget this \
             operation with: {command}"
        ),
        Message::AskUnknown { id, command } => format!(
            "what operation {id} was asked for was not noted: run the podpis extern command again, and forget this \
             operation with: {command}"
        ),
        Message::FileChanged(path) => {
            format!("{path} is not the file of the operation any more: the content is another")
        }
        Message::KindUnknown { id, kind } => {
            format!(
                "operation {id} is a {kind}, and this version of the program cannot go on with that"
            )
        }
        Message::StillOpen { id, state, command } => format!(
            "operation {id} can still be finished ({state}), and starting over asks the person twice; --even-if-open \
             does it all the same, and this goes on with it: {command}"
        ),

        Message::UsingSandbox(url) => {
            format!("using the sandbox at {url}; its signatures are worth nothing")
        }
        Message::FilesTaken => "Diadoc has the files; waiting for the SMS to go out…".into(),
        Message::SmsSent => "an SMS with a code was sent; waiting for the code".into(),
        Message::CodeTaken => "Diadoc has the code; waiting for the signatures…".into(),
        Message::ExternAtWork => {
            "Extern has begun; where it asks on the phone, confirm there…".into()
        }
        Message::ExternHasCode => "Extern has the code; waiting for the result…".into(),
        Message::ConfirmOnPhone => "confirm on your phone (myDSS)".into(),
        Message::FinishOtherOnPhone => {
            "another operation waits on your phone (myDSS): confirm or decline that one first"
                .into()
        }
        Message::Progress(status) => format!("Extern says: {status}"),
        Message::ConfirmedOnPhone => "--yes: confirmed on the sandbox's phone".into(),
        Message::CodeFromPhone => "--yes: the code is taken from the sandbox's phone".into(),
        Message::CodeNotAccepted => {
            "--yes: the service did not take the code of this operation's only SMS".into()
        }
        Message::WaitingForPhone => "--yes: waiting for the SMS on the sandbox's phone…".into(),
        Message::WaitingForLine { attempt: 1, .. } => {
            "the code is read from one line of standard input".into()
        }
        Message::WaitingForLine { attempt, of } => format!(
            "the code was wrong; attempt {attempt} of {of}: the next code is read from the next line of standard input"
        ),

        Message::GoOn { id, state, command } => {
            format!("operation {id} is open ({state}) and in the journal; go on with: {command}")
        }
        Message::HandOut { id, command } => {
            format!(
                "operation {id} has ended, and what it gave is in the journal; get it with: {command}"
            )
        }
        Message::Unclear {
            id,
            start_over,
            abandon,
            cost,
        } => format!(
            "nobody can tell from here what became of operation {id}: ask the signer, and look at the service; if nothing \
             was signed, start over, which {}: {start_over}; or forget it with: {abandon}",
            costs(*cost)
        ),
        Message::Came(came) => match came {
            Came::Nothing => "nothing came".into(),
            Came::Unreadable => "a signature that came could not be read".into(),
            Came::OtherContent => "a signature that came is over other content".into(),
            Came::WrongValue => {
                "a signature that came was not made by the key of its certificate".into()
            }
            Came::NotChecked => "a signature that came was not checked".into(),
            Came::Signatures => "what came is not what was asked for".into(),
        },
        Message::SignedThenRefused => "it was signed, and then it was refused".into(),
        Message::Waits {
            came,
            id,
            save,
            abandon,
        } => format!(
            "operation {id}: {}; all that came waits in the journal, and this writes it as it came: {save}; nobody has to \
             be asked again before somebody has looked at it; this forgets it: {abandon}",
            text(&Message::Came(*came))
        ),
        Message::OfNoUse {
            came,
            id,
            save,
            start_over,
            cost,
        } => format!(
            "operation {id}: {}, and nothing else came; it waits in the journal, and this writes it as it came: {save}; \
             signing again {}: {start_over}",
            text(&Message::Came(*came)),
            costs(*cost)
        ),
        Message::NothingCame {
            id,
            start_over,
            abandon,
            cost,
        } => format!(
            "operation {id} has ended, and no signature came of it; signing again {}: {start_over}; this forgets it: \
             {abandon}",
            costs(*cost)
        ),
        Message::SaveFirst { id, save } => format!(
            "operation {id} keeps what came, and starting over forgets it: write it first, with {save}; --even-if-open \
             starts over all the same"
        ),
        Message::Saved { place, reading } => match reading {
            Reading::Of(file) => format!("{place}: a signature of {file}"),
            Reading::WrongValue(file) => format!(
                "{place}: a signature over the content of {file} that was not made by the key of its certificate"
            ),
            Reading::OtherContent => format!("{place}: a signature that is over other content"),
            Reading::NotChecked => format!("{place}: a signature that was not checked"),
            Reading::Unreadable => format!("{place}: could not be read as a signature"),
        },
        Message::KeepsNothing(id) => format!(
            "operation {id} keeps no signature and nothing that came in the place of one, so nothing is written"
        ),
        Message::NotSent { file, place } => {
            format!("{file}: signed and not sent; the signature is in {place}")
        }
        Message::NotKept { id, state } => format!(
            "operation {id} is still open ({state}); it belongs to the embedded sandbox, which ends with the program, \
             so its record was not kept"
        ),

        Message::GoingOn { id, files } => format!("operation {id}: {files}"),
        Message::Claimed(id) => {
            format!("operation {id} is being driven by another program and is left to it")
        }
        Message::Finished(id) => format!("operation {id} was finished by another program"),
        Message::Outcome { id, outcome } => {
            let words = match outcome {
                Outcome::Ended(Exit::Done) => "done",
                Outcome::Ended(Exit::Failed) => "failed",
                Outcome::Ended(Exit::Usage) => "not gone on with",
                Outcome::Ended(Exit::Refused) => "refused, or only partly signed",
                Outcome::Ended(Exit::NotProven) => "done, and not proven",
                Outcome::Ended(Exit::Open) => "stays in the journal",
                Outcome::Skipped(Skip::Claimed) => "left to another program",
                Outcome::Skipped(Skip::Finished) => "finished by another program",
                Outcome::Skipped(Skip::Elsewhere(_)) => "left alone, it lives at another address",
            };
            format!("outcome of operation {id}: {words}")
        }
        Message::PlaceUnknown { id, folder } => format!(
            "where the signatures of operation {id} were to go was not noted, so they go to {folder}; --out names \
             another folder"
        ),
        Message::StartedOver { old, new } => {
            format!("operation {old} is started over as {new}")
        }
        Message::Abandoning { id, state } => match state {
            None => format!("operation {id} is forgotten; its record could not be read"),
            Some("done") => format!(
                "operation {id} is forgotten, and with it what the service gave and may give only once"
            ),
            Some("refused") => format!("operation {id} is forgotten; it was refused"),
            Some("awaiting_code") => format!(
                "operation {id} is forgotten; the service is not told, and the code from its SMS is of no use any more"
            ),
            Some(state) => format!(
                "operation {id} is forgotten ({state}); the service is not told and may still sign, and nobody fetches \
                 what it gives"
            ),
        },
        Message::JournalEmpty(path) => format!("there are no operations in the journal at {path}"),

        Message::Label(label) => match label {
            Label::Operation => "operation",
            Label::Kind => "kind",
            Label::State => "state",
            Label::Refusal => "refusal",
            Label::Place => "where",
            Label::Created => "begun",
            Label::Changed => "changed",
            Label::Age => "age",
            Label::Follows => "follows",
            Label::Files => "files",
            Label::File => "file",
            Label::Digest => "digest",
            Label::Signature => "signature goes to",
            Label::Folder => "results go to",
        }
        .into(),
        Message::State(name) => match *name {
            "starting" => "start unanswered",
            "awaiting_code" => "waits for the code",
            "confirming" => "code unanswered",
            "processing" => "at work",
            "done" => "done, to be fetched",
            "refused" => "refused",
            other => other,
        }
        .into(),
        Message::Age(seconds) => {
            let (number, unit) = one_unit(*seconds);
            format!("{number} {}", ["s", "min", "h", "d"][unit])
        }
        Message::Size(bytes) => format!("{bytes} bytes"),

        Message::AskCode => "Code from the SMS:".into(),
        Message::CodeHelp => "Esc stops asking; the operation stays open".into(),
        Message::WrongCode { attempt, of } => {
            format!("the code was wrong; attempt {attempt} of {of}")
        }
        Message::CodeRejection(words) => format!("the service says about the last code: {words}"),
        Message::CodeIsEmpty => "the code is empty".into(),
        Message::CodeNotText => "the code on standard input is not UTF-8 text".into(),
        Message::CodeTooLong => "the line on standard input is too long to be a code".into(),
        Message::NoMoreLines => "standard input ended without a code".into(),
        Message::CodeCancelled => "the person stopped".into(),

        Message::Signed { file, target } => format!("{file}: signed, {target}"),
        Message::ReportSent { docflow } => format!("sent: docflow {docflow}"),
        Message::CheckFound(finding) => format!("the check found: {finding}"),
        Message::Answered {
            document,
            reply_type,
        } => format!("document {document}: answered with {reply_type}"),
        Message::NothingToAnswer => "nothing is asked for".to_owned(),
        Message::ReplyTypeNeeded { document, types } => {
            format!("document {document} can be answered with {types}; choose by --type")
        }
        Message::Reporting(step) => match step {
            ReportStep::Draft => "making the draft",
            ReportStep::Documents => "adding the documents",
            ReportStep::Check => "checking",
            ReportStep::Sign => "signing",
            ReportStep::Prepare => "preparing: encrypting for the recipient",
            ReportStep::Send => "sending",
            _ => "going on",
        }
        .to_owned(),
        Message::Answering(step) => match step {
            AnswerStep::Generate => "making the reply",
            AnswerStep::Contents => "adding the contents of the package",
            AnswerStep::Sign => "signing",
            AnswerStep::Send => "sending",
            _ => "going on",
        }
        .to_owned(),
        Message::Decrypted { file, target } => format!("{file}: decrypted, {target}"),
        Message::NotSigned { file, reason } => format!("{file}: not signed: {reason}"),

        Message::Validity { from, to } => format!("  valid from {from} to {to}"),
        Message::Inn(inn) => format!("INN {inn}"),
        Message::Usable => "  can sign remotely".into(),
        Message::NotUsable(reason) => format!("  cannot sign remotely: {reason}"),
        Message::NothingListed => "there are none".into(),

        Message::SandboxListens(url) => format!("the sandbox listens at {url}"),
        Message::SandboxPhone(url) => format!("the virtual phone: {url}"),
        Message::SandboxVariables => "to use it from another terminal:".into(),
        Message::SandboxStop => "Ctrl-C stops it".into(),

        Message::Diadoc(message) => message.text(super::Language::English),
        Message::Signature(message) => message.text(super::Language::English),
        Message::Trust(message) => message.text(super::Language::English),
    }
}

fn costs(cost: Cost) -> &'static str {
    match cost {
        Cost::Sms => "costs another SMS and its code",
        Cost::Confirmation => "costs another confirmation by the signer",
        Cost::Nothing => "asks nobody",
    }
}

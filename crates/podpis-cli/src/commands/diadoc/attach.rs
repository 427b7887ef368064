//! `podpis diadoc attach`: signs documents of a message and attaches the signatures.
//!
//! **Invariant:** without `--message` only a sandbox's own document is signed; the rules of the service are checked
//! against the message before anybody is asked.

use std::path::PathBuf;

use clap::Args;
use podpis::Diadoc;

use crate::asked::{AttachAsk, AttachMethod, DiadocAsk};
use crate::checks::StrictArguments;
use crate::connection::DiadocArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::ready::{Ready, StartArguments};

#[derive(Debug, Args)]
#[command(
    after_help = "An ordinary signature of a document that waits for it sends the document. A document that waits \
                  unsent, and whose form is prescribed, is prepared first: the signer is written into it.\n\
                  The operation is in the journal until its signatures are attached and written: whatever stops the \
                  program, `podpis ops` goes on with it, and nothing is attached twice."
)]
pub(crate) struct AttachArguments {
    /// Message of the documents; with a sandbox, a seeded unsigned document unless given
    #[arg(long, value_name = "MESSAGE", requires = "entity")]
    message: Option<String>,

    /// Document in the message; several are signed with one confirmation
    #[arg(long, value_name = "ENTITY", requires = "message")]
    entity: Vec<String>,

    /// Attach approval signatures, of which a document can have any number
    #[arg(long)]
    approval: bool,

    /// How to sign
    #[arg(long, value_enum, default_value_t = AttachMethod::Dss)]
    method: AttachMethod,

    /// Thumbprint of the certificate to sign with; the person's current one unless given
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Label of the signature: at most 20 Latin letters, digits and hyphens
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,

    /// Power of attorney by which the signer acts: `default` for the user's own, or NUMBER:INN of who issued it
    #[arg(long, value_name = "POWER")]
    power_of_attorney: Option<String>,

    /// Sign documents as they are stored, even where they could be prepared
    #[arg(long)]
    as_stored: bool,

    /// Folder for the signatures; the current one unless given. Nothing that is there is replaced
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    diadoc: DiadocArguments,

    #[command(flatten)]
    start: StartArguments,

    #[command(flatten)]
    strict: StrictArguments,
}

/// Signs, attaches and writes.
pub(super) async fn run(arguments: AttachArguments, output: Output) -> Result<Exit, Failure> {
    let (service, start) = (&arguments.diadoc.service, &arguments.start);
    let mut ask = AttachAsk {
        message: arguments.message.clone().unwrap_or_default(),
        entities: arguments.entity.clone(),
        method: arguments.method,
        certificate: arguments.cert.clone(),
        approval: arguments.approval,
        labels: arguments.label.clone(),
        power_of_attorney: arguments.power_of_attorney.clone(),
        as_stored: arguments.as_stored,
    };
    ask.check()?;
    let folder = OutFolder::open(arguments.out.as_deref())?;
    let store = start.store(service)?;
    let in_box = arguments.diadoc.in_box()?;
    let ready = Ready::<Diadoc>::open(&store, service, start, arguments.strict, output).await?;
    let connection = &ready.connection;
    if ask.entities.is_empty() {
        let seeded = connection.seeded().map(|world| &world.unsigned_document);
        let seeded =
            seeded.ok_or_else(|| Failure::usage(Message::MissingIds("--message, --entity")))?;
        ask.message.clone_from(&seeded.message);
        ask.entities.push(seeded.entity.clone());
    }
    if ask.certificate.is_none()
        && let Some(person) = connection.person()
    {
        let seeded = match ask.method {
            AttachMethod::Dss => person.dss_certificate,
            AttachMethod::Cloud => person.certificate,
            AttachMethod::Test => None,
        };
        ask.certificate = seeded.map(|thumbprint| thumbprint.to_string());
    }
    let asked = DiadocAsk::Attach {
        ask,
        in_box: connection.in_box(in_box, output).await?,
        folder,
    };
    let delivery = ready.carry_out(asked, None, &mut Interrupt::new()).await?;
    delivery.print()
}

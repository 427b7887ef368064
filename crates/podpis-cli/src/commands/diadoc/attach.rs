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
    #[command(flatten)]
    ask: AttachAsk,

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
    let mut ask = arguments.ask.clone();
    ask.check()?;
    let folder = OutFolder::open(arguments.out.as_deref())?;
    let store = start.store(service).await?;
    let in_box = arguments.diadoc.in_box()?;
    let ready = Ready::<Diadoc>::open(&store, service, start, arguments.strict, output).await?;
    let connection = &ready.connection;
    if ask.entities.is_empty() {
        let seeded = connection.seeded().map(|world| &world.unsigned_document);
        let seeded =
            seeded.ok_or_else(|| Failure::usage(Message::MissingIds("--message, --entity")))?;
        ask.message = Some(seeded.message.clone());
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

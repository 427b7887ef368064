//! `podpis diadoc attach`: signs documents of a message and attaches the signatures.
//!
//! **Invariant:** without `--message` and `--waiting` only a sandbox's own document is signed; the rules of the service
//! are checked against the message before anybody is asked.

use std::path::PathBuf;

use clap::Args;
use podpis::Diadoc;

use super::attach_waiting::{WaitingChoice, Work};
use crate::asked::{AttachAsk, AttachMethod, DiadocAsk};
use crate::checks::StrictArguments;
use crate::connection::DiadocArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::{DiadocMessage, Message};
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::ready::{Ready, StartArguments};

#[derive(Debug, Args)]
#[command(
    after_help = "An ordinary signature of a document that waits for it sends the document. A document that waits \
                  unsent, and whose form is prescribed, is prepared first: the signer is written into it.\n\
                  With --waiting it shows what would be signed and what the other documents need, and asks once; where \
                  nobody watches, --confirm-count says yes to exactly so many. Operations of the box that are open go on \
                  first, so it can be run again whatever stopped it.\n\
                  The operation is in the journal until its signatures are attached and written: whatever stops the \
                  program, `podpis ops` goes on with it, and nothing is attached twice."
)]
pub(crate) struct AttachArguments {
    #[command(flatten)]
    ask: AttachAsk,

    #[command(flatten)]
    waiting: WaitingChoice,

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
    if !arguments.waiting.waiting && !arguments.waiting.filter.is_empty() {
        return Err(Failure::usage(DiadocMessage::OnlyWithWaiting.into()));
    }
    arguments.waiting.filter.filter().map(drop)?;
    let folder = OutFolder::asked(arguments.out.as_deref())?;
    let store = start.store(service, output).await?;
    let in_box = arguments.diadoc.in_box()?;
    let ready = Ready::<Diadoc>::open(&store, service, start, arguments.strict, output).await?;
    let connection = &ready.connection;
    let is_waiting = arguments.waiting.waiting;
    if ask.entities.is_empty() && !is_waiting {
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
    let in_box = connection.in_box(in_box, output).await?;
    if is_waiting {
        let work = Work {
            arguments: &arguments.waiting,
            diadoc: &arguments.diadoc,
            ask,
            in_box,
            folder,
            store: &store,
            ready: &ready,
            output,
        };
        return Box::pin(work.run()).await;
    }
    let asked = DiadocAsk::Attach {
        ask,
        in_box,
        folder,
    };
    let delivery = ready.carry_out(asked, None, &mut Interrupt::new()).await?;
    delivery.print()
}

//! Extern: as whom, what is asked of it, and where its results go.
//!
//! | module | decides |
//! |---|---|
//! | `connection`, `login` | which Extern is talked to, and as whom |
//! | `ask` | what can be asked, in a form that is noted and asked again |
//! | `delivery` | what becomes of the results |
//! | `out_folder`, `file_name` | where they are written, and under which names |
//!
//! **Invariant:** a name from the service never leads out of the folder, and nothing that is there is replaced.

mod ask;
mod connection;
mod delivery;
mod file_name;
mod login;
mod out_folder;

pub(crate) use ask::{Ask, CertificateChoice, What};
pub(crate) use connection::{ExternArguments, ExternConnection};
pub(crate) use delivery::{FolderGoal, deliver};
pub(crate) use out_folder::OutFolder;

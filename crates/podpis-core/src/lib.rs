//! What the podpis clients are made of: calls, login, waiting, errors.
//!
//! | module | decides |
//! |---|---|
//! | [`error`] | how a failure is described, and what it means for a signature |
//! | [`call`] | how one endpoint is called: what an answer means, what may be repeated, how many at once |
//! | [`login`] | which headers a call carries, and how they are renewed |
//! | [`journal`] | where operations are kept between runs of a program |
//! | [`drive`] | how all operations of a journal are driven, a turn at a time |
//! | [`wait`] | how an operation is driven to its end, on whose clock, and for how long |
//! | [`local_file`] | what is sent: bytes in memory, or a path on disk |
//! | [`parts`] | how a large file is read part by part |
//! | [`secret`] | what may never be printed |
//!
//! **Invariant:** no call of a service is made here, and of the services only the identity provider that both log
//! in by is known. What Kontur.Extern and Diadoc have in common lives in this crate,
//! and what they do not share lives in their clients.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod base_url;
pub mod call;
pub mod certificate;
pub mod client;
pub mod drive;
pub mod error;
pub mod journal;
pub mod local_file;
pub mod login;
pub mod parts;
pub mod secret;
pub mod wait;

pub use base_url::{BaseUrl, BaseUrlError};
pub use error::{Error, ErrorChain, ErrorKind};
pub use podpis_operation as operation;

const _: () = {
    const fn shareable<T: Clone + Send + Sync + 'static>() {}
    const fn throwable<T: std::error::Error + Send + Sync + 'static>() {}
    shareable::<call::Caller>();
    shareable::<wait::SharedTime>();
    shareable::<login::SharedCredentials>();
    throwable::<Error>();
    assert!(size_of::<Error>() == size_of::<usize>());
};

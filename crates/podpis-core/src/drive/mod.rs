//! Drives all open operations of a journal to their ends: thousands at once, for people take minutes to reach for their
//! phones.
//!
//! **Invariant:** an operation that waits is in the journal and nowhere else. When it is due it is claimed, one thing is done
//! by [`Run::turn`](crate::wait::Run::turn), and it is stored with the moment at which it is due again and given back; so
//! any number of drivers, on any number of machines, share a journal, and when one dies the others go on.

mod clients;
mod code;
mod counts;
mod driver;
mod lanes;
mod look;
mod moments;
mod news;
mod round;
mod shared;
#[cfg(test)]
mod tests;
mod told;
mod turn;

pub use clients::Clients;
pub use code::{CodeAnswer, CodeError};
pub use counts::Counts;
pub use driver::{Driver, DriverBuilder};
pub use news::{CodeWanted, Ended, LeftAlone, News, Outcomes};

//! Drives all open operations of a journal to their ends: thousands at once, for people take minutes to reach for their
//! phones.
//!
//! **Invariant:** the journal has whatever an operation has learned, and says when it is due. Then it is claimed, one thing
//! is done by [`Run::turn`](crate::wait::Run::turn), and it is given back; or, where it is due again before two thirds of
//! its lease are over, it waits in memory under its claim, as one of a fixed number. So any number of drivers, on any number
//! of machines, share a journal, and when one dies the others go on.

mod clients;
mod code;
mod counts;
mod driver;
mod lanes;
mod look;
mod moments;
mod news;
mod places;
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

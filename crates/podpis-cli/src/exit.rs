//! Decides the number that the program ends with.
//!
//! **Invariant:** one pure function maps every library error. "Open" wins over "failed": a script that sees 4
//! must not start the same signing again, because the person may already have been asked.

use std::process::ExitCode;

use podpis::{Error, ErrorKind};

/// How the program ended; of several endings the later in this list is told: what is open comes first, then what was
/// refused, then what failed. What is only not proven is less than what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All that was asked for is done.
    Done,
    /// Nothing is wrong with a signature, and not everything about it could be checked.
    NotProven,
    /// An argument, a setting or a file is wrong; nothing was started.
    Usage,
    /// It failed, and nothing is left open.
    Failed,
    /// The signing was refused, or only some files were signed.
    Refused,
    /// The operation is still open, or nobody can tell from here, or its signatures wait in the journal.
    Open,
}

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused | Self::NotProven => 3,
            Self::Open => 4,
        }
    }

    /// How two endings look as one.
    #[must_use]
    pub(crate) fn worst(self, other: Self) -> Self {
        self.max(other)
    }

    /// What a failure of the library means for whoever started the program.
    pub(crate) fn of(error: &Error) -> Self {
        let open = error
            .operation()
            .is_some_and(|operation| !operation.state().is_final());
        match error.kind() {
            ErrorKind::InvalidInput => Self::Usage,
            ErrorKind::Refused => Self::Refused,
            ErrorKind::Deadline | ErrorKind::CannotTell | ErrorKind::Prompt => Self::Open,
            // What came waits in the journal; without a record there is none to wait in.
            ErrorKind::Signature | ErrorKind::NotTrusted if error.operation().is_some() => {
                Self::Open
            }
            _ if open => Self::Open,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podpis::Refusal;
    use podpis::operation::{Event, Kind, Operation, Origin, Service, Timestamp};

    fn operation(last: Option<Event>) -> Operation {
        let origin = Origin::new(Service::Diadoc, "diadoc-api.kontur.ru");
        let now = Timestamp::from_millis(0);
        let mut operation = Operation::prepare(Kind::new("diadoc.cloud-sign"), origin, now);
        if let Some(event) = last {
            operation.apply(event, now).unwrap();
        }
        operation
    }

    #[test]
    fn of_several_endings_the_open_one_is_told() {
        let worst = |exits: &[Exit]| exits.iter().fold(Exit::Done, |all, one| all.worst(*one));
        assert_eq!(worst(&[]), Exit::Done);
        assert_eq!(
            worst(&[Exit::Usage, Exit::Failed, Exit::Done]),
            Exit::Failed
        );
        assert_eq!(worst(&[Exit::Refused, Exit::Failed]), Exit::Refused);
        assert_eq!(worst(&[Exit::NotProven, Exit::Failed]), Exit::Failed);
        assert_eq!(worst(&[Exit::NotProven, Exit::Usage]), Exit::Usage);
        assert_eq!(worst(&[Exit::Done, Exit::NotProven]), Exit::NotProven);
        assert_eq!(worst(&[Exit::Open, Exit::Refused]), Exit::Open);
    }

    #[test]
    fn every_kind_of_error_has_its_number() {
        use ErrorKind as K;
        let open = operation(None);
        let done = operation(Some(Event::Finished {
            data: Default::default(),
        }));
        // The kind; then the number without a record, with an open one, and with a finished one.
        let rows = [
            (K::InvalidInput, [2, 2, 2]),
            (K::NoAnswer, [1, 4, 1]),
            (K::Service, [1, 4, 1]),
            (K::UnreadableAnswer, [1, 4, 1]),
            (K::Login, [1, 4, 1]),
            (K::Refused, [3, 3, 3]),
            (K::Deadline, [4, 4, 4]),
            (K::CannotTell, [4, 4, 4]),
            (K::Journal, [1, 4, 1]),
            (K::Prompt, [4, 4, 4]),
            (K::Signature, [1, 4, 4]),
        ];
        for (kind, expected) in rows {
            let bare = Error::new(kind, "x");
            let actual = [
                bare.clone(),
                bare.clone().with_operation(&open),
                bare.with_operation(&done),
            ]
            .map(|error| Exit::of(&error).code());
            assert_eq!(actual, expected, "{kind:?}");
        }
        let refused = Error::refused(Refusal::Expired, None).with_operation(&open);
        assert_eq!(Exit::of(&refused), Exit::Refused);
    }
}

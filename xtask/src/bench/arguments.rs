//! Decides what the command line asks for.
//!
//! *Invariant:* nothing is built before every argument is understood.

/// Odd, so that the median is a figure that was measured.
const ROUNDS: u32 = 7;

/// Shown after a complaint.
const USAGE: &str = "usage: cargo xtask bench NAME [--json] [--against REVISION] [--rounds N]";

/// What to measure, and how to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The benchmark: a folder in `xtask/bench/src/bin`.
    pub(super) name: String,
    /// JSON instead of a table.
    pub(super) json: bool,
    /// Whatever git takes for a commit.
    pub(super) against: Option<String>,
    /// How often each side runs; 1 or more.
    pub(super) rounds: u32,
}

impl Request {
    /// Reads what follows `bench`; the error says what is wrong and how it goes.
    pub(super) fn parse(arguments: &[&str]) -> Result<Self, String> {
        let complaint = |what: &str| format!("bench: {what}\n{USAGE}");
        let mut name = None;
        let mut json = false;
        let mut against = None;
        let mut rounds = ROUNDS;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || {
                rest.next()
                    .ok_or_else(|| complaint(&format!("{argument} needs a value")))
            };
            match *argument {
                "--json" => json = true,
                "--against" => against = Some((*value()?).to_owned()),
                "--rounds" => {
                    rounds = value()?
                        .parse()
                        .ok()
                        .filter(|rounds| *rounds > 0)
                        .ok_or_else(|| complaint("--rounds is a number from 1"))?;
                }
                option if option.starts_with('-') => {
                    return Err(complaint(&format!("unknown option {option}")));
                }
                other if name.is_some() => {
                    return Err(complaint(&format!(
                        "one benchmark at a time, not {other} too"
                    )));
                }
                other => name = Some(other.to_owned()),
            }
        }
        Ok(Self {
            name: name.ok_or_else(|| complaint("which benchmark?"))?,
            json,
            against,
            rounds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_name_is_enough() {
        let expected = Request {
            name: "cms".into(),
            json: false,
            against: None,
            rounds: 7,
        };
        assert_eq!(Request::parse(&["cms"]), Ok(expected));
    }

    #[test]
    fn options_stand_anywhere() {
        let expected = Request {
            name: "cms".into(),
            json: true,
            against: Some("main~3".into()),
            rounds: 3,
        };
        let orders: [&[&str]; 2] = [
            &["cms", "--json", "--against", "main~3", "--rounds", "3"],
            &["--rounds", "3", "--against", "main~3", "cms", "--json"],
        ];
        for arguments in orders {
            assert_eq!(Request::parse(arguments), Ok(expected.clone()));
        }
    }

    #[test]
    fn a_complaint_says_what_is_wrong() {
        let cases: [(&[&str], &str); 7] = [
            (&[], "which benchmark?"),
            (&["cms", "gost"], "not gost too"),
            (&["cms", "--fast"], "unknown option --fast"),
            (&["cms", "--against"], "--against needs a value"),
            (&["cms", "--rounds"], "--rounds needs a value"),
            (&["cms", "--rounds", "0"], "a number from 1"),
            (&["cms", "--rounds", "many"], "a number from 1"),
        ];
        for (arguments, what) in cases {
            let complaint = Request::parse(arguments).unwrap_err();
            assert!(complaint.contains(what), "{complaint}");
            assert!(complaint.contains("usage: cargo xtask bench NAME"));
        }
    }
}

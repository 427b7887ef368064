//! Decides what can be asked of the program.
//!
//! **Invariant:** no argument takes a secret; a call that is not understood ends with 2.

use std::ffi::OsString;
use std::io::Write as _;

use clap::error::ErrorKind;
use clap::{
    ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum as _,
};
use serde_json::json;

use crate::commands::diadoc::DiadocCommand;
use crate::commands::doctor::DoctorArguments;
use crate::commands::extern_api::ExternCommand;
use crate::commands::generate::GenerateCommand;
use crate::commands::login::LoginArguments;
use crate::commands::logout::LogoutArguments;
use crate::commands::ops::OpsCommand;
use crate::commands::sandbox::SandboxArguments;
use crate::commands::verify::VerifyArguments;
use crate::commands::whoami::WhoamiArguments;
use crate::environment;
use crate::exit::Exit;
use crate::help;
use crate::hidden::is_hidden;
use crate::messages::Language;
use crate::output::Output;
use crate::profile::ProfileArguments;

/// Remote signatures with Diadoc and Kontur.Extern: the key stays at the service, a person confirms by phone.
#[derive(Debug, Parser)]
#[command(
    name = "podpis",
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, only partly signed \
                  or not proven, 4 still open or nobody can tell.\n\
                  podpis login keeps a login, and podpis.toml settings, so that no variable is needed. \
                  Else secrets come from the environment: DIADOC_TOKEN, or DIADOC_CLIENT_ID, DIADOC_LOGIN and \
                  DIADOC_PASSWORD; DIADOC_BOX and DIADOC_BASE_URL are read too. For Extern: EXTERN_TOKEN, or \
                  EXTERN_CLIENT_ID, EXTERN_API_KEY, EXTERN_LOGIN and EXTERN_PASSWORD; EXTERN_ACCOUNT, \
                  EXTERN_BASE_URL and EXTERN_IDENTITY_URL are read too. NAME_FILE may name a file that holds \
                  the value instead.\n\
                  PODPIS_PROFILE names the profile of podpis.toml; PODPIS_KEY_RING=off keeps logins out of the key \
                  ring.\n\
                  PODPIS_JOURNAL names the folder in which unfinished operations are kept.\n\
                  PODPIS_LOG takes targets of tracing with levels, for example podpis_core=debug."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Print one JSON object per result on stdout, and failures as {"error":…}
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Language of messages; from LC_ALL, LC_MESSAGES or LANG unless given
    #[arg(long, global = true, value_name = "LANGUAGE")]
    lang: Option<Language>,

    /// Show what is sent and answered (endpoints, statuses, trace ids) on stderr
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,

    /// The profile that was named, to whichever command
    #[arg(skip)]
    pub(crate) profile: Option<String>,

    /// Whether the sandbox inside the program is used
    #[arg(skip)]
    pub(crate) embeds: bool,
}

// Each command's arguments are made only where it is called or its help is asked for. What is flattened into them has a plain
// comment for that: clap would take any other for the help of the command.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Run a Diadoc and an Extern of your own to try things on: it signs with test keys and has a virtual phone
    Sandbox(SandboxArguments),
    /// Sign with Diadoc
    #[command(subcommand)]
    Diadoc(DiadocCommand),
    /// Sign and decrypt with Kontur.Extern
    #[command(subcommand)]
    Extern(ExternCommand),
    /// Go on with operations that were interrupted, and look after the journal they are kept in
    #[command(subcommand)]
    Ops(OpsCommand),
    /// Log in once, so that other commands need no variable
    Login(LoginArguments),
    /// Remove the login that was kept
    Logout(LogoutArguments),
    /// Say as whom the services know whoever is logged in
    Whoami(WhoamiArguments),
    /// Look at what is set up, and say what is wrong and what to do about it
    Doctor(DoctorArguments),
    /// Check which file a signature is for, who signed, and whether that is proven
    Verify(VerifyArguments),
    /// Make completions for a shell, or manual pages
    #[command(subcommand)]
    Generate(GenerateCommand),
}

impl Arguments {
    /// How this run speaks.
    pub(crate) fn output(&self) -> Output {
        Output::new(self.lang.unwrap_or_else(surrounding), self.json)
    }
}

/// The language of the person's surroundings.
fn surrounding() -> Language {
    Language::of_locale(&environment::locale())
}

/// Reads the arguments of the process. Help and complaints are printed here.
pub(crate) fn parse() -> Result<Arguments, Exit> {
    understood(Arguments::command()).map_err(|error| {
        let language = spoken(std::env::args_os().skip(1)).unwrap_or_else(surrounding);
        // Every command has to be translated for that, which is worth its time only where something is told.
        let error = match language {
            Language::English => error,
            Language::Russian => understood(help::in_russian(Arguments::command()))
                .err()
                .unwrap_or(error),
        };
        told(&error, language)
    })
}

/// What the process was asked for.
fn understood(program: clap::Command) -> Result<Arguments, clap::Error> {
    let matches = program.try_get_matches()?;
    let arguments = Arguments::from_arg_matches(&matches)?;
    Ok(Arguments {
        profile: given(&matches, ProfileArguments::ID),
        embeds: given::<bool>(&matches, "sandbox").unwrap_or_default(),
        ..arguments
    })
}

/// All that can be asked, told in a language. `change` is made before anything is added to it.
pub(crate) fn command(
    language: Language,
    change: impl FnOnce(clap::Command) -> clap::Command,
) -> clap::Command {
    let command = change(Arguments::command());
    match language {
        Language::English => command,
        Language::Russian => help::in_russian(command),
    }
}

/// Prints help, or what was not understood.
fn told(error: &clap::Error, language: Language) -> Exit {
    let is_russian = language == Language::Russian && error.use_stderr();
    let without_command = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let text = match is_russian {
        true => help::complaint(error),
        // Clap's own is the help alone.
        false if without_command => format!("error: {NO_COMMAND}\n\n{}", error.render()),
        false => error.render().to_string(),
    };
    let hides = |word: OsString| word.to_string_lossy().chars().any(is_hidden);
    if std::env::args_os().any(hides) {
        // It repeats what was not understood, and a line of that is not one of ours.
        Output::new(language, false).line(&text);
    } else if is_russian || without_command {
        // A closed stream is no reason for another ending.
        let _ = std::io::stderr().write_all(text.as_bytes());
    } else {
        let _ = error.print();
    }
    if !error.use_stderr() {
        return Exit::Done;
    }
    // The arguments were not understood, so whether JSON was asked for is looked up by hand.
    let json = words(std::env::args_os()).any(|argument| argument == "--json");
    let sentence = match is_russian {
        true => help::sentence(error),
        false => english(&text).unwrap_or_else(|| error.kind().to_string()),
    };
    let failure = json!({ "error": { "kind": "invalid_input", "message": sentence } });
    let _ = Output::new(language, json).result(&failure);
    Exit::Usage
}

/// What is wrong with a group of commands alone.
const NO_COMMAND: &str = "no command is named";

/// The sentence of a complaint: its first paragraph, which may name what is missing or what would do in lines of its own.
fn english(complaint: &str) -> Option<String> {
    let lines = complaint.strip_prefix("error: ")?.lines();
    let sentence = lines.map(str::trim).take_while(|line| !line.is_empty());
    Some(sentence.collect::<Vec<_>>().join(" "))
}

/// The words of the call, as far as they may be options.
fn words(call: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    call.take_while(|word| word != "--")
}

/// The language that the call names. It is looked up by hand, because the help and the complaints are in it too.
fn spoken(call: impl Iterator<Item = OsString>) -> Option<Language> {
    let mut words = words(call);
    while let Some(word) = words.next() {
        let word = word.to_string_lossy();
        let named = match word.strip_prefix("--lang=") {
            Some(named) => named.to_owned(),
            None if word == "--lang" => words.next()?.to_string_lossy().into_owned(),
            None => continue,
        };
        return Language::from_str(&named, true).ok();
    }
    None
}

/// What was given to the command or to one below it.
fn given<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Option<T> {
    let own = matches.try_get_one::<T>(id).ok().flatten().cloned();
    own.or_else(|| {
        let (_, below) = matches.subcommand()?;
        given(below, id)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::sync::LazyLock;

    use clap::{Command, CommandFactory as _, FromArgMatches as _};
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::Arguments;
    use crate::help;
    use crate::messages::Language;

    /// Every word that the program knows: commands and options.
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        fn collect(command: &Command, words: &mut Vec<String>) {
            words.push(command.get_name().to_owned());
            let options = command.get_arguments();
            words.extend(options.filter_map(|one| Some(format!("--{}", one.get_long()?))));
            for below in command.get_subcommands() {
                collect(below, words);
            }
        }
        let mut words = Vec::new();
        let mut command = Arguments::command();
        command.build();
        collect(&command, &mut words);
        words
    });

    /// A word of a call: one that is known, with or without a value, or one that nobody expects.
    fn word() -> impl Strategy<Value = OsString> {
        let odd = select(vec![
            "",
            "-",
            "--",
            "---",
            "=",
            "--=",
            "-v",
            "-vvvv",
            "@",
            "\u{202e}act",
            "акт",
            "1",
            "-1",
            "18446744073709551616",
            "1h",
            "99999999999999h",
            "2026-02-30",
            "9999-12-31T23:59:59Z",
            "http://",
            "https://[::1",
            "postgres://",
            "a=b:c",
            "::",
            "\0",
        ]);
        let known = || select(WORDS.as_slice());
        prop_oneof![
            4 => known().prop_map(OsString::from),
            2 => odd.clone().prop_map(OsString::from),
            1 => (known(), odd).prop_map(|(known, odd)| OsString::from(format!("{known}={odd}"))),
            1 => any::<String>().prop_map(OsString::from),
            1 => any::<Vec<u8>>().prop_map(not_unicode),
        ]
    }

    #[cfg(unix)]
    fn not_unicode(bytes: Vec<u8>) -> OsString {
        std::os::unix::ffi::OsStringExt::from_vec(bytes)
    }

    #[cfg(not(unix))]
    fn not_unicode(bytes: Vec<u8>) -> OsString {
        String::from_utf8_lossy(&bytes).into_owned().into()
    }

    proptest! {
        // Each makes the whole tree of commands four times.
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// However it is called, it understands the call or says what it does not understand, in both languages.
        #[test]
        fn any_words_are_understood_or_complained_about(words in prop::collection::vec(word(), 0..8)) {
            let call = || std::iter::once("podpis".into()).chain(words.iter().cloned());
            let _ = super::spoken(call());
            let english = Arguments::command().try_get_matches_from(call());
            let russian = help::in_russian(Arguments::command()).try_get_matches_from(call());
            prop_assert_eq!(english.is_ok(), russian.is_ok());
            let read = english.and_then(|matches| Arguments::from_arg_matches(&matches));
            if let Err(error) = read {
                prop_assert!(!error.render().to_string().is_empty());
            }
            if let Err(error) = russian && error.use_stderr() {
                prop_assert!(!help::complaint(&error).is_empty());
                prop_assert!(!help::sentence(&error).is_empty());
            }
        }
    }

    #[test]
    fn the_command_tree_is_sound() {
        Arguments::command().debug_assert();
        help::in_russian(Arguments::command()).debug_assert();
    }

    #[test]
    fn the_language_is_known_before_the_rest_is_understood() {
        let spoken = |call: &str| super::spoken(call.split(' ').map(OsString::from));
        assert_eq!(spoken("--lang ru --wrong"), Some(Language::Russian));
        assert_eq!(spoken("ops --lang=EN"), Some(Language::English));
        for silent in ["ops list", "--lang", "--lang fr", "verify -- --lang ru"] {
            assert_eq!(spoken(silent), None, "{silent}");
        }
    }
}

//! What can be asked of the program, told in the person's language.
//!
//! | module | decides |
//! |---|---|
//! | `russian` | the Russian of every text that a command or an argument has |
//! | `usage` | what is said of a call that was not understood |
//!
//! The English stands where the arguments are declared. **Invariant:** a text without its Russian fails a test, and so does
//! Russian whose English is gone.

mod russian;
mod usage;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};

pub(crate) use usage::{complaint, sentence};

/// The form of the help of a command, with the parts that it has.
fn template(command: &Command) -> String {
    let parts = [
        (command.has_subcommands(), "Команды", "{subcommands}"),
        (
            command.get_positionals().next().is_some(),
            "Аргументы",
            "{positionals}",
        ),
        (true, "Параметры", "{options}"),
    ];
    let parts = parts.into_iter().filter(|(has, ..)| *has);
    let parts: String = parts
        .map(|(_, heading, part)| format!("\n\n{heading}:\n{part}"))
        .collect();
    format!("{{before-help}}{{about-with-newline}}\nИспользование: {{usage}}{parts}{{after-help}}")
}

/// A command and all below it, with Russian in place of English.
pub(crate) fn in_russian(mut command: Command) -> Command {
    // What clap adds by itself, --help for one, is there only after this.
    command.build();
    translated(command)
}

fn translated(command: Command) -> Command {
    let texts = [
        command.get_about().map(ToString::to_string),
        command.get_long_about().map(ToString::to_string),
        command.get_after_help().map(ToString::to_string),
    ];
    let [about, long_about, after_help] = texts.map(|text| text.map(|text| of(&text)));
    let template = template(&command);
    let mut command = command
        .help_template(template)
        .subcommand_help_heading("Команды") // manual pages have it in the call of a command
        .mut_args(argument);
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(about) = long_about {
        command = command.long_about(about);
    }
    if let Some(text) = after_help {
        command = command.after_help(text);
    }
    command.mut_subcommands(translated)
}

fn argument(argument: Arg) -> Arg {
    let tail = values(&argument);
    let [short, long] = [argument.get_help(), argument.get_long_help()]
        .map(|text| text.map(|text| format!("{}{tail}", of(&text.to_string()))));
    let mut argument = argument.hide_default_value(true).hide_possible_values(true);
    if let Some(text) = short {
        argument = argument.help(text);
    }
    if let Some(text) = long {
        argument = argument.long_help(text);
    }
    argument
}

/// What clap would say of its values behind its help.
fn values(argument: &Arg) -> String {
    if !matches!(argument.get_action(), ArgAction::Set | ArgAction::Append) {
        return String::new();
    }
    let mut told = String::new();
    let known = argument.get_possible_values();
    let known: Vec<&PossibleValue> = known.iter().filter(|one| !one.is_hide_set()).collect();
    if !known.is_empty() && !argument.is_hide_possible_values_set() {
        let one = |value: &&PossibleValue| match value.get_help() {
            Some(help) => format!("{}: {}", value.get_name(), of(&help.to_string())),
            None => value.get_name().to_owned(),
        };
        let joined = known.iter().map(one).collect::<Vec<_>>().join("; ");
        told += &format!(" [значения: {joined}]");
    }
    let default = argument.get_default_values();
    if !default.is_empty() && !argument.is_hide_default_value_set() {
        let shown = default.iter().map(|value| value.to_string_lossy());
        let joined = shown.collect::<Vec<_>>().join(" ");
        told += &format!(" [по умолчанию: {joined}]");
    }
    told
}

/// The Russian of a text; the text itself where there is none, which a test does not allow.
fn of(english: &str) -> String {
    russian::of(english).unwrap_or(english).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::arguments::Arguments;

    /// Every text of a command, and of what is below it.
    fn texts(command: &Command, into: &mut BTreeSet<String>) {
        let own = [
            command.get_about(),
            command.get_long_about(),
            command.get_after_help(),
        ];
        into.extend(own.into_iter().flatten().map(ToString::to_string));
        for argument in command.get_arguments() {
            let own = [argument.get_help(), argument.get_long_help()];
            into.extend(own.into_iter().flatten().map(ToString::to_string));
            if matches!(argument.get_action(), ArgAction::Set | ArgAction::Append) {
                let values = argument.get_possible_values();
                let helps = values.iter().filter_map(PossibleValue::get_help);
                into.extend(helps.map(ToString::to_string));
            }
        }
        for below in command.get_subcommands() {
            texts(below, into);
        }
    }

    #[test]
    fn every_text_has_its_russian_and_no_russian_is_left_over() {
        let mut command = Arguments::command();
        command.build();
        let mut known = BTreeSet::new();
        texts(&command, &mut known);
        let translated: BTreeSet<String> = russian::all().map(str::to_owned).collect();
        let missing: Vec<_> = known.difference(&translated).collect();
        let left: Vec<_> = translated.difference(&known).collect();
        assert!(
            missing.is_empty() && left.is_empty(),
            "no Russian: {missing:#?}\nno English: {left:#?}"
        );
    }
}

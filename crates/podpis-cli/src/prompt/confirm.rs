//! Asks at the terminal whether to go on.
//!
//! **Invariant:** anything but a clear yes is a no; the terminal is usable again afterwards.

use inquire::Confirm;

use crate::hidden::one_line;
use crate::messages::Message;
use crate::output::Output;

/// Whether the person says yes. No is what an empty line, Esc and Ctrl-C say.
pub(crate) async fn confirmed(output: Output, question: &Message) -> bool {
    let question = one_line(&output.text(question));
    let asked = tokio::task::spawn_blocking(move || {
        Confirm::new(&question)
            .with_default(false)
            .with_parser(&|answer| answer_of(answer).ok_or(()))
            .prompt()
    });
    matches!(asked.await, Ok(Ok(true)))
}

/// What a person means, in either language.
fn answer_of(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" | "д" | "да" => Some(true),
        "n" | "no" | "н" | "нет" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::answer_of;

    #[test]
    fn only_a_clear_answer_is_one() {
        for (text, answer) in [
            ("y", Some(true)),
            (" Yes ", Some(true)),
            ("ДА", Some(true)),
            ("д", Some(true)),
            ("n", Some(false)),
            ("Нет", Some(false)),
            ("", None),
            ("yn", None),
            ("1", None),
        ] {
            assert_eq!(answer_of(text), answer, "{text}");
        }
    }
}

//! What a failure and its causes hold as data, with its Russian.
//!
//! An error often has the words of its cause in its own. What is known as data is put into Russian by that data, wherever
//! its English stands, and only what is around it is looked up.
//!
//! **Invariant:** nothing that a service or a file name holds is taken for words of the library.

use std::error::Error as StdError;

use podpis::Error;

use super::{refusal, service, system};

/// English words with their Russian.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<(String, String)>);

impl Known {
    /// What is known of a failure and of its causes.
    pub(super) fn of(error: &(dyn StdError + 'static)) -> Self {
        let mut causes = vec![error];
        while let Some(cause) = causes.last().copied().and_then(|last| last.source()) {
            causes.push(cause);
        }
        let mut known = Self::default();
        // The words of a cause may be in those of what it caused.
        for cause in causes.into_iter().rev() {
            if let Some(error) = cause.downcast_ref::<Error>() {
                known.library(error);
            } else if let Some(error) = cause.downcast_ref::<std::io::Error>() {
                let json = || error.get_ref()?.downcast_ref().map(not_json);
                known.insert(error.to_string(), system::in_russian(error).or_else(json));
            } else if let Some(error) = cause.downcast_ref::<serde_json::Error>() {
                known.insert(error.to_string(), Some(not_json(error)));
            }
        }
        known
    }

    fn library(&mut self, error: &Error) {
        if let Some(answer) = error.service() {
            let said = [answer.code.as_deref(), answer.message.as_deref()];
            let said: Vec<&str> = said.into_iter().flatten().collect();
            if let Some(words) = &answer.message {
                // How the identity service is told.
                let status = answer.status.as_u16();
                let russian = format!("({status}: {})", service::reason(words));
                self.insert(format!("({status}: {})", said.join(": ")), Some(russian));
            }
            self.insert(answer.to_string(), Some(service::in_russian(answer)));
            if let Some(id) = &answer.trace_id {
                let english = format!("{}{id}]", service::TRACE);
                self.insert(english, Some(service::trace(id)));
            }
        }
        if let Some(refusal) = error.refusal() {
            let english = error.to_string();
            let words = refusal.to_string();
            let russian = match english.strip_prefix(&words) {
                Some("") => Some(refusal::in_russian(refusal)),
                Some(behind) => behind
                    .strip_prefix(": ")
                    .map(|said| format!("{}: {}", refusal::in_russian(refusal), self.said(said))),
                None => None,
            };
            self.insert(english, russian);
        }
    }

    /// What stands beside a refusal: a sentence of the library, or the service's own words.
    fn said(&self, said: &str) -> String {
        let (said, trace) = match said.rsplit_once(service::TRACE) {
            Some((said, id)) if id.ends_with(']') => {
                (said, service::trace(id.trim_end_matches(']')))
            }
            _ => (said, String::new()),
        };
        let russian = super::sentence(&self.marked(said)).map(|russian| self.unmarked(russian));
        let russian = russian.filter(|russian| russian != said);
        format!("{}{trace}", russian.unwrap_or_else(|| format!("«{said}»")))
    }

    fn insert(&mut self, english: String, russian: Option<String>) {
        if let Some(russian) = russian.filter(|_| !english.is_empty()) {
            self.0.push((english, russian));
        }
    }

    /// What is known of the cause of all causes.
    pub(super) fn innermost(&self) -> Option<&str> {
        self.0.first().map(|(_, russian)| russian.as_str())
    }

    /// The text with a mark in the place of what is known; of two that are there the longer one counts.
    pub(super) fn marked(&self, said: &str) -> String {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|place| std::cmp::Reverse(self.0[*place].0.len()));
        let mut text = said.to_owned();
        for place in order {
            text = text.replace(&self.0[place].0, &mark(place));
        }
        text
    }

    /// The text with Russian in the place of the marks.
    pub(super) fn unmarked(&self, mut text: String) -> String {
        for (place, (_, russian)) in self.0.iter().enumerate() {
            text = text.replace(&mark(place), russian);
        }
        text
    }
}

/// Whether a mark begins.
pub(super) fn is_mark(letter: char) -> bool {
    letter == '\u{e000}'
}

/// Whether the text is a mark and nothing else.
pub(super) fn is_one(text: &str) -> bool {
    text.starts_with(is_mark)
        && text.find('\u{e001}') == text.len().checked_sub('\u{e001}'.len_utf8())
}

/// A mark is made of characters that stand for nothing.
fn mark(place: usize) -> String {
    format!("\u{e000}{place}\u{e001}")
}

/// Why something is not the JSON that it should be.
fn not_json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;

    let what = match error.classify() {
        Category::Io => "не прочитать",
        Category::Syntax => "это не JSON",
        Category::Data => "в JSON не то, что нужно",
        Category::Eof => "JSON обрывается",
    };
    match error.line() {
        0 => what.to_owned(),
        line => format!("{what} (строка {line}, столбец {})", error.column()),
    }
}

/// What stands before the marks at the end, and these with what parts them from it; none where there are none, or where they
/// are what the words before them announce.
pub(super) fn without_marks(said: &str) -> Option<(&str, &str)> {
    let mut words = said;
    while words.ends_with('\u{e001}') {
        words = words[..words.rfind('\u{e000}')?].trim_end();
    }
    let is_whole =
        words.len() < said.len() && !words.is_empty() && !words.ends_with([':', ';', '(']);
    is_whole.then(|| said.split_at(words.len()))
}

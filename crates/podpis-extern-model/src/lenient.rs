//! Decides what each kind of value may look like on the wire.
//!
//! **Invariant:** null means absent everywhere. No message made here contains a value that was read.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Names the sort of a value; the value itself is left out on purpose.
fn unexpected(value: &Value) -> Unexpected<'static> {
    Unexpected::Other(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "sequence",
        Value::Object(_) => "map",
    })
}

/// A list; null and absent are an empty one, and items that are null are left out.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(List(PhantomData))
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_none<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Option<T>>()? {
            list.extend(item);
        }
        Ok(list)
    }
}

/// A list for each key; null in either place is an empty list.
pub(crate) fn lists<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let lists = Option::<BTreeMap<String, Option<Vec<Option<T>>>>>::deserialize(deserializer)?;
    let mut whole = BTreeMap::new();
    for (key, items) in lists.into_iter().flatten() {
        whole.insert(key, items.into_iter().flatten().flatten().collect());
    }
    Ok(whole)
}

/// A text for each key; a value that is not a text is written as JSON.
pub(crate) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Option<String>>, D::Error> {
    let values = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?;
    let mut texts = BTreeMap::new();
    for (key, value) in values.into_iter().flatten() {
        texts.insert(key, loose(value));
    }
    Ok(texts)
}

/// A text; any other value as its JSON. For what is only shown to people.
pub(crate) fn loose_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Value::deserialize(deserializer).map(loose)
}

fn loose(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// A text that is empty when it is absent or null.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A word of an open list. Numbers and booleans are taken as words: an enum that a service writes by number is
/// still better kept than refused.
pub(crate) fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(word) => Ok(word),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        other => Err(Error::invalid_type(unexpected(&other), &"a word")),
    }
}

/// Yes or no, also as a quoted word: the documentation itself prints `"is-representative":"true"`.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag)),
        Value::String(word) => match word.trim() {
            "" => Ok(None),
            // Some flags have a third value, and are spelled in words.
            word if word.eq_ignore_ascii_case("unknown") => Ok(None),
            word if ["true", "yes"]
                .iter()
                .any(|yes| word.eq_ignore_ascii_case(yes)) =>
            {
                Ok(Some(true))
            }
            word if ["false", "no"]
                .iter()
                .any(|no| word.eq_ignore_ascii_case(no)) =>
            {
                Ok(Some(false))
            }
            _ => Err(Error::custom("neither true nor false")),
        },
        other => Err(Error::invalid_type(unexpected(&other), &"true or false")),
    }
}

/// Yes or no; absent and null are no.
pub(crate) fn plain_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    flag(deserializer).map(Option::unwrap_or_default)
}

/// A whole number from 0, also quoted.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Number(number) => match number.as_u64() {
            Some(number) => Ok(Some(number)),
            None => Err(Error::custom("not a whole number from 0")),
        },
        Value::String(digits) if digits.trim().is_empty() => Ok(None),
        Value::String(digits) => match digits.trim().parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Error::custom("not a whole number from 0")),
        },
        other => Err(Error::invalid_type(unexpected(&other), &"a number")),
    }
}

/// A longer id is none.
const LONGEST_ID: usize = 4_096;

/// An id, or anything else that is a text and says nothing when it is blank. An id that is written as a number
/// is taken by its digits: it is opaque, and refusing the answer to a start would lose the only handle on it.
pub(crate) fn filled<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        // It could not be part of an address, so whatever it names could never be asked for.
        Value::String(text) if matches!(text.as_str(), "." | "..") || text.len() > LONGEST_ID => {
            Err(Error::custom("an id that cannot be asked for"))
        }
        Value::String(text) => Ok(Some(T::from(text))),
        Value::Number(number) => Ok(Some(T::from(number.to_string()))),
        other => Err(Error::invalid_type(unexpected(&other), &"a text")),
    }
}

/// A date; a blank one is absent.
pub(crate) fn date<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<crate::ExternDate>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(date) => Ok(Some(date)),
        Err(_) => Err(Error::custom("not a date")),
    }
}

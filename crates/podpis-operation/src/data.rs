//! What a client keeps in a record to go on from: JSON, as text.
//!
//! **Invariant:** it is one JSON value. A tree of it exists only while somebody reads it, because thousands of records
//! wait at once and most of them are not looked at.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The client's part of a record. Only the client that made it can read it. Cheap to clone.
#[derive(Clone)]
pub struct Data(Arc<RawValue>);

impl Data {
    /// The JSON of what a client keeps.
    ///
    /// Plain structs with text keys are what clients keep; what cannot be written as JSON becomes null.
    pub fn of(kept: &impl Serialize) -> Self {
        serde_json::value::to_raw_value(kept)
            .map_or_else(|_| Self::default(), |raw| Self(raw.into()))
    }

    /// Reads it back.
    ///
    /// # Errors
    /// When it is not what `T` is made of.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_json())
    }

    /// The JSON as a tree, for those who look for one thing in it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.read().unwrap_or_default()
    }

    /// The JSON as text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.0.get()
    }
}

/// Null.
impl Default for Data {
    fn default() -> Self {
        Self(RawValue::NULL.to_owned().into())
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        Self::of(&value)
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(raw.into()))
    }
}

/// The same JSON, however it is written.
impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json() || self.to_value() == other.to_value()
    }
}

/// Its size alone: it may be long, and holds the service's handles.
impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Data({} bytes)", self.as_json().len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Data;

    #[test]
    fn what_is_kept_is_read_back_and_compared_by_its_meaning() {
        let data = Data::of(&json!({"task": "t", "step": 1}));
        assert_eq!(data.to_value(), json!({"task": "t", "step": 1}));
        let spaced: Data = serde_json::from_str("{ \"step\" : 1, \"task\": \"t\" }").unwrap();
        assert_eq!(spaced, data);
        assert_ne!(Data::default(), data);
        assert_eq!(Data::default().as_json(), "null");
        assert!(data.read::<u32>().is_err());
        assert!(!format!("{data:?}").contains("task"));
    }
}

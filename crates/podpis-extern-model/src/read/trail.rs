//! Knows in which field a reading is.
//!
//! A deserializer around another one. `serde_path_to_error` does the same with the names that come from the
//! body; here a name is taken from the list that serde's derive gives for each struct, and objects are refused
//! to arrays. Only the second is needed while all goes well, so the trail is kept when something is read again because it
//! could not be read. What items take in memory is counted on the way.
//!
//! **Invariant:** a path holds names of our own fields, indices and `*`, whatever the body calls its keys.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use super::room::Room;

/// Names of the fields of a struct.
type Fields = &'static [&'static str];

/// What serde is told of a list whose items take more than the body may.
pub(super) const OVERFULL: &str = "an overfull list";

/// Where a reading is; after a failure, where it failed.
#[derive(Debug)]
pub(super) struct Trail {
    room: Room,
    is_kept: bool,
    steps: RefCell<Vec<Step>>,
    /// The fields of the innermost object that could not be read.
    fields: Cell<Option<Fields>>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Field(&'static str),
    Item(usize),
    /// A key of a map, or a name that we do not know.
    Key,
}

impl Trail {
    /// Of a reading of so many bytes that is expected to go well: it leads nowhere.
    pub(super) fn none(length: usize) -> Self {
        Self {
            room: Room::of(length),
            is_kept: false,
            steps: RefCell::default(),
            fields: Cell::default(),
        }
    }

    /// Of a reading of so many bytes that is expected to fail.
    pub(super) fn kept(length: usize) -> Self {
        Self {
            is_kept: true,
            ..Self::none(length)
        }
    }

    /// The path below `root`.
    pub(super) fn path(&self, root: &str) -> String {
        let mut path = root.to_owned();
        for step in self.steps.borrow().iter() {
            match step {
                Step::Field(name) => push_name(&mut path, name),
                Step::Item(index) => path.push_str(&format!("[{index}]")),
                Step::Key => push_name(&mut path, "*"),
            }
        }
        path
    }

    /// Adds to `path` the field that `message` begins with, when it is a field of the object that failed.
    pub(super) fn append_field_named_in(&self, message: &str, path: &mut String) {
        let fields = self.fields.get().unwrap_or_default();
        let named = |name: &&&str| message.starts_with(&format!("`{name}`"));
        if let Some(name) = fields.iter().find(named) {
            push_name(path, name);
        }
    }

    /// Reads a value one step further down. The step stays when the reading fails.
    fn within<T, E>(&self, step: Step, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if self.is_kept {
            self.steps.borrow_mut().push(step);
        }
        let value = read();
        if self.is_kept && value.is_ok() {
            self.steps.borrow_mut().pop();
        }
        value
    }

    fn failed_in(&self, fields: Fields) {
        if self.fields.get().is_none() {
            self.fields.set(Some(fields));
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// A deserializer, a visitor, a seed or an access that keeps the trail.
pub(super) struct Traced<'t, T> {
    inner: T,
    trail: &'t Trail,
    /// Fields of the struct that is being read; none in a map.
    fields: Fields,
    /// Where the next value is.
    step: Step,
    /// How many items were read.
    items: usize,
}

impl<'t, T> Traced<'t, T> {
    pub(super) fn new(inner: T, trail: &'t Trail) -> Self {
        Self {
            inner,
            trail,
            fields: &[],
            step: Step::Key,
            items: 0,
        }
    }

    fn of(inner: T, trail: &'t Trail, fields: Fields) -> Self {
        Self {
            fields,
            ..Self::new(inner, trail)
        }
    }
}

macro_rules! passed_on {
    ($($method:ident)+) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
                self.inner.$method(Traced::new(visitor, self.trail))
            }
        )+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Traced<'_, D> {
    type Error = D::Error;

    passed_on! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: Fields,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // A map, not a struct: a struct could also be an array.
        self.inner
            .deserialize_map(Traced::of(visitor, self.trail, fields))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Traced::new(visitor, self.trail);
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Traced::new(visitor, self.trail);
        self.inner.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Traced::new(visitor, self.trail);
        self.inner.deserialize_tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Traced::new(visitor, self.trail);
        self.inner.deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: Fields,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, visitor)
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Traced<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.inner.visit_bool(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<V::Value, E> {
        self.inner.visit_i64(value)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<V::Value, E> {
        self.inner.visit_i128(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<V::Value, E> {
        self.inner.visit_u64(value)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<V::Value, E> {
        self.inner.visit_u128(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.inner.visit_f64(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<V::Value, E> {
        self.inner.visit_str(value)
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.inner.visit_borrowed_str(value)
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<V::Value, E> {
        self.inner.visit_string(value)
    }

    fn visit_bytes<E: serde::de::Error>(self, value: &[u8]) -> Result<V::Value, E> {
        self.inner.visit_bytes(value)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Traced::new(deserializer, self.trail))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        let deserializer = Traced::new(deserializer, self.trail);
        self.inner.visit_newtype_struct(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Traced::new(items, self.trail))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        let entries = Traced::of(entries, self.trail, self.fields);
        let value = self.inner.visit_map(entries);
        value.inspect_err(|_| self.trail.failed_in(self.fields))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Traced<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner
            .deserialize(Traced::new(deserializer, self.trail))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Traced<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let step = Step::Item(self.items);
        self.items += 1;
        let seed = Traced::new(seed, self.trail);
        self.trail.within(step, || {
            let item = self.inner.next_element_seed(seed)?;
            match item.is_none() || self.trail.room.take(size_of::<S::Value>()) {
                true => Ok(item),
                false => Err(A::Error::custom(OVERFULL)),
            }
        })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Traced<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        if !self.trail.is_kept {
            return self.inner.next_key_seed(seed);
        }
        let Some(key) = self.inner.next_key::<String>()? else {
            return Ok(None);
        };
        let field = self.fields.iter().find(|field| **field == key);
        self.step = field.map_or(Step::Key, |field| Step::Field(field));
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let seed = Traced::new(seed, self.trail);
        self.trail
            .within(self.step, || self.inner.next_value_seed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

//! Changes of protobuf: fields are repeated, removed, nested, given another wire type or a length that is not theirs; and
//! messages that are made from the descriptors.
//!
//! *Invariant:* fields are found by this file and not by prost.

use podpis_diadoc_proto::prost::Message as _;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value,
};

use super::bytes::change_bytes;
use super::numbers::Numbers;

pub(super) fn change_protobuf(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let Some(mut fields) = fields(bytes).filter(|fields| !fields.is_empty()) else {
        return change_bytes(bytes, other, numbers);
    };
    let at = numbers.below(fields.len());
    match numbers.below(9) {
        0 => drop(fields.remove(at)),
        1 => {
            let again = fields[at].clone();
            let times = numbers.times();
            fields.splice(at..at, std::iter::repeat_n(again, times));
        }
        2 => fields[at].key = (fields[at].key & !7) | numbers.below(8) as u64,
        3 => fields[at].key = (numbers.next() >> numbers.below(64)) | (fields[at].key & 7),
        4 => {
            let huge = [u64::MAX, u64::from(u32::MAX), 1 << 31, 1 << 20];
            fields[at].length = Some(*numbers.one_of(&huge));
        }
        5 => fields[at].payload = vec![0xff; numbers.below(12)],
        6 => {
            // The field in itself, and in that itself.
            for _ in 0..numbers.times().min(300) {
                let mut inner = Vec::new();
                fields[at].write(&mut inner);
                fields[at].key = (fields[at].key & !7) | 2;
                fields[at].payload = inner;
            }
        }
        7 => {
            if let Some(theirs) = self::fields(other).filter(|theirs| !theirs.is_empty()) {
                fields.insert(at, numbers.one_of(&theirs).clone());
            }
        }
        _ => {
            let field = &mut fields[at];
            if field.key & 7 == 2 {
                // A field of the message in this field, if it is one.
                let mut payload = std::mem::take(&mut field.payload);
                change_protobuf(&mut payload, other, numbers);
                field.payload = payload;
            } else {
                field.payload = vec![0x80, 0x80, 0x80, 0x80, numbers.byte() & 0x7f];
            }
        }
    }
    bytes.clear();
    for field in &fields {
        field.write(bytes);
    }
}

#[derive(Clone, Debug)]
struct Field {
    /// Number and wire type.
    key: u64,
    payload: Vec<u8>,
    /// Written in place of the right length.
    length: Option<u64>,
}

impl Field {
    fn write(&self, to: &mut Vec<u8>) {
        write_varint(self.key, to);
        if self.key & 7 == 2 {
            write_varint(self.length.unwrap_or(self.payload.len() as u64), to);
        }
        to.extend_from_slice(&self.payload);
    }
}

/// The fields that these bytes are, if they are nothing else.
fn fields(mut bytes: &[u8]) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = varint(bytes)?;
        let (payload, rest) = match key & 7 {
            0 => {
                let (_, after) = varint(rest)?;
                rest.split_at(rest.len() - after.len())
            }
            1 => rest.split_at_checked(8)?,
            2 => {
                let (length, rest) = varint(rest)?;
                rest.split_at_checked(usize::try_from(length).ok()?)?
            }
            5 => rest.split_at_checked(4)?,
            _ => return None,
        };
        bytes = rest;
        fields.push(Field {
            key,
            payload: payload.to_vec(),
            length: None,
        });
    }
    Some(fields)
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[index + 1..]));
        }
    }
    None
}

fn write_varint(mut number: u64, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    to.push(number.to_le_bytes()[0]);
}

/// Every message that the descriptors have.
pub(super) fn messages() -> Vec<MessageDescriptor> {
    let pool = DescriptorPool::decode(podpis_diadoc_proto::FILE_DESCRIPTOR_SET).unwrap();
    pool.all_messages().collect()
}

/// A message with everything in it, to some depth.
pub(super) fn full(message: &MessageDescriptor, numbers: &mut Numbers) -> Vec<u8> {
    filled(message, 4, numbers).encode_to_vec()
}

fn filled(descriptor: &MessageDescriptor, depth: usize, numbers: &mut Numbers) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        let is_message = matches!(field.kind(), Kind::Message(_));
        let is_required = field.cardinality() == prost_reflect::Cardinality::Required;
        if (depth == 0 && is_message) || (!is_required && numbers.once_in(4)) {
            continue;
        }
        let mut value = value(&field, depth, numbers);
        if field.is_list() {
            let more = numbers.below(2);
            let all = std::iter::repeat_n(value, 1 + more).collect();
            value = Value::List(all);
        }
        message.set_field(&field, value);
    }
    message
}

fn value(field: &FieldDescriptor, depth: usize, numbers: &mut Numbers) -> Value {
    match field.kind() {
        Kind::Message(inner) => Value::Message(filled(&inner, depth - 1, numbers)),
        Kind::String => {
            Value::String((*numbers.one_of(&["", "a", "акт № 1", "2026-01-02"])).to_owned())
        }
        Kind::Bytes => Value::Bytes(vec![0x30, numbers.byte()].into()),
        Kind::Enum(values) => {
            let known: Vec<i32> = values.values().map(|value| value.number()).collect();
            let is_known = !numbers.once_in(8);
            Value::EnumNumber(if is_known {
                *numbers.one_of(&known)
            } else {
                1_000
            })
        }
        Kind::Bool => Value::Bool(numbers.once_in(2)),
        Kind::Double => Value::F64(0.5),
        Kind::Float => Value::F32(0.5),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            Value::I64(numbers.next().cast_signed() >> numbers.below(64))
        }
        Kind::Uint64 | Kind::Fixed64 => Value::U64(numbers.next() >> numbers.below(64)),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(i32::from(numbers.byte())),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(u32::from(numbers.byte())),
    }
}

//! Changes of DER and BER: whole elements are removed, repeated, wrapped and taken from elsewhere, with the lengths around
//! them put right, and lengths are made wrong.
//!
//! *Invariant:* the elements are found by this file and not by podpis, so that both cannot be wrong together.

use super::bytes::change_bytes;
use super::numbers::Numbers;

/// How deep is looked; more stays as it is.
const DEPTH: usize = 40;

#[derive(Clone, Debug)]
struct Element {
    tag: u8,
    content: Content,
    /// Written in place of the right length.
    length: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum Content {
    Bytes(Vec<u8>),
    /// After so many bytes, which are the first of an OCTET STRING or a BIT STRING.
    Inside(Vec<Element>),
}

pub(super) fn change_der(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let (Some(mut elements), Some(donors)) = (read(bytes, DEPTH), read(other, DEPTH)) else {
        return change_bytes(bytes, other, numbers);
    };
    let mut at = numbers.below(count(&elements));
    let mut from = numbers.below(count(&donors));
    if let Some(donor) = pick(&donors, &mut from).cloned() {
        change(&mut elements, &mut at, &donor, numbers);
    }
    bytes.clear();
    write(&elements, bytes);
}

/// The elements that these bytes are, if they are nothing else.
fn read(mut bytes: &[u8], depth: usize) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while let [tag, rest @ ..] = bytes {
        let (length, rest) = match rest {
            [short @ ..=0x7f, rest @ ..] => (usize::from(*short), rest),
            [0x81, length, rest @ ..] => (usize::from(*length), rest),
            [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
            [0x83, a, b, c, rest @ ..] => (u32::from_be_bytes([0, *a, *b, *c]) as usize, rest),
            _ => return None,
        };
        let content = rest.get(..length)?;
        bytes = &rest[length..];
        let is_constructed = tag & 0x20 != 0;
        let holds = is_constructed || (*tag == 0x04 && content.first() == Some(&0x30));
        let inside = if holds && depth > 0 {
            read(content, depth - 1)
        } else {
            None
        };
        elements.push(Element {
            tag: *tag,
            content: inside.map_or_else(|| Content::Bytes(content.to_vec()), Content::Inside),
            length: None,
        });
    }
    Some(elements)
}

fn write(elements: &[Element], to: &mut Vec<u8>) {
    for element in elements {
        let mut content = Vec::new();
        match &element.content {
            Content::Bytes(bytes) => content.extend_from_slice(bytes),
            Content::Inside(elements) => write(elements, &mut content),
        }
        to.push(element.tag);
        match &element.length {
            Some(wrong) => to.extend_from_slice(wrong),
            None => to.extend(length(content.len())),
        }
        to.append(&mut content);
    }
}

fn length(length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![u8::try_from(length).unwrap()];
    }
    let bytes = length.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap();
    let bytes = &bytes[first..];
    [&[0x80 | u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

fn count(elements: &[Element]) -> usize {
    let inside = elements.iter().map(|element| match &element.content {
        Content::Inside(elements) => count(elements),
        Content::Bytes(_) => 0,
    });
    elements.len() + inside.sum::<usize>()
}

/// The element number `at`, in the order in which they begin.
fn pick<'a>(elements: &'a [Element], at: &mut usize) -> Option<&'a Element> {
    for element in elements {
        if *at == 0 {
            return Some(element);
        }
        *at -= 1;
        if let Content::Inside(elements) = &element.content
            && let Some(found) = pick(elements, at)
        {
            return Some(found);
        }
    }
    None
}

/// Changes the element number `at`; true when that is done.
fn change(
    elements: &mut Vec<Element>,
    at: &mut usize,
    donor: &Element,
    numbers: &mut Numbers,
) -> bool {
    for index in 0..elements.len() {
        if *at == 0 {
            change_here(elements, index, donor, numbers);
            return true;
        }
        *at -= 1;
        if let Content::Inside(inside) = &mut elements[index].content
            && change(inside, at, donor, numbers)
        {
            return true;
        }
    }
    false
}

fn change_here(elements: &mut Vec<Element>, at: usize, donor: &Element, numbers: &mut Numbers) {
    match numbers.below(10) {
        0 => drop(elements.remove(at)),
        1 | 2 => elements[at] = donor.clone(),
        3 => elements.insert(at, donor.clone()),
        4 => {
            let again = elements[at].clone();
            let times = numbers.times();
            elements.splice(at..at, std::iter::repeat_n(again, times));
        }
        5 => {
            for _ in 0..numbers.times().min(300) {
                let inner = elements[at].clone();
                elements[at] = Element {
                    tag: *numbers.one_of(&[0x30, 0x31, 0x24, 0xa0, 0xa1]),
                    content: Content::Inside(vec![inner]),
                    length: None,
                };
            }
        }
        6 => {
            let wrong: [&[u8]; 8] = [
                &[0x80],
                &[0x00],
                &[0xff],
                &[0x84, 0xff, 0xff, 0xff, 0xff],
                &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                &[0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                &[0x81, 0x01],
                &[0x85, 0, 0, 0, 0, 1],
            ];
            elements[at].length = Some(numbers.one_of(&wrong).to_vec());
        }
        7 => {
            elements[at].tag = *numbers.one_of(&[
                0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x18, 0x1e, 0x24, 0x30, 0x31, 0x5f, 0x80, 0xa0,
            ])
        }
        8 => {
            let mut bytes = Vec::new();
            write(std::slice::from_ref(donor), &mut bytes);
            elements[at].content = Content::Bytes(bytes);
        }
        _ => {
            if let Content::Bytes(bytes) = &mut elements[at].content {
                change_bytes(bytes, &[], numbers);
            } else {
                // Without an end of its own, as BER allows it.
                let Content::Inside(inside) = &mut elements[at].content else {
                    return;
                };
                inside.push(Element {
                    tag: 0,
                    content: Content::Bytes(Vec::new()),
                    length: None,
                });
                elements[at].length = Some(vec![0x80]);
            }
        }
    }
}

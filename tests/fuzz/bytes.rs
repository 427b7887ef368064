//! Changes of bytes that have no structure, and how a change of an input is chosen.

use super::numbers::Numbers;

/// No input is longer: a bound that is linear shows long before.
const LONGEST: usize = 128 * 1024;

/// How inputs of a format are changed: the bytes, and others of the same format to take parts from.
pub(super) type Change = fn(&mut Vec<u8>, &[u8], &mut Numbers);

/// One of the seeds, changed a few times: by its format, and now and then by its bytes.
pub(super) fn changed(seeds: &[Vec<u8>], change: Change, numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = numbers.one_of(seeds).clone();
    let other = numbers.one_of(seeds);
    for _ in 0..=numbers.below(4) {
        match numbers.below(4) {
            0 => change_bytes(&mut bytes, other, numbers),
            _ => change(&mut bytes, other, numbers),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

/// Flips, inserts, removes, copies, cuts, and joins two of them.
pub(super) fn change_bytes(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let at = numbers.below(bytes.len() + 1);
    let end = at
        + numbers
            .below(bytes.len() - at + 1)
            .min(1 + numbers.below(64));
    match numbers.below(8) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << numbers.below(8);
            }
        }
        2 => {
            let extreme = [0, 1, 0x7f, 0x80, 0xff, numbers.byte()];
            bytes.insert(at, *numbers.one_of(&extreme));
        }
        3 => drop(bytes.drain(at..end)),
        4 => {
            let piece = bytes[at..end].to_vec();
            let times = numbers.times().min(LONGEST / piece.len().max(1));
            bytes.splice(at..at, piece.repeat(times));
        }
        5 => bytes.truncate(at),
        6 => {
            let from = numbers.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        _ => {
            let from = numbers.below(bytes.len() + 1);
            let piece = bytes[at..end].to_vec();
            bytes.splice(from..from, piece);
        }
    }
}

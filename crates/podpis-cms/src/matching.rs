//! Decides which signature goes to which document when each is known to fit some.
//!
//! **Invariant:** a document gets at most one signature and a signature goes to at most one
//! document; as many are paired as can be, and the order does not depend on anything but the input.
//! Signatures that fit the same documents share one list of them, so that the work grows with the
//! signatures and not with the pairs.

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// The documents that a signature fits, in ascending order. Signatures with the same list share it.
pub(crate) type Fitting = Rc<[usize]>;

/// The signature of each document.
///
/// `straight_first` pairs equal positions before anything else.
pub(crate) fn pair(
    signatures: &[Option<Fitting>],
    documents: usize,
    straight_first: bool,
) -> Vec<Option<usize>> {
    let mut pairing = Pairing {
        signatures,
        of_document: vec![None; documents],
        next_free: HashMap::new(),
        saturated: HashSet::new(),
    };
    let mut left = Vec::new();
    for (position, fitting) in signatures.iter().enumerate() {
        let Some(fitting) = fitting else { continue };
        if straight_first && fitting.binary_search(&position).is_ok() {
            pairing.of_document[position] = Some(position);
        } else {
            left.push((position, fitting));
        }
    }
    for (signature, fitting) in left {
        match pairing.free(fitting) {
            Some(document) => pairing.of_document[document] = Some(signature),
            None => pairing.augment(signature),
        }
    }
    pairing.of_document
}

struct Pairing<'s> {
    signatures: &'s [Option<Fitting>],
    of_document: Vec<Option<usize>>,
    /// For each list: before which of its places no document is free.
    next_free: HashMap<*const usize, usize>,
    /// The lists from which no free document can be reached by any moves, now or later.
    saturated: HashSet<*const usize>,
}

impl Pairing<'_> {
    /// The first document of the list without a signature.
    fn free(&mut self, fitting: &Fitting) -> Option<usize> {
        let next = self.next_free.entry(fitting.as_ptr()).or_default();
        while let Some(document) = fitting.get(*next) {
            if self.of_document[*document].is_none() {
                return Some(*document);
            }
            *next += 1;
        }
        None
    }

    /// Finds room for one more signature, moving others where needed (breadth first, so that a long
    /// chain of moves takes no stack). A list is looked through once.
    fn augment(&mut self, start: usize) {
        // For each document reached: the signature that would take it.
        let mut taken_by: HashMap<usize, usize> = HashMap::new();
        let mut looked_through: HashSet<*const usize> = HashSet::new();
        let mut queue = VecDeque::from([start]);
        while let Some(signature) = queue.pop_front() {
            let Some(fitting) = &self.signatures[signature] else {
                continue;
            };
            if self.saturated.contains(&fitting.as_ptr())
                || !looked_through.insert(fitting.as_ptr())
            {
                continue;
            }
            for document in fitting.iter().copied() {
                if taken_by.contains_key(&document) {
                    continue;
                }
                taken_by.insert(document, signature);
                match self.of_document[document] {
                    Some(holder) => queue.push_back(holder),
                    None => {
                        self.shift(document, start, &taken_by);
                        return;
                    }
                }
            }
        }
        self.saturated.extend(looked_through);
    }

    /// Hands each document on the way back to the signature that reached it.
    fn shift(&mut self, free: usize, start: usize, taken_by: &HashMap<usize, usize>) {
        let mut document = free;
        while let Some(&signature) = taken_by.get(&document) {
            let before = self
                .of_document
                .iter()
                .position(|holder| *holder == Some(signature));
            self.of_document[document] = Some(signature);
            match before {
                Some(left) if signature != start => document = left,
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Fitting, pair};

    fn pairs(table: &[&[u8]], straight_first: bool) -> Vec<Option<usize>> {
        let documents = table.first().map_or(0, |row| row.len());
        let row = |row: &&[u8]| {
            let fitting: Vec<usize> = (0..row.len()).filter(|d| row[*d] == 1).collect();
            Some(Fitting::from(fitting))
        };
        let rows: Vec<Option<Fitting>> = table.iter().map(row).collect();
        pair(&rows, documents, straight_first)
    }

    #[test]
    fn a_permutation_is_put_right() {
        assert_eq!(
            pairs(&[&[0, 0, 1], &[1, 0, 0], &[0, 1, 0]], true),
            [Some(1), Some(2), Some(0)]
        );
    }

    #[test]
    fn identical_documents_keep_the_order_of_signatures() {
        assert_eq!(pairs(&[&[1, 1], &[1, 1]], true), [Some(0), Some(1)]);
        assert_eq!(pairs(&[&[1, 1], &[1, 1]], false), [Some(0), Some(1)]);
    }

    #[test]
    fn a_signature_moves_when_another_has_nowhere_else_to_go() {
        assert_eq!(
            pairs(&[&[1, 1, 0], &[1, 0, 1], &[1, 0, 0]], false),
            [Some(2), Some(0), Some(1)]
        );
        assert_eq!(pairs(&[&[1, 1], &[1, 0]], true), [Some(1), Some(0)]);
    }

    #[test]
    fn what_has_no_place_is_left_out() {
        assert_eq!(pairs(&[&[0, 0], &[0, 1]], true), [None, Some(1)]);
        assert_eq!(pairs(&[], true), []);
        assert_eq!(pair(&[None, Some(Rc::from([0]))], 1, true), [Some(1)]);
    }

    /// A chain in which the last signature moves every other one.
    #[test]
    fn a_long_chain_is_followed() {
        const COUNT: usize = 300;
        let rows: Vec<Option<Fitting>> = (0..COUNT)
            .map(|s| {
                Some(if s + 1 == COUNT {
                    Rc::from([0])
                } else {
                    Rc::from([s, s + 1])
                })
            })
            .collect();
        let found = pair(&rows, COUNT, false);
        let mut all: Vec<usize> = found.into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (0..COUNT).collect::<Vec<_>>());
    }

    /// Ten thousand signatures that share two lists: looking at pairs would take minutes.
    #[test]
    fn many_identical_documents_are_paired_at_once() {
        const COUNT: usize = 10_000;
        let odd: Fitting = (1..COUNT).step_by(2).collect();
        let even: Fitting = (0..COUNT).step_by(2).collect();
        let crossed: Vec<Option<Fitting>> = (0..COUNT)
            .map(|s| {
                Some(if s % 2 == 0 {
                    odd.clone()
                } else {
                    even.clone()
                })
            })
            .collect();
        let found = pair(&crossed, COUNT, true);
        assert!(found.iter().all(Option::is_some));
        let none_too_many = pair(&vec![Some(odd); COUNT], COUNT, true);
        assert_eq!(none_too_many.iter().flatten().count(), COUNT / 2);
    }
}

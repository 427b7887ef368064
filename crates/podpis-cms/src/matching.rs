//! Decides which signature goes to which document when each pair is known to fit or not.
//!
//! **Invariant:** a document gets at most one signature and a signature goes to at most one
//! document; as many are paired as can be, and the order does not depend on anything but the input.

/// The signature of each document.
///
/// `fits(signature, document)` must give the same answer each time. `straight_first` pairs equal
/// positions before anything else.
pub(crate) fn pair(
    signatures: usize,
    documents: usize,
    straight_first: bool,
    fits: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut of_document: Vec<Option<usize>> = vec![None; documents];
    let mut left: Vec<usize> = (0..signatures).collect();
    if straight_first {
        left.retain(|&position| {
            let straight = position < documents && fits(position, position);
            if straight {
                of_document[position] = Some(position);
            }
            !straight
        });
    }
    for signature in left {
        augment(signature, &mut of_document, &fits);
    }
    of_document
}

/// Finds room for one more signature, moving others where needed (breadth first, so that a long
/// chain of moves takes no stack).
fn augment(start: usize, of_document: &mut [Option<usize>], fits: &impl Fn(usize, usize) -> bool) {
    // For each document reached: the signature that would take it.
    let mut taken_by: Vec<Option<usize>> = vec![None; of_document.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(signature) = queue.pop_front() {
        for document in 0..of_document.len() {
            if taken_by[document].is_some() || !fits(signature, document) {
                continue;
            }
            taken_by[document] = Some(signature);
            match of_document[document] {
                Some(holder) => queue.push_back(holder),
                None => {
                    shift(document, start, of_document, &taken_by);
                    return;
                }
            }
        }
    }
}

/// Hands each document on the way back to the signature that reached it.
fn shift(free: usize, start: usize, of_document: &mut [Option<usize>], taken_by: &[Option<usize>]) {
    let mut document = free;
    while let Some(signature) = taken_by[document] {
        let before = of_document
            .iter()
            .position(|holder| *holder == Some(signature));
        of_document[document] = Some(signature);
        match before {
            Some(left) if signature != start => document = left,
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pair;

    fn pairs(table: &[&[u8]], straight_first: bool) -> Vec<Option<usize>> {
        let documents = table.first().map_or(0, |row| row.len());
        pair(table.len(), documents, straight_first, |s, d| {
            table[s][d] == 1
        })
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
    }

    #[test]
    fn what_has_no_place_is_left_out() {
        assert_eq!(pairs(&[&[0, 0], &[0, 1]], true), [None, Some(1)]);
        assert_eq!(pairs(&[], true), []);
        assert_eq!(pair(2, 0, true, |_, _| true), []);
    }

    /// A chain in which the last signature moves every other one.
    #[test]
    fn a_long_chain_is_followed() {
        const COUNT: usize = 300;
        let found = pair(COUNT, COUNT, false, |s, d| {
            if s + 1 == COUNT {
                d == 0
            } else {
                d == s || d == s + 1
            }
        });
        let mut all: Vec<usize> = found.into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (0..COUNT).collect::<Vec<_>>());
    }
}

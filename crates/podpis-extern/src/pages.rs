//! Reads lists that come in pages.
//!
//! **Invariant:** every list ends: a page that is empty, or the same once more, is the last one, whatever the total
//! says. A service that knows no pages gives all it has every time.

use podpis_core::call::Call;

/// The call for the page after `skip` items, of at most `take`.
pub(crate) fn page(call: Call, skip: usize, take: usize) -> Call {
    call.query("skip", skip.to_string())
        .query("take", take.to_string())
}

/// Adds a page of what `take` items were asked for, and says whether it is the last.
pub(crate) fn add<T: PartialEq>(
    all: &mut Vec<T>,
    page: Vec<T>,
    take: usize,
    total: Option<u64>,
) -> bool {
    if all.ends_with(&page) {
        return true;
    }
    let count = page.len();
    all.extend(page);
    is_last(count, take as u64, all.len() as u64, total)
}

/// Whether a page of `count` items is the last one. More than was asked for is everything there is.
pub(crate) fn is_last(count: usize, take: u64, seen: u64, total: Option<u64>) -> bool {
    count == 0 || total.map_or(count as u64 != take, |total| seen >= total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends() {
        let mut all = vec![1, 2];
        for (page, total, expected) in [
            (&[3, 4][..], None, false),
            (&[5, 6], Some(7), false),
            (&[7], Some(7), true),
            (&[8], None, true),
            (&[9, 10, 11], None, true),
            (&[9, 10, 11], Some(99), true),
            (&[], Some(99), true),
        ] {
            assert_eq!(add(&mut all, page.to_vec(), 2, total), expected, "{page:?}");
        }
        assert_eq!(all, (1..=11).collect::<Vec<_>>());
    }
}

//! Reads lists that come in pages.
//!
//! **Invariant:** every list ends, or is an error that names it: a page that is empty, or the same once more, is the last one, whatever the total
//! says. A service that knows no pages gives all it has every time.

use podpis_core::Error;
use podpis_core::call::{Answer, Call};

/// A list of more pages than this has no end.
pub(crate) const MOST_PAGES: usize = 1_000;
/// Neither has one of more items than this.
pub(crate) const MOST_ITEMS: usize = 200_000;

/// The call for the page after `skip` items, of at most `take`.
pub(crate) fn page(call: Call, skip: usize, take: usize) -> Call {
    call.query("skip", skip.to_string())
        .query("take", take.to_string())
}

/// A list of the service, page after page.
pub(crate) struct Pages<T> {
    what: &'static str,
    take: usize,
    all: Vec<T>,
    pages: usize,
}

impl<T: PartialEq> Pages<T> {
    /// Nothing yet of a list of `what`, of which `take` are asked for at a time.
    pub(crate) fn of(what: &'static str, take: usize) -> Self {
        Self {
            what,
            take,
            all: Vec::new(),
            pages: 0,
        }
    }

    /// The call for the next page.
    pub(crate) fn next(&self, call: Call) -> Call {
        page(call, self.all.len(), self.take)
    }

    /// Adds a page, and says whether it is the last.
    ///
    /// # Errors
    /// When the list has no end.
    pub(crate) fn add(
        &mut self,
        answer: &Answer,
        page: Vec<T>,
        total: Option<u64>,
    ) -> Result<bool, Error> {
        if self.all.ends_with(&page) {
            return Ok(true);
        }
        let count = page.len();
        self.all.extend(page);
        self.pages += 1;
        if is_last(count, self.take as u64, self.all.len() as u64, total) {
            return Ok(true);
        }
        if self.pages >= MOST_PAGES || self.all.len() >= MOST_ITEMS {
            let (what, pages, items) = (self.what, self.pages, self.all.len());
            let why =
                format!("the list of {what} has no end after {pages} pages with {items} of them");
            return Err(answer.unreadable(why));
        }
        Ok(false)
    }

    /// All that came.
    pub(crate) fn into_all(self) -> Vec<T> {
        self.all
    }
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
        let mut seen = 2;
        for (count, total, expected) in [
            (2, None, false),
            (2, Some(7), false),
            (1, Some(7), true),
            (1, None, true),
            (3, None, true),
            (3, Some(99), false),
            (0, Some(99), true),
        ] {
            seen += count;
            assert_eq!(is_last(count as usize, 2, seen, total), expected, "{count}");
        }
    }
}

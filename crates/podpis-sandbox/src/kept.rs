//! Decides how many things a world remembers, and how they are found again.
//!
//! **Invariant:** finding one by a name costs the same however many there were; the oldest are forgotten when there are
//! too many, but never one that is still open.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many are kept beside the open ones.
const KEPT: usize = 2_000;

/// Things in the order in which they came. A place stays the same for as long as the thing is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept<T> {
    /// The place of the first one that is still there.
    first: usize,
    all: VecDeque<(T, Vec<String>)>,
    names: BTreeMap<String, usize>,
    open: BTreeSet<usize>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            first: 0,
            all: VecDeque::new(),
            names: BTreeMap::new(),
            open: BTreeSet::new(),
        }
    }
}

impl<T> Kept<T> {
    /// Adds an open one under its names, which are compared without regard to case, and gives its place.
    pub(crate) fn add<const N: usize>(&mut self, one: T, names: [&str; N]) -> usize {
        while self.all.len() >= KEPT && !self.open.contains(&self.first) {
            let (_, names) = self.all.pop_front().unzip();
            for name in names.into_iter().flatten() {
                self.names.remove(&name);
            }
            self.first += 1;
        }
        let place = self.first + self.all.len();
        self.all.push_back((one, Vec::new()));
        self.open.insert(place);
        for name in names {
            self.call(place, name);
        }
        place
    }

    /// Another name for the one at this place.
    pub(crate) fn call(&mut self, place: usize, name: &str) {
        let name = name.to_ascii_lowercase();
        let at = place.checked_sub(self.first);
        if let Some((_, names)) = at.and_then(|at| self.all.get_mut(at)) {
            names.push(name.clone());
            self.names.insert(name, place);
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(&name.to_ascii_lowercase()).copied()
    }

    pub(crate) fn named(&self, name: &str) -> Option<&T> {
        self.find(name).and_then(|place| self.get(place))
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        let at = place.checked_sub(self.first)?;
        self.all.get(at).map(|(one, _)| one)
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let at = place.checked_sub(self.first)?;
        self.all.get_mut(at).map(|(one, _)| one)
    }

    /// From now on time does nothing to the one at this place.
    pub(crate) fn close(&mut self, place: usize) {
        self.open.remove(&place);
    }

    /// The open ones with their places, oldest first.
    pub(crate) fn open(&self) -> impl Iterator<Item = (usize, &T)> {
        self.open
            .iter()
            .filter_map(|place| Some((*place, self.get(*place)?)))
    }

    /// All that are kept, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &T> {
        self.all.iter().map(|(one, _)| one)
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Kept};

    #[test]
    fn the_oldest_are_forgotten_unless_they_are_open() {
        let mut kept = Kept::default();
        let open = kept.add(0, ["Open"]);
        for number in 1..=KEPT {
            let place = kept.add(number, [&*number.to_string()]);
            kept.close(place);
        }
        assert_eq!(kept.named("open"), Some(&0), "it holds the others back");
        kept.close(open);
        kept.add(KEPT + 1, []);
        assert_eq!((kept.find("open"), kept.get(open)), (None, None));
        assert_eq!(kept.named("3"), Some(&3));
        assert_eq!(kept.open().count(), 1);
        assert!(kept.all().count() <= KEPT + 1);
    }
}

//! Decides how many things a world remembers, and how they are found again.
//!
//! **Invariant:** finding one by a name costs the same however many there were; the oldest are forgotten when there are
//! too many, but never one that is still open or was there from the start.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Things in the order in which they came. A place stays the same for as long as the thing is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept<T> {
    /// How many are kept beside the open ones and those of the seed.
    limit: usize,
    /// The place of the next one.
    next: usize,
    all: BTreeMap<usize, (T, Vec<Arc<str>>)>,
    /// In lower case.
    names: HashMap<Arc<str>, usize>,
    open: BTreeSet<usize>,
    /// Those that can be forgotten.
    closed: BTreeSet<usize>,
}

impl<T> Kept<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            next: 0,
            all: BTreeMap::new(),
            names: HashMap::new(),
            open: BTreeSet::new(),
            closed: BTreeSet::new(),
        }
    }

    /// Adds one of the seed under its names, which are compared without regard to case, and gives its place.
    pub(crate) fn seed<const N: usize>(&mut self, one: T, names: [&str; N]) -> usize {
        let place = self.next;
        self.next += 1;
        self.all.insert(place, (one, Vec::with_capacity(N)));
        for name in names {
            self.call(place, name);
        }
        place
    }

    /// Adds an open one.
    pub(crate) fn open<const N: usize>(&mut self, one: T, names: [&str; N]) -> usize {
        let place = self.seed(one, names);
        self.open.insert(place);
        place
    }

    /// Adds one to which nothing happens by itself.
    pub(crate) fn add<const N: usize>(&mut self, one: T, names: [&str; N]) -> usize {
        self.add_for(one, names).0
    }

    /// The same, and gives those that are forgotten for it.
    pub(crate) fn add_for<const N: usize>(
        &mut self,
        one: T,
        names: [&str; N],
    ) -> (usize, Vec<(usize, T)>) {
        let place = self.open(one, names);
        (place, self.close(place))
    }

    /// Another name for the one at this place.
    pub(crate) fn call(&mut self, place: usize, name: &str) {
        if let Some((_, names)) = self.all.get_mut(&place) {
            let name: Arc<str> = name.to_ascii_lowercase().into();
            names.push(name.clone());
            self.names.insert(name, place);
        }
    }

    /// From now on time does nothing to the one at this place. Gives those that are forgotten for it.
    pub(crate) fn close(&mut self, place: usize) -> Vec<(usize, T)> {
        let mut forgotten = Vec::new();
        if self.open.remove(&place) {
            self.closed.insert(place);
            while self.closed.len() > self.limit
                && let Some(oldest) = self.closed.first().copied()
            {
                forgotten.extend(self.remove(oldest).map(|one| (oldest, one)));
            }
        }
        forgotten
    }

    pub(crate) fn remove(&mut self, place: usize) -> Option<T> {
        let (one, names) = self.all.remove(&place)?;
        for name in names {
            // The name may belong to a later one by now.
            if self.names.get(&name) == Some(&place) {
                self.names.remove(&name);
            }
        }
        self.open.remove(&place);
        self.closed.remove(&place);
        Some(one)
    }

    /// Forgets the oldest, one after the other, while they are over.
    pub(crate) fn forget_while(&mut self, is_over: impl Fn(&T) -> bool) {
        while let Some(oldest) = self.closed.first().copied()
            && self.get(oldest).is_some_and(&is_over)
        {
            self.remove(oldest);
        }
    }

    /// Forgets those that do not fit.
    pub(crate) fn retain(&mut self, fits: impl Fn(&T) -> bool) {
        let gone = self.all().filter(|(_, one)| !fits(one)).map(|(at, _)| at);
        let gone: Vec<usize> = gone.collect();
        for place in gone {
            self.remove(place);
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(&*name.to_ascii_lowercase()).copied()
    }

    pub(crate) fn named(&self, name: &str) -> Option<&T> {
        self.find(name).and_then(|place| self.get(place))
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        self.all.get(&place).map(|(one, _)| one)
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.all.get_mut(&place).map(|(one, _)| one)
    }

    /// The open ones with their places, oldest first.
    pub(crate) fn all_open(&self) -> impl Iterator<Item = (usize, &T)> {
        let places = self.open.iter();
        places.filter_map(|place| Some((*place, self.get(*place)?)))
    }

    /// Those from this place on with their places, oldest first.
    pub(crate) fn from(&self, place: usize) -> impl Iterator<Item = (usize, &T)> {
        let rest = self.all.range(place..);
        rest.map(|(place, (one, _))| (*place, one))
    }

    /// All that are kept with their places, oldest first.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (usize, &T)> {
        self.all.iter().map(|(place, (one, _))| (*place, one))
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn the_oldest_are_forgotten_unless_they_are_open_or_seeded() {
        let mut kept = Kept::new(10);
        let seeded = kept.seed(100, ["Seeded"]);
        let open = kept.open(0, ["Open"]);
        for number in 1..=20 {
            kept.add(number, [&*number.to_string()]);
        }
        let seen = (kept.named("open"), kept.named("SEEDED"));
        assert_eq!(seen, (Some(&0), Some(&100)));
        assert_eq!((kept.find("10"), kept.named("11")), (None, Some(&11)));
        assert_eq!(kept.all().count(), 12);
        assert_eq!(kept.close(open), [(open, 0)]);
        assert_eq!((kept.find("open"), kept.get(open)), (None, None));
        assert_eq!(kept.from(21).next(), Some((21, &20)));
        assert_eq!((kept.get(seeded), kept.all_open().count()), (Some(&100), 0));
        kept.call(seeded, "15");
        kept.retain(|number| *number != 15);
        let seen = kept.named("15");
        assert_eq!(seen, Some(&100), "a name goes with its last owner");
    }
}

//! Decides how a list finds what is asked for: by classes of things that are alike in what is mostly asked.
//!
//! **Invariant:** a page costs as much as it is long, and no more for all that lies before and behind it, unless
//! something is asked that the classes do not tell; then only the classes that are wanted are looked through.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Things in classes, and within a class in the order of their keys.
#[derive(Clone, Debug)]
pub(crate) struct Classes<Class, Key, Place>(BTreeMap<Class, BTreeMap<Key, Place>>);

impl<Class, Key, Place> Default for Classes<Class, Key, Place> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// Which part of a list is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a, Key> {
    /// Behind this one.
    pub(crate) after: Option<&'a Key>,
    pub(crate) descending: bool,
    pub(crate) most: usize,
}

/// A further condition; none when every thing of the classes is wanted.
pub(crate) type Condition<'a, Place> = Option<&'a dyn Fn(&Place) -> bool>;

impl<Class: Ord, Key: Ord + Clone, Place: Copy> Classes<Class, Key, Place> {
    pub(crate) fn put(&mut self, class: Class, key: Key, place: Place) {
        self.0.entry(class).or_default().insert(key, place);
    }

    /// Takes the thing with this key out of its class.
    pub(crate) fn remove(&mut self, key: &Key) {
        for things in self.0.values_mut() {
            things.remove(key);
        }
    }

    /// How many there are in the classes; no more than `most` are counted.
    pub(crate) fn count(
        &self,
        is_wanted: impl Fn(&Class) -> bool,
        fits: Condition<'_, Place>,
        most: usize,
    ) -> usize {
        let classes = self.0.iter().filter(|(class, _)| is_wanted(class));
        let counted = classes.map(|(_, things)| match fits {
            None => things.len(),
            Some(fits) => things
                .values()
                .filter(|place| fits(place))
                .take(most)
                .count(),
        });
        counted.sum::<usize>().min(most)
    }

    /// A part of what is in the classes, in order.
    pub(crate) fn part(
        &self,
        is_wanted: impl Fn(&Class) -> bool,
        fits: Condition<'_, Place>,
        part: Part<'_, Key>,
    ) -> Vec<Place> {
        let after = part.after.map_or(Bound::Unbounded, Bound::Excluded);
        let bounds = match part.descending {
            true => (Bound::Unbounded, after),
            false => (after, Bound::Unbounded),
        };
        let mut found: Vec<(&Key, Place)> = Vec::new();
        for (_, things) in self.0.iter().filter(|(class, _)| is_wanted(class)) {
            let mut rest = things.range::<Key, _>(bounds);
            let next = || match part.descending {
                true => rest.next_back(),
                false => rest.next(),
            };
            let fitting =
                std::iter::from_fn(next).filter(|(_, place)| fits.is_none_or(|it| it(place)));
            found.extend(fitting.take(part.most).map(|(key, place)| (key, *place)));
        }
        found.sort_by_key(|(key, _)| *key);
        if part.descending {
            found.reverse();
        }
        found.truncate(part.most);
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// The greatest key.
    pub(crate) fn last(&self) -> Option<&Key> {
        let last = self.0.values().filter_map(BTreeMap::last_key_value);
        last.map(|(key, _)| key).max()
    }
}

#[cfg(test)]
mod tests {
    use super::{Classes, Part};

    #[test]
    fn a_part_is_in_the_order_of_all_its_classes_and_looks_at_no_more() {
        let mut classes = Classes::default();
        for number in 0..100_u32 {
            classes.put(number % 3, number, number);
        }
        classes.remove(&4);
        let part = |after: Option<&u32>, descending| {
            let most = 3;
            let part = Part {
                after,
                descending,
                most,
            };
            classes.part(|class| *class > 0, None, part)
        };
        assert_eq!(part(None, false), [1, 2, 5]);
        assert_eq!(part(Some(&5), false), [7, 8, 10]);
        assert_eq!(part(None, true), [98, 97, 95]);
        assert_eq!(part(Some(&5), true), [2, 1]);
        assert_eq!(classes.count(|class| *class == 1, None, 1000), 32);
        assert_eq!(classes.last(), Some(&99));
        let looks = std::cell::Cell::new(0);
        let fits = |number: &u32| {
            looks.set(looks.get() + 1);
            number.is_multiple_of(2)
        };
        let all = Part {
            after: None,
            descending: false,
            most: 5,
        };
        let found = classes.part(|class| *class == 0, Some(&fits), all);
        assert_eq!(found, [0, 6, 12, 18, 24]);
        assert_eq!(looks.get(), 9, "nothing behind the last one is looked at");
        assert_eq!(classes.count(|class| *class == 0, Some(&fits), 4), 4);
    }
}

//! Tables of what files tell each other, which remember what was asked of them.
//!
//! In: entries of files, and questions of other files. Out: the answers, and whether a table with more files in it would have
//! answered the same. It leaves alone what is in the tables (`registry`).

use std::cell::RefCell;
use std::collections::btree_map::{BTreeMap, Entry, Iter};

use rustc_hash::FxHashSet;

/// A table, and the keys that were asked for.
pub(super) struct Table<K, V> {
    entries: BTreeMap<K, V>,
    asked: RefCell<FxHashSet<K>>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            asked: RefCell::default(),
        }
    }
}

impl<K: Ord + std::hash::Hash + Clone, V> Table<K, V> {
    /// Where something is entered.
    pub(super) fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        self.entries.entry(key)
    }

    /// What is entered under a key.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(key) {
            asked.insert(key.clone());
        }
        self.entries.get(key)
    }

    /// Whether something is.
    pub(super) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// All entries, for whoever asks anew each time.
    pub(super) fn iter(&self) -> Iter<'_, K, V> {
        self.entries.iter()
    }

    /// Whether another table gives the same answers to all that was asked of this one; from then on it is as if the other had
    /// been asked.
    pub(super) fn answers_as(&self, other: &Self, is_same: impl Fn(&V, &V) -> bool) -> bool {
        let asked = self.asked.borrow();
        other.asked.borrow_mut().extend(asked.iter().cloned());
        asked.iter().all(
            |key| match (self.entries.get(key), other.entries.get(key)) {
                (Some(one), Some(other)) => is_same(one, other),
                (None, None) => true,
                _ => false,
            },
        )
    }
}

//! Tables of what files tell each other, which remember who asked.
//!
//! In: entries of files, and questions of values that are being computed. Out: the answers, and whose a table with more files
//! in it would have answered otherwise. It leaves alone what is in the tables (`registry`), and what becomes of values whose
//! answers change (`memo`).

use std::cell::{Cell, RefCell};
use std::collections::btree_map::{BTreeMap, Entry, Iter};
use std::rc::Rc;

/// The number of a value that is computed.
pub(super) type ValueId = u32;

/// The value that is being computed now, for whom all questions are asked; the first number is that of a pass over the files,
/// which asks for itself.
#[derive(Clone, Default)]
pub(super) struct Asker(Rc<Cell<ValueId>>);

impl Asker {
    /// The number of no value.
    pub(super) const PASS: ValueId = 0;

    /// Who asks now.
    pub(super) fn now(&self) -> ValueId {
        self.0.get()
    }

    /// Lets another one ask, and gives back who asked before.
    pub(super) fn replace(&self, by: ValueId) -> ValueId {
        self.0.replace(by)
    }
}

/// A table that remembers who asked for which of its keys.
pub(super) struct Table<K, V> {
    entries: BTreeMap<K, V>,
    asker: Asker,
    asked: RefCell<BTreeMap<K, Vec<ValueId>>>,
    /// Those who asked which keys there are.
    asked_for_keys: RefCell<Vec<ValueId>>,
}

impl<K: Ord + Clone, V> Table<K, V> {
    /// An empty table.
    pub(super) fn new(asker: &Asker) -> Self {
        Self {
            entries: BTreeMap::new(),
            asker: asker.clone(),
            asked: RefCell::default(),
            asked_for_keys: RefCell::default(),
        }
    }

    /// Where something is entered.
    pub(super) fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        self.entries.entry(key)
    }

    /// What is entered under a key.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let mut asked = self.asked.borrow_mut();
        match asked.get_mut(key) {
            Some(who) => note(who, self.asker.now()),
            None => {
                asked.insert(key.clone(), vec![self.asker.now()]);
            }
        }
        self.entries.get(key)
    }

    /// Whether something is.
    pub(super) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// The keys under which something is entered.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        note(&mut self.asked_for_keys.borrow_mut(), self.asker.now());
        self.entries.keys()
    }

    /// The keys for which values asked.
    pub(super) fn asked(&self) -> Vec<K> {
        let asked = self.asked.borrow();
        let by_values = asked
            .iter()
            .filter(|(_, who)| who.iter().any(|asker| *asker != Asker::PASS));
        by_values.map(|(key, _)| key.clone()).collect()
    }

    /// All entries, for whoever asks anew each time.
    pub(super) fn iter(&self) -> Iter<'_, K, V> {
        self.entries.iter()
    }

    /// Gives out whom another table would have answered otherwise; that one has been asked by all from then on.
    pub(super) fn differences(
        self,
        now: &Self,
        is_same: impl Fn(&V, &V) -> bool,
        into: &mut Vec<ValueId>,
    ) {
        let entered = &self.entries;
        let mut asked = now.asked.borrow_mut();
        for (key, mut who) in self.asked.into_inner() {
            let both = (entered.get(&key), now.entries.get(&key));
            let is_known = match both {
                (Some(before), Some(now)) => is_same(before, now),
                (None, None) => true,
                _ => false,
            };
            if !is_known {
                into.extend(&who);
            }
            asked.entry(key).or_default().append(&mut who);
        }
        let mut who = self.asked_for_keys.into_inner();
        if !entered.keys().eq(now.entries.keys()) {
            into.extend(&who);
        }
        now.asked_for_keys.borrow_mut().append(&mut who);
    }
}

/// Most ask several times in a row.
fn note(who: &mut Vec<ValueId>, asker: ValueId) {
    if who.last() != Some(&asker) {
        who.push(asker);
    }
}

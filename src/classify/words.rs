//! Reads identifiers as words.
//!
//! In: a name as written (`primaryEmailAddress`, `USER_ID`, `お客様メールアドレス`) and the word rules. Out: lower-case
//! words with synonyms and plurals folded. It leaves alone what the words stand for.

use std::sync::{Mutex, PoisonError};

use compact_str::CompactString;
use ecow::EcoVec;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ruleset::schema::Words;

/// A word of an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case, singular, after synonyms.
    pub(crate) text: CompactString,
    /// It was written as a plural.
    pub(crate) plural: bool,
}

/// The word rules, ready for use.
#[derive(Debug)]
pub(crate) struct Lexicon {
    synonyms: FxHashMap<CompactString, Vec<CompactString>>,
    vocabulary: FxHashSet<CompactString>,
    neutral_after: FxHashSet<CompactString>,
    turning_before: FxHashSet<CompactString>,
    questions: FxHashSet<CompactString>,
    never_alone: FxHashSet<CompactString>,
    acts: FxHashSet<CompactString>,
    empty: FxHashSet<CompactString>,
    person: FxHashSet<CompactString>,
    vague: FxHashSet<CompactString>,
    holders: FxHashSet<CompactString>,
    things: FxHashMap<CompactString, FxHashSet<CompactString>>,
    brought: FxHashSet<CompactString>,
    links: FxHashSet<CompactString>,
    /// Names that were read before: a program has few names and many values.
    read: Mutex<FxHashMap<CompactString, EcoVec<Word>>>,
}

impl Lexicon {
    /// `names` are the names of the class rules: their words without case are known too, which is how a text without
    /// spaces (`顧客電話番号`) is cut into words.
    pub(crate) fn new<'a>(rules: &'a Words, names: impl Iterator<Item = &'a str>) -> Self {
        let mut lexicon = Self {
            synonyms: rules
                .synonyms
                .iter()
                .map(|(from, to)| {
                    (
                        from.as_str().into(),
                        to.split(' ').map(Into::into).collect(),
                    )
                })
                .collect(),
            vocabulary: FxHashSet::default(),
            neutral_after: FxHashSet::default(),
            turning_before: FxHashSet::default(),
            questions: FxHashSet::default(),
            never_alone: FxHashSet::default(),
            acts: FxHashSet::default(),
            empty: FxHashSet::default(),
            person: FxHashSet::default(),
            vague: FxHashSet::default(),
            holders: FxHashSet::default(),
            things: FxHashMap::default(),
            brought: FxHashSet::default(),
            links: rules.links.iter().map(Into::into).collect(),
            read: Mutex::default(),
        };
        let listed = [
            &rules.person,
            &rules.org,
            &rules.empty,
            &rules.neutral_after,
        ];
        let known = names.chain(listed.into_iter().flatten().map(String::as_str));
        let uncased: Vec<CompactString> = known
            .flat_map(split)
            .chain(rules.synonyms.keys().map(|key| key.as_str().into()))
            .filter(|word| is_uncased(word))
            .collect();
        lexicon.vocabulary = uncased.into_iter().collect();
        lexicon.neutral_after = lexicon.set(&rules.neutral_after);
        lexicon.turning_before = lexicon.set(&rules.turning_before);
        lexicon.questions = lexicon.set(&rules.questions);
        lexicon.never_alone = lexicon.set(&rules.never_alone);
        lexicon.acts = lexicon.set(&rules.acts);
        lexicon.empty = lexicon.set(&rules.empty);
        lexicon.person = lexicon.set(&rules.person);
        lexicon.vague = lexicon.set(&rules.vague);
        lexicon.holders = lexicon.set(&rules.holders);
        let things = rules.things.iter();
        let things = things
            .filter_map(|(thing, own)| Some((lexicon.words(thing).pop()?.text, lexicon.set(own))));
        lexicon.things = things.collect();
        lexicon.brought = lexicon.set(&rules.brought);
        lexicon
    }

    /// What the name of an owner or a type is about, without what more is said of it.
    pub(crate) fn main_part<'w>(&self, name: &'w [Word]) -> &'w [Word] {
        let mut others = name.iter().skip(1);
        let link = others.position(|word| self.links.contains(&word.text));
        link.map_or(name, |before| &name[..=before])
    }

    /// The words of a name.
    pub(crate) fn words(&self, name: &str) -> EcoVec<Word> {
        let known = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(name) {
            return found.clone();
        }
        let found: EcoVec<Word> = self.split(name).into();
        known().insert(name.into(), found.clone());
        found
    }

    fn split(&self, name: &str) -> Vec<Word> {
        let raw: Vec<CompactString> = split(name)
            .flat_map(|word| {
                if is_uncased(&word) {
                    self.cut(&word)
                } else {
                    vec![word]
                }
            })
            .collect();
        let mut words = Vec::with_capacity(raw.len());
        let mut rest = raw.as_slice();
        while let [first, tail @ ..] = rest {
            // What is of three words is meant as a whole.
            if let [second, third, ..] = tail
                && let Some(joined) = self.triple(first, second, third)
            {
                words.extend(joined.iter().map(plain));
                rest = &tail[2..];
                continue;
            }
            if let Some(second) = tail.first()
                && let Some(joined) = self.synonyms.get(pair(first, second).as_str())
            {
                words.extend(joined.iter().map(plain));
                rest = &tail[1..];
                continue;
            }
            self.push(first, &mut words);
            rest = tail;
        }
        words
    }

    /// What three words in a row stand for.
    fn triple(&self, first: &str, second: &str, third: &str) -> Option<&Vec<CompactString>> {
        self.synonyms
            .get(pair(&pair(first, second), third).as_str())
    }

    /// The folded form of listed words; a listed word that is several after folding counts by its last.
    pub(crate) fn set(&self, listed: &[String]) -> FxHashSet<CompactString> {
        listed
            .iter()
            .filter_map(|name| self.words(name).pop())
            .map(|word| word.text)
            .collect()
    }

    /// The word says nothing: it is listed, a number or a single letter.
    pub(crate) fn is_empty(&self, word: &str) -> bool {
        let mut chars = word.chars();
        let first = chars.next();
        first.is_none_or(|c| c.is_ascii() && (chars.next().is_none() || c.is_ascii_digit()))
            || self.empty.contains(word)
    }

    /// The word is one for a person.
    pub(crate) fn is_person(&self, word: &str) -> bool {
        self.person.contains(word)
    }

    /// The word is one for a person, or for what something else belongs to.
    pub(crate) fn is_vague(&self, word: &str) -> bool {
        self.vague.contains(word)
    }

    /// Whether a name is that of what a request brings.
    pub(crate) fn is_brought(&self, name: &[Word]) -> bool {
        matches!(name, [only] if self.brought.contains(&only.text))
    }

    /// The word is one for what holds the data of a person.
    pub(crate) fn is_holder(&self, word: &str) -> bool {
        self.holders.contains(word)
    }

    /// Whether a name is that of a thing, which a person's name before it only tells from others (`guestList`), and which has
    /// this of its own. The fields of somebody are no thing.
    pub(crate) fn is_thing_with(&self, name: &[Word], own: &str) -> bool {
        let name = self.main_part(name);
        let thing = name.last().filter(|it| !it.plural);
        let has = thing.and_then(|it| self.things.get(&it.text));
        let mut others = name.iter().rev().skip(1);
        let whose = others.find(|it| !self.is_empty(&it.text));
        has.is_some_and(|all| all.contains(own)) && whose.is_some_and(|it| self.is_person(&it.text))
    }

    /// The word after a name leaves it what it is.
    pub(crate) fn is_neutral(&self, word: &str) -> bool {
        self.neutral_after.contains(word) || word.starts_with(|c: char| c.is_ascii_digit())
    }

    /// The word before a name makes it a flag, a count or a setting.
    pub(crate) fn is_turning(&self, word: &str) -> bool {
        self.turning_before.contains(word)
    }

    /// Whether a name asks a question about what stands behind its first word.
    pub(crate) fn is_question(&self, name: &[Word]) -> bool {
        matches!(name, [first, _, ..] if self.questions.contains(&first.text))
    }

    /// Whether a name is a word that makes a flag only of what stands behind it.
    pub(crate) fn is_alone(&self, name: &[Word]) -> bool {
        matches!(name, [only] if self.never_alone.contains(&only.text))
    }

    /// Whether the name of a function says what it does and nothing of what it gives.
    pub(crate) fn is_act(&self, name: &[Word]) -> bool {
        let is_said = |word: &Word| self.acts.contains(&word.text);
        let is_known = |word: &Word| is_said(word) || self.is_empty(&word.text);
        name.iter().all(is_known) && name.iter().any(is_said)
    }

    fn push(&self, raw: &CompactString, words: &mut Vec<Word>) {
        let single = singular(raw);
        let synonym = self
            .synonyms
            .get(raw)
            .map(|to| (to, false))
            .or_else(|| self.synonyms.get(single.as_ref()?).map(|to| (to, true)));
        match synonym {
            Some((to, plural)) => words.extend(to.iter().map(|text| Word {
                text: text.clone(),
                plural,
            })),
            None => words.push(Word {
                plural: single.is_some(),
                text: single.unwrap_or_else(|| raw.clone()),
            }),
        }
    }

    /// Cuts a text without spaces and case into the known words at its end and what stands before them.
    fn cut(&self, text: &str) -> Vec<CompactString> {
        let mut found = Vec::new();
        let mut rest = text;
        'cutting: while !rest.is_empty() {
            for (at, _) in rest.char_indices() {
                if self.vocabulary.contains(&rest[at..]) {
                    found.push(rest[at..].into());
                    rest = &rest[..at];
                    continue 'cutting;
                }
            }
            found.push(rest.into());
            break;
        }
        found.reverse();
        found
    }
}

fn plain(text: &CompactString) -> Word {
    Word {
        text: text.clone(),
        plural: false,
    }
}

fn pair(first: &str, second: &str) -> CompactString {
    let mut joined = CompactString::from(first);
    joined.push(' ');
    joined.push_str(second);
    joined
}

/// The singular of an English plural, if the word is one. The same wrong answer on both sides of a comparison is right.
fn singular(word: &str) -> Option<CompactString> {
    if word.len() <= 3 || !word.is_ascii() {
        return None;
    }
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 1
    {
        let mut stem = CompactString::from(stem);
        stem.push('y');
        return Some(stem);
    }
    for suffix in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(suffix) {
            return Some(word[..word.len() - 2].into());
        }
    }
    let stem = word.strip_suffix('s')?;
    (!stem.ends_with(['s', 'u', 'i'])).then(|| stem.into())
}

/// Written in a script without upper and lower case.
fn is_uncased(word: &str) -> bool {
    word.starts_with(|c: char| sort(c) == Sort::Uncased)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Lower,
    Upper,
    Digit,
    Uncased,
    Between,
}

fn sort(c: char) -> Sort {
    if c.is_lowercase() {
        Sort::Lower
    } else if c.is_uppercase() {
        Sort::Upper
    } else if c.is_numeric() {
        Sort::Digit
    } else if c.is_alphabetic() {
        Sort::Uncased
    } else {
        Sort::Between
    }
}

/// Cuts at case changes, digits, changes of script and everything that is no letter.
pub(crate) fn split(name: &str) -> impl Iterator<Item = CompactString> {
    let chars: Vec<(char, Sort)> = name.chars().map(|c| (c, sort(c))).collect();
    let mut words = Vec::new();
    let mut word = CompactString::default();
    for (at, &(c, sort)) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at].1);
        let cut = match (before, sort) {
            (None | Some(Sort::Between), _) => false,
            (Some(Sort::Lower), Sort::Upper) => true,
            // The last capital of a run starts the next word (`HTMLElement`), unless only a plural's `s` follows (`IDs`).
            (Some(Sort::Upper), Sort::Upper) => {
                chars.get(at + 1).is_some_and(|next| next.1 == Sort::Lower)
                    && !ends_in_plural(&chars[at + 1..])
            }
            (Some(Sort::Upper), Sort::Lower) => false,
            (Some(last), _) => last != sort,
        };
        if (cut || sort == Sort::Between) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if sort != Sort::Between {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words.into_iter()
}

fn ends_in_plural(rest: &[(char, Sort)]) -> bool {
    matches!(rest, [('s', _)]) || matches!(rest, [('s', _), (_, next), ..] if *next != Sort::Lower)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_are_cut_where_a_reader_would_cut_them() {
        let cases = [
            ("emailAddress", "email address"),
            ("e_mail", "e mail"),
            ("EMAIL", "email"),
            ("orgID", "org id"),
            ("userIDs", "user ids"),
            ("IDsOfUsers", "ids of users"),
            ("HTMLElement", "html element"),
            ("URLPath", "url path"),
            ("$email", "email"),
            ("_id", "id"),
            ("x-forwarded-for", "x forwarded for"),
            ("address.line1", "address line 1"),
            ("User Email", "user email"),
            ("ユーザーID", "ユーザー id"),
            ("prénomUser", "prénom user"),
            ("", ""),
        ];
        for (name, words) in cases {
            let got: Vec<_> = split(name).collect();
            assert_eq!(got.join(" "), words, "{name}");
        }
    }
}

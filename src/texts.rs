//! What reports say, in one language.
//!
//! In: the texts of `rules/texts/<language>.toml` and of the rules, by key (`class.email.name`). Out: [`Texts`], which
//! finds a text and fills its blanks. It leaves alone who says what.
//!
//! A text that a language lacks is said in English, which the rules themselves are written in.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The language that everything is there in.
pub const BASE: &str = "en";

/// Texts by key.
pub type Catalogue = BTreeMap<String, String>;

/// The texts of one language.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    language: String,
    own: Arc<Catalogue>,
    base: Arc<Catalogue>,
}

impl Texts {
    /// A language, and what is said where it lacks a text.
    pub fn new(language: &str, own: Arc<Catalogue>, base: Arc<Catalogue>) -> Self {
        Self {
            language: language.to_owned(),
            own,
            base,
        }
    }

    /// The language's tag (`en`).
    pub fn language(&self) -> &str {
        &self.language
    }

    /// A text, if there is one.
    pub fn find(&self, key: &str) -> Option<&str> {
        let found = self.own.get(key).or_else(|| self.base.get(key));
        found.map(String::as_str)
    }

    /// A text; its key where there is none, which a test keeps from happening.
    pub fn say<'t>(&'t self, key: &'t str) -> &'t str {
        self.find(key).unwrap_or(key)
    }

    /// A text with its blanks filled: `{n}` by the value of `n`.
    pub fn fill(&self, key: &str, blanks: &[(&str, &str)]) -> String {
        pieces(self.say(key))
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Blank(name) => blanks
                    .iter()
                    .find_map(|(blank, value)| (*blank == name).then_some(*value))
                    .unwrap_or(name),
            })
            .collect()
    }

    /// A text that counts: `key.one` for one, if the language tells one from many.
    pub fn count(&self, key: &str, count: u64) -> String {
        let single = format!("{key}.one");
        let number = count.to_string();
        // A language that has the text, but none for one, does not tell them apart.
        let by = if self.own.contains_key(key) {
            &self.own
        } else {
            &self.base
        };
        if count == 1 && by.contains_key(&single) {
            self.fill(&single, &[("n", &number)])
        } else {
            self.fill(key, &[("n", &number)])
        }
    }

    /// What something of the rules is called: `class.email.name`; the fallback where no text names it.
    pub fn named<'t>(&'t self, kind: &str, id: &str, part: &str, fallback: &'t str) -> &'t str {
        self.find(&format!("{kind}.{id}.{part}"))
            .unwrap_or(fallback)
    }

    /// A sentence of the analysis, which is English in reports that programs read: in this language, if it has it.
    pub fn phrase<'t>(&'t self, english: &'t str) -> &'t str {
        let said = self.own.get(&format!("phrase.{english}"));
        said.map_or(english, String::as_str)
    }

    /// What a category of vendors is called: by its id where that is English enough.
    pub fn category<'t>(&'t self, id: &'t str) -> &'t str {
        let said = self.own.get(&format!("category.{id}"));
        said.map_or(id, String::as_str)
    }

    /// By what a vendor is known, as a list.
    pub fn evidence(&self, words: &[String]) -> String {
        let words: Vec<&str> = words.iter().map(|word| self.phrase(word)).collect();
        self.list(&words)
    }

    /// A name inside a sentence: some languages begin it small there, unless it is an abbreviation.
    pub fn inside(&self, name: &str) -> String {
        let mut chars = name.chars();
        let (first, second) = (chars.next(), chars.next());
        match first {
            Some(first)
                if self.own.contains_key("list.small")
                    && !second.is_some_and(char::is_uppercase) =>
            {
                first.to_lowercase().chain(name.chars().skip(1)).collect()
            }
            _ => name.to_owned(),
        }
    }

    /// Names as a list.
    pub fn list<S: AsRef<str>>(&self, names: &[S]) -> String {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        names.join(self.say("list.between"))
    }
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Said as it is.
    Text(&'t str),
    /// To be filled: the name between braces.
    Blank(&'t str),
}

/// The parts of a text.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inner) = rest.strip_prefix('{')
            && let Some((name, after)) = inner.split_once('}')
        {
            rest = after;
            return Some(Piece::Blank(name));
        }
        let start = usize::from(rest.starts_with('{'));
        let end = rest
            .get(start..)
            .and_then(|tail| tail.find('{'))
            .map_or(rest.len(), |at| at + start);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(text))
    })
}

/// The language that the environment asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides.
pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))?;
    let language = value.split(['_', '.', '@', '-']).next()?;
    Some(language.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(own: &[(&str, &str)], base: &[(&str, &str)]) -> Texts {
        let catalogue = |pairs: &[(&str, &str)]| -> Arc<Catalogue> {
            let pairs = pairs
                .iter()
                .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
            Arc::new(pairs.collect())
        };
        Texts::new("xx", catalogue(own), catalogue(base))
    }

    #[test]
    fn fills_blanks_and_falls_back() {
        let texts = texts(
            &[("a", "{n} von {m}")],
            &[("a", "{n} of {m}"), ("b", "only {here} {")],
        );
        assert_eq!(texts.fill("a", &[("n", "1"), ("m", "{n}")]), "1 von {n}");
        assert_eq!(texts.fill("b", &[("here", "x")]), "only x {");
        assert_eq!(texts.say("c"), "c");
    }

    #[test]
    fn tells_one_from_many() {
        let texts = texts(&[("files", "{n} files"), ("files.one", "{n} file")], &[]);
        assert_eq!(texts.count("files", 1), "1 file");
        assert_eq!(texts.count("files", 0), "0 files");
        let base = [("files", "{n} files"), ("files.one", "{n} file")];
        let texts = self::texts(&[("files", "{n}ファイル")], &base);
        assert_eq!(texts.count("files", 1), "1ファイル");
    }

    #[test]
    fn reads_the_locale() {
        let of = |pairs: &'static [(&'static str, &'static str)]| {
            of_environment(|name| {
                let found = pairs.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[("LANG", "ja_JP.UTF-8")]).as_deref(), Some("ja"));
        assert_eq!(
            of(&[("LC_ALL", "C.UTF-8"), ("LANG", "ja_JP")]).as_deref(),
            Some("c")
        );
        assert_eq!(
            of(&[("LC_ALL", ""), ("LC_MESSAGES", "ja")]).as_deref(),
            Some("ja")
        );
        assert_eq!(of(&[]), None);
    }
}

//! What is a person's own text, and what is the program's.
//!
//! In: a value where a vendor takes text, and what its own names say. Out: whether it may be text that somebody wrote, and how
//! sure that is. It leaves alone which names stand for such text (`names`).

use super::decide::Weighing;
use super::names::Reading;
use super::own::Own;
use crate::finding::Confidence;

impl Weighing<'_> {
    /// Whether a value may be what the key says under which a vendor receives it. A text that something else is part of is not
    /// that, and what a program writes around a value is no person's text.
    pub(super) fn may_be(&self, class: usize, own: &Own) -> bool {
        if self.is_named_otherwise(class, own) {
            return false;
        }
        if !self.subject.in_text {
            return true;
        }
        let is_prose = self.rules.classes[class].prose;
        match own.reading {
            Reading::Class(hit) => is_prose && hit.class == class,
            Reading::Empty => true,
            Reading::Generic => !is_prose || self.rules.names.may_say(&own.words, class),
            _ => false,
        }
    }

    /// How sure it is that a part of a text makes it what the key says, if that is text of somebody's own.
    pub(super) fn sure_of_part(&self, class: usize, own: &Own) -> Option<Confidence> {
        if !self.subject.in_text || !self.rules.classes[class].prose {
            return None;
        }
        match own.reading {
            Reading::Empty if self.subject.amid_words => Some(Confidence::Low),
            Reading::Empty => None,
            _ => Some(Confidence::Medium),
        }
    }

    /// How sure it is that somebody wrote what is sent where a vendor takes that. What a function gives (`t('greeting')`) and
    /// what the program has a name of its own for is the program's.
    pub(super) fn written(&self, class: usize, own: &Own) -> Option<Confidence> {
        let subject = self.subject;
        if self.is_named_otherwise(class, own) {
            return None;
        }
        match own.reading {
            Reading::Class(hit) if hit.class == class && subject.in_text => {
                Some(Confidence::Medium)
            }
            Reading::Class(hit) if hit.class == class => Some(Confidence::High),
            _ if subject.amid_words => None,
            Reading::Generic if self.rules.names.may_say(&own.words, class) => {
                Some(Confidence::Medium)
            }
            Reading::Empty if subject.producer.is_none() && self.is_held() => {
                Some(Confidence::Medium)
            }
            _ => None,
        }
    }

    /// Whether a value's own name ends in a word for something else than what its key asks for (`fileName: file.path`).
    pub(super) fn is_named_otherwise(&self, class: usize, own: &Own) -> bool {
        let not_named = &self.rules.classes[class].not_named;
        let said = match (own.reading, own.words.last()) {
            (Reading::Class(_), _) | (_, None) => return false,
            (_, Some(word)) => word.text.as_str(),
        };
        if !not_named.contains(said) {
            return false;
        }
        let key = self.subject.key.last().map(|key| self.words(key));
        let asked = key.as_ref().and_then(|words| words.last());
        !asked
            .is_some_and(|word| not_named.contains(word.text.as_str()) || word.text.ends_with(said))
    }

    /// Whether anything in the program held the value, so that it came from elsewhere.
    fn is_held(&self) -> bool {
        !self.subject.path.is_empty() || !self.subject.aliases.is_empty()
    }
}

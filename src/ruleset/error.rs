//! Mistakes in rule files, and where they are.
//!
//! In: a rule file, and the keys that lead to a value in it. Out: [`RuleError`] with line and column, both 1-based. It leaves
//! alone what counts as a mistake (`validate`).

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::files::RuleFile;

/// One mistake in a rule file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl RuleError {
    /// A mistake that is the whole file's.
    pub(super) fn of_file(file: &str, message: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 1,
            column: 1,
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
        } = self;
        write!(f, "{file}:{line}:{column}: {message}")
    }
}

/// All mistakes of a load, by file and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleErrors {
    /// The mistakes; never empty.
    pub errors: Vec<RuleError>,
}

impl RuleErrors {
    pub(super) fn new(mut errors: Vec<RuleError>) -> Self {
        errors.sort();
        errors.dedup();
        Self { errors }
    }
}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}

/// Reads a file into its shape; syntax, unknown keys and wrong kinds of values are mistakes.
pub(super) fn parse<T: DeserializeOwned>(
    file: &RuleFile,
    errors: &mut Vec<RuleError>,
) -> Option<T> {
    match toml::from_str(&file.text) {
        Ok(value) => Some(value),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let message = if error.message().ends_with("untagged enum Arg") {
                "an argument is a known role, or `{ role = …, keys = { … } }` of known roles"
            } else {
                error.message()
            };
            errors.push(at(file, start, message.to_owned()));
            None
        }
    }
}

/// One step on the way to a value.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A file whose values can be found again.
pub(super) struct At<'f> {
    file: &'f RuleFile,
    /// Parsed with places only when there is something to report.
    table: OnceCell<Option<Spanned<DeTable<'f>>>>,
}

impl<'f> At<'f> {
    pub(super) fn new(file: &'f RuleFile) -> Self {
        Self {
            file,
            table: OnceCell::new(),
        }
    }

    pub(super) fn file(&self) -> &'f RuleFile {
        self.file
    }

    /// Reports a mistake at the value that the steps lead to, or as far as they lead.
    pub(super) fn report(&self, steps: &[Step], message: String, errors: &mut Vec<RuleError>) {
        let start = self
            .table
            .get_or_init(|| DeTable::parse(&self.file.text).ok())
            .as_ref()
            .map_or(0, |table| find(table, steps).start);
        errors.push(at(self.file, start, message));
    }
}

fn find(table: &Spanned<DeTable<'_>>, steps: &[Step]) -> Range<usize> {
    let Some((first, rest)) = steps.split_first() else {
        return table.span();
    };
    let Step::Key(key) = first else {
        return table.span();
    };
    match table.get_ref().get_key_value(key.as_str()) {
        Some((name, value)) => find_in(value, name.span(), rest),
        None => 0..0,
    }
}

/// `named` is where the way so far was written.
fn find_in(value: &Spanned<DeValue<'_>>, named: Range<usize>, steps: &[Step]) -> Range<usize> {
    let Some((first, rest)) = steps.split_first() else {
        return match value.get_ref() {
            DeValue::Table(_) => named,
            _ => value.span(),
        };
    };
    match (value.get_ref(), first) {
        (DeValue::Table(table), Step::Key(key)) => match table.get_key_value(key.as_str()) {
            Some((name, inner)) if rest.is_empty() && named_by_key(inner) => name.span(),
            Some((name, inner)) => find_in(inner, name.span(), rest),
            None => head(value, named),
        },
        (DeValue::Array(array), Step::Index(index)) => match array.get(*index) {
            Some(inner) => find_in(inner, head(inner, named), rest),
            None => value.span(),
        },
        _ => head(value, named),
    }
}

fn named_by_key(value: &Spanned<DeValue<'_>>) -> bool {
    matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_))
}

/// Where a value begins; an `[[array]]` table begins at its header.
fn head(value: &Spanned<DeValue<'_>>, named: Range<usize>) -> Range<usize> {
    let span = value.span();
    if span.is_empty() { named } else { span }
}

fn at(file: &RuleFile, offset: usize, message: String) -> RuleError {
    let before = file.text.get(..offset).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    RuleError {
        file: file.shown.clone(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
    }
}

//! Rules: what the tool knows of vendors, data classes and functions, all of it data.
//!
//! A stand-in with the fields of the real loader: it reads nothing but the directories it is given, and checks nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

pub mod schema;

use schema::{Class, Combination, Combinations, Transforms, Vendor, Words};

/// All rules of one scan.
#[derive(Debug)]
pub struct Ruleset {
    /// Vendors by id.
    pub vendors: BTreeMap<String, Vendor>,
    /// Data classes by id.
    pub classes: BTreeMap<String, Class>,
    /// How identifiers are read.
    pub words: Words,
    /// Sets of classes that are worse together.
    pub combinations: Vec<Combination>,
    /// What known functions do.
    pub transforms: Transforms,
    /// A digest of all rules that were used.
    pub digest: String,
}

/// What is wrong in rule files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct RuleErrors(pub Vec<String>);

impl Ruleset {
    /// Reads the rules.
    ///
    /// # Errors
    ///
    /// When a rule file cannot be read or understood.
    pub fn load(extra: &[PathBuf]) -> Result<Self, RuleErrors> {
        let mut rules = Self {
            vendors: BTreeMap::new(),
            classes: BTreeMap::new(),
            words: Words {
                synonyms: BTreeMap::new(),
                neutral_after: Vec::new(),
                turning_before: Vec::new(),
                person: Vec::new(),
                org: Vec::new(),
                empty: Vec::new(),
            },
            combinations: Vec::new(),
            transforms: Transforms {
                functions: Vec::new(),
            },
            digest: String::new(),
        };
        for directory in extra {
            for vendor in read_all::<Vendor>(&directory.join("vendors"))? {
                rules.vendors.insert(vendor.id.clone(), vendor);
            }
            for class in read_all::<Class>(&directory.join("classes"))? {
                rules.classes.insert(class.id.clone(), class);
            }
            let combinations = directory.join("combinations.toml");
            if combinations.is_file() {
                let read: Combinations = read_one(&combinations)?;
                rules.combinations.extend(read.combinations);
            }
        }
        Ok(rules)
    }
}

fn read_all<T: DeserializeOwned>(directory: &Path) -> Result<Vec<T>, RuleErrors> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    files.iter().map(|file| read_one(file)).collect()
}

fn read_one<T: DeserializeOwned>(file: &Path) -> Result<T, RuleErrors> {
    let failed = |message: String| RuleErrors(vec![format!("{}: {message}", file.display())]);
    let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    toml::from_str(&text).map_err(|error| failed(error.message().to_owned()))
}

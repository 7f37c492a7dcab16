//! Rules: what the tool knows of vendors, data classes and functions, all of it data.
//!
//! In: the rule files that are embedded in the program, and those of the user's directories. Out: [`Ruleset`], checked, or
//! [`RuleErrors`], every mistake with its file, line and column. It leaves alone what the rules mean to the stages.
//!
//! A user's vendor or class takes the place of the embedded one with the same id, and so does a combination; words and
//! functions of a user's directory are added to the embedded ones and come first.

pub mod incidents;
pub mod pages;
pub mod schema;
pub mod uncovered;

pub(crate) mod cases;

mod claims;
mod error;
mod files;
mod older;
mod scripts;
mod validate;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use self::error::At;
use self::files::{Kind, RuleFile};
use self::incidents::{Incident, Scenario, Scenarios};
use self::pages::PageRules;
use self::schema::{
    Class, Combination, Combinations, Document, Environment, Fields, Request, Sample, Serving,
    Subscribing, TransformFunction, Transforms, Vendor, Words,
};

use self::uncovered::{Guesses, Uncovered, UncoveredPackages};

pub use self::error::{RuleError, RuleErrors};

use crate::source::{RepoPath, SourceFile};
use crate::texts::Catalogue;

/// All rules of a run.
#[derive(Debug, Clone)]
pub struct Ruleset {
    /// Vendors by id.
    pub vendors: BTreeMap<String, Vendor>,
    /// Data classes by id.
    pub classes: BTreeMap<String, Class>,
    /// How identifiers are read.
    pub words: Words,
    /// What pages of an app give away by themselves.
    pub pages: PageRules,
    /// Sets of classes that are worse together.
    pub combinations: Vec<Combination>,
    /// What was published of incidents at vendors, by id.
    pub incidents: BTreeMap<String, Incident>,
    /// What an attacker can do with a vendor's holdings.
    pub scenarios: Vec<Scenario>,
    /// What functions do with values.
    pub transforms: Transforms,
    /// What packages outside any scanned tree export, as the language declares it; the user's come first.
    pub declarations: Vec<SourceFile>,
    /// Packages that hand data to somebody, and of which no more is known.
    pub uncovered: Vec<Uncovered>,
    /// What the names of packages say that nothing lists.
    pub guesses: Option<Guesses>,
    /// The vendors that a user's directory holds.
    pub own_vendors: BTreeSet<String>,
    /// A digest of all rule files that were read.
    pub digest: String,
    /// What reports say, by language.
    catalogues: wording::Catalogues,
}

impl Ruleset {
    /// The rules that the program brings along.
    ///
    /// # Errors
    ///
    /// Every mistake in them; a test keeps that from happening.
    pub fn embedded() -> Result<Self, RuleErrors> {
        Self::load(&[])
    }

    /// The embedded rules with those of `extra_dirs` laid over them, in that order.
    ///
    /// # Errors
    ///
    /// Every mistake in any of the files, and every file that cannot be read.
    pub fn load(extra_dirs: &[PathBuf]) -> Result<Self, RuleErrors> {
        let mut errors = Vec::new();
        let mut layers = vec![files::embedded(&mut errors)];
        for dir in extra_dirs {
            layers.push(files::user(dir, &mut errors));
        }
        let read: Vec<RuleFile> = layers.into_iter().flatten().collect();
        let set = Builder::default().build(&read, &mut errors);
        match set {
            Some(set) if errors.is_empty() => Ok(set),
            _ => Err(RuleErrors::new(errors)),
        }
    }
}

/// What has been read so far, with the place that each part came from.
#[derive(Default)]
struct Builder<'f> {
    vendors: BTreeMap<String, (Vendor, &'f RuleFile)>,
    classes: BTreeMap<String, (Class, &'f RuleFile)>,
    words: Option<Words>,
    pages: Vec<(PageRules, &'f RuleFile)>,
    combinations: Vec<(Combination, &'f RuleFile, usize)>,
    incidents: BTreeMap<String, (Incident, &'f RuleFile)>,
    scenarios: Vec<(Scenario, &'f RuleFile, usize)>,
    texts: BTreeMap<String, Catalogue>,
    transforms: Vec<TransformFunction>,
    requests: Vec<Request>,
    asking: Vec<String>,
    answering: Vec<String>,
    happening: Vec<String>,
    platform: Vec<String>,
    environment: Environment,
    samples: Vec<(Sample, &'f RuleFile, usize)>,
    documents: Vec<Document>,
    serving: Serving,
    subscribing: Vec<Subscribing>,
    fields: Fields,
    declarations: Vec<SourceFile>,
    uncovered: Vec<Uncovered>,
    guesses: Option<Guesses>,
}

impl<'f> Builder<'f> {
    fn build(mut self, read: &'f [RuleFile], errors: &mut Vec<RuleError>) -> Option<Ruleset> {
        for file in read {
            self.add(file, errors);
        }
        for (class, file) in self.classes.values() {
            validate::class(class, &self.classes, &At::new(file), errors);
            if let Some(words) = &self.words {
                validate::package_lists(class, words, &At::new(file), errors);
            }
        }
        for (vendor, file) in self.vendors.values() {
            validate::vendor(vendor, &self.classes, &At::new(file), errors);
        }
        let mut vendors: Vec<_> = self.vendors.values().collect();
        vendors.sort_by_key(|(_, file)| &file.layer);
        claims::check(&vendors, errors);
        for (pages, file) in &self.pages {
            let is_class = |id: &str| self.classes.contains_key(id);
            pages.check(&is_class, &At::new(file), errors);
        }
        for (combination, file, index) in &self.combinations {
            validate::combination(combination, *index, &self.classes, &At::new(file), errors);
        }
        for (sample, file, index) in &self.samples {
            validate::sample(sample, *index, &self.classes, &At::new(file), errors);
        }
        for (incident, file) in self.incidents.values() {
            let at = At::new(file);
            incidents::check_incident(incident, &self.classes, &self.vendors, &at, errors);
        }
        for (scenario, file, index) in &self.scenarios {
            incidents::check_scenario(scenario, *index, &self.classes, &At::new(file), errors);
        }
        let Some(words) = self.words else {
            errors.push(RuleError::of_file(
                "rules/words.toml",
                "there is no such file",
            ));
            return None;
        };
        let own = self.vendors.iter();
        let own_vendors = own
            .filter(|(_, (_, file))| file.is_own())
            .map(|(id, _)| id.clone())
            .collect();
        let mut set = Ruleset {
            own_vendors,
            vendors: by_versions(keep(self.vendors)),
            classes: keep(self.classes),
            words,
            pages: self
                .pages
                .into_iter()
                .fold(PageRules::default(), |mut all, (pages, _)| {
                    all.lay(pages);
                    all
                }),
            combinations: self.combinations.into_iter().map(|(c, _, _)| c).collect(),
            incidents: keep(self.incidents),
            scenarios: self.scenarios.into_iter().map(|(s, _, _)| s).collect(),
            transforms: Transforms {
                functions: self.transforms,
                requests: self.requests,
                asking: self.asking,
                answering: self.answering,
                happening: self.happening,
                platform: self.platform,
                environment: self.environment,
                samples: self.samples.into_iter().map(|(s, _, _)| s).collect(),
                documents: self.documents,
                serving: self.serving,
                subscribing: self.subscribing,
                fields: self.fields,
            },
            declarations: self.declarations,
            uncovered: self.uncovered,
            guesses: self.guesses,
            digest: files::digest(read),
            catalogues: BTreeMap::new(),
        };
        set.catalogues = wording::catalogues(self.texts, &set);
        Some(set)
    }

    fn add(&mut self, file: &'f RuleFile, errors: &mut Vec<RuleError>) {
        match file.kind {
            Kind::Vendor => {
                if let Some(vendor) = error::parse::<Vendor>(file, errors) {
                    let id = vendor.id.clone();
                    if let Some((_, earlier)) = self.vendors.insert(id, (vendor, file)) {
                        validate::duplicate("vendor", file, earlier, errors);
                    }
                }
            }
            Kind::Class => {
                if let Some(class) = error::parse::<Class>(file, errors) {
                    let id = class.id.clone();
                    if let Some((_, earlier)) = self.classes.insert(id, (class, file)) {
                        validate::duplicate("class", file, earlier, errors);
                    }
                }
            }
            Kind::Declarations => {
                let declarations = SourceFile {
                    path: RepoPath::new(file.name.clone()),
                    text: file.text.clone(),
                };
                if file.layer.is_empty() {
                    self.declarations.push(declarations);
                } else {
                    self.declarations.insert(0, declarations);
                }
            }
            Kind::Words => {
                if let Some(words) = error::parse::<Words>(file, errors) {
                    self.words = Some(match self.words.take() {
                        Some(base) => merged(base, words),
                        None => words,
                    });
                }
            }
            Kind::Pages => {
                if let Some(pages) = error::parse::<PageRules>(file, errors) {
                    self.pages.push((pages, file));
                }
            }
            Kind::Uncovered => {
                if let Some(mut read) = error::parse::<UncoveredPackages>(file, errors) {
                    read.check(&At::new(file), errors);
                    self.uncovered.append(&mut read.uncovered);
                    self.guesses = read.guesses.take().or(self.guesses.take());
                }
            }
            Kind::Combinations => {
                if let Some(read) = error::parse::<Combinations>(file, errors) {
                    self.combine(read, file, errors);
                }
            }
            Kind::Incident => {
                if let Some(incident) = error::parse::<Incident>(file, errors) {
                    let id = incident.id.clone();
                    if let Some((_, earlier)) = self.incidents.insert(id, (incident, file)) {
                        validate::duplicate("incident", file, earlier, errors);
                    }
                }
            }
            Kind::Scenarios => {
                if let Some(read) = error::parse::<Scenarios>(file, errors) {
                    self.add_scenarios(read, file, errors);
                }
            }
            Kind::Texts => wording::add(&mut self.texts, file, errors),
            Kind::Transforms => {
                if let Some(mut read) = error::parse::<Transforms>(file, errors) {
                    read.functions.append(&mut self.transforms);
                    self.transforms = read.functions;
                    read.requests.append(&mut self.requests);
                    self.requests = read.requests;
                    self.asking.append(&mut read.asking);
                    self.answering.append(&mut read.answering);
                    self.happening.append(&mut read.happening);
                    self.platform.append(&mut read.platform);
                    self.environment.add(read.environment);
                    self.documents.append(&mut read.documents);
                    self.serving.add(read.serving);
                    self.subscribing.extend(read.subscribing);
                    self.fields.add(read.fields);
                    let samples = read.samples.into_iter().enumerate();
                    self.samples
                        .extend(samples.map(|(index, sample)| (sample, file, index)));
                }
            }
        }
    }

    fn add_scenarios(&mut self, read: Scenarios, file: &'f RuleFile, errors: &mut Vec<RuleError>) {
        for (index, scenario) in read.scenarios.into_iter().enumerate() {
            let same = self
                .scenarios
                .iter_mut()
                .find(|(other, _, _)| other.id == scenario.id);
            match same {
                Some(place) => {
                    if place.1.layer == file.layer {
                        At::new(file).report(
                            &["scenario".into(), index.into(), "id".into()],
                            format!("scenario `{}` is there twice", scenario.id),
                            errors,
                        );
                    }
                    *place = (scenario, file, index);
                }
                None => self.scenarios.push((scenario, file, index)),
            }
        }
    }

    fn combine(&mut self, read: Combinations, file: &'f RuleFile, errors: &mut Vec<RuleError>) {
        for (index, combination) in read.combinations.into_iter().enumerate() {
            let same = self
                .combinations
                .iter()
                .position(|(other, _, _)| other.id == combination.id);
            match same {
                Some(place) => {
                    let earlier = self.combinations[place].1;
                    if earlier.layer == file.layer {
                        At::new(file).report(
                            &["combination".into(), index.into(), "id".into()],
                            format!("combination `{}` is there twice", combination.id),
                            errors,
                        );
                    }
                    self.combinations[place] = (combination, file, index);
                }
                None => self.combinations.push((combination, file, index)),
            }
        }
    }
}

/// The vendors, with an entry of what they collect for each range of versions.
fn by_versions(mut vendors: BTreeMap<String, Vendor>) -> BTreeMap<String, Vendor> {
    for vendor in vendors.values_mut() {
        vendor.auto = older::unfolded(std::mem::take(&mut vendor.auto));
        let switches = vendor.init.iter().filter_map(|it| it.enabled_by.clone());
        for switch in switches {
            for auto in &mut vendor.auto {
                let off = auto.unless.entry(switch.clone()).or_default();
                off.push(toml::Value::Boolean(false));
            }
        }
    }
    vendors
}

fn keep<T>(read: BTreeMap<String, (T, &RuleFile)>) -> BTreeMap<String, T> {
    read.into_iter()
        .map(|(id, (value, _))| (id, value))
        .collect()
}

/// The user's words before the embedded ones; a synonym of the user's wins.
fn merged(mut base: Words, mut user: Words) -> Words {
    base.synonyms.append(&mut user.synonyms);
    for (into, from) in [
        (&mut base.neutral_after, &mut user.neutral_after),
        (&mut base.turning_before, &mut user.turning_before),
        (&mut base.person, &mut user.person),
        (&mut base.org, &mut user.org),
        (&mut base.empty, &mut user.empty),
        (&mut base.settings, &mut user.settings),
        (&mut base.random, &mut user.random),
        (&mut base.vague, &mut user.vague),
        (&mut base.holders, &mut user.holders),
        (&mut base.bags, &mut user.bags),
        (&mut base.brought, &mut user.brought),
        (&mut base.visit, &mut user.visit),
        (&mut base.links, &mut user.links),
        (&mut base.signs, &mut user.signs),
        (&mut base.presented, &mut user.presented),
        (&mut base.questions, &mut user.questions),
        (&mut base.never_alone, &mut user.never_alone),
        (&mut base.acts, &mut user.acts),
        (&mut base.published, &mut user.published),
        (&mut base.group_maps, &mut user.group_maps),
    ] {
        from.append(into);
        std::mem::swap(into, from);
    }
    base.things.append(&mut user.things);
    for (list, packages) in user.packages {
        base.packages.entry(list).or_default().extend(packages);
    }
    base
}

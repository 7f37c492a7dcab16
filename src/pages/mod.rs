//! What pages of the app give away by themselves to an SDK that takes their address.
//!
//! In: the texts and the program of a tree, and the rules of pages. Out: [`Pages`]: the parameters of addresses that hold
//! personal data or a credential, each once, and which files run in one app. It leaves alone which SDK takes an address
//! (`assess/`).
//!
//! Only files that mention such a parameter are parsed.

mod addresses;
mod apps;
mod collected;
mod constants;
mod elements;
mod links;
mod named;
mod nested;
mod readers;
mod routes;
mod sides;
mod signs;
mod standing;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::addresses::Mention;
use self::apps::Apps;
use self::collected::Collected;
use self::elements::Kinds;
use self::named::Named;
use self::readers::Readers;
use self::routes::Folded;
use self::signs::Signs;
use crate::classify::Classifier;
use crate::flow::{Place, function_at, place_in};
use crate::link::Program;
use crate::read::Texts;
use crate::ruleset::pages::PageRules;
use crate::ruleset::schema::Part;
use crate::screens::{Kind, Screen, Screens};
use crate::source::{FileId, Lines, SourceFile, Span};
use crate::syntax;

pub use self::addresses::How;
pub use self::elements::Shown;
pub use self::sides::RunsAt;
pub use self::standing::Standing;

/// What the pages of a tree give away.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Pages {
    /// Parameters of addresses.
    pub parameters: Vec<Parameter>,
    /// Form fields and elements that show personal data.
    pub shown: Vec<(Place, Shown)>,
    apps: Option<Apps>,
    /// For each file with such elements, the pages that show it, as far as they are known.
    shown_on: BTreeMap<FileId, Vec<String>>,
    /// Where code of vendors runs.
    pub runs: RunsAt,
    /// For each file that starts an SDK, the directories whose pages it is started on, as far as that is known.
    around: BTreeMap<FileId, Vec<String>>,
}

/// A parameter of an address of the app.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parameter {
    /// Where a route, a read or a link names it.
    pub place: Place,
    /// How it is known.
    pub how: How,
    /// It stands in the path; else in the query.
    pub in_path: bool,
    /// Its name.
    pub name: String,
    /// The address as far as it is known, with the parameter in it.
    pub address: String,
    /// The data class.
    pub class: String,
    /// The files that show pages under it, as far as that is known.
    pub shown_in: Vec<String>,
    /// The address is more than the parameter's name.
    has_route: bool,
}

impl Pages {
    /// Which files are of one app, and nothing of what is on its pages.
    pub fn of_apps(texts: &Texts) -> Self {
        Self {
            apps: Some(Apps::new(texts)),
            ..Self::default()
        }
    }

    /// Whether two files can be of one app.
    pub fn share(&self, a: &str, b: &str) -> bool {
        self.apps.as_ref().is_some_and(|apps| apps.share(a, b))
    }

    /// Whether what one file starts can be there in the app of another.
    pub fn starts_in(&self, start: &str, path: &str) -> bool {
        let apps = self.apps.as_ref();
        apps.is_some_and(|apps| apps.starts_in(start, path))
    }

    /// Whether a file is of an extension of an editor, which answers no requests.
    pub fn is_extension(&self, path: &str) -> bool {
        self.apps
            .as_ref()
            .is_some_and(|apps| apps.is_extension(path))
    }

    /// Whether a file is of a package that others install.
    pub fn is_published(&self, path: &str) -> bool {
        self.apps
            .as_ref()
            .is_some_and(|apps| apps.is_published(path))
    }

    /// Whether what a file starts may be there on the pages that have a parameter in their address; false only if the pages
    /// are known, and others are all that it is started on.
    pub fn meets(&self, start: FileId, parameter: &Parameter) -> bool {
        self.is_around(start, &parameter.shown_in)
    }

    /// Whether what a file starts may be there where the elements of another are shown; false as in [`Self::meets`].
    pub fn meets_shown(&self, start: FileId, file: FileId) -> bool {
        let shown = self.shown_on.get(&file);
        shown.is_none_or(|shown| self.is_around(start, shown))
    }

    fn is_around(&self, start: FileId, shown: &[String]) -> bool {
        let Some(around) = self.around.get(&start) else {
            return true;
        };
        let is_there = |file: &String| around.iter().any(|it| file.starts_with(it.as_str()));
        shown.is_empty() || shown.iter().any(is_there)
    }
}

/// Reads the pages of a tree.
pub fn read(
    program: &Program<'_>,
    texts: &Texts,
    screens: &Screens<'_>,
    rules: &PageRules,
    classifier: &Classifier,
    starts: &[&Place],
    takes: &BTreeSet<Part>,
) -> Pages {
    let named = Named::new(&rules.parameters, classifier);
    let apps = Apps::new(texts);
    let mut found = Collected {
        named: &named,
        apps: &apps,
        texts,
        found: BTreeMap::new(),
    };
    let mut known: Vec<&str> = Vec::new();
    let mut mentions = mentions(program, texts, rules, &named);
    mentions.extend(constants::mentions(program, texts, rules, &named));
    place_below(program, rules, &mut mentions);
    for (file, mention) in mentions.iter().filter(|(_, it)| it.how == How::Route) {
        known.push(&mention.address);
        let place = place_of(program, *file, mention);
        found.add(
            place,
            How::Route,
            &mention.address,
            &mention.name,
            "",
            Vec::new(),
        );
    }
    for (file, screen) in screens.routes() {
        let Some(source) = texts.get(file) else {
            continue;
        };
        known.push(&screen.name);
        for name in routes::parameters(&screen.name) {
            let place = Place {
                file,
                span: Span::default(),
                symbol: None,
            };
            found.add(
                place,
                How::Route,
                &screen.name,
                name,
                source.path.as_str(),
                vec![screen.path.clone()],
            );
        }
    }
    for (file, mention) in mentions.iter().filter(|(_, it)| it.how == How::Read) {
        let Some(source) = texts.get(*file) else {
            continue;
        };
        let place = place_of(program, *file, mention);
        let path = source.path.as_str();
        if named.class(&mention.name, path).is_none() && !has_route_words(&named, mention, &known) {
            continue;
        }
        let line = Lines::new(&source.text).position(mention.span.start).line;
        let shown = screens.of(path, line, place.symbol.as_deref());
        if shown.iter().all(|screen| screen.kind == Kind::Endpoint) || screens.is_left_over(*file) {
            continue;
        }
        let mut on = shown.iter().filter(|screen| screen.kind == Kind::Route);
        let address = match (on.next(), on.next()) {
            // A part of the path that this address does not have is that of another, of a page that was not told.
            (Some(screen), None)
                if !mention.in_path || routes::has_parameter(&screen.name, &mention.name) =>
            {
                screen.name.clone()
            }
            _ => String::new(),
        };
        let files = shown.iter().flat_map(|screen| pages_with(screens, screen));
        let files = files.collect();
        if mention.in_path && address.is_empty() {
            found.add_in_path(place, &mention.name, path, files);
        } else {
            found.add(place, How::Read, &address, &mention.name, path, files);
        }
    }
    let known: Vec<Folded> = known.iter().map(|route| Folded::of(route)).collect();
    let endpoints = screens.endpoints().map(|screen| Folded::of(&screen.name));
    let endpoints: Vec<Folded> = endpoints.collect();
    let routes = screens.routes();
    let routes: Vec<(Folded, &Screen)> = routes
        .map(|(_, screen)| (Folded::of(&screen.name), screen))
        .collect();
    for (file, mention) in mentions.iter().filter(|(_, it)| it.how == How::Link) {
        let link = Folded::of(&mention.address);
        let leads = || known.iter().any(|route| link.leads_to(route));
        let is_page = || routes.iter().any(|(route, _)| link.is_at(route));
        let is_endpoint = || endpoints.iter().any(|route| link.is_at(route)) && !is_page();
        if !rules.is_endpoint(routes::path(&mention.address))
            && (mention.is_certain || leads())
            && !is_endpoint()
        {
            let place = place_of(program, *file, mention);
            let led = routes.iter().filter(|(route, _)| link.is_at(route));
            let files = led.map(|(_, screen)| screen.path.clone()).collect();
            found.add(place, How::Link, &mention.address, &mention.name, "", files);
        }
    }
    let mut parameters: Vec<Parameter> = found.found.into_values().collect();
    parameters.sort_by(|a, b| a.place.cmp(&b.place));
    let shown = if takes
        .iter()
        .any(|part| !matches!(part, Part::Path | Part::Query))
    {
        shown(program, texts, rules, classifier)
    } else {
        Vec::new()
    };
    let shown_on = shown_on(texts, screens, &shown);
    Pages {
        parameters,
        shown,
        shown_on,
        apps: Some(apps),
        runs: RunsAt::default(),
        around: around(texts, screens, starts),
    }
}

/// The files of the pages on which elements are shown, where all of them are known.
fn shown_on(
    texts: &Texts,
    screens: &Screens<'_>,
    shown: &[(Place, Shown)],
) -> BTreeMap<FileId, Vec<String>> {
    let mut found = BTreeMap::new();
    for (place, _) in shown {
        let Some(file) = texts.get(place.file) else {
            continue;
        };
        found.entry(place.file).or_insert_with(|| {
            let line = Lines::new(&file.text).position(place.span.start).line;
            let on = screens.reaching(file.path.as_str(), line, place.symbol.as_deref());
            match on.iter().all(|screen| screen.kind == Kind::Route) {
                true => on.into_iter().map(|screen| screen.path).collect(),
                false => Vec::new(),
            }
        });
    }
    found
}

/// The directories below which the pages lie that a start is reached from; the page's own file where that is one.
fn around(
    texts: &Texts,
    screens: &Screens<'_>,
    starts: &[&Place],
) -> BTreeMap<FileId, Vec<String>> {
    let mut found: BTreeMap<FileId, Vec<String>> = BTreeMap::new();
    for start in starts {
        let Some(file) = texts.get(start.file) else {
            continue;
        };
        let line = Lines::new(&file.text).position(start.span.start).line;
        let mut shown = screens.reaching(file.path.as_str(), line, start.symbol.as_deref());
        // What answers requests is on no page.
        shown.retain(|screen| screen.kind != Kind::Endpoint);
        let is_page = |screen: &Screen| matches!(screen.kind, Kind::Layout | Kind::Route);
        // Where a part of the way is not known, it may be there on any page.
        let is_known = !shown.is_empty() && shown.iter().all(is_page);
        let of = shown.into_iter().map(|screen| match screen.kind {
            Kind::Layout => {
                let directory = directory_of(&screen);
                // A directory of layouts alone is around all pages.
                let mut below = screens
                    .routes()
                    .filter(|(_, it)| it.path.starts_with(&directory));
                below.next().map_or_else(String::new, |_| directory)
            }
            _ => screen.path,
        });
        let found = found.entry(start.file).or_default();
        if is_known {
            found.extend(of);
        } else {
            found.push(String::new());
        }
    }
    found
}

/// The files of the pages that a screen is, or that a layout is around.
fn pages_with(screens: &Screens<'_>, screen: &Screen) -> Vec<String> {
    match screen.kind {
        Kind::Route => vec![screen.path.clone()],
        Kind::Layout => {
            let directory = directory_of(screen);
            let below = screens.routes().map(|(_, page)| &page.path);
            let below = below.filter(|path| path.starts_with(&directory));
            below.cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// The directory of a screen's file, as paths in it begin.
fn directory_of(screen: &Screen) -> String {
    let directory = screen.path.rsplit_once('/');
    directory.map_or_else(String::new, |(it, _)| format!("{it}/"))
}

/// Routes that another file has below one of its own are below that.
fn place_below(program: &Program<'_>, rules: &PageRules, mentions: &mut [(FileId, Mention)]) {
    let mut above: BTreeMap<FileId, Option<String>> = BTreeMap::new();
    let relative = mentions
        .iter_mut()
        .filter(|(_, it)| it.how == How::Route && !it.address.starts_with('/'));
    for (file, mention) in relative {
        let above = above
            .entry(*file)
            .or_insert_with(|| nested::above(program, *file, rules, 0));
        if let Some(above) = above {
            mention.address = nested::join(above, &mention.address);
        }
    }
}

/// A read whose name alone says nothing may be on a route whose words do.
fn has_route_words(named: &Named<'_>, mention: &Mention, routes: &[&str]) -> bool {
    routes
        .iter()
        .any(|route| named.class(&mention.name, route).is_some())
}

fn place_of(program: &Program<'_>, file: FileId, mention: &Mention) -> Place {
    place_in(program.facts(file), file, mention.span, mention.function)
}

/// What elements take and show, in the order of the files.
fn shown(
    program: &Program<'_>,
    texts: &Texts,
    rules: &PageRules,
    classifier: &Classifier,
) -> Vec<(Place, Shown)> {
    let fields = Named::of_fields(&rules.field_kinds, classifier);
    let kinds = Kinds::new(rules, fields, Named::new(&rules.texts, classifier));
    of_each(texts, |file, source| {
        let path = source.path.as_str();
        let is_markup = [
            ".tsx", ".jsx", ".js", ".vue", ".svelte", ".astro", ".html", ".htm",
        ];
        if rules.is_no_page(path)
            || !is_markup.iter().any(|end| path.ends_with(end))
            || !source.text.contains("</") && !source.text.contains("/>")
        {
            return Vec::new();
        }
        let is_template = syntax::has_elements(path);
        let elements = match is_template {
            true => syntax::elements(&source.text, path),
            false if signs::may_show(&source.text, &kinds) => {
                elements::elements(program.facts(file), source)
            }
            false => return Vec::new(),
        };
        let found = kinds.shown(&elements);
        if found.is_empty() {
            return Vec::new();
        }
        let facts = program.facts(file);
        let placed = found.into_iter().map(|shown| {
            let place = place_in(facts, file, shown.span, function_at(facts, shown.span));
            (place, shown)
        });
        placed.collect()
    })
}

/// What is found in each file, in the order of the files.
fn of_each<T: Send>(texts: &Texts, find: impl Fn(FileId, &SourceFile) -> Vec<T> + Sync) -> Vec<T> {
    let files = texts.files.par_iter().enumerate();
    let found: Vec<Vec<T>> = files
        .map(|(index, source)| find(FileId(u32::try_from(index).unwrap_or(u32::MAX)), source))
        .collect();
    found.into_iter().flatten().collect()
}

/// What the files say, in the order of the files.
fn mentions(
    program: &Program<'_>,
    texts: &Texts,
    rules: &PageRules,
    named: &Named<'_>,
) -> Vec<(FileId, Mention)> {
    let Some(signs) = Signs::new(rules, named) else {
        return Vec::new();
    };
    let readers = Readers::new(program, texts, rules);
    of_each(texts, |file, source| {
        let text = &source.text;
        let has_address =
            || signs.has_address(text) || readers.are_named(text) && signs.names_one(text);
        if source.path.as_str().ends_with(".json") || !has_address() {
            return Vec::new();
        }
        let facts = program.facts(file);
        let found = addresses::mentions(facts, rules, readers.of(program, file, facts));
        found.into_iter().map(|it| (file, it)).collect()
    })
}

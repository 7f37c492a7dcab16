//! Which components of an app nobody uses any more.
//!
//! In: who imports what, and the frameworks of packages. Out: whether a file is left over: a component in an app whose pages
//! are known by its directories, that no file imports or names. It leaves alone what such a file would do.

use super::Screens;
use super::conventions::Framework;
use super::tools::join;
use crate::source::{FileId, SourceFile, directories_around};

/// What a manifest names where texts that are not read may use components.
const WRITTEN_ELSEWHERE: &str = "mdx";

/// Whether a file is a component that nothing leads to.
pub(super) fn is_left_over(screens: &Screens<'_>, file: FileId) -> bool {
    let Some(source) = screens.texts.get(file) else {
        return false;
    };
    let is_imported = screens.importers.contains_key(&file);
    let is_component = matches!(source.path.extension().as_str(), "tsx" | "jsx");
    if is_imported || !is_component || screens.served.contains_key(&file) {
        return false;
    }
    // What exports nothing does something by being run, however that comes.
    source.text.contains("export ") && is_of_app(screens, source) && !is_named(screens, source)
}

/// Whether the package around is an app whose components are reached by imports alone.
fn is_of_app(screens: &Screens<'_>, source: &SourceFile) -> bool {
    let package = directories_around(source.path.as_str()).find_map(|directory| {
        let manifest = screens.texts.find(&join(directory, "package.json"))?;
        Some((directory, screens.texts.get(manifest)?))
    });
    package.is_some_and(|(directory, manifest)| {
        let framework = screens.frameworks.get(directory);
        matches!(framework, Some(Framework::Next | Framework::Remix))
            && !manifest.text.contains(WRITTEN_ELSEWHERE)
    })
}

/// Whether another text names the file, in a way that was not understood.
fn is_named(screens: &Screens<'_>, source: &SourceFile) -> bool {
    let path = source.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    // An index goes by the name of its directory.
    let stem = match stem {
        "index" => path.rsplit('/').nth(1).unwrap_or(stem),
        stem => stem,
    };
    let named = format!("/{stem}");
    let mut others = screens.texts.files.iter();
    others.any(|other| other.path != source.path && other.text.contains(&named))
}

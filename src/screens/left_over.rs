//! Which components and pages of an app nobody uses any more.
//!
//! In: who imports what, and the frameworks of packages. Out: whether a file, or an export of it, is left over: a component in an
//! app whose pages are known by its directories, or in a package of the tree alone that such an app uses, that no file imports
//! or names; a page of HTML in such an app that nothing serves. It leaves alone what such a file would do.

use super::Screens;
use super::conventions::Framework;
use super::tools::join;
use crate::source::{FileId, SourceFile, directories_around};

/// What a manifest names where texts that are not read may use components.
const WRITTEN_ELSEWHERE: &str = "mdx";
/// How files are imported by a pattern of their names.
const BY_PATTERN: [&str; 2] = ["import.meta.glob", "require.context"];
/// Directories that are served as they are.
const SERVED: [&str; 3] = ["public", "static", "assets"];

/// Whether an export of a file, or all of it, is a component that nothing leads to, or a page that nothing serves.
pub(super) fn is_left_over(screens: &Screens<'_>, file: FileId, export: Option<&str>) -> bool {
    let Some(source) = screens.texts.get(file) else {
        return false;
    };
    if screens.served.contains_key(&file) {
        return false;
    }
    match source.path.extension().as_str() {
        // What exports nothing does something by being run, however that comes.
        "tsx" | "jsx" => {
            let is_unused = match screens.importers.get(&file) {
                None => source.text.contains("export ") && !is_named(screens, source),
                // The file is used, and its importers say by which names.
                Some(_) => export.is_some_and(is_component),
            };
            is_unused && is_of_app(screens, source)
        }
        "html" => is_unserved(screens, source),
        _ => false,
    }
}

fn is_component(export: &str) -> bool {
    export.starts_with(char::is_uppercase)
}

/// Whether the package around is an app whose components are reached by imports alone, or is of the tree alone and used by such.
fn is_of_app(screens: &Screens<'_>, source: &SourceFile) -> bool {
    let Some((directory, manifest)) = package_around(screens, source) else {
        return false;
    };
    let is_known = |it: &Framework| matches!(it, Framework::Next | Framework::Remix);
    let is_reached = match screens.frameworks.get(directory) {
        Some(framework) => is_known(framework),
        None => {
            screens.frameworks.values().any(is_known)
                && screens.private.contains(directory)
                && !is_taken_by_pattern(screens, directory)
        }
    };
    is_reached && !manifest.text.contains(WRITTEN_ELSEWHERE)
}

/// Whether an app makes its own pages, so that a page that lies beside them is not one of its.
fn is_unserved(screens: &Screens<'_>, source: &SourceFile) -> bool {
    let Some((directory, _)) = package_around(screens, source) else {
        return false;
    };
    let path = source.path.as_str();
    let is_made = matches!(screens.frameworks.get(directory), Some(Framework::Next));
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_named = || {
        let mut others = screens.texts.files.iter();
        others.any(|other| other.path != source.path && other.text.contains(name))
    };
    is_made && !path.split('/').any(|part| SERVED.contains(&part)) && !is_named()
}

/// The directory and the manifest of the package around a file.
fn package_around<'s>(
    screens: &'s Screens<'_>,
    source: &'s SourceFile,
) -> Option<(&'s str, &'s SourceFile)> {
    directories_around(source.path.as_str()).find_map(|directory| {
        let manifest = screens.texts.find(&join(directory, "package.json"))?;
        Some((directory, screens.texts.get(manifest)?))
    })
}

fn is_taken_by_pattern(screens: &Screens<'_>, directory: &str) -> bool {
    let by_pattern = screens.by_pattern.get_or_init(|| {
        let files = (0..).map(FileId).zip(&screens.texts.files);
        let imports = |text: &str| BY_PATTERN.iter().any(|it| text.contains(it));
        let importing = files.filter(|(_, file)| imports(&file.text));
        importing.map(|(id, _)| id).collect()
    });
    let mut paths = by_pattern.iter().filter_map(|it| screens.texts.get(*it));
    paths.any(|file| file.path.as_str().starts_with(directory))
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

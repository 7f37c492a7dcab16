//! The components of Vue that templates name without an import.
//!
//! In: the paths of a tree's files; a tag, and the file whose template has it. Out: the file of the component that is meant. It
//! leaves alone what an app registers by a call (`flow::components`), and what a file exports.
//!
//! Nuxt (<https://nuxt.com/docs/guide/directory-structure/components>) and unplugin-vue-components (README) import components by
//! the names of their files, and apps register whole directories. Whatever does it in a tree, a tag that nothing else explains
//! means the file of that name.

use rustc_hash::FxHashMap;

use crate::source::{FileId, SourceFile, directories_around};

const ENDING: &str = ".vue";
/// The directory below which the names of directories may be part of a component's name.
const ROOT: &str = "components";
/// A file that goes by the name of its directory.
const INDEX: &str = "index";
/// Directories of which the names may be part of a component's name.
const MAX_PREFIX: usize = 4;

/// The components of a tree, by their names as tags.
#[derive(Debug, Default)]
pub(super) struct Tags(FxHashMap<String, Vec<FileId>>);

impl Tags {
    pub(super) fn new(files: &[SourceFile]) -> Self {
        let mut tags: FxHashMap<String, Vec<FileId>> = FxHashMap::default();
        for (id, file) in (0..).map(FileId).zip(files) {
            for name in names(file.path.as_str()) {
                tags.entry(folded(&name)).or_default().push(id);
            }
        }
        Self(tags)
    }

    /// The file that a tag in the template of another means: of those with its name the one that lies nearest.
    pub(super) fn file(&self, files: &[SourceFile], from: &str, tag: &str) -> Option<FileId> {
        if !from.ends_with(ENDING) {
            return None;
        }
        let named = self.0.get(&folded(tag))?;
        let shared = |id: &FileId| {
            let path = files[id.index()].path.as_str();
            let around = |directory: &&str| {
                directory.is_empty() || from.strip_prefix(*directory).is_some_and(is_below)
            };
            // The innermost comes first.
            directories_around(path).find(around).map_or(0, str::len)
        };
        let nearest = named.iter().map(shared).max()?;
        let mut nearest = named.iter().filter(|id| shared(id) == nearest);
        nearest.next().filter(|_| nearest.next().is_none()).copied()
    }
}

/// Whether the rest of a path begins below a directory.
fn is_below(rest: &str) -> bool {
    rest.starts_with('/')
}

/// The tags by which a file can be meant, in the spelling of classes; none for what is no component.
pub(super) fn names(path: &str) -> Vec<String> {
    let Some(stem) = path.strip_suffix(ENDING) else {
        return Vec::new();
    };
    let (directory, own) = stem.rsplit_once('/').unwrap_or(("", stem));
    let mut parents = directory.rsplit('/').filter(|part| !part.is_empty());
    let own = match own {
        INDEX => parents.next().unwrap_or(own),
        own => own,
    };
    let mut names = vec![as_class(own)];
    if directory.split('/').any(|part| part == ROOT) {
        let prefixes = parents.take_while(|part| *part != ROOT).take(MAX_PREFIX);
        for prefix in prefixes {
            let prefix = as_class(prefix);
            let inner = names.last().cloned().unwrap_or_default();
            // What a name begins with already is not said twice.
            if !inner.starts_with(&prefix) {
                names.push(prefix + &inner);
            }
        }
    }
    names
}

/// `user-card` as `UserCard`.
fn as_class(name: &str) -> String {
    let words = name.split(|char: char| !char.is_alphanumeric());
    let capitalized = words.flat_map(|word| {
        let mut chars = word.chars();
        let first = chars.next().into_iter().flat_map(char::to_uppercase);
        first.chain(chars).collect::<Vec<_>>()
    });
    capitalized.collect()
}

/// A name without what spellings differ in.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|char| char.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    #[test]
    fn a_component_goes_by_its_file_and_the_directories_above() {
        assert_eq!(names("src/views/user-card.vue"), ["UserCard"]);
        assert_eq!(
            names("app/components/base/form/Field.vue"),
            ["Field", "FormField", "BaseFormField"]
        );
        assert_eq!(names("components/base/BaseButton.vue"), ["BaseButton"]);
        assert_eq!(names("components/card/index.vue"), ["Card"]);
        assert!(names("src/card.ts").is_empty());
    }

    #[test]
    fn of_several_with_a_name_the_nearest_is_meant() {
        let paths = [
            "web/components/Card.vue",
            "web/pages/Home.vue",
            "shop/a/Card.vue",
            "shop/b/Card.vue",
            "shop/Home.vue",
            "web/main.ts",
        ];
        let files = paths.map(|path| SourceFile {
            path: RepoPath::new(path),
            text: String::new(),
        });
        let tags = Tags::new(&files);
        let meant = |from: usize| tags.file(&files, paths[from], "card");
        assert_eq!(meant(1), Some(FileId(0)));
        assert_eq!(meant(4), None, "two lie as near");
        assert_eq!(meant(5), None, "a script has no tags");
    }
}

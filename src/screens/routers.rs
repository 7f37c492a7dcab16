//! Routes that are written in code.
//!
//! In: a text and its imports. Out: literal route paths, each with the modules of the components that it shows. It leaves
//! alone paths that are computed, and the nesting of routes: a path is given as it is written.

use std::sync::LazyLock;

use regex::Regex;

use super::imports::Import;

/// How far behind its path a route's component is looked for.
const REACH: usize = 500;
/// A file without any of these has no routes.
const SIGNS: [&str; 5] = [
    "Router",
    "<Route",
    "RouteObject",
    "routes",
    "createFileRoute",
];

static PATH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\bpath\s*[:=]\s*\{?\s*['"`]([^'"`\n$]*)['"`]"#).ok());
static SHOWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:component|Component|components|element|lazy|render|loadComponent|loadChildren)\s*[:=]").ok()
});
static LOADED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"import\s*\(\s*(?:/\*[^*]*\*/\s*)?['"]([^'"\n]+)['"]"#).ok());
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b[A-Z]\w*\b").ok());
static OWN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\bcreate(?:Lazy)?FileRoute\(\s*['"`]([^'"`\n$]*)['"`]"#).ok());

/// A route, and the specifiers of what it shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Routed {
    pub(super) route: String,
    pub(super) specifiers: Vec<String>,
}

/// The routes that a text lists.
pub(super) fn routes(text: &str, imports: &[Import]) -> Vec<Routed> {
    let (Some(path), Some(shows), Some(loaded), Some(name)) = (
        PATH.as_ref(),
        SHOWS.as_ref(),
        LOADED.as_ref(),
        NAME.as_ref(),
    ) else {
        return Vec::new();
    };
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return Vec::new();
    }
    let found: Vec<_> = path.captures_iter(text).collect();
    let mut out = Vec::new();
    for (index, captures) in found.iter().enumerate() {
        let (Some(whole), Some(route)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let next = found.get(index + 1).and_then(|next| next.get(0));
        let mut end = next
            .map_or(text.len(), |next| next.start())
            .min(whole.end() + REACH);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let after = text.get(whole.end()..end).unwrap_or_default();
        let Some(shown) = shows.find(after) else {
            continue;
        };
        let after = after.get(shown.end()..).unwrap_or_default();
        let by_name = name.find_iter(after).filter_map(|name| {
            let import = imports
                .iter()
                .find(|import| import.taken.iter().any(|(_, local)| local == name.as_str()))?;
            Some(import.specifier.clone())
        });
        let by_load = loaded
            .captures_iter(after)
            .filter_map(|captures| Some(captures.get(1)?.as_str().to_owned()));
        let mut specifiers: Vec<String> = by_name.chain(by_load).collect();
        specifiers.sort();
        specifiers.dedup();
        if !specifiers.is_empty() {
            out.push(Routed {
                route: as_route(route.as_str()),
                specifiers,
            });
        }
    }
    out
}

/// The route that a file gives itself.
pub(super) fn own_route(text: &str) -> Option<String> {
    let found = OWN.as_ref()?.captures(text)?;
    Some(as_route(found.get(1)?.as_str()))
}

fn as_route(written: &str) -> String {
    if written.starts_with(['/', '*']) {
        written.to_owned()
    } else {
        format!("/{written}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::imports::imports;
    use super::*;

    #[test]
    fn reads_router_files() {
        let text = "import Home from './Home'\nimport { Team, Guard } from '@/team'\n\
            const Late = lazy(() => import('./Late'))\nexport const routes = [\n\
            { path: '/', component: Home },\n{ path: 'late', element: <Late /> },\n\
            { path: '/x', meta: { path: `/${y}` }, component: () => import('./X.vue') },\n]\n\
            const r = <Route path=\"/team\" element={<Guard><Team /></Guard>} />\n";
        let found = routes(text, &imports(text));
        let shown: Vec<String> = found
            .iter()
            .map(|routed| format!("{} {}", routed.route, routed.specifiers.join(" ")))
            .collect();
        assert_eq!(
            shown,
            ["/ ./Home", "/late ./Late", "/x ./X.vue", "/team @/team"]
        );
        assert!(routes("const path = 'a'; component: Home", &[]).is_empty());
    }
}

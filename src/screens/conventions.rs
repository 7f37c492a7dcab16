//! Routes that the file tree is.
//!
//! In: a path below its package, and the packages that this depends on. Out: the route that the file serves by the
//! convention of the framework. It leaves alone routes that are written in code (`routers`).

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Screen};

/// A default export, in any writing.
static DEFAULT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"export\s+default\b|export\s*\{[^}]*\bdefault\b[^}]*\}|\b(?:module\.)?exports\b")
        .ok()
});

/// A framework in which the place of a file is its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framework {
    Next,
    Nuxt,
    SvelteKit,
    Astro,
    Remix,
    Gatsby,
}

impl Framework {
    /// By what a package depends on.
    pub(super) fn of(depends_on: impl Fn(&str) -> bool) -> Option<Self> {
        let known = [
            ("next", Self::Next),
            ("nuxt", Self::Nuxt),
            ("nuxt3", Self::Nuxt),
            ("@sveltejs/kit", Self::SvelteKit),
            ("astro", Self::Astro),
            ("@remix-run/react", Self::Remix),
            ("@react-router/dev", Self::Remix),
            ("gatsby", Self::Gatsby),
        ];
        known
            .into_iter()
            .find_map(|(name, framework)| depends_on(name).then_some(framework))
    }
}

/// What a file below its package serves; `whole` is its path from the root of the tree.
pub(super) fn screen(framework: Framework, below: &str, whole: &str) -> Option<Screen> {
    let (stem, _) = below.rsplit_once('.')?;
    let inner = stem.strip_prefix("src/").unwrap_or(stem);
    let made = |kind: Kind, segments: &[&str]| {
        Some(Screen {
            kind,
            // Groups are no part of an address, but say which of the pages below it a layout is around.
            name: route(segments, kind == Kind::Layout),
            path: whole.to_owned(),
        })
    };
    let parts: Vec<&str> = inner.split('/').collect();
    let (first, rest) = parts.split_first()?;
    let (last, directories) = rest.split_last().unwrap_or((first, &[]));
    match framework {
        Framework::Next => match *first {
            "app" => match *last {
                "page" => made(Kind::Route, directories),
                "layout" | "template" => made(Kind::Layout, directories),
                // These are shown instead of the page.
                "error" | "loading" | "not-found" | "global-error" | "default" => {
                    made(Kind::Route, directories)
                }
                "route" => made(Kind::Endpoint, directories),
                _ => None,
            },
            "pages" => match *last {
                "_app" | "_document" | "_error" => made(Kind::Layout, &[]),
                _ if directories.first() == Some(&"api") => made(Kind::Endpoint, rest),
                _ => made(Kind::Route, rest),
            },
            "instrumentation-client" if rest.is_empty() => made(Kind::Layout, &[]),
            // They run at a server, before it answers anything.
            "middleware" | "proxy" | "instrumentation" if rest.is_empty() => Some(Screen {
                kind: Kind::Endpoint,
                name: (*first).to_owned(),
                path: whole.to_owned(),
            }),
            _ => None,
        },
        Framework::Nuxt => {
            let (first, rest) = match (*first, rest.split_first()) {
                ("app", Some((inner, rest))) => (*inner, rest),
                (first, _) => (first, rest),
            };
            match first {
                "pages" => made(Kind::Route, rest),
                "layouts" | "plugins" | "middleware" => made(Kind::Layout, &[]),
                "app" if rest.is_empty() => made(Kind::Layout, &[]),
                "server" => made(Kind::Endpoint, rest),
                _ => None,
            }
        }
        Framework::SvelteKit => match (*first, *last) {
            ("routes", last) if last.starts_with("+page") => made(Kind::Route, directories),
            ("routes", last) if last.starts_with("+layout") || last.starts_with("+error") => {
                made(Kind::Layout, directories)
            }
            ("routes", "+server") => made(Kind::Endpoint, directories),
            ("hooks.client" | "hooks.server" | "hooks", _) => made(Kind::Layout, &[]),
            _ => None,
        },
        Framework::Astro | Framework::Gatsby => match *first {
            "pages" if directories.first() == Some(&"api") => made(Kind::Endpoint, rest),
            "pages" => made(Kind::Route, rest),
            "layouts" => made(Kind::Layout, &[]),
            _ => None,
        },
        Framework::Remix => match (*first, rest) {
            ("app", ["root" | "entry.client" | "entry.server"]) => made(Kind::Layout, &[]),
            ("app", ["routes", flat @ ..]) => {
                let flat = flat.join(".");
                let segments: Vec<&str> = flat
                    .split(['.', '+'])
                    .filter(|part| !part.is_empty() && *part != "route")
                    .collect();
                made(Kind::Route, &segments)
            }
            _ => None,
        },
    }
}

/// Whether a route without a component, by the text of its file: it answers requests, and shows nothing.
pub(super) fn is_resource(framework: Framework, text: &str) -> bool {
    framework == Framework::Remix
        && text.contains("export")
        && !DEFAULT.as_ref().is_none_or(|it| it.is_match(text))
}

/// Whether what a file below its package serves is made on a server, unless it says otherwise.
pub(super) fn is_rendered(framework: Framework, below: &str) -> bool {
    let inner = below.strip_prefix("src/").unwrap_or(below);
    framework == Framework::Next && inner.starts_with("app/")
}

/// `@slot`, `index`, leading `_` and, unless they are asked for, `(group)` are no part of an address.
fn route(segments: &[&str], with_groups: bool) -> String {
    let shown: Vec<&str> = segments
        .iter()
        .copied()
        .filter(|part| {
            let is_group = part.starts_with('(') && part.ends_with(')');
            !((is_group && !with_groups)
                || part.starts_with('@')
                || part.starts_with('_')
                || *part == "index")
        })
        .collect();
    format!("/{}", shown.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(framework: Framework, path: &str) -> String {
        screen(framework, path, path).map_or_else(
            || "-".to_owned(),
            |screen| format!("{:?} {}", screen.kind, screen.name),
        )
    }

    #[test]
    fn reads_the_conventions() {
        for (framework, path, expected) in [
            (
                Framework::Next,
                "src/app/(main)/team/[id]/page.tsx",
                "Route /team/[id]",
            ),
            (Framework::Next, "app/layout.tsx", "Layout /"),
            (
                Framework::Next,
                "app/(main)/a/layout.tsx",
                "Layout /(main)/a",
            ),
            (Framework::Next, "app/a/loading.tsx", "Route /a"),
            (Framework::Next, "src/middleware.ts", "Endpoint middleware"),
            (
                Framework::Next,
                "app/api/send/route.ts",
                "Endpoint /api/send",
            ),
            (Framework::Next, "pages/index.tsx", "Route /"),
            (Framework::Next, "pages/users/[id].tsx", "Route /users/[id]"),
            (Framework::Next, "pages/_app.tsx", "Layout /"),
            (Framework::Next, "src/components/page.tsx", "-"),
            (Framework::Nuxt, "pages/account/index.vue", "Route /account"),
            (Framework::Nuxt, "app/pages/a.vue", "Route /a"),
            (Framework::Nuxt, "app.vue", "Layout /"),
            (Framework::Nuxt, "plugins/analytics.client.ts", "Layout /"),
            (
                Framework::SvelteKit,
                "src/routes/(app)/a/[id]/+page.svelte",
                "Route /a/[id]",
            ),
            (Framework::SvelteKit, "src/routes/+layout.ts", "Layout /"),
            (
                Framework::Astro,
                "src/pages/blog/[slug].astro",
                "Route /blog/[slug]",
            ),
            (
                Framework::Remix,
                "app/routes/_auth.settings.$id.tsx",
                "Route /settings/$id",
            ),
            (Framework::Remix, "app/root.tsx", "Layout /"),
        ] {
            assert_eq!(shown(framework, path), expected, "{path}");
        }
    }
}

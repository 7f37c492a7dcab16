//! Which domains are the app's own.
//!
//! In: what the tree says of itself (names and addresses in package.json, `CNAME`, the addresses of the app in an example of
//! its environment, the address that stands in the place of one of this machine, where its pages say that they are) and
//! divulge.toml. Out: [`OwnDomains`], which answers for a host. It leaves alone where hosts are named.

use std::collections::BTreeSet;

use rayon::prelude::*;
use regex::Regex;

use crate::manifests::Manifests;
use crate::source::SourceFile;

/// Shorter names are too common to tell whose a domain is.
const SHORTEST_NAME: usize = 3;
/// What owners of code add to their names.
const KINDS: [&str; 15] = [
    "labs",
    "hq",
    "io",
    "inc",
    "app",
    "dev",
    "tech",
    "org",
    "team",
    "network",
    "protocol",
    "finance",
    "exchange",
    "dao",
    "foundation",
];
/// What owners of code have before their names in a domain where the name alone is taken (`theacme.com`, `getacme.io`).
const BEFORE: [&str; 6] = ["the", "get", "try", "use", "join", "my"];
/// Files that name the domain of a static site.
const SITE_FILE: &str = "CNAME";
/// What stands in the name of a variable that holds an address of the app itself.
const ADDRESS_KEYS: [&str; 12] = [
    "API_URL",
    "BACKEND_URL",
    "SERVER_URL",
    "APP_URL",
    "SITE_URL",
    "WEB_URL",
    "WEBAPP_URL",
    "BASE_URL",
    "PUBLIC_URL",
    "FRONTEND_URL",
    "APP_DOMAIN",
    "SITE_DOMAIN",
];

/// What may stand before: by what the variable is read, and which part of an app it is.
const OF_ANY_APP: [&str; 30] = [
    "NEXT",
    "NEXTAUTH",
    "NUXT",
    "PUBLIC",
    "VITE",
    "REACT",
    "VUE",
    "EXPO",
    "GATSBY",
    "APP",
    "WEB",
    "WEBAPP",
    "WEBSITE",
    "SITE",
    "API",
    "SERVER",
    "BACKEND",
    "FRONTEND",
    "CLIENT",
    "AUTH",
    "DASHBOARD",
    "ADMIN",
    "CONSOLE",
    "PORTAL",
    "MARKETING",
    "PROD",
    "PRODUCTION",
    "STAGING",
    "DEV",
    "DEFAULT",
];

/// The app's own domains.
#[derive(Debug, Default)]
pub struct OwnDomains {
    /// Registered domains (`acme.co.uk`).
    domains: BTreeSet<String>,
    /// Names that a registered domain may have before its suffix.
    names: BTreeSet<String>,
    /// Those of the owners of its code, which may have an article or the like before them.
    owners: BTreeSet<String>,
}

impl OwnDomains {
    /// Reads what the tree says of itself; `configured` are domains that are named as its own, bare and in lower case.
    pub fn new(manifests: &Manifests, texts: &[SourceFile], configured: &BTreeSet<String>) -> Self {
        let mut own = Self::default();
        for (name, _) in &manifests.packages {
            own.add_package(name);
        }
        // A repository lies with a host of code, whose domain is not the app's; its owner is.
        let code_hosts: BTreeSet<String> = manifests
            .repositories
            .iter()
            .filter_map(|at| domain_of(at))
            .collect();
        for repository in &manifests.repositories {
            let mut named = repository_names(repository);
            if let Some(owner) = named.next() {
                own.add_owner(owner);
            }
            own.names.extend(named.filter_map(name));
        }
        let homes = manifests.homes.iter().filter_map(|home| domain_of(home));
        own.domains
            .extend(homes.filter(|domain| !code_hosts.contains(domain)));
        for file in texts {
            let path = file.path.as_str();
            match path.rsplit('/').next().unwrap_or(path) {
                SITE_FILE => own.domains.extend(domain_of(file.text.trim())),
                name if is_example_environment(name) => own.add_environment(&file.text),
                _ => {}
            }
        }
        own.domains.extend(beside_this_machine(texts));
        own.domains.extend(own.beside_variables(texts));
        own.domains.extend(said_by_pages(texts));
        own.domains.extend(configured.iter().cloned());
        own
    }

    /// `@acme/web` is a package of acme's, `@acme.com/web` of whom that domain is; `acme` may be the app's name.
    fn add_package(&mut self, package: &str) {
        let scope = package
            .strip_prefix('@')
            .and_then(|rest| rest.split_once('/'));
        let own = scope.map_or(package, |(scope, _)| scope);
        self.domains.extend(domain_of(own));
        match scope {
            Some((scope, _)) => self.add_owner(scope),
            None => self.names.extend(name(package)),
        }
    }

    fn add_owner(&mut self, owner: &str) {
        let owner = [name(owner), without_kind(owner)];
        let owner = owner.into_iter().flatten();
        for name in owner {
            if name.len() > SHORTEST_NAME {
                self.owners.insert(name.clone());
            }
            self.names.insert(name);
        }
    }

    fn add_environment(&mut self, text: &str) {
        for line in text.lines() {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            if self.is_own_address(key.trim()) {
                self.domains
                    .extend(domain_of(value.trim().trim_matches(['"', '\''])));
            }
        }
    }

    /// Whether a variable holds an address of the app's: what stands before the word for one may be said of any app, or is a
    /// name of this one. `OPENAI_BASE_URL` is that of somebody else.
    fn is_own_address(&self, key: &str) -> bool {
        let before = ADDRESS_KEYS
            .iter()
            .find_map(|known| key.strip_suffix(known));
        before.is_some_and(|before| {
            let mut words = before.split('_').filter(|word| !word.is_empty());
            words.all(|word| {
                let is_named = name(word).is_some_and(|name| self.names.contains(&name));
                is_named || OF_ANY_APP.contains(&word)
            })
        })
    }

    /// Hosts that are taken where a variable of the environment does not say at which address the app's own server is
    /// (`process.env.API_URL || 'https://acme.io'`).
    fn beside_variables(&self, texts: &[SourceFile]) -> BTreeSet<String> {
        const VARIABLE: &str = r#"\benv(?:\.|\[["'])([A-Z][A-Z0-9_]*)(?:["']\])?"#;
        const OTHERWISE: &str = r#"\s*(?:\|\||\?\?)\s*["'`](?:https?|wss?)://([\w.-]+)"#;
        let Ok(pattern) = Regex::new(&format!("{VARIABLE}{OTHERWISE}")) else {
            return BTreeSet::new();
        };
        let files = texts.par_iter().filter(|file| file.text.contains("env"));
        let hosts = files.flat_map_iter(|file| {
            let found = pattern.captures_iter(&file.text);
            found.filter_map(|found| {
                let (variable, host) = (found.get(1)?.as_str(), found.get(2)?.as_str());
                let is_own = self.is_own_address(variable);
                is_own.then(|| host.to_ascii_lowercase())
            })
        });
        hosts.collect()
    }

    /// Whether a host is one of the app's own.
    pub fn is_own(&self, host: &str) -> bool {
        let mut below = host;
        loop {
            if self.domains.contains(below) {
                return true;
            }
            match below.split_once('.') {
                Some((_, rest)) => below = rest,
                None => break,
            }
        }
        let registered = psl::domain_str(host).unwrap_or(host);
        let label = registered.split('.').next().unwrap_or_default();
        let is_named = |label: &str| name(label).is_some_and(|name| self.names.contains(&name));
        // Where many run what is theirs below one domain, each calls it after itself (`acme-checker.fly.dev`).
        let is_part = || {
            let parts = label.split_once('-').map(|(first, _)| first);
            let parts = parts
                .into_iter()
                .chain(label.rsplit_once('-').map(|it| it.1));
            parts.into_iter().any(is_named)
        };
        let mut bare = BEFORE.iter().filter_map(|word| label.strip_prefix(word));
        is_named(label)
            || bare.any(|bare| self.owners.contains(bare))
            || is_of_many(host) && is_part()
    }
}

/// Whether a host is below a domain that belongs to a host of code or apps, and not to the owner of the app.
fn is_of_many(host: &str) -> bool {
    let suffix = psl::suffix(host.as_bytes());
    suffix.is_some_and(|suffix| suffix.typ() == Some(psl::Type::Private))
}

/// Hosts for which a program takes this machine while it is developed (`LIVE ? 'https://acme.up.railway.app' : 'http://localhost:4000'`),
/// or the host of its page (`location.origin || 'https://acme.io'`): those of the app's own servers, wherever they run.
fn beside_this_machine(texts: &[SourceFile]) -> BTreeSet<String> {
    const HERE: &str = r#"(?:["'`](?:https?|wss?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)\b[^"'`\n]*["'`]|\blocation\.origin\b)"#;
    const OTHER: &str = r#"(?:["'`](?:https?|wss?)://([\w.-]+)[^"'`\n]*["'`]|([A-Za-z_$][\w$]*))"#;
    const OR: &str = r"\s*(?::|\|\||\?\?)\s*";
    let pattern = |first: &str, second: &str| Regex::new(&format!("{first}{OR}{second}")).ok();
    let (Some(before), Some(after)) = (pattern(OTHER, HERE), pattern(HERE, OTHER)) else {
        return BTreeSet::new();
    };
    let is_asked = |text: &str| {
        ["localhost", "127.0.0.1", "0.0.0.0", "location.origin"]
            .iter()
            .any(|it| text.contains(it))
    };
    let files = texts.par_iter().filter(|file| is_asked(&file.text));
    let hosts = files.flat_map_iter(|file| {
        let found = [&before, &after].into_iter();
        let found = found.flat_map(|pattern| pattern.captures_iter(&file.text));
        found.filter_map(|found| match (found.get(1), found.get(2)) {
            (Some(host), _) => Some(host.as_str().to_ascii_lowercase()),
            (_, Some(name)) => constant_host(&file.text, name.as_str()),
            _ => None,
        })
    });
    hosts.collect()
}

/// Domains at which pages say that they are: in `<link rel="canonical">` and `og:url`, in what frameworks make these of, and
/// where code asks if the page is there. An extension asks that of the pages of others.
fn said_by_pages(texts: &[SourceFile]) -> BTreeSet<String> {
    const SAID: &str = r#"\b(?:rel=["']canonical["']\s+href=|(?:property|name)=["']og:url["']\s+content=|metadataBase\s*:\s*new\s+URL\(|siteUrl\s*:)"#;
    const ASKED: &str =
        r"\blocation\.(?:hostname|host|origin)(?:\s*={2,3}|\.(?:endsWith|includes)\()";
    const HOST: &str = r#"["'`]?\s*\{?\s*["'`](?:https?://|\.)?([\w-]+(?:\.[\w-]+)+)"#;
    let domains = |before: &str| -> BTreeSet<String> {
        let Ok(pattern) = Regex::new(&format!("{before}{HOST}")) else {
            return BTreeSet::new();
        };
        let found = texts.par_iter().flat_map_iter(|file| {
            let found = pattern.captures_iter(&file.text);
            found.filter_map(|found| domain_of(found.get(1)?.as_str()))
        });
        found.collect()
    };
    let is_of_extension = |file: &SourceFile| {
        file.text.contains("chrome.runtime") || file.text.contains("browser.runtime")
    };
    let mut said = domains(SAID);
    let asked = domains(ASKED);
    // Most trees ask nothing of the kind, and need not be looked through for extensions.
    if !asked.is_empty() && !texts.par_iter().any(is_of_extension) {
        said.extend(asked);
    }
    said
}

/// The host of an address that a text gives to a name (`const API = 'https://…'`).
fn constant_host(text: &str, name: &str) -> Option<String> {
    let name = regex::escape(name);
    let pattern = format!(r#"\b{name}\s*(?::\s*string\s*)?=\s*["'`](?:https?|wss?)://([\w.-]+)"#);
    let found = Regex::new(&pattern).ok()?.captures(text)?;
    Some(found.get(1)?.as_str().to_ascii_lowercase())
}

/// Whether a file that is no code says where the app runs.
pub fn is_telling(file: &str) -> bool {
    file == SITE_FILE || is_example_environment(file)
}

/// Whether a file shows what the environment of the app looks like.
fn is_example_environment(file: &str) -> bool {
    file.starts_with(".env.")
        && ["example", "sample", "template", "dist"]
            .iter()
            .any(|end| file.ends_with(end))
}

/// A name as a domain may write it.
fn name(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    (plain.len() >= SHORTEST_NAME).then(|| plain.to_ascii_lowercase())
}

/// The name of an owner of code without what owners add to theirs (`acme-labs`), under which they have a domain.
fn without_kind(owner: &str) -> Option<String> {
    let (plain, kind) = owner.rsplit_once(['-', '_'])?;
    let is_kind = KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known));
    name(plain).filter(|plain| is_kind && plain.len() > SHORTEST_NAME)
}

/// The registered domain of an address, with or without a scheme.
fn domain_of(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.to_ascii_lowercase();
    let domain = psl::domain(host.as_bytes())?;
    domain
        .suffix()
        .is_known()
        .then(|| psl::domain_str(&host).map(str::to_owned))?
}

/// The owner and the name of a repository (`github:acme/web`, `https://github.com/acme/web.git`, `git@…:acme/web`).
fn repository_names(address: &str) -> impl Iterator<Item = &str> {
    let bare = address.trim_end_matches('/').trim_end_matches(".git");
    let path = bare.split_once("://").map_or(bare, |(_, rest)| {
        rest.split_once('/').map_or(rest, |(_, path)| path)
    });
    let path = path.rsplit_once(':').map_or(path, |(_, path)| path);
    path.split('/').take(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    #[test]
    fn reads_whose_a_domain_is() {
        let manifests = Manifests {
            packages: vec![
                ("@acme-labs/web".to_owned(), RepoPath::new("")),
                ("rocket".to_owned(), RepoPath::new("r")),
                ("@venus.app/web".to_owned(), RepoPath::new("v")),
            ],
            repositories: vec!["https://github.com/umbrella/rocket.git".to_owned()],
            homes: vec![
                "https://www.orbit.co.uk/docs".to_owned(),
                "https://github.com/umbrella/rocket#readme".to_owned(),
            ],
            ..Manifests::default()
        };
        let environment = SourceFile {
            path: RepoPath::new(".env.example"),
            text: "NEXT_PUBLIC_APP_URL=\"https://app.moon.io\"\nVENDOR_URL=https://vendor.io\n"
                .to_owned(),
        };
        let own = OwnDomains::new(&manifests, &[environment], &["mars.dev".to_owned()].into());
        for host in [
            "api.acmelabs.com",
            "acme-labs.io",
            "hub.acme.org",
            "rocket.com",
            "api.venus.app",
            "umbrella.net",
            "api.orbit.co.uk",
            "moon.io",
            "x.mars.dev",
            "acme-checker.fly.dev",
            "api-rocket.vercel.app",
            "support.theumbrella.com",
        ] {
            assert!(own.is_own(host), "{host}");
        }
        for host in [
            "github.com",
            "vendor.io",
            "web.com",
            "other.co.uk",
            "api.rocketeer.com",
            "acme-checker.com",
            "checker.fly.dev",
        ] {
            assert!(!own.is_own(host), "{host}");
        }
    }
}

//! The shapes of `rules/pages.toml`: what pages of an app give away by themselves.
//!
//! In: TOML text. Out: serde structs that refuse unknown keys, and what of them makes no sense. It leaves alone how pages are
//! read (`pages/`), and what an SDK takes of them (the vendors' rules).

use serde::Deserialize;

use super::error::{At, RuleError};

/// `rules/pages.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRules {
    /// Ways by which code reads the address of its own page, with `*` for the parameter.
    #[serde(default)]
    pub reads: Vec<String>,
    /// Those of them that read its path.
    #[serde(default)]
    pub reads_path: Vec<String>,
    /// First names of such ways that count only if they are imported.
    #[serde(default)]
    pub imported: Vec<String>,
    /// Packages whose functions have such names, and read no address: what they hand around never leaves the program. One that
    /// ends with `/` stands for all below it.
    #[serde(default)]
    pub not_from: Vec<String>,
    /// Keys beside `path` that make an object an entry of a router's table.
    #[serde(default)]
    pub shown_by: Vec<String>,
    /// Keys of such an entry under which those below it stand.
    #[serde(default)]
    pub nested_by: Vec<String>,
    /// Keys under which a function gives the entry that it is below.
    #[serde(default)]
    pub parent_by: Vec<String>,
    /// Functions that take their reader to an address.
    #[serde(default)]
    pub goes: Vec<String>,
    /// Attributes that do.
    #[serde(default)]
    pub goes_by: Vec<String>,
    /// Functions and constructors that write the object they are given as the query of an address.
    #[serde(default)]
    pub queries: Vec<String>,
    /// Functions that write a value for an address, and leave it what it is.
    #[serde(default)]
    pub encodes: Vec<String>,
    /// First parts of addresses at which there are no pages.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// Functions by which people sign out.
    #[serde(default)]
    pub sign_outs: Vec<String>,
    /// Calls of vendors by which an SDK forgets who was there.
    #[serde(default)]
    pub resets: Vec<String>,
    /// Names of what tells whether people agreed to be watched.
    #[serde(default)]
    pub consents: Vec<String>,
    /// Names of handlers, events and functions that run once they agreed.
    #[serde(default)]
    pub consent_given: Vec<String>,
    /// Words that say that they did not.
    #[serde(default)]
    pub consent_refused: Vec<String>,
    /// Categories of vendors that people are asked about.
    #[serde(default)]
    pub consent_for: Vec<String>,
    /// Categories of vendors that ask them.
    #[serde(default)]
    pub consent_platforms: Vec<String>,
    /// Packages, of no vendor, that ask them.
    #[serde(default)]
    pub consent_packages: Vec<String>,
    /// Names of files that show people what they may agree to.
    #[serde(default)]
    pub consent_files: Vec<String>,
    /// Directories whose elements are shown elsewhere than on a page (in an e-mail).
    #[serde(default)]
    pub no_pages: Vec<String>,
    /// Files of code that runs on a server: names without extension, which may begin with `*`, and directories with `/`.
    #[serde(default)]
    pub on_server: Vec<String>,
    /// Files of code that runs in pages alone, in the same writing.
    #[serde(default)]
    pub on_client: Vec<String>,
    /// Files of code that runs on servers at the edge of a network, in the same writing.
    #[serde(default)]
    pub on_edge: Vec<String>,
    /// What a file says whose code runs at the edge.
    #[serde(default)]
    pub edge_declared: Vec<String>,
    /// Files of code that runs in workers, beside pages and without a document, in the same writing.
    #[serde(default)]
    pub in_workers: Vec<String>,
    /// What the names of packages say that run in an app on a device, where there is no document either.
    #[serde(default)]
    pub on_devices: Vec<String>,
    /// Names of what is there only once somebody has signed in.
    #[serde(default)]
    pub signed_in: Vec<String>,
    /// Exports of a page's file that a server runs.
    #[serde(default)]
    pub server_exports: Vec<String>,
    /// Files that developers run: names without extension, and first directories of a package with `/`.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Directories of sites that explain the app: the first below a package, or one around it.
    #[serde(default)]
    pub docs: Vec<String>,
    /// Directories of examples, in the same place.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Packages that answer requests …
    #[serde(default)]
    pub servers_by: Vec<String>,
    /// … and packages that make pages: a package of the tree that uses one of the former and none of these has no pages.
    #[serde(default)]
    pub pages_by: Vec<String>,
    /// Elements and components into which something is typed, by the last word of their names.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Types of fields into which nothing is typed.
    #[serde(default)]
    pub untyped: Vec<String>,
    /// Elements that are clicked.
    #[serde(default)]
    pub clicked: Vec<String>,
    /// What fields are for.
    #[serde(default, rename = "field")]
    pub field_kinds: Vec<FieldKind>,
    /// What elements show, by the names of the values.
    #[serde(default, rename = "text")]
    pub texts: Vec<AddressParameter>,
    /// What an address holds, by the names of its parameters.
    #[serde(default, rename = "parameter")]
    pub parameters: Vec<AddressParameter>,
}

/// Fields that are for something of a class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldKind {
    /// The data class.
    pub class: String,
    /// Values of `type`.
    #[serde(default)]
    pub types: Vec<String>,
    /// Values of `autocomplete`.
    #[serde(default)]
    pub autocomplete: Vec<String>,
    /// Their names in words.
    #[serde(default)]
    pub names: Vec<String>,
    /// Words before the name that make it something else.
    #[serde(default)]
    pub not_after: Vec<String>,
}

/// Names under which an address holds something of a class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressParameter {
    /// The data class.
    pub class: String,
    /// The names in words, compared with the end of a parameter's name.
    pub names: Vec<String>,
    /// Words before it that make it something else.
    #[serde(default)]
    pub not_after: Vec<String>,
    /// Only as the whole name.
    #[serde(default)]
    pub whole: bool,
    /// Only in an address that has one of these words.
    #[serde(default)]
    pub on: Vec<String>,
    /// Not in a tree that depends on a package of this list of `words.toml`.
    #[serde(default)]
    pub without_packages: Option<String>,
}

impl PageRules {
    /// Whether a module is one whose functions read no address, whatever they are called.
    pub fn is_apart(&self, specifier: &str) -> bool {
        self.not_from.iter().any(|it| match it.ends_with('/') {
            true => specifier.starts_with(it.as_str()),
            false => specifier == it,
        })
    }

    /// Lays a user's rules over these; the user's parameters come first, so that they decide.
    pub(super) fn lay(&mut self, mut user: Self) {
        for (into, from) in [
            (&mut self.reads, &mut user.reads),
            (&mut self.reads_path, &mut user.reads_path),
            (&mut self.imported, &mut user.imported),
            (&mut self.not_from, &mut user.not_from),
            (&mut self.shown_by, &mut user.shown_by),
            (&mut self.nested_by, &mut user.nested_by),
            (&mut self.parent_by, &mut user.parent_by),
            (&mut self.goes, &mut user.goes),
            (&mut self.goes_by, &mut user.goes_by),
            (&mut self.queries, &mut user.queries),
            (&mut self.encodes, &mut user.encodes),
            (&mut self.endpoints, &mut user.endpoints),
            (&mut self.no_pages, &mut user.no_pages),
            (&mut self.on_server, &mut user.on_server),
            (&mut self.on_client, &mut user.on_client),
            (&mut self.on_edge, &mut user.on_edge),
            (&mut self.edge_declared, &mut user.edge_declared),
            (&mut self.in_workers, &mut user.in_workers),
            (&mut self.on_devices, &mut user.on_devices),
            (&mut self.signed_in, &mut user.signed_in),
            (&mut self.server_exports, &mut user.server_exports),
            (&mut self.tools, &mut user.tools),
            (&mut self.docs, &mut user.docs),
            (&mut self.examples, &mut user.examples),
            (&mut self.servers_by, &mut user.servers_by),
            (&mut self.pages_by, &mut user.pages_by),
            (&mut self.sign_outs, &mut user.sign_outs),
            (&mut self.resets, &mut user.resets),
            (&mut self.consents, &mut user.consents),
            (&mut self.consent_given, &mut user.consent_given),
            (&mut self.consent_refused, &mut user.consent_refused),
            (&mut self.consent_for, &mut user.consent_for),
            (&mut self.consent_platforms, &mut user.consent_platforms),
            (&mut self.consent_packages, &mut user.consent_packages),
            (&mut self.consent_files, &mut user.consent_files),
            (&mut self.fields, &mut user.fields),
            (&mut self.untyped, &mut user.untyped),
            (&mut self.clicked, &mut user.clicked),
        ] {
            into.append(from);
        }
        user.parameters.append(&mut self.parameters);
        self.parameters = user.parameters;
        user.field_kinds.append(&mut self.field_kinds);
        self.field_kinds = user.field_kinds;
        user.texts.append(&mut self.texts);
        self.texts = user.texts;
    }

    /// All ways by which code reads the address of its page.
    pub fn all_reads(&self) -> impl Iterator<Item = &str> {
        self.reads
            .iter()
            .chain(&self.reads_path)
            .map(String::as_str)
    }

    /// Whether requests are answered under an address, and no page is.
    pub fn is_endpoint(&self, address: &str) -> bool {
        let first = address.split('/').find(|part| !part.is_empty());
        first.is_some_and(|first| self.endpoints.iter().any(|it| it == first))
    }

    /// Whether the elements of a file are shown elsewhere than on a page.
    pub fn is_no_page(&self, path: &str) -> bool {
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let mut parts = directory.split('/');
        parts.any(|part| self.no_pages.iter().any(|it| it == part))
    }

    /// What makes no sense.
    pub(super) fn check(
        &self,
        is_class: &dyn Fn(&str) -> bool,
        at: &At<'_>,
        errors: &mut Vec<RuleError>,
    ) {
        for (list, ways) in [("reads", &self.reads), ("reads_path", &self.reads_path)] {
            for (index, way) in ways.iter().enumerate() {
                if !way.ends_with(".*") && !way.ends_with("(*)") {
                    let message = format!("`{way}` does not end in the parameter: `.*` or `(*)`");
                    at.report(&[list.into(), index.into()], message, errors);
                }
            }
        }
        let parameters = self.parameters.iter().map(|it| &it.class);
        let fields = self.field_kinds.iter().map(|it| &it.class);
        let texts = self.texts.iter().map(|it| &it.class);
        let all = parameters.enumerate().map(|it| ("parameter", it));
        let all = all.chain(fields.enumerate().map(|it| ("field", it)));
        for (list, (index, class)) in all.chain(texts.enumerate().map(|it| ("text", it))) {
            if !is_class(class) {
                let message = format!("there is no class `{class}`");
                at.report(
                    &[list.into(), index.into(), "class".into()],
                    message,
                    errors,
                );
            }
        }
    }
}

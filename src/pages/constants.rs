//! Addresses that stand in constants, away from the router's table that names them.
//!
//! In: the program, and the rules of pages. Out: a [`Mention`] at each constant that is the `path` of an entry of a table
//! (`{ path: ROUTES.RESET, component }`). It leaves alone paths that are written in the table (`addresses`).

use regex::Regex;

use super::addresses::{self, How, Mention};
use super::named::Named;
use super::routes;
use crate::facts::{
    BindingId, Entry, Expr, ExprId, FileFacts, From, Literal, MODULE, Name, TypeDeclKind,
};
use crate::link::{Definition, Program};
use crate::read::Texts;
use crate::ruleset::pages::PageRules;
use crate::source::{FileId, Span};

/// Objects of addresses are nested no deeper than this.
const MAX_KEYS: usize = 6;

/// An address that stands in a constant, or in an object of them.
struct Constant {
    file: FileId,
    binding: BindingId,
    keys: Vec<Name>,
    span: Span,
    address: String,
}

/// The parameters of constants that tables name, in the order of the files.
pub(super) fn mentions(
    program: &Program<'_>,
    texts: &Texts,
    rules: &PageRules,
    named: &Named<'_>,
) -> Vec<(FileId, Mention)> {
    let constants = constants(program, texts, named);
    let Some(tables) = tables(&constants, program) else {
        return Vec::new();
    };
    let used = super::of_each(texts, |file, source| {
        if !tables.is_match(&source.text) {
            return Vec::new();
        }
        let facts = program.facts(file);
        let paths = addresses::paths(facts, rules).into_iter();
        paths
            .filter_map(|path| place_of(program, file, facts, path))
            .collect()
    });
    let is_used = |it: &&Constant| {
        let mut used = used.iter();
        used.any(|(file, binding, keys)| {
            (*file, *binding) == (it.file, it.binding) && *keys == it.keys
        })
    };
    let used = constants.iter().filter(is_used);
    let each = used.flat_map(|constant| {
        routes::parameters(&constant.address).map(|name| {
            let mention = Mention {
                in_path: false,
                how: How::Route,
                span: constant.span,
                function: MODULE,
                name: name.to_owned(),
                address: constant.address.clone(),
                is_certain: true,
            };
            (constant.file, mention)
        })
    });
    each.collect()
}

/// The constants with a parameter that the rules know.
fn constants(program: &Program<'_>, texts: &Texts, named: &Named<'_>) -> Vec<Constant> {
    let Ok(literal) = Regex::new(r#"['"`](/?[^'"`\s]*:[A-Za-z_][^'"`\s]*)['"`]"#) else {
        return Vec::new();
    };
    let is_known = |address: &str| {
        routes::parameters(address).any(|name| named.class(name, address).is_some())
    };
    super::of_each(texts, |file, source| {
        let mut written = literal.captures_iter(&source.text);
        let is_there = written.any(|it| it.get(1).is_some_and(|it| is_known(it.as_str())));
        if source.path.as_str().ends_with(".json") || !is_there {
            return Vec::new();
        }
        let found = constants_of(program.facts(file), file).into_iter();
        found.filter(|it| is_known(&it.address)).collect()
    })
}

fn constants_of(facts: &FileFacts, file: FileId) -> Vec<Constant> {
    let mut found = Vec::new();
    for (index, binding) in (0..).map(BindingId).zip(&facts.bindings) {
        let [source] = binding.sources.as_slice() else {
            continue;
        };
        let mut open = match &source.from {
            From::Expr(expr) if source.path.is_empty() => vec![(*expr, Vec::new())],
            From::TypeDecl(id) => match &facts.type_decls[id.index()].kind {
                TypeDeclKind::Enum(members) => {
                    let valued = members
                        .iter()
                        .filter_map(|(name, value)| Some((name, (*value)?)));
                    valued
                        .map(|(name, value)| (value, vec![name.clone()]))
                        .collect()
                }
                _ => continue,
            },
            _ => continue,
        };
        while let Some((expr, keys)) = open.pop() {
            match facts.expr(expr) {
                Expr::Literal(Literal::String(text)) => found.push(Constant {
                    file,
                    binding: index,
                    keys,
                    span: facts.span(expr),
                    address: text.to_string(),
                }),
                Expr::Cast { value, .. } => open.push((*value, keys)),
                Expr::Object(entries) if keys.len() < MAX_KEYS => {
                    let named = entries.iter().filter_map(Entry::named);
                    open.extend(named.map(|(name, value)| {
                        let keys = [keys.as_slice(), std::slice::from_ref(name)].concat();
                        (value, keys)
                    }));
                }
                _ => {}
            }
        }
    }
    found.sort_by_key(|it| it.span.start);
    found
}

/// What a text says that makes one of the constants a path.
fn tables(constants: &[Constant], program: &Program<'_>) -> Option<Regex> {
    let mut names: Vec<String> = constants
        .iter()
        .map(|it| match it.keys.last() {
            Some(key) => regex::escape(key),
            None => regex::escape(&program.facts(it.file).binding(it.binding).name),
        })
        .collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let names = names.join("|");
    Regex::new(&format!(r"path\s*[:=]\s*\{{?\s*[\w$.]*\b(?:{names})\b")).ok()
}

/// Where a chain of members (`ROUTES.AUTH.RESET`) leads.
fn place_of(
    program: &Program<'_>,
    file: FileId,
    facts: &FileFacts,
    mut expr: ExprId,
) -> Option<(FileId, BindingId, Vec<Name>)> {
    let mut keys = Vec::new();
    let binding = loop {
        match facts.expr(expr) {
            Expr::Member { object, name, .. } if keys.len() < MAX_KEYS => {
                keys.push(name.clone());
                expr = *object;
            }
            Expr::Ref(binding) => break *binding,
            _ => return None,
        }
    };
    keys.reverse();
    let [source] = facts.binding(binding).sources.as_slice() else {
        return None;
    };
    let From::Import(import) = &source.from else {
        return Some((file, binding, keys));
    };
    let import = &facts.imports[import.index()];
    let mut definition = program.import(file, &import.specifier, &import.imported)?;
    if let (Definition::Namespace(of), false) = (&definition, keys.is_empty()) {
        let name = keys.remove(0);
        definition = program.export(*of, &name)?;
    }
    match definition {
        Definition::Binding(file, binding) => Some((file, binding, keys)),
        _ => None,
    }
}

//! Where a vendor is seen at all, whether or not anything arrives there.
//!
//! In: the parsed files, the vendor calls that were found, the texts. Out: each import, call and host of a vendor with its
//! place. It leaves alone what is handed over.

use std::collections::BTreeSet;

use super::catalog::Catalog;
use super::delivery::{Evidence, Flows, Place, Seen};
use super::places::place;
use super::scripts::SCRIPT;
use crate::facts::{Expr, FileFacts, MODULE, Name};
use crate::link::Program;
use crate::ruleset::schema::Vendor;
use crate::search::mentions;
use crate::source::{FileId, Span};

/// The traces of each vendor, in order.
pub(super) fn seen(
    program: &Program<'_>,
    catalog: &Catalog<'_>,
    admitted: &BTreeSet<FileId>,
    flows: &Flows,
) -> Vec<Seen> {
    let mut seen: BTreeSet<Seen> = BTreeSet::new();
    for file in admitted {
        let facts = program.facts(*file);
        for (specifier, span) in taken(facts) {
            if let Some((vendor, _, package)) = catalog.package(specifier)
                // It may do much else.
                && !catalog.is_outside(vendor)
                && !package.shared
                && !program.is_own(*file, specifier)
            {
                let place = place(facts, *file, span, MODULE);
                seen.insert(Seen {
                    vendor: catalog.vendor(vendor).id.clone(),
                    evidence: Evidence::Import,
                    place,
                    package: Some(package.name.clone()),
                });
            }
        }
    }
    for call in &flows.calls {
        seen.insert(Seen {
            vendor: call.vendor.clone(),
            evidence: Evidence::Call,
            place: call.place.clone(),
            package: None,
        });
    }
    for started in flows.started.iter().filter(|it| it.surface == SCRIPT) {
        seen.insert(Seen {
            vendor: started.vendor.clone(),
            evidence: Evidence::Script,
            place: started.place.clone(),
            package: None,
        });
    }
    let hosts: Vec<(usize, String)> = catalog
        .vendors()
        .flat_map(|(index, vendor)| addresses(vendor).map(move |address| (index, address)))
        .collect();
    let names: Vec<String> = hosts.iter().map(|(_, host)| host.clone()).collect();
    for (file, hits) in mentions(program.texts(), &names) {
        for hit in hits {
            let (vendor, host) = &hosts[hit];
            let text = &program.source(file).text;
            // An address of somebody's mail is no host that is named.
            let mut found = text
                .match_indices(host.as_str())
                .map(|(at, _)| at)
                .filter(|at| !text[..*at].ends_with('@'));
            let Some(first) = found.clone().next() else {
                continue;
            };
            let script = found.find(|at| is_script(&text[..*at]));
            let (at, evidence) = match script {
                Some(at) => (at, Evidence::Script),
                None => (first, Evidence::Host),
            };
            let span = Span::new(
                u32::try_from(at).unwrap_or(0),
                u32::try_from(at + host.len()).unwrap_or(0),
            );
            let place = Place {
                file,
                span,
                symbol: None,
            };
            seen.insert(Seen {
                vendor: catalog.vendor(*vendor).id.clone(),
                evidence,
                place,
                package: None,
            });
        }
    }
    seen.into_iter().collect()
}

/// The modules that a file takes something from, in any of the three ways.
fn taken(facts: &FileFacts) -> impl Iterator<Item = (&Name, Span)> {
    // Types are gone when the program runs.
    let imported = facts.imports.iter().filter(|it| !it.type_only);
    let imported = imported.map(|it| (&it.specifier, it.span));
    let loaded = facts.exprs.iter().filter_map(|node| match &node.expr {
        Expr::Require(specifier) => Some((specifier, node.span)),
        expr => facts.loaded(expr).map(|specifier| (specifier, node.span)),
    });
    imported.chain(loaded)
}

/// Whether a text ends within the tag of a script.
pub(crate) fn is_script(before: &str) -> bool {
    let tag = before.rfind('<').map(|at| &before[at + 1..]);
    tag.is_some_and(|tag| {
        let name = tag.split(|char: char| !char.is_ascii_alphanumeric()).next();
        name.is_some_and(|name| name.eq_ignore_ascii_case(SCRIPT)) && !tag.contains('>')
    })
}

/// What an address of a vendor holds: a host, and for one that is not only the vendor's the path with it.
fn addresses(vendor: &Vendor) -> impl Iterator<Item = String> + '_ {
    let apis = vendor.apis.iter().flat_map(|api| {
        let whole = api.collects.is_empty().then(|| api.host.clone());
        let paths = api
            .collects
            .iter()
            .map(|path| format!("{}{path}", api.host));
        whole.into_iter().chain(paths)
    });
    vendor.hosts.iter().cloned().chain(apis)
}

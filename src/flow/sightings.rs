//! Where a vendor is seen at all, whether or not anything arrives there.
//!
//! In: the parsed files, the vendor calls that were found, the texts. Out: each import, call and host of a vendor with its
//! place. It leaves alone what is handed over.

use std::collections::BTreeSet;

use super::catalog::Catalog;
use super::delivery::{Evidence, Flows, Place, Seen};
use super::places::place;
use crate::facts::MODULE;
use crate::link::Program;
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
        for import in &facts.imports {
            if let Some((vendor, _, package)) = catalog.package(&import.specifier) {
                let place = place(facts, *file, import.span, MODULE);
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
    let hosts: Vec<(usize, &str)> = catalog
        .vendors()
        .flat_map(|(index, vendor)| vendor.hosts.iter().map(move |host| (index, host.as_str())))
        .collect();
    let names: Vec<String> = hosts.iter().map(|(_, host)| (*host).to_owned()).collect();
    for (file, hits) in mentions(program.texts(), &names) {
        for hit in hits {
            let (vendor, host) = hosts[hit];
            let Some(at) = program.source(file).text.find(host) else {
                continue;
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
                vendor: catalog.vendor(vendor).id.clone(),
                evidence: Evidence::Host,
                place,
                package: None,
            });
        }
    }
    seen.into_iter().collect()
}

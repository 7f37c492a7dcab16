//! What two vendors both say is theirs.
//!
//! In: vendors with their files. Out: [`RuleError`]s. It leaves alone each vendor by itself (`validate`).
//!
//! A package, a host and a global of one kind belong to one vendor only. That holds for `gtag` and `dataLayer` too, though
//! several products of one company read them: each is listed with the vendor that defines it.

use std::collections::BTreeMap;

use super::error::{At, RuleError};
use super::files::RuleFile;
use super::schema::Vendor;
use super::validate::is_host;

/// Reports what two vendors claim; the earlier one keeps it.
pub(super) fn check(vendors: &[&(Vendor, &RuleFile)], errors: &mut Vec<RuleError>) {
    let mut packages: BTreeMap<&str, &str> = BTreeMap::new();
    let mut plugins: BTreeMap<&str, &str> = BTreeMap::new();
    let mut globals: BTreeMap<(&str, String), &str> = BTreeMap::new();
    let mut hosts: BTreeMap<&str, &str> = BTreeMap::new();
    for (vendor, _) in vendors {
        // What is no host is said where it stands, and claims nothing.
        let named = vendor.hosts.iter().chain(whole_apis(vendor));
        for host in named.filter(|host| is_host(host)) {
            hosts.entry(host).or_insert(&vendor.id);
        }
    }
    for (vendor, file) in vendors {
        let at = At::new(file);
        for (index, package) in vendor.packages.iter().enumerate() {
            let owner = *packages.entry(&package.name).or_insert(&vendor.id);
            if owner != vendor.id {
                let message = format!("package `{}` belongs to `{owner}` already", package.name);
                at.report(
                    &["package".into(), index.into(), "name".into()],
                    message,
                    errors,
                );
            }
            for (place, export) in package.exports.iter().enumerate() {
                let Some(owner) = &export.vendor else {
                    continue;
                };
                let is_called = |of: &Vendor| {
                    let mut calls = of.calls.iter();
                    calls.any(|it| it.path == export.name && it.surfaces.contains(&export.surface))
                };
                let mut all = vendors.iter().map(|(vendor, _)| vendor);
                if !all.any(|it| it.id == *owner && is_called(it)) {
                    let message = format!(
                        "no vendor `{owner}` has a call `{}` on surface `{}`",
                        export.name, export.surface
                    );
                    at.report(
                        &[
                            "package".into(),
                            index.into(),
                            "export".into(),
                            place.into(),
                        ],
                        message,
                        errors,
                    );
                }
            }
        }
        for (index, plugin) in vendor.plugins.iter().enumerate() {
            let owner = *plugins.entry(&plugin.name).or_insert(&vendor.id);
            if owner != vendor.id {
                let message = format!("plugin `{}` belongs to `{owner}` already", plugin.name);
                at.report(
                    &["plugin".into(), index.into(), "name".into()],
                    message,
                    errors,
                );
            }
        }
        for (index, global) in vendor.globals.iter().enumerate() {
            let kind = format!("{:?}", global.kind);
            let owner = *globals.entry((&global.name, kind)).or_insert(&vendor.id);
            if owner != vendor.id {
                let message = format!("global `{}` belongs to `{owner}` already", global.name);
                at.report(
                    &["global".into(), index.into(), "name".into()],
                    message,
                    errors,
                );
            }
        }
        for (index, api) in vendor.apis.iter().enumerate() {
            if let Some((wider, owner)) = wider_host(&api.host, &vendor.id, &hosts) {
                let message = format!("host `{}` lies within `{wider}` of `{owner}`", api.host);
                let steps = ["api".into(), index.into(), "host".into()];
                at.report(&steps, message, errors);
            }
        }
        for (index, host) in vendor.hosts.iter().enumerate() {
            let Some((wider, owner)) = wider_host(host, &vendor.id, &hosts) else {
                continue;
            };
            // The mistake is in the file that came later.
            let later = vendors
                .iter()
                .find(|(other, other_file)| other.id == owner && other_file.layer > file.layer);
            match later {
                None => {
                    let message = if wider == host {
                        format!("host `{host}` belongs to `{owner}` already")
                    } else {
                        format!("host `{host}` lies within `{wider}` of `{owner}`")
                    };
                    at.report(&["hosts".into(), index.into()], message, errors);
                }
                Some((other, other_file)) => {
                    let place = other.hosts.iter().position(|it| it == wider);
                    At::new(other_file).report(
                        &["hosts".into(), place.unwrap_or(0).into()],
                        format!("host `{wider}` swallows `{host}` of `{}`", vendor.id),
                        errors,
                    );
                }
            }
        }
    }
}

/// The hosts that are an API of the vendor's and nothing else.
fn whole_apis(vendor: &Vendor) -> impl Iterator<Item = &String> {
    let apis = vendor.apis.iter().filter(|api| api.collects.is_empty());
    apis.map(|api| &api.host)
}

fn wider_host<'a>(
    host: &'a str,
    id: &str,
    hosts: &BTreeMap<&'a str, &'a str>,
) -> Option<(&'a str, &'a str)> {
    let mut rest = host;
    loop {
        match hosts.get_key_value(rest) {
            Some((wider, owner)) if *owner != id => return Some((wider, owner)),
            _ => rest = rest.split_once('.')?.1,
        }
    }
}

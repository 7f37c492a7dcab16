//! `divulge explain NAME`.
//!
//! In: a name. Out: what the rules say of the vendor, data class, combination, scenario or incident of that name. It leaves alone any code.

use std::fmt::Write as _;
use std::io::Write;

use anstyle::Style;
use anyhow::{Context, Result, bail};

use super::Outcome;
use crate::cli::Explain;
use crate::ruleset::Ruleset;
use crate::ruleset::incidents::{Incident, Scenario};
use crate::ruleset::schema::{Class, Combination, Vendor};
use crate::suggest;

/// Explains a name.
pub(super) fn run(explain: &Explain) -> Result<Outcome> {
    let rules = Ruleset::load(&explain.rules).context("the rules cannot be used")?;
    let name = explain.name.as_str();
    let text = if let Some(vendor) = rules.vendors.get(name) {
        of_vendor(vendor)
    } else if let Some(class) = rules.classes.get(name) {
        of_class(class, &rules)
    } else if let Some(rule) = rules.combinations.iter().find(|rule| rule.id == name) {
        of_combination(rule)
    } else if let Some(rule) = rules.scenarios.iter().find(|rule| rule.id == name) {
        of_scenario(rule)
    } else if let Some(incident) = rules.incidents.get(name) {
        of_incident(incident)
    } else {
        let names = rules
            .vendors
            .keys()
            .chain(rules.classes.keys())
            .chain(rules.combinations.iter().map(|rule| &rule.id))
            .chain(rules.scenarios.iter().map(|rule| &rule.id))
            .chain(rules.incidents.keys())
            .map(String::as_str);
        bail!(
            "{}",
            suggest::unknown(
                "vendor, data class, combination, scenario or incident",
                name,
                names,
                "`divulge rules list` shows all"
            )
        );
    };
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Outcome::Clean)
}

fn title(id: &str, name: &str, kind: &str) -> String {
    let bold = Style::new().bold();
    format!("{bold}{id}{bold:#} ({kind}): {name}\n")
}

fn of_vendor(vendor: &Vendor) -> String {
    let mut out = title(&vendor.id, &vendor.name, &vendor.category);
    if let Some(homepage) = &vendor.homepage {
        let _ = writeln!(out, "\n{homepage}");
    }
    if let Some(forwards) = &vendor.forwards {
        let _ = writeln!(out, "\na hub: it passes on {forwards}");
    }
    let list = |out: &mut String, head: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = writeln!(out, "\n{head}:");
            for item in items {
                let _ = writeln!(out, "  {item}");
            }
        }
    };
    let names = |items: Vec<&String>| items.into_iter().cloned().collect();
    list(
        &mut out,
        "there to process, so expected",
        vendor.purpose.clone(),
    );
    list(
        &mut out,
        "packages",
        names(
            vendor
                .packages
                .iter()
                .map(|package| &package.name)
                .collect(),
        ),
    );
    list(
        &mut out,
        "globals",
        names(vendor.globals.iter().map(|global| &global.name).collect()),
    );
    let apis = vendor.apis.iter().map(|api| api.host.clone());
    list(
        &mut out,
        "hosts",
        vendor.hosts.iter().cloned().chain(apis).collect(),
    );
    list(
        &mut out,
        "calls that send",
        names(vendor.calls.iter().map(|call| &call.path).collect()),
    );
    let auto = vendor
        .auto
        .iter()
        .map(|auto| {
            let state = if auto.default { "on" } else { "off" };
            let turn_off = auto
                .turn_off
                .as_ref()
                .map_or_else(String::new, |text| format!("; turn off: {text}"));
            format!(
                "{}: {} ({state} by default{turn_off})",
                auto.class, auto.property
            )
        })
        .collect();
    list(&mut out, "collected by the SDK itself", auto);
    list(&mut out, "read from", vendor.sources.clone());
    list(&mut out, "not verified", vendor.unverified.clone());
    out
}

fn of_class(class: &Class, rules: &Ruleset) -> String {
    let mut out = title(&class.id, &class.name, "data class");
    let _ = writeln!(out, "\nrated {}: {}", class.severity, class.reason);
    let _ = writeln!(out, "an attacker gains: {}", class.gain);
    if class.never_send {
        let _ = writeln!(out, "must never be sent to a third party");
    }
    if class.rotate {
        let _ = writeln!(out, "must be replaced once it is out");
    }
    for rule in &rules.combinations {
        if rule.classes.contains(&class.id) {
            let _ = writeln!(
                out,
                "worse together: {} ({}): {}",
                rule.classes.join(" + "),
                rule.severity,
                rule.title
            );
        }
    }
    out
}

fn of_combination(rule: &Combination) -> String {
    let mut out = title(&rule.id, &rule.title, "combination");
    let _ = writeln!(
        out,
        "\n{} at one vendor, rated {}: {}",
        rule.classes.join(" + "),
        rule.severity,
        rule.reason
    );
    out
}

fn of_scenario(rule: &Scenario) -> String {
    let kind = format!("scenario {}", rule.letter);
    let mut out = title(&rule.id, &rule.title, &kind);
    let needs: Vec<String> = rule.needs.iter().map(|any| any.join(" or ")).collect();
    let _ = writeln!(
        out,
        "\n{} at one vendor, rated {}: {}",
        needs.join(" + "),
        rule.severity,
        rule.how
    );
    for (head, text) in [
        ("more convincing with", rule.stronger.join(", ")),
        ("could read", rule.phrase.clone()),
        ("what helps", rule.defence.clone()),
        ("to tell people", rule.warning.clone()),
    ] {
        let _ = writeln!(out, "{head}: {text}");
    }
    out
}

fn of_incident(incident: &Incident) -> String {
    let kind = format!("incident at {}", incident.vendor);
    let mut out = title(&incident.id, &incident.title, &kind);
    let _ = writeln!(out, "\n{}\n", incident.summary);
    for event in &incident.timeline {
        let _ = writeln!(out, "{} {}", event.date, event.event);
    }
    for (head, items) in [
        ("exposed", &incident.exposed),
        ("published as not affected", &incident.not_exposed),
    ] {
        let _ = writeln!(out, "\n{head}:");
        for item in items {
            let classes = match item.classes.as_slice() {
                [] => "no class stands for it".to_owned(),
                classes => classes.join(", "),
            };
            let _ = writeln!(out, "  {} ({classes})", item.name);
        }
    }
    let _ = writeln!(out, "\nread from:");
    for source in &incident.sources {
        let _ = writeln!(out, "  {source}");
    }
    out
}

//! Who may answer what no parsed file answers.
//!
//! In: what values asked of the parsed files together: what a context is provided with, what is injected under a key, what a
//! global is assigned or declared as. Out: the texts that a file holds which answers. It leaves alone the search (`rounds`),
//! and what leads to a vendor (`terms`): what answers need not have to do with any, and is only parsed.

use std::collections::BTreeSet;

use super::contexts::providers_of;
use super::evaluate::Evaluator;
use super::terms::{Term, quoted};
use crate::facts::{KEPT_BY_WINDOW, PLATFORM};

/// The texts of files that may answer what has been asked so far.
pub(super) fn questions(evaluator: &Evaluator<'_>) -> BTreeSet<Term> {
    let Evaluator {
        program, registry, ..
    } = evaluator;
    let mut terms = BTreeSet::new();
    for (file, binding) in registry.provided.asked() {
        let facts = program.facts(file);
        let names = std::iter::once(binding).chain(providers_of(facts, binding));
        terms.extend(names.map(|name| {
            let name = &facts.binding(name).name;
            Term::inside(format!("<{name}"), file)
        }));
        // Who provides something under a key hands it over as well.
        let name = &facts.binding(binding).name;
        terms.insert(Term::inside(format!("({name},"), file));
    }
    for key in registry.injected.asked() {
        terms.extend(quoted(&key));
    }
    // Who calls a hook may put something into its state.
    for hook in registry.handed_setters.asked() {
        terms.insert(Term::anywhere(format!("{hook}(")));
    }
    for name in registry.globals.asked() {
        // Who assigns what the platform gives says nothing of what is read elsewhere.
        if KEPT_BY_WINDOW.contains(&name.as_str())
            || evaluator.shapes.global_member(&name).is_some()
        {
            continue;
        }
        let roots = PLATFORM.iter().map(|root| format!("{root}."));
        let places = roots.chain([").".to_owned()]);
        terms.extend(places.flat_map(|place| {
            [" =", "="].map(|assigned| Term::anywhere(format!("{place}{name}{assigned}")))
        }));
        terms.extend(
            ["var", "let", "const"]
                .map(|keyword| Term::anywhere(format!("declare {keyword} {name}"))),
        );
    }
    terms
}

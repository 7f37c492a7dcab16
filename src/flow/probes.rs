//! Whether code calls an SDK only where it finds it there.
//!
//! In: a call of a vendor. Out: whether it is made by way of a global of the vendor's, and only if a test finds that
//! (`if (window.acme) window.acme.track()`, `window.acme?.track()`). It leaves alone what that says of what is loaded
//! (`assess/`).

use super::delivery::Place;
use super::evaluate::Evaluator;
use crate::search::holds_word;

impl Evaluator<'_> {
    /// Whether a call is made only where a global of the vendor's is found.
    pub(super) fn is_probe(&self, vendor: usize, place: &Place) -> bool {
        let source = self.program.source(place.file);
        let written = source.slice(place.span);
        let callee = written.split('(').next().unwrap_or_default();
        let globals = &self.catalog.vendor(vendor).globals;
        let mut named = globals.iter().map(|it| it.name.as_str());
        let Some(name) = named.find(|name| holds_word(callee, name)) else {
            return false;
        };
        let after = callee.split_once(name).map_or("", |(_, after)| after);
        let is_found = |test: &Place| holds_word(source.slice(test.span), name);
        let tests = self.tests_around(place);
        after.starts_with("?.") || tests.iter().any(|(test, _)| is_found(test))
    }

    /// The tests around a start, but for those that look whether the SDK is there already: the first time it is not.
    pub(super) fn tests_of_start(&self, vendor: usize, place: &Place) -> Vec<(Place, bool)> {
        let source = self.program.source(place.file);
        let rule = self.catalog.vendor(vendor);
        let mut tests = self.tests_around(place);
        tests.retain(|(test, _)| {
            let test = source.slice(test.span);
            let mut started = rule.started.iter();
            let is_one = !test.contains("&&") && !test.contains("||");
            let asks_it = is_one && started.any(|it| test.contains('.') && holds_word(test, it));
            let mut globals = rule.globals.iter();
            !asks_it && !globals.any(|it| looks_for(test, &it.name))
        });
        tests
    }
}

/// Whether a test looks for a global, and for nothing else.
fn looks_for(test: &str, global: &str) -> bool {
    !test.contains("&&")
        && !test.contains("||")
        && ["window.", "globalThis.", "self.", "typeof "]
            .iter()
            .any(|by| {
                let sought = format!("{by}{global}");
                test.split_once(sought.as_str()).is_some_and(|(_, after)| {
                    let goes_on =
                        |char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.');
                    !after.starts_with(goes_on)
                })
            })
}

#[cfg(test)]
mod tests {
    use super::looks_for;

    #[test]
    fn tells_what_a_test_looks_for() {
        assert!(looks_for("window.acme", "acme"));
        assert!(looks_for("isDefined(window.acme)", "acme"));
        assert!(looks_for("typeof acme === 'undefined'", "acme"));
        assert!(!looks_for("window.acme.isOn", "acme"));
        assert!(!looks_for("window.acmeIsOn", "acme"));
        assert!(!looks_for("acme", "acme"));
        assert!(!looks_for("!window.acme && isOn", "acme"));
    }
}

//! Whether code speaks of consent.
//!
//! In: names, and tests of conditions, with the words of the rules. Out: whether a name is one of consent, and whether a test
//! holds only once consent is given. It leaves alone what runs under a test (`reach`).

use crate::classify::Classifier;
use crate::facts::{Expr, ExprId, FileFacts, From, Literal};
use crate::ruleset::pages::PageRules;

/// Names are followed through no more declarations than this.
const MAX_DEPTH: usize = 3;

/// The words of consent.
pub(super) struct Signs<'r> {
    classifier: &'r Classifier,
    consents: Vec<Vec<String>>,
    granted: Vec<Vec<String>>,
    refused: Vec<Vec<String>>,
}

impl<'r> Signs<'r> {
    pub(super) fn new(rules: &PageRules, classifier: &'r Classifier) -> Self {
        let words = |names: &[String]| names.iter().map(|it| classifier.words(it)).collect();
        Self {
            classifier,
            consents: words(&rules.consents),
            granted: words(&rules.consent_given),
            refused: words(&rules.consent_refused),
        }
    }

    /// Whether a name is one of consent (`hasConsent`, `cookie-consent`).
    pub(super) fn speaks(&self, name: &str) -> bool {
        self.has(name, &self.consents)
    }

    /// Whether what is named so runs when consent is given (`onAccept`, `acceptCookies`).
    pub(super) fn is_granted(&self, name: &str) -> bool {
        self.has(name, &self.granted) && !self.has(name, &self.refused)
    }

    fn has(&self, name: &str, any: &[Vec<String>]) -> bool {
        let words = self.classifier.words(name);
        any.iter().any(|wanted| in_a_row(&words, wanted))
    }

    /// Whether a test comes out as wanted only if consent was given.
    pub(super) fn is_consent(&self, facts: &FileFacts, test: ExprId, wanted: bool) -> bool {
        self.names_consent(facts, test, 0) && wanted != self.is_turned(facts, test)
    }

    fn names_consent(&self, facts: &FileFacts, test: ExprId, depth: usize) -> bool {
        let within = facts.span(test);
        let mut nodes = facts.exprs.iter().filter(|node| within.contains(node.span));
        nodes.any(|node| match &node.expr {
            Expr::Global(name)
            | Expr::Member { name, .. }
            | Expr::Literal(Literal::String(name)) => self.speaks(name),
            Expr::Ref(binding) => {
                let declared = facts.binding(*binding);
                let mut sources = declared.sources.iter();
                self.speaks(&declared.name)
                    || sources.any(|source| match source.from {
                        From::Expr(value) if depth < MAX_DEPTH => {
                            !facts.span(value).contains(within)
                                && !matches!(facts.expr(value), Expr::Function(_))
                                && self.names_consent(facts, value, depth + 1)
                        }
                        _ => false,
                    })
            }
            _ => false,
        })
    }

    /// Whether a test holds where there is no consent: `!consent`, `consent === 'denied'`, `consent == null`.
    fn is_turned(&self, facts: &FileFacts, test: ExprId) -> bool {
        let within = facts.span(test);
        let nodes = (0..).map(ExprId).zip(&facts.exprs);
        let inner = nodes.filter(|(_, node)| within.contains(node.span));
        let turns = inner.filter(|(_, node)| match &node.expr {
            Expr::Unary { op, operand } => op == "!" && self.names_consent(facts, *operand, 0),
            Expr::Binary { op, left, right } => {
                let is_of_consent =
                    self.names_consent(facts, *left, 0) || self.names_consent(facts, *right, 0);
                let refuses = [*left, *right].iter().any(|side| match facts.expr(*side) {
                    Expr::Literal(Literal::Null | Literal::Undefined) => true,
                    Expr::Literal(Literal::Bool(value)) => !value,
                    Expr::Literal(Literal::String(text)) => self.has(text, &self.refused),
                    _ => false,
                });
                is_of_consent && (op.starts_with("!=") != refuses)
            }
            _ => false,
        });
        let refused = |name: &str| self.has(name, &self.refused);
        let is_named_so = match facts.expr(test) {
            Expr::Ref(binding) => refused(&facts.binding(*binding).name),
            Expr::Member { name, .. } => refused(name),
            Expr::Call { callee, .. } => match facts.expr(*callee) {
                Expr::Ref(binding) => refused(&facts.binding(*binding).name),
                Expr::Member { name, .. } => refused(name),
                _ => false,
            },
            _ => false,
        };
        (turns.count() % 2 == 1) != is_named_so
    }
}

/// Whether words stand among others, one behind the other.
pub(super) fn in_a_row(words: &[String], wanted: &[String]) -> bool {
    words.windows(wanted.len().max(1)).any(|it| it == wanted)
}

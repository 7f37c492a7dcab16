//! SDKs that a framework starts from its configuration.
//!
//! In: a parsed file. Out: the plugins of vendors that a list of modules or plugins in it names, with the options that stand
//! beside the name, or under the plugin's key of the configuration or of a preset that brings the plugin along. It leaves
//! alone what a plugin does, and the vendors' own calls (`sinks`).

use super::arrivals::Made;
use super::evaluate::Evaluator;
use super::places::place;
use super::propagate::Propagation;
use super::started::PLAIN;
use super::value::{V, Value};
use crate::facts::{Entry, Expr, ExprId, FileFacts, Item, Literal, Name};
use crate::ruleset::schema::Plugin;
use crate::source::FileId;

/// The keys of a configuration that list what is plugged in.
const LISTS: [&str; 6] = [
    "modules",
    "buildModules",
    "plugins",
    "presets",
    "themes",
    "integrations",
];

/// The keys under which an entry of such a list names the plugin, and those under which it holds the options.
const NAMES: [&str; 3] = ["resolve", "name", "src"];
const OPTIONS: [&str; 1] = ["options"];

/// An entry of a list.
struct Entered {
    at: ExprId,
    name: Name,
    options: Option<ExprId>,
}

impl<'p> Propagation<'_, 'p> {
    /// Reads what the configurations in a file plug in.
    pub(super) fn read_plugins(&mut self, file: FileId, facts: &'p FileFacts) {
        let catalog = self.evaluator.catalog;
        let names_one = facts.exprs.iter().any(|node| match &node.expr {
            Expr::Literal(Literal::String(name)) => catalog.is_plugin(name),
            Expr::Template(_) => true,
            _ => false,
        });
        if !names_one {
            return;
        }
        for node in &facts.exprs {
            let Expr::Object(entries) = &node.expr else {
                continue;
            };
            for (key, value) in entries.iter().filter_map(Entry::named) {
                if LISTS.contains(&key.as_str())
                    && let Expr::Array(items) = facts.expr(value)
                {
                    for item in items {
                        if let Some(value) = item.expr()
                            && let Some(entered) = self.entered(file, facts, value)
                        {
                            self.plug_in(file, facts, &entered, entries);
                        }
                    }
                }
            }
        }
    }

    /// `'name'`, `['name', options]`, `{ resolve: 'name', options }`
    fn entered(&self, file: FileId, facts: &FileFacts, at: ExprId) -> Option<Entered> {
        let text = |value: ExprId| match &*self.evaluator.expr(file, value) {
            Value::Literal(Literal::String(name)) => Some(name.clone()),
            _ => None,
        };
        match facts.expr(at) {
            Expr::Literal(_) | Expr::Template(_) => Some(Entered {
                at,
                name: text(at)?,
                options: None,
            }),
            Expr::Array(items) => {
                let Some(Item::Value(name)) = items.first() else {
                    return None;
                };
                let options = match items.get(1) {
                    Some(Item::Value(options)) => Some(*options),
                    _ => None,
                };
                let name = text(*name)?;
                Some(Entered { at, name, options })
            }
            Expr::Object(entries) => {
                let under = |keys: &[&str]| {
                    entries
                        .iter()
                        .filter_map(Entry::named)
                        .find(|(key, _)| keys.contains(&key.as_str()))
                        .map(|(_, value)| value)
                };
                Some(Entered {
                    at,
                    name: text(under(&NAMES)?)?,
                    options: under(&OPTIONS),
                })
            }
            _ => None,
        }
    }

    fn plug_in(
        &mut self,
        file: FileId,
        facts: &FileFacts,
        entered: &Entered,
        configuration: &[Entry],
    ) {
        let evaluator: &Evaluator<'_> = self.evaluator;
        let spot = evaluator.spot(file, entered.at);
        let beside = entered.options.map(|options| evaluator.expr(file, options));
        if let Some((vendor, plugin)) = evaluator.catalog.plugin(&entered.name) {
            let options = beside.clone().or_else(|| {
                configuration
                    .iter()
                    .filter_map(Entry::named)
                    .find(|(key, _)| plugin.keys.iter().any(|known| known == key))
                    .map(|(_, value)| evaluator.expr(file, value))
            });
            self.start(file, facts, entered.at, vendor, plugin, options);
        }
        let Some(beside) = beside else { return };
        for (vendor, plugin) in evaluator.catalog.plugins_of(&entered.name) {
            let options = plugin.keys.iter().find_map(|key| {
                let options = evaluator.member(&beside, &key.into(), spot);
                matches!(&*options, Value::Object(_)).then_some(options)
            });
            if options.is_some() {
                self.start(file, facts, entered.at, *vendor, plugin, options);
            }
        }
    }

    fn start(
        &mut self,
        file: FileId,
        facts: &FileFacts,
        at: ExprId,
        vendor: usize,
        plugin: &Plugin,
        options: Option<V>,
    ) {
        let place = place(facts, file, facts.span(at), facts.function_of(at));
        let spot = self.evaluator.spot(file, at);
        let given = options.unwrap_or_else(V::nothing);
        let own = plugin.options_key.as_ref().map_or(given.clone(), |key| {
            self.evaluator.member(&given, &key.into(), spot)
        });
        let started = self.evaluator.started_by_plugin(vendor, &own, &place);
        self.progress.arrivals.started.push(started);
        self.progress.arrivals.calls.push(Made {
            vendor,
            surface: Name::const_new(PLAIN),
            call: Name::from(&plugin.name),
            place,
            has_payload: false,
        });
    }
}

//! What a framework hands to the component of a page.
//!
//! In: the component of a page or layout of SvelteKit. Out: its props: `data`, which is what the `load` functions of the
//! page and of the layouts around it give, and `form`, which is what the page's actions give. It leaves alone every other
//! component, whose props are what its users hand over.

use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{FnRef, Spot, V, Value};
use crate::facts::{Exported, Expr, Name};
use crate::link::Module;
use crate::source::FileId;

impl Evaluator<'_> {
    /// The props of a page, if a function is the component of one.
    pub(super) fn given_by_route(&self, function: FnRef, index: u32, spot: Spot) -> Option<V> {
        let path = self.program.source(function.file).path.as_str();
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_page = name.starts_with("+page") && name.ends_with(".svelte");
        let is_layout = name.starts_with("+layout") && name.ends_with(".svelte");
        if index != 0 || !(is_page || is_layout) || !self.is_component(function) {
            return None;
        }
        let depth = directory.split('/').count();
        let mut modules: Vec<String> = (0..=depth)
            .rev()
            .map(|up| "./".to_owned() + &"../".repeat(up))
            .flat_map(|at| ["+layout.server", "+layout"].map(|name| format!("{at}{name}")))
            .collect();
        let page = ["./+page.server", "./+page"].map(str::to_owned);
        if is_page {
            modules.extend(page);
        }
        let mut data = Object::default();
        let mut form = V::nothing();
        for specifier in modules {
            let Some(module) = self.module_beside(function.file, &specifier) else {
                continue;
            };
            if let Some(load) = self.exported_by(module, "load", spot) {
                data.spread(&self.apply(&load, &[event(spot)], Some(spot)), false);
            }
            if is_page
                && specifier.ends_with("+page.server")
                && let Some(actions) = self.exported_by(module, "actions", spot)
                && let Value::Object(actions) = &*actions
            {
                let results = actions.fields.iter();
                form =
                    V::union(results.map(|it| self.apply(&it.value, &[event(spot)], Some(spot))));
            }
        }
        if data.fields.is_empty() && data.spreads.is_empty() && matches!(&*form, Value::Nothing) {
            return None;
        }
        let mut props = Object::default();
        props.set(Name::const_new("data"), V::new(Value::Object(data)), false);
        props.set(Name::const_new("form"), form, false);
        Some(V::new(Value::Object(props)))
    }

    /// Whether a function is the component that its file is.
    fn is_component(&self, function: FnRef) -> bool {
        let facts = self.program.facts(function.file);
        facts.exports.iter().any(|export| match export.what {
            Exported::Expr(value) if export.name == "default" => {
                matches!(facts.expr(value), Expr::Function(component) if *component == function.function)
            }
            _ => false,
        })
    }

    fn module_beside(&self, file: FileId, specifier: &str) -> Option<FileId> {
        match self.program.module(file, specifier) {
            Module::File(module) if module != file => Some(module),
            _ => None,
        }
    }

    fn exported_by(&self, module: FileId, name: &str, spot: Spot) -> Option<V> {
        let definition = self.program.export(module, name)?;
        Some(self.definition(&definition, spot))
    }
}

/// What the framework calls a page's functions with.
fn event(spot: Spot) -> V {
    V::unknown(spot, "it is what the framework hands to the page")
}

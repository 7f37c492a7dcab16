//! What an app gives all its components by a name.
//!
//! In: `app.config.globalProperties.x = …`, `Vue.prototype.x = …`, components (`app.component('X', …)`), directives
//! (`app.directive('x', …)` as `vX`), and what
//! plugins of an app provide (`defineNuxtPlugin(() => ({ provide: { x } }))`, `app.provide('x', …)`, `inject('x', …)` as `$x`).
//! Out: what a component gets by the name, from `this`, in its template or from the app (`useNuxtApp().$x`). It leaves alone
//! what is provided under a key and asked for by it (`contexts`).

use super::evaluate::Evaluator;
use super::library::Library;
use super::object::Object;
use super::registry::Registry;
use super::spelling::capitalized;
use super::value::{Spot, V, Value, VendorThing};
use crate::facts::{Entry, Expr, ExprId, FileFacts, From, Item, Literal, Name, Step, property};
use crate::link::Definition;
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// The keys of a plugin with what it sets up, and of what that gives with what it provides; facts of Nuxt
/// (<https://nuxt.com/docs/guide/directory-structure/plugins>).
const SETUP: &str = "setup";
const PROVIDE: &str = "provide";
/// The second parameter of a plugin of Nuxt 2, which provides a value (<https://v2.nuxt.com/docs/directory-structure/plugins>).
const INJECT: &str = "inject";
/// What an app of Vue 3 holds for its components (<https://vuejs.org/api/application.html#app-config-globalproperties>).
const GLOBAL_PROPERTIES: &str = "globalProperties";

impl Registry {
    /// What an app gives all its components.
    pub(super) fn read_app(&mut self, file: FileId, facts: &FileFacts) {
        let of_names = facts.bindings.iter().flat_map(|binding| {
            let root = Some(binding.name.as_str());
            binding.writes.iter().map(move |write| (root, write))
        });
        let of_others = facts.writes.iter().map(|write| {
            let root = match write.root.map(|root| facts.expr(root)) {
                Some(Expr::Global(name)) => Some(name.as_str()),
                _ => None,
            };
            (root, write)
        });
        for (root, write) in of_names.chain(of_others) {
            let (Some(value), [.., Step::Key(holder), Step::Key(name)]) =
                (write.value, write.path.as_slice())
            else {
                continue;
            };
            if holder == GLOBAL_PROPERTIES || (holder == "prototype" && root == Some("Vue")) {
                let given = self.of_components.entry(name.clone()).or_default();
                given.push((file, value));
            }
        }
        for call in &facts.calls {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                continue;
            };
            let [Item::Value(name), Item::Value(given)] = args[..] else {
                continue;
            };
            if let (Expr::Member { name: method, .. }, Expr::Literal(Literal::String(name))) =
                (facts.expr(*callee), facts.expr(name))
                && let Some(name) = registered(method, name)
            {
                self.of_components
                    .entry(name)
                    .or_default()
                    .push((file, given));
            }
        }
    }

    /// What plugins of an app provide: by what they give back, or by a call.
    pub(super) fn read_plugins(&mut self, facts: &FileFacts, library: &Library<'_>, file: FileId) {
        let mut is_plugin = false;
        for call in &facts.calls {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                continue;
            };
            let (Expr::Global(name), [Item::Value(made), ..]) = (facts.expr(*callee), &args[..])
            else {
                continue;
            };
            let rule = library.function(std::slice::from_ref(name), None);
            if rule.is_some_and(|rule| rule.does == Effect::AppPlugin) {
                is_plugin = true;
                self.read_plugin(facts, file, *made);
            }
        }
        for call in &facts.calls {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                continue;
            };
            let [Item::Value(name), Item::Value(value)] = args[..] else {
                continue;
            };
            let Expr::Literal(Literal::String(name)) = facts.expr(name) else {
                continue;
            };
            let provides = match facts.expr(*callee) {
                Expr::Member { name, .. } => is_plugin && name == PROVIDE,
                Expr::Ref(binding) => {
                    let binding = facts.binding(*binding);
                    let is_second = |from| matches!(from, From::Param { index: 1, .. });
                    binding.name == INJECT && binding.sources.iter().any(|it| is_second(it.from))
                }
                _ => false,
            };
            if provides {
                self.give(name, file, value);
            }
        }
    }

    fn read_plugin(&mut self, facts: &FileFacts, file: FileId, made: ExprId) {
        let setup = match facts.expr(made) {
            Expr::Object(entries) => property(entries, SETUP),
            _ => Some(made),
        };
        let Some(Expr::Function(setup)) = setup.map(|setup| facts.expr(setup)) else {
            return;
        };
        for given in &facts.function(*setup).returns {
            let Expr::Object(given) = facts.expr(*given) else {
                continue;
            };
            let Some(Expr::Object(provided)) =
                property(given, PROVIDE).map(|provided| facts.expr(provided))
            else {
                continue;
            };
            for (name, value) in provided.iter().filter_map(Entry::named) {
                self.give(name, file, value);
            }
        }
    }

    fn give(&mut self, name: &str, file: FileId, value: ExprId) {
        let name = Name::from(format!("${name}"));
        self.of_components
            .entry(name)
            .or_default()
            .push((file, value));
    }
}

/// Whether an expression is what an app holds for its components, which is the same for whoever reads it.
pub(super) fn is_for_components(facts: &FileFacts, expr: ExprId) -> bool {
    matches!(facts.expr(expr), Expr::Member { name, .. } if name == GLOBAL_PROPERTIES)
}

/// The name under which an app's components are given something that a path of members reads from the app.
pub(super) fn given_by_app<'k>(path: &[Option<&'k Name>]) -> Option<&'k Name> {
    let at = path
        .iter()
        .position(|key| key.is_some_and(|key| key == GLOBAL_PROPERTIES))?;
    path.get(at + 1).copied().flatten()
}

impl Evaluator<'_> {
    /// What a member of a component in a file is of which the component says nothing: `this.$name`, and `$name` in a template
    /// whose script is its setup, since the app gives every component what it names so, and a plugin what it brings; and a tag
    /// that means another component.
    pub(super) fn of_any_component(&self, name: &Name, spot: Spot) -> Option<V> {
        self.of_component(name).or_else(|| {
            let component = self.meant_by_tag(spot.file, name)?;
            Some(self.definition(&component, spot))
        })
    }

    /// The component that a tag means which nothing in the file names.
    pub(super) fn meant_by_tag(&self, file: FileId, name: &str) -> Option<Definition> {
        let is_tag = name.starts_with(|first: char| first.is_ascii_uppercase());
        is_tag.then(|| self.program.component(file, name)).flatten()
    }

    /// What the app gives all its components under a name.
    pub(super) fn of_component(&self, name: &Name) -> Option<V> {
        if let Some(values) = self.registry.of_components.get(name) {
            let found = V::union(values.iter().map(|(file, value)| self.expr(*file, *value)));
            if !found.is_empty() {
                return Some(found);
            }
        }
        let is_plugin = name.starts_with('$') && !self.catalog.globals(name).is_empty();
        is_plugin.then(|| V::new(Value::Vendor(VendorThing::Global { name: name.clone() })))
    }

    /// The app, by which all that it gives its components can be had, beside what it is `given` elsewhere.
    pub(super) fn app(&self, given: &V) -> V {
        let mut app = Object::default();
        app.spread(given, false);
        let names = self.registry.of_components.keys();
        for name in names.filter(|name| name.starts_with('$')) {
            if let Some(given) = self.of_component(name) {
                app.set(name.clone(), given, false);
            }
        }
        V::new(Value::Object(app))
    }
}

/// The name under which templates have what an app registers by a method.
fn registered(method: &str, name: &str) -> Option<Name> {
    match method {
        "directive" => Some(directive_name(name)),
        "component" => Some(Name::from(spelled_as_class(name))),
        _ => None,
    }
}

/// The name under which a template calls a directive: that of `track-click` is `vTrackClick`.
fn directive_name(name: &str) -> Name {
    Name::from(format!("v{}", spelled_as_class(name)))
}

fn spelled_as_class(name: &str) -> String {
    name.split('-').map(capitalized).collect()
}

/// How a template writes what every component is given under a name.
pub(super) fn as_written(name: &str) -> String {
    let directive = name
        .strip_prefix('v')
        .filter(|rest| rest.starts_with(|first: char| first.is_uppercase()));
    let (mut out, rest) = match directive {
        Some(directive) => (String::from("v"), directive),
        // The component of an element: `AppCard` of `app-card`.
        None if name.starts_with(|first: char| first.is_uppercase()) => (String::new(), name),
        None => return name.to_owned(),
    };
    for char in rest.chars() {
        if char.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(char.to_lowercase());
    }
    out
}

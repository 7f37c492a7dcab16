//! Elements of a page as values: what they are handed and what is between their tags.
//!
//! In: an element, or a call that makes or renders one (`createElement(Card, { user })`, `await render(<Card user={user} />)`).
//! Out: an object of what it is handed. A vendor is sent it with the page of a mail, and nowhere else, so that elements are
//! values only in programs that know such a vendor. It leaves alone what a component makes of its props, which is what
//! it shows of them, and who calls the functions among them (`calls`).

use rustc_hash::FxHashSet;

use super::catalog::Catalog;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, Root, V, Value};
use crate::facts::{Entry, ExprId, JsxTag, Name};
use crate::ruleset::schema::Arg;
use crate::source::FileId;

/// Under which name an element has what is between its tags.
pub(super) const CHILDREN: Name = Name::const_new("children");
/// The functions of packages that make elements, as builds and hand-written code call them.
const MAKERS: [&str; 4] = ["createElement", "cloneElement", "jsx", "jsxs"];
/// The keys under which vendors are sent pages.
const PAGES: [&str; 2] = ["html", "react"];
/// What is made of what was made of an element is followed no further than this.
const MAX_MADE: usize = 6;

/// Whether one of some vendors is sent pages.
pub(super) fn are_sent(catalog: &Catalog<'_>, vendors: &FxHashSet<usize>) -> bool {
    let mut vendors = vendors.iter().map(|vendor| catalog.vendor(*vendor));
    vendors.any(|vendor| {
        let mut args = vendor.calls.iter().flat_map(|call| &call.args);
        args.any(|arg| match arg {
            Arg::Object(listed) => PAGES.iter().any(|page| listed.keys.contains_key(*page)),
            Arg::Role(_) => false,
        })
    })
}

impl Evaluator<'_> {
    /// An element that is written out.
    pub(super) fn element_of_page(
        &self,
        file: FileId,
        tag: &JsxTag,
        props: &[Entry],
        children: &[ExprId],
    ) -> V {
        if !self.sends_pages {
            return V::nothing();
        }
        let attributes = match tag {
            JsxTag::Component(_) => self.object(file, props),
            // How an element of the page looks and what it does is the program's own.
            JsxTag::Intrinsic(_) | JsxTag::Fragment => V::new(Value::Object(Object::default())),
        };
        let children = children.iter().map(|child| self.expr(file, *child));
        element(&attributes, children.collect())
    }

    /// What a function of a package gives that makes or renders elements.
    pub(super) fn made_element(&self, callee: &Data, args: &[V]) -> Option<V> {
        let is_package = matches!(callee.root, Root::Outside(_)) && self.sends_pages;
        let (first, rest) = args.split_first().filter(|_| is_package)?;
        let is_maker = |name: &Name| MAKERS.contains(&name.as_str());
        if callee.path.last().is_some_and(is_maker) {
            let (props, children) = rest.split_first()?;
            return Some(element(props, children.to_vec()));
        }
        is_element(first).then(|| first.clone())
    }
}

/// The element that a value is, or was made of by functions of packages.
pub(super) fn element_in(value: &V) -> Option<V> {
    let mut value = value.clone();
    for _ in 0..MAX_MADE {
        if is_element(&value) {
            return Some(value);
        }
        let Value::Data(data) = &*value else {
            return None;
        };
        let origin = data.origin();
        value = origin.given.clone().or_else(|| origin.made_of.clone())?;
    }
    None
}

fn is_element(value: &V) -> bool {
    matches!(&**value, Value::Object(object) if object.is_element)
}

fn element(props: &V, children: Vec<V>) -> V {
    let mut element = Object {
        is_literal: true,
        is_element: true,
        ..Object::of(props)
    };
    if !children.is_empty() {
        element.set(CHILDREN, V::new(Value::Array(children)), false);
    }
    V::new(Value::Object(element))
}

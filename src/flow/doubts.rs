//! Why a value cannot be known.
//!
//! In: a value that arrives at a vendor call. Out: the reason for which it may be anything, if it may. It leaves alone what
//! its names say (`classify`).

use super::evaluate::Evaluator;
use super::payload::Leaf;
use super::subject::{Subject, ValueType};
use super::value::{Data, FnRef, Root, Step, Value};
use crate::facts::Name;
use crate::finding::Confidence;
use crate::ruleset::schema::Role;

/// Why nothing is known of a parameter.
pub(super) const UNCALLED: &str =
    "it is an untyped parameter of a function that nothing here calls";
pub(super) const CALLED_OUTSIDE: &str =
    "it is an untyped parameter of a function that is called from outside of this tree";
/// The same of one whose type is in no file that was read.
pub(super) const UNREAD: &str =
    "its type is declared in a file that is not in this tree or was not read";

/// The same of a record of anything (`Record<string, unknown>`).
const ANY_FIELDS: &str = "its type says nothing of the fields that it has";

/// Why nothing is known of what a call gives.
const OF_CALL: &str = "it is the result of a call whose type is not known";

/// The same of what a package's function makes of something of a person.
const MADE_OF: &str = "it is what a function outside of this tree makes of personal data";

/// Whether a value is known by what made or holds it, so that only a name that speaks of a person as a whole casts doubt on it.
pub(super) fn is_told_by_name(data: &Data) -> bool {
    matches!(data.root, Root::Call | Root::Global | Root::Kept) || data.is_called()
}

/// Whether what stands in a role need be known.
fn is_data(role: Role) -> bool {
    !matches!(
        role,
        Role::EventName
            | Role::Error
            | Role::Message
            | Role::Content
            | Role::Url
            | Role::Options
            | Role::Other
    )
}

impl Evaluator<'_> {
    /// Why a single value may be anything; none if it is clearly nothing personal or of a role in which it need not be known.
    pub(super) fn doubt(
        &self,
        leaf: &Leaf<'_>,
        data: &Data,
        ty: ValueType,
    ) -> Option<&'static str> {
        let may_be_personal = matches!(
            ty,
            ValueType::Unknown | ValueType::String | ValueType::Object
        );
        if !is_data(leaf.role)
            || leaf.in_text
            || leaf.by_type > 0
            || data.choice
            || !may_be_personal
        {
            return None;
        }
        match &data.root {
            _ if matches!(data.steps.last(), Some(Step::Any | Step::Each))
                && ty == ValueType::Unknown =>
            {
                Some("which member it is, is computed")
            }
            Root::Param(..) => Some(self.opaque_reason(data)),
            Root::Outside(specifier) if specifier.starts_with('.') => {
                Some("it comes from a module that cannot be found")
            }
            Root::Outside(_) if !data.steps.is_empty() => Some(self.opaque_reason(data)),
            Root::Unknown(reason) => Some(reason),
            _ if is_told_by_name(data) && ty != ValueType::String => Some(self.opaque_reason(data)),
            _ => None,
        }
    }

    /// Why a value that a package's function gives may be of a person: it was handed something that is, beyond doubt.
    pub(super) fn made_of(
        &self,
        leaf: &Leaf<'_>,
        data: &Data,
        class_of: impl Fn(&Subject) -> Option<(Name, Confidence)>,
    ) -> Option<&'static str> {
        let handed = data.origin().made_of.as_ref()?;
        let Value::Data(handed) = &**handed else {
            return None;
        };
        let is_told = leaf.in_text || leaf.by_type > 0 || !is_data(leaf.role);
        if is_told || data.root != Root::Call || !data.path.is_empty() {
            return None;
        }
        let subject = Subject {
            key: Vec::new(),
            role: None,
            ..self.subject(leaf, handed)
        };
        let (_, confidence) = class_of(&subject)?;
        (confidence == Confidence::High).then_some(MADE_OF)
    }

    /// Why it is not known what fields a value has that is a part of a payload or spread into one; none if it is known, or need
    /// not be.
    pub(super) fn open_fields(
        &self,
        leaf: &Leaf<'_>,
        data: &Data,
        ty: ValueType,
    ) -> Option<&'static str> {
        let takes_fields = matches!(
            leaf.role,
            Role::Traits | Role::Properties | Role::GroupTraits | Role::Groups
        );
        if !takes_fields || leaf.in_text || leaf.by_type > 0 {
            return None;
        }
        if leaf.is_spread {
            let is_open = matches!(ty, ValueType::Unknown | ValueType::Object);
            return is_open.then(|| self.opaque_reason(data));
        }
        let declared = data.ty.as_ref()?;
        self.shapes.is_open(declared).then_some(ANY_FIELDS)
    }

    /// Why nothing is known of a value, by where it comes from.
    pub(super) fn opaque_reason(&self, data: &Data) -> &'static str {
        match &data.root {
            Root::Unknown(reason) => reason,
            _ if data.is_called() => OF_CALL,
            Root::Param(..) if data.ty.as_ref().is_some_and(|ty| self.shapes.is_unread(ty)) => {
                UNREAD
            }
            Root::Param(function, _) if self.is_handed_on(*function) => CALLED_OUTSIDE,
            Root::Param(..) => UNCALLED,
            Root::Outside(_) => {
                "it comes from a package outside the scanned tree and its fields are not known"
            }
            Root::Call => OF_CALL,
            Root::Kept => "it is put into a state where this cannot be seen",
            Root::Global => "it is a global whose fields are not known",
            Root::Caught => "it is a caught error",
        }
    }

    /// Whether a function stands among the arguments of a call, or in an object there, so that whoever is called calls it.
    fn is_handed_on(&self, function: FnRef) -> bool {
        let positions = self.positions(function.file);
        positions.is_argument(function.function)
    }
}

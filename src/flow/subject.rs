//! What the flow stage knows of a value that reaches a vendor.
//!
//! In: nothing; this module only defines shapes. Out: [`Subject`], which `classify/` reads. It leaves alone what class the
//! value is of.

use serde::{Deserialize, Serialize};

use crate::facts::{Literal, Name};
use crate::ruleset::schema::Role;

/// What kind of value the declared types allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ValueType {
    /// No type is known.
    #[default]
    Unknown,
    /// Text.
    String,
    /// A number.
    Number,
    /// A truth value.
    Boolean,
    /// An enum or a union of literals: one of a few words that the code itself lists.
    Choice,
    /// A date.
    Date,
    /// An object, array or function whose fields are not known.
    Object,
}

/// What receives a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Recipient {
    /// A vendor's SDK.
    #[default]
    Vendor,
    /// A host at which a vendor collects.
    Host,
    /// An API at which a sender proves who it is.
    Api,
    /// The same of somebody of whom no rule knows what it is.
    Stranger,
    /// What the name of a variable says to be a vendor's address.
    Named,
}

/// What is known of a value that reaches a vendor. All names are as written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// The names by which it is read, from the root to the value: `session.user.email` is three. Empty for a literal or a
    /// value whose origin has no name.
    pub path: Vec<Name>,
    /// The path starts at a global of the platform (`window`, `navigator`, `document`, `localStorage`).
    pub global: bool,
    /// The function that made the value or the root of the path, with its receiver (`getEmail`, `auth.currentUser`).
    pub producer: Option<Name>,
    /// A literal string argument of the producer (`params.get('email')`, `localStorage.getItem('token')`).
    pub named: Option<Name>,
    /// Variables and parameters that held the value on its way, the one nearest to the origin first.
    pub aliases: Vec<Name>,
    /// The keys under which the vendor receives it, outermost first; empty for a positional value.
    pub key: Vec<Name>,
    /// What the vendor takes it for: the role of the argument or listed key.
    pub role: Option<Role>,
    /// The kind of the group that the call is about, if it is a constant.
    pub group: Option<Name>,
    /// The class that the vendor's rule gives to a bare value of this call.
    pub value_class: Option<Name>,
    /// What its declared type allows.
    pub ty: ValueType,
    /// The declared type of the object that it is read from, or of the value itself if it is a named type.
    pub owner_type: Option<Name>,
    /// The vendor's id and call, for the vendor's own keys.
    pub vendor: Name,
    /// The vendor's call path.
    pub call: Name,
    /// The value is this literal.
    pub literal: Option<Literal>,
    /// It is a piece of a longer text (a template, a concatenation).
    pub in_text: bool,
    /// That text has words of the program's own, beside signs that only set it out.
    pub amid_words: bool,
    /// Classes of which no value is in its text.
    #[serde(default)]
    pub removed: Vec<Name>,
    /// What it is sent to.
    pub recipient: Recipient,
    /// It is an element of a list or table, or read from one.
    #[serde(default)]
    pub of_element: bool,
    /// It is a part of a value of which only the function that is handed the value says that it may have such a part.
    pub presumed: bool,
    /// The sign at which it was cut out of a text.
    #[serde(default)]
    pub cut_at: Option<Name>,
    /// A protocol sends it as a text of the program's own (a query in GraphQL), and it is no part of one.
    #[serde(default)]
    pub is_document: bool,
    /// It is read from what a package outside the tree exports.
    #[serde(default)]
    pub of_package: bool,
    /// What its last key says with the kind that a key beside it tells: `artist_id` for an `owner_id` beside `owner_type`.
    #[serde(default)]
    pub key_with_kind: Option<Name>,
    /// The call that made it stands in the call that hands it over, so that nothing else has it.
    #[serde(default)]
    pub made_for_call: bool,
}

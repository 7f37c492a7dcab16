//! Arguments that tell: for each role of a rule a value of a class that must be found again.
//!
//! In: a call's rule. Out: its arguments as code, and what must be found of them. It leaves alone how the call is reached.

use std::collections::BTreeMap;

use super::super::schema::{Arg, Call, Role};

/// What the functions of generated files take; the values below are read from it.
pub(crate) const PARAMETERS: &str = "user: User, account: Account, device: Device, form: Form";

/// The types of these.
pub(crate) const TYPES: &[&str] = &[
    "interface User { id: string; email: string; phone: string; fullName: string }",
    "interface Account { organizationId: string }",
    "interface Device { deviceId: string }",
    "interface Form { value: string; question: string }",
];

/// A class that must be found under a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub class: String,
    pub property: String,
}

/// The arguments of one call, as code, and what must be found of them.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    pub args: Vec<String>,
    pub expected: Vec<Expected>,
}

/// How arguments are written that may be written in several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the role says.
    Plain,
    /// An object in place of a scalar, where the rule says what its keys are, or of a function that makes one.
    Objects,
    /// A list of objects for each object below the first.
    Lists,
}

/// Every form in which a call takes its arguments: as their roles say; with objects in place of scalars and functions;
/// with lists of objects inside; a key and a value in place of an object; traits in place of an id that is left out.
pub(crate) fn forms(call: &Call) -> Vec<Telling> {
    let mut forms = vec![telling(call, Form::Plain)];
    let takes_either = call.args.iter().any(|arg| match arg {
        Arg::Role(role) => *role == Role::PropertiesCallback,
        Arg::Object(object) => !object.keys.is_empty() && is_scalar(object.role),
    });
    if takes_either {
        forms.push(telling(call, Form::Objects));
    }
    let lists = telling(call, Form::Lists);
    if forms.iter().all(|form| form.args != lists.args) {
        forms.push(lists);
    }
    let roles: Vec<Role> = call.args.iter().map(role).collect();
    if let [first, Role::Value, ..] = roles.as_slice()
        && matches!(first, Role::Traits | Role::Properties | Role::GroupTraits)
    {
        forms.push(Telling {
            args: vec![quoted("plan"), "user.email".to_owned()],
            expected: vec![found("email", "plan")],
        });
    }
    if let [Role::UserId, rest @ ..] = roles.as_slice()
        && rest.contains(&Role::Traits)
        && !takes_either
    {
        forms.push(Telling {
            args: vec!["{ contact: user.email }".to_owned()],
            expected: vec![found("email", "contact")],
        });
    }
    forms
}

fn telling(call: &Call, form: Form) -> Telling {
    let mut args = Vec::new();
    let mut expected = Vec::new();
    let mut key: Option<String> = None;
    for (index, arg) in call.args.iter().enumerate() {
        let class = call.value_class.as_deref();
        let (code, mut more) = match arg {
            Arg::Object(object)
                if !object.keys.is_empty()
                    && (form == Form::Objects || !is_scalar(object.role)) =>
            {
                object_of(object.role, &object.keys, class, index, form)
            }
            Arg::Role(Role::PropertiesCallback) if form == Form::Objects => {
                value(Role::Properties, class, index)
            }
            _ => value(role(arg), class, index),
        };
        match role(arg) {
            Role::Key => key = Some(format!("plan{index}")),
            Role::Value => {
                if let (Some(key), [only]) = (key.take(), more.as_mut_slice()) {
                    only.property = key;
                }
            }
            role if takes_an_object(role) => {
                for found in &mut more {
                    found.property = found.property.trim_start_matches('.').to_owned();
                }
            }
            _ => {}
        }
        for found in &mut more {
            if found.property.is_empty() {
                found.property = format!("${}", spelled(role(arg)));
            }
        }
        args.push(code);
        expected.extend(more);
    }
    Telling { args, expected }
}

/// An object in which every listed key has a value of its role.
fn object_of(
    own: Role,
    keys: &BTreeMap<String, Role>,
    class: Option<&str>,
    index: usize,
    form: Form,
) -> (String, Vec<Expected>) {
    let mut root = Node {
        role: takes_an_object(own).then_some(own),
        below: BTreeMap::new(),
    };
    for (path, role) in keys {
        let mut node = &mut root;
        for part in path.split('.') {
            node = node.below.entry(part).or_default();
        }
        node.role = Some(*role);
    }
    root.written(class, index, form)
}

#[derive(Default)]
struct Node<'k> {
    role: Option<Role>,
    below: BTreeMap<&'k str, Node<'k>>,
}

impl Node<'_> {
    fn written(&self, class: Option<&str>, index: usize, form: Form) -> (String, Vec<Expected>) {
        if self.below.is_empty() {
            return value(self.role.unwrap_or(Role::Other), class, index);
        }
        let mut fields = Vec::new();
        let mut expected = Vec::new();
        for (name, node) in &self.below {
            let (code, more) = node.written(class, index, form);
            let code = match form {
                Form::Lists if !node.below.is_empty() => format!("[{code}]"),
                _ => code,
            };
            fields.push(format!("{}: {code}", quoted(name)));
            expected.extend(more.into_iter().map(|found| Expected {
                property: match found.property.as_str() {
                    "" => (*name).to_owned(),
                    // Under a key an error is an object like others.
                    "$message" => format!("{name}.message"),
                    below => format!("{name}.{below}"),
                },
                ..found
            }));
        }
        if let Some(role) = self.role
            && takes_an_object(role)
        {
            fields.push(format!("contact{index}: user.email"));
            expected.push(found("email", &format!("contact{index}")));
        }
        (format!("{{ {} }}", fields.join(", ")), expected)
    }
}

/// A value of a role, and what it must be found as; the property is relative to the value.
fn value(role: Role, class: Option<&str>, index: usize) -> (String, Vec<Expected>) {
    let one = |code: &str, class: &str| (code.to_owned(), vec![found(class, "")]);
    let nothing = |code: &str| (code.to_owned(), Vec::new());
    match role {
        Role::UserId | Role::Alias => one("user.id", "user_id"),
        Role::DeviceId => one("device.deviceId", "device_id"),
        Role::GroupId => one("account.organizationId", "org_id"),
        Role::Groups => (
            "{ company: account.organizationId }".to_owned(),
            vec![found("org_id", "company")],
        ),
        Role::Traits | Role::Properties | Role::GroupTraits => (
            format!("{{ contact{index}: user.email }}"),
            vec![found("email", &format!("contact{index}"))],
        ),
        Role::PropertiesCallback => (
            format!("() => ({{ contact{index}: user.email }})"),
            vec![found("email", &format!("contact{index}"))],
        ),
        Role::Value => match class {
            Some(class) => one("form.value", class),
            None => one("user.email", "email"),
        },
        Role::Content => one("form.question", "content"),
        Role::Message => one("`of ${user.email}`", "email"),
        Role::Error => (
            "new Error(user.email)".to_owned(),
            vec![found("email", "$message")],
        ),
        Role::Url => one("window.location.href", "url"),
        Role::Email => one("user.email", "email"),
        Role::Phone => one("user.phone", "phone"),
        Role::PersonName => one("user.fullName", "person_name"),
        Role::Key => nothing(&format!("'plan{index}'")),
        Role::EventName => nothing("'Opened'"),
        Role::GroupType => nothing("'company'"),
        Role::Options | Role::Destinations => nothing("{}"),
        Role::Callback => nothing("() => {}"),
        Role::Other => nothing("'x'"),
    }
}

fn found(class: &str, property: &str) -> Expected {
    Expected {
        class: class.to_owned(),
        property: property.to_owned(),
    }
}

pub(crate) fn role(arg: &Arg) -> Role {
    match arg {
        Arg::Role(role) => *role,
        Arg::Object(object) => object.role,
    }
}

fn takes_an_object(role: Role) -> bool {
    matches!(
        role,
        Role::Traits | Role::Properties | Role::GroupTraits | Role::Groups
    )
}

/// Roles of one value; an object in its place is another way to call.
fn is_scalar(role: Role) -> bool {
    !takes_an_object(role) && role != Role::Options
}

fn spelled(role: Role) -> String {
    serde_json::to_value(role)
        .ok()
        .and_then(|role| role.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// A string literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{text}'")
}

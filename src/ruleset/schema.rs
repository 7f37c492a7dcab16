//! The shapes of the rule files, as written.
//!
//! In: TOML text under `rules/`. Out: serde structs that refuse unknown keys. It leaves alone whether what is written
//! makes sense (`validate`) and how stages look it up (`mod`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Confidence, Severity, Transform};

/// `rules/vendors/<id>.toml`: one vendor, and how code reaches it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// The id; equal to the file's name.
    pub id: String,
    /// The name people know.
    pub name: String,
    /// `product-analytics`, `session-replay`, `error-monitoring`, `tag-manager`, `ads`, `support-chat`, `feature-flags`,
    /// `marketing-automation`, …
    pub category: String,
    /// Seat of the company, or `unverified`.
    #[serde(default)]
    pub country: Option<String>,
    /// The vendor's page.
    #[serde(default)]
    pub homepage: Option<String>,
    /// What the facts were read from, with versions.
    pub sources: Vec<String>,
    /// What could not be verified.
    #[serde(default)]
    pub unverified: Vec<String>,
    /// Data classes that the vendor is there to process (what a payment service needs to take a payment). Handing them
    /// over is expected: listed apart from the findings.
    #[serde(default)]
    pub purpose: Vec<String>,
    /// What the vendor passes on to others, for a hub (a tag manager, a customer data platform): a sentence.
    #[serde(default)]
    pub forwards: Option<String>,
    /// For a hub that is a library and no service: what it is sent arrives at those whom the code names, not at it. With hosts
    /// of its own it is a service to those who are named by a text.
    #[serde(default)]
    pub relays: bool,
    /// Of the `cause` of an error that it is sent, it takes another error with its text, and nothing of what is no error.
    #[serde(default)]
    pub links_errors: bool,
    /// Other names under which hubs list it, beside the id: `Customer.io` for `customerio`. For a hub: also what it calls
    /// itself, and all others (`All`).
    #[serde(default)]
    pub known_as: Vec<String>,
    /// Packages whose versions `since`, `before` and `older` mean, where others of the vendor's count for themselves; without
    /// it, all that are not `server`.
    #[serde(default)]
    pub versioned_by: Vec<String>,
    /// Host names; a host stands for its subdomains too.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Addresses (host and path, without a scheme) of scripts that start the SDK by being loaded: what begins with one. The
    /// attributes of the element that loads it are the options.
    #[serde(default)]
    pub scripts: Vec<String>,
    /// Attributes of the element of a script that say that the script is the vendor's, wherever it lies.
    #[serde(default)]
    pub script_attributes: Vec<String>,
    /// Hosts at which an app has to prove who it is, or which serve more than the vendor's collection.
    #[serde(default, rename = "api")]
    pub apis: Vec<Api>,
    /// For a hub: how the files are named that say what it passes on (`*` for anything).
    #[serde(default)]
    pub containers: Vec<String>,
    /// The types under which such a file lists tags of the vendor.
    #[serde(default)]
    pub tags: Vec<String>,
    /// npm packages.
    #[serde(default, rename = "package")]
    pub packages: Vec<Package>,
    /// Global variables that a snippet creates.
    #[serde(default, rename = "global")]
    pub globals: Vec<Global>,
    /// Calls that send or attach data.
    #[serde(default, rename = "call")]
    pub calls: Vec<Call>,
    /// Calls that carry no personal data by design (`reset`, `flush`), or keep on the device what they are given, by path;
    /// `surface:path` for another surface.
    #[serde(default)]
    pub control: Vec<String>,
    /// Calls that only make what others send, and give back what they are given; written like those of `control`.
    #[serde(default)]
    pub makes: Vec<String>,
    /// Calls that send what they are given only with some options of the SDK.
    #[serde(default)]
    pub stays: Vec<Stays>,
    /// Calls whose result or callback parameter is a client again.
    #[serde(default)]
    pub gives: Vec<Gives>,
    /// Surfaces of parts that take nothing of pages by themselves (a form, a chat), other than what the rest of the SDK does.
    #[serde(default)]
    pub aside: Vec<String>,
    /// Calls that start the SDK.
    #[serde(default)]
    pub init: Vec<Init>,
    /// Members of the SDK that say that it is started already (`__loaded`): a test of one decides nothing.
    #[serde(default)]
    pub started: Vec<String>,
    /// Plugins of frameworks that start the SDK.
    #[serde(default, rename = "plugin")]
    pub plugins: Vec<Plugin>,
    /// Methods of objects in the options, which are called with what a call of the client is given.
    #[serde(default, rename = "handler")]
    pub handlers: Vec<Handler>,
    /// What the SDK collects by itself.
    #[serde(default)]
    pub auto: Vec<Auto>,
    /// Hooks of the SDK that leave something out of what is sent.
    #[serde(default)]
    pub scrub: Vec<Scrub>,
    /// Init options that list parameters of addresses which the SDK blanks before it sends an address.
    #[serde(default)]
    pub blanks: Vec<String>,
    /// Keys with a meaning of the vendor's own (`em` is an e-mail for Meta), to a class id; `none` for a key that is no
    /// personal data whatever it is called. `call.path:key` limits one to a call.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
    /// Attributes, classes and elements that keep page content out of a recording.
    #[serde(default)]
    pub masking: Vec<Masking>,
    /// Calls and options by which consent is given or withdrawn.
    #[serde(default)]
    pub consent: Vec<String>,
    /// How the SDK is told of consent, as far as code shows it.
    #[serde(default, rename = "agreement")]
    pub agreements: Vec<Agreement>,
    /// Anything a reader should know.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Calls of which nothing leaves the device where the SDK is started so: flags that are evaluated there. Where no start is seen
/// it is taken to leave.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stays {
    /// The calls, by path.
    pub calls: Vec<String>,
    /// Of which surface the starts are that say so.
    #[serde(default = "client")]
    pub surface: String,
    /// Init options that must have one of these values (none: any but `false` and 0).
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<serde_json::Value>>")]
    pub needs: BTreeMap<String, Vec<toml::Value>>,
    /// Init options that must have none of them.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<serde_json::Value>>")]
    pub unless: BTreeMap<String, Vec<toml::Value>>,
}

/// A host of the vendor's API or site: a key or token in a request there is how the app proves who it is, not something that
/// it hands over.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// The host name; it stands for its subdomains too.
    pub host: String,
    /// Where it takes what the vendor is here for, as parts of the address (`/tr`, `/events`): a request to anywhere else is
    /// one to the platform around the vendor. Empty: everywhere.
    #[serde(default)]
    pub collects: Vec<String>,
}

/// An npm package of a vendor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The name; its subpaths (`name/react`) belong to it unless another entry names them.
    pub name: String,
    /// The version that was read.
    #[serde(default)]
    pub version: Option<String>,
    /// It runs on a server, and takes nothing of pages.
    #[serde(default)]
    pub server: bool,
    /// It starts by being imported; the call that starts it only gives it options.
    #[serde(default)]
    pub starts: bool,
    /// It is that of other products as well: importing it does not show that this one is there.
    #[serde(default)]
    pub shared: bool,
    /// The surface that the namespace of the package is: `import * as X`, `require()`, and any named import that no
    /// `export` below lists stand for members of it. Also the default import, unless an `export` named `default` says
    /// otherwise.
    #[serde(default = "client")]
    pub namespace: String,
    /// Exports that are something else than a member of the namespace.
    #[serde(default, rename = "export")]
    pub exports: Vec<PackageExport>,
    /// Exported types: a value annotated with one is a client of the surface.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
}

impl Package {
    /// One of which nothing is known but its name, with its surface.
    pub(crate) fn of_name(name: &str, namespace: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: None,
            server: false,
            starts: false,
            shared: false,
            namespace: namespace.to_owned(),
            exports: Vec::new(),
            types: BTreeMap::new(),
        }
    }
}

/// An export of a package.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageExport {
    /// The exported name; `default` for the default.
    pub name: String,
    /// What it is.
    pub kind: ExportKind,
    /// The surface that it is or gives.
    #[serde(default = "client")]
    pub surface: String,
    /// The vendor whose it is, where the package has exports of several: its rule lists the call.
    #[serde(default)]
    pub vendor: Option<String>,
    /// For a hook or factory whose result is an object or tuple that holds the client: the keys (or indexes) that are it.
    /// Empty: the result itself is the client.
    #[serde(default)]
    pub members: Vec<String>,
}

/// What an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExportKind {
    /// The client itself.
    Client,
    /// A function whose first argument names the call (`FullStory('setIdentity', …)`).
    Command,
    /// A function that returns a client (or a promise of one).
    Factory,
    /// A class whose instances are clients; the class itself is the surface `<surface>` for static methods.
    Constructor,
    /// A React or Vue hook that returns a client.
    Hook,
    /// A component whose props are the payload of the call named like it (`[[call]] path = "AcmeProvider"`).
    Component,
    /// A higher-order component that gives its component a prop: `members` names it.
    Hoc,
    /// Nothing that sends data.
    Inert,
}

/// A global variable.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Global {
    /// The name, without `window.`; may be dotted.
    pub name: String,
    /// How it is used.
    pub kind: GlobalKind,
    /// The surface of its calls.
    #[serde(default = "client")]
    pub surface: String,
    /// The name is an ordinary word (`analytics`, `heap`): only `window.name`, an ambient declaration, a script of the
    /// vendor in the tree, or its package in package.json proves it.
    #[serde(default)]
    pub common_word: bool,
    /// Regular expressions whose first group is another name that code gives to it.
    #[serde(default)]
    pub renamed: Vec<String>,
}

/// How a global is used; one global may be listed more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GlobalKind {
    /// `name.method(…)`; also `name.push(['method', …])`.
    Client,
    /// `name('method', …)`: the first argument names the call (`fbq`, `gtag`, `Intercom`).
    Command,
    /// `name.push(['method', …])`: the first element names the call (`_hsq`, `_paq`).
    CommandQueue,
    /// `name.push({…})`: the call `push` with that argument (`dataLayer`).
    ObjectQueue,
    /// A function itself: `name(…)` is the call named like it.
    Function,
    /// Assigned, not called: `window.name = {…}` is the call `name` with that value as its argument, `name.key = x` with
    /// `{ key: x }`.
    Settings,
    /// A constructor: `new name(…)` gives the surface.
    Constructor,
}

/// A call that sends or attaches data.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The way from the surface to the function (`people.set`), the command's name, a component's or global's name,
    /// `new` for a constructor, or empty for calling the surface itself.
    pub path: String,
    /// The surfaces that have it.
    #[serde(default = "client_list")]
    pub surfaces: Vec<String>,
    /// What each argument is. A rest is written once, as the last (`…` repeats it): `rest = true`.
    #[serde(default)]
    pub args: Vec<Arg>,
    /// The data class of the `value` arguments by position (`setCountry(x)`), unless their own name says another.
    #[serde(default)]
    pub value_class: Option<String>,
    /// The value stays with the user, session or client for later events.
    #[serde(default)]
    pub lasting: bool,
    /// From then on it sends by itself what no call in the code shows: each request of a server, what a wrapped function is given.
    #[serde(default)]
    pub unseen: bool,
    /// Anything a reader should know.
    #[serde(default)]
    pub note: Option<String>,
}

impl Call {
    /// Whether two calls differ in their names alone.
    fn takes_what(&self, other: &Self) -> bool {
        (&self.surfaces, &self.args, &self.value_class)
            == (&other.surfaces, &other.args, &other.value_class)
            && (self.lasting, self.unseen) == (other.lasting, other.unseen)
    }
}

impl Vendor {
    /// Where the first of the calls stands that differ from the one of a path in their names alone: the levels of a log.
    #[must_use]
    pub fn first_alike(&self, path: &str) -> Option<usize> {
        let call = self.calls.iter().find(|call| call.path == path)?;
        self.calls.iter().position(|first| first.takes_what(call))
    }
}

/// What an argument is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Arg {
    /// Just a role.
    Role(Role),
    /// An object whose keys have roles of their own; other keys have the role of the object.
    Object(ObjectArg),
}

/// An argument object with keys of known roles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectArg {
    /// The role of the object: of keys that are not listed.
    pub role: Role,
    /// Role by key; dotted for nested keys.
    #[serde(default)]
    pub keys: BTreeMap<String, Role>,
}

/// What a value means to the vendor.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The id of the user.
    UserId,
    /// Another id for the same user.
    Alias,
    /// An anonymous or device id.
    DeviceId,
    /// The id of a company, workspace or team.
    GroupId,
    /// What kind of group it is (`company`).
    GroupType,
    /// An object from group type to group id.
    Groups,
    /// What is known of a group.
    GroupTraits,
    /// What is known of the user.
    Traits,
    /// What is sent with one event, or with all later ones.
    Properties,
    /// The name of an event or page.
    EventName,
    /// The name of a property whose value is the next argument.
    Key,
    /// The value that belongs to a `key`, or stands alone.
    Value,
    /// Free text.
    Message,
    /// Text that somebody writes to the vendor: a question, what is said in a chat, what is searched for.
    Content,
    /// An error: its message and stack are sent.
    Error,
    /// An address.
    Url,
    /// An e-mail address by position.
    Email,
    /// A phone number by position.
    Phone,
    /// A person's name by position.
    PersonName,
    /// Settings of the SDK or of the call; not data, unless a listed key says so.
    Options,
    /// A function that the SDK calls back.
    Callback,
    /// A function whose result is sent as properties.
    PropertiesCallback,
    /// To whom a hub passes on what it is sent: a name, a list of names, or an object whose keys are names (`false` for one that
    /// gets nothing).
    Destinations,
    /// Nothing that is sent as data (a token, a selector, a number).
    Other,
}

/// A call that gives a client.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gives {
    /// The call's path; may be empty for calling the surface itself (`analytics()`).
    pub path: String,
    /// The surface that has it.
    #[serde(default = "client")]
    pub from: String,
    /// The surface of the client that it gives.
    #[serde(default = "client")]
    pub surface: String,
    /// The client is a parameter of the callback in this argument, not the result.
    #[serde(default)]
    pub callback: Option<usize>,
    /// The callback lies under this key (dotted) of that argument: `loaded` in the options of `init`.
    #[serde(default)]
    pub callback_key: Option<String>,
    /// Which parameter of the callback is the client, from 0.
    #[serde(default)]
    pub parameter: u32,
    /// Where the call may list the methods that do something; the others of the client do nothing then.
    #[serde(default)]
    pub methods: Option<Listed>,
}

/// A list among a call's arguments.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Which argument, from 0.
    pub argument: usize,
    /// Under which key of it.
    pub key: String,
}

/// A call that starts the SDK.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Init {
    /// The path of the call, a command, component or factory name, or `new` (of a constructor).
    pub path: String,
    /// The surfaces that have it.
    #[serde(default = "client_list")]
    pub surfaces: Vec<String>,
    /// Which argument holds the options; components: the props are argument 0.
    #[serde(default)]
    pub options: Option<usize>,
    /// Which argument holds them where there is none at that place, and an object at this one.
    #[serde(default)]
    pub options_else: Option<usize>,
    /// The key under which the options lie in that argument (`options` of `AcmeProvider`).
    #[serde(default)]
    pub options_key: Option<String>,
    /// A key (of a component: an attribute) of the options' argument with which it starts nothing: what it names is started
    /// elsewhere.
    #[serde(default)]
    pub given: Option<String>,
    /// The option (dotted) that says whether it starts anything: `false` starts nothing, and what the code computes for it is a
    /// condition of the start.
    #[serde(default)]
    pub enabled_by: Option<String>,
    /// For a hub: the key (dotted) of the options under which code names to whom it passes on what it is sent.
    #[serde(default)]
    pub destinations: Option<String>,
    /// It starts nothing, but changes options of what is started (`set_config`).
    #[serde(default)]
    pub later: bool,
    /// Options (dotted) that have these values once it is called, whatever it is given: a part of the SDK is there then.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub sets: BTreeMap<String, toml::Value>,
}

/// A method that the SDK calls when a call of its client is made: `track` of each of the `plugins` in its options.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handler {
    /// The key of the options that lists the objects.
    pub listed: String,
    /// Their method.
    pub method: String,
    /// The path of the client's call.
    pub call: String,
    /// What the method's only argument has under each key (dotted): which argument of the call, from 0.
    pub gives: BTreeMap<String, usize>,
}

/// A plugin by which a framework starts the SDK from its configuration (`modules` of Nuxt, `plugins` of Gatsby, `presets` of
/// Docusaurus).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// The name by which a configuration lists it.
    pub name: String,
    /// The version that was read.
    #[serde(default)]
    pub version: Option<String>,
    /// The keys of the configuration under which the plugin's options may stand instead of beside its name.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Presets that bring the plugin along if their options have one of the keys.
    #[serde(default)]
    pub presets: Vec<String>,
    /// The key of the SDK's own options in the plugin's; none: the plugin's options are the SDK's.
    #[serde(default)]
    pub options_key: Option<String>,
}

/// One thing that the SDK collects by itself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auto {
    /// The data class.
    pub class: String,
    /// The properties as the vendor names them.
    pub property: String,
    /// Only the SDK of these packages collects it; empty: whichever package it is.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Where only these packages are here, it is not collected.
    #[serde(default)]
    pub except: Vec<String>,
    /// Whether it is collected when nothing is said.
    pub default: bool,
    /// When it is sent.
    #[serde(default)]
    pub when: Option<String>,
    /// The init option (dotted) that decides, if one does.
    #[serde(default)]
    pub option: Option<String>,
    /// Values of the option that turn it off (default on); empty with an `option`: any value but `true`.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub off: Vec<toml::Value>,
    /// Values of the option that turn it on (default off); empty with an `option`: any value but `false`.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub on: Vec<toml::Value>,
    /// The option is a list, and this entry in it turns the collection off.
    #[serde(default)]
    pub off_when_listed: Option<String>,
    /// Other options (dotted) that turn it off as well, with the values that do.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<serde_json::Value>>")]
    pub unless: BTreeMap<String, Vec<toml::Value>>,
    /// Other options (dotted) without which it is off, with the values that it takes; without values: any that turns something on.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<serde_json::Value>>")]
    pub needs: BTreeMap<String, Vec<toml::Value>>,
    /// What must be switched on at the vendor as well, which no code shows.
    #[serde(default)]
    pub setting: Option<String>,
    /// What it takes of the page along with that, whatever it is.
    #[serde(default)]
    pub takes: Vec<Part>,
    /// It is of requests that the program gets: what answers none (an extension of an editor) has none of it.
    #[serde(default)]
    pub inbound: bool,
    /// It is done at the edge of a network as well.
    #[serde(default = "yes")]
    pub edge: bool,
    /// It is done in a worker of a browser as well, where there is no document; what `takes` something of pages never is.
    #[serde(default = "yes")]
    pub worker: bool,
    /// No hook of the SDK sees it.
    #[serde(default)]
    pub past_hooks: bool,
    /// Who makes it: code in the page, or the vendor's server out of the request.
    #[serde(default)]
    pub by: Maker,
    /// The first version of the SDK (`11`, `1.2`) that does it so.
    #[serde(default)]
    pub since: Option<String>,
    /// The first version of the SDK that no longer does it so.
    #[serde(default)]
    pub before: Option<String>,
    /// How to turn it off, for people.
    #[serde(default)]
    pub turn_off: Option<String>,
    /// What turned it off in older versions, the oldest first.
    #[serde(default)]
    pub older: Vec<Older>,
    /// Where that was read.
    #[serde(default)]
    pub source: Option<String>,
}

/// What turned something off in older versions of an SDK.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Older {
    /// The first version of which it no longer holds.
    pub before: String,
    /// The init option that decided, if one did.
    #[serde(default)]
    pub option: Option<String>,
    /// Values of the option that turned it off.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub off: Vec<toml::Value>,
    /// The entry of a list that turned it off.
    #[serde(default)]
    pub off_when_listed: Option<String>,
    /// How it was turned off, for people.
    pub turn_off: String,
}

/// A hook that sees what is sent, and may leave something out or add something.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scrub {
    /// The init option (dotted) that holds it …
    #[serde(default)]
    pub option: Option<String>,
    /// … or the call whose first argument is it, or holds it under `option`; listed as an `[[init]]` with `later = true`.
    #[serde(default)]
    pub call: Option<String>,
    /// How it leaves something out.
    pub kind: ScrubKind,
    /// Which parameter of the function is what is sent, from 0.
    #[serde(default)]
    pub parameter: u32,
    /// The function returns a list, and this element of it is sent.
    #[serde(default)]
    pub element: Option<usize>,
    /// The calls whose data it sees, each with the place of that data in what it is given; empty for the whole.
    pub at: BTreeMap<String, String>,
    /// Where (dotted) in what it is given that lies which the vendor keeps: what the hook adds there is told without that path.
    #[serde(default)]
    pub within: Option<String>,
    /// What it adds there is under these keys (dotted, without `within`) in these roles, and elsewhere among the properties.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
    /// Where the name of the event stands in what it is given: it may leave out events by their names.
    #[serde(default)]
    pub event: Option<String>,
    /// Init options that open a way around it.
    #[serde(default)]
    pub bypassed_by: Vec<String>,
    /// Those of them by which the address of the page goes around it, where that is not all of them: what else takes it is an
    /// entry of its own with `past_hooks`.
    #[serde(default)]
    pub address_bypassed_by: Option<Vec<String>>,
    /// The init option with another hook, which sees what goes these ways.
    #[serde(default)]
    pub beside: Option<String>,
}

/// How a hook leaves something out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScrubKind {
    /// A function: what it returns is sent.
    Returns,
    /// A function: what is left of its first argument is sent.
    InPlace,
    /// A list of keys that are not sent.
    Keys,
}

/// A call by which consent is given or refused, or an init option with which the SDK waits for it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The call or command; on whichever surface.
    #[serde(default)]
    pub call: Option<String>,
    /// The literals that its arguments begin with.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub first: Vec<toml::Value>,
    /// The call refuses consent, takes it back or makes the SDK wait for it.
    #[serde(default)]
    pub refuses: bool,
    /// Other vendors that are told by it as well.
    #[serde(default)]
    pub also: Vec<String>,
    /// The init option (dotted) …
    #[serde(default)]
    pub option: Option<String>,
    /// … with the values with which the SDK sends nothing until consent is given.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub waits: Vec<toml::Value>,
}

/// A part of a page that holds what the app put there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The path of its address.
    Path,
    /// The query of its address.
    Query,
    /// What is typed into its form fields, other than passwords.
    Typed,
    /// What is typed into fields for passwords.
    Password,
    /// The texts on it.
    Text,
    /// The texts of what is clicked.
    Clicked,
}

/// Who makes what is collected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Maker {
    /// The SDK, in the page.
    #[default]
    Sdk,
    /// A script that the SDK fetches from the vendor's server, and that no package holds.
    Script,
    /// The vendor's server, out of the request (a place from its address).
    Server,
}

/// A marker that keeps content out of a recording.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Masking {
    /// `css-class`, `attribute`, `selector`, `option`, `element`; `selector-option` for an init option (dotted) that holds
    /// selectors.
    pub kind: String,
    /// The marker.
    pub name: String,
    /// Of an attribute: the values with which it hides something; empty: whatever its value.
    #[serde(default)]
    pub values: Vec<String>,
    /// It hides nothing: it shows what is hidden otherwise, or does something else.
    #[serde(default)]
    pub widens: bool,
    /// What it does.
    #[serde(default)]
    pub effect: Option<String>,
}

/// `rules/classes/<id>.toml`: a data class and the names that stand for it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// The id; equal to the file's name.
    pub id: String,
    /// The name people know.
    pub name: String,
    /// The same in Japanese.
    #[serde(default)]
    pub name_ja: Option<String>,
    /// How bad exposure is.
    pub severity: Severity,
    /// What an attacker gains.
    pub gain: String,
    /// Why it is rated so, and where that comes from.
    pub reason: String,
    /// One of the incident's seven classes.
    #[serde(default)]
    pub incident: bool,
    /// On the incident's "not affected" list: must never be sent.
    #[serde(default)]
    pub never_send: bool,
    /// Once it is out it must be replaced.
    #[serde(default)]
    pub rotate: bool,
    /// It proves who one is: to an API that asks for it, it is no data.
    #[serde(default)]
    pub proves: bool,
    /// It is text of somebody's own: what a program writes around a value, or says by itself, is none.
    #[serde(default)]
    pub prose: bool,
    /// It is of a machine, a visit or a page: what is known of a person need not have it.
    #[serde(default)]
    pub of_machine: bool,
    /// In the address of a request to a host that no rule knows it says what is asked for, as that host itself calls it.
    #[serde(default)]
    pub names_resource: bool,
    /// A class that a value of this one is as well, where the key under which it is sent says so: a user name that is an
    /// e-mail address.
    #[serde(default)]
    pub may_be: Option<String>,
    /// Classes of values beside which an ambiguous name says this one, as it does among what is known of a user: what is sent as
    /// `name` beside an e-mail address.
    #[serde(default)]
    pub beside: Vec<String>,
    /// Words at the end of the names of what is never of this class, whatever the key or the position says (`slug`).
    #[serde(default)]
    pub not_named: Vec<String>,
    /// Roles whose value is of this class by position, whatever it is called, unless its own name says another class.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Declared types, beside text and unknown ones, that a value of this class may have.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Names.
    #[serde(default, rename = "match")]
    pub matches: Vec<NameMatch>,
    /// Expressions that are of this class wherever they come from (`navigator.userAgent`, `document.referrer`): dotted
    /// paths from a global, with `.*` at the end for all that lies below, or a call `name()` of a known library.
    #[serde(default)]
    pub origins: Vec<String>,
    /// What the app's own settings hold may be of this class too.
    #[serde(default)]
    pub in_settings: bool,
}

/// A declared type, as far as it matters to a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A number.
    Number,
    /// A date.
    Date,
    /// One of a few words that the code itself lists.
    Choice,
}

/// A set of names that stand for a class under the same conditions.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameMatch {
    /// Names in words (`full name`, `email`), compared word by word with the end of an identifier; synonyms and plurals
    /// are folded first.
    pub names: Vec<String>,
    /// The name alone is ambiguous: one of these owners must stand before it, in the same identifier or as the object
    /// it is read from (`user.name`), or be the declared type's last word. `@person` and `@org` stand for the words of
    /// `words.toml`, `@none` for no owner that says anything.
    #[serde(default)]
    pub owners: Vec<String>,
    /// The name alone is ambiguous, but it is enough in these roles (`name` in the traits of an identify).
    #[serde(default)]
    pub in_roles: Vec<Role>,
    /// Words before the name that turn it into something else (`template email`, `file name`).
    #[serde(default)]
    pub not_after: Vec<String>,
    /// The only words that may stand before the name or its owner in the same identifier (`user session`): any other
    /// makes it something else (`game session`). The declared type alone owns the name only if nothing else does.
    #[serde(default)]
    pub only_after: Vec<String>,
    /// Words that make it something else wherever they stand further out (`onboarding.tasks.name`).
    #[serde(default)]
    pub not_below: Vec<String>,
    /// A class that what is named so is as well, where the key under which it is sent says so: some services keep the address
    /// that somebody signs in with as the name of that user.
    #[serde(default)]
    pub may_be_too: Option<String>,
    /// Roles in which it means something else (`account.id` as the id of a group).
    #[serde(default)]
    pub not_in_roles: Vec<Role>,
    /// Match only when it is the whole identifier, with nothing before it.
    #[serde(default)]
    pub whole: bool,
    /// Match only what it names itself: a part of that whose own name says nothing is something else (`router.query` is an address,
    /// `router.query.value` may be anything in one).
    #[serde(default)]
    pub itself: bool,
    /// Names of what it is read from that say nothing by themselves, and must be the nearest (`req.path`).
    #[serde(default)]
    pub read_from: Vec<String>,
    /// The plural means something else (`tokens` are counted, a `token` is a secret).
    #[serde(default)]
    pub singular: bool,
    /// It is made of words: what a program cuts out of a text of this name at one of `signs` is none.
    #[serde(default)]
    pub in_words: bool,
    /// It means that only in a tree that depends on one of these packages: the name of a list in `words.toml`.
    #[serde(default)]
    pub with_packages: Option<String>,
    /// In such a tree it means something else.
    #[serde(default)]
    pub without_packages: Option<String>,
    /// How sure the name alone makes it.
    #[serde(default = "high")]
    pub confidence: Confidence,
    /// What the name says was done to the value (`email hash`).
    #[serde(default)]
    pub transform: Transform,
}

impl NameMatch {
    /// A name of somebody's own code, which alone is enough.
    pub fn of(name: &str) -> Self {
        Self {
            names: vec![name.to_owned()],
            owners: Vec::new(),
            in_roles: Vec::new(),
            not_after: Vec::new(),
            only_after: Vec::new(),
            not_in_roles: Vec::new(),
            whole: false,
            read_from: Vec::new(),
            singular: false,
            in_words: false,
            with_packages: None,
            itself: false,
            not_below: Vec::new(),
            may_be_too: None,
            without_packages: None,
            confidence: high(),
            transform: Transform::None,
        }
    }
}

/// `rules/words.toml`: how identifiers are read.
#[derive(Debug, Default, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Words that mean the same: from as written to the one used in rules (`mail` → `email`, `identifier` → `id`). A
    /// joined word may become several (`userid` → `user id`), and two may become one (`created by` → `creator`).
    pub synonyms: BTreeMap<String, String>,
    /// Words after a name that leave it what it is (`emailValue`, `userEmailString`).
    pub neutral_after: Vec<String>,
    /// Words before a name that make it a flag, a count or a setting (`hasEmail`, `showName`).
    pub turning_before: Vec<String>,
    /// Words that begin a question: under such a key is the answer and nothing of what the key speaks of (`is_staff`).
    #[serde(default)]
    pub questions: Vec<String>,
    /// Words that make what stands behind them a flag, and say nothing of the kind by themselves (`did`: an id).
    #[serde(default)]
    pub never_alone: Vec<String>,
    /// Words for what functions do that give what their owner holds (`db.projects.create().id` is a project's).
    #[serde(default)]
    pub acts: Vec<String>,
    /// Names of what proves nothing in the address of a vendor's script or request, as all who load the page can read it there.
    #[serde(default)]
    pub published: Vec<String>,
    /// Words that mean a person when they own a name (`user`, `customer`, `author`, …); rules refer to them as `@person`.
    pub person: Vec<String>,
    /// Words for a person that in a key stand for something else where what is sent is of something else
    /// (`{ owner_id: list.id }`).
    #[serde(default)]
    pub vague: Vec<String>,
    /// Words for what holds the data of a person without being one (`account`).
    #[serde(default)]
    pub holders: Vec<String>,
    /// Words that make a thing of the person before them (`guestList`, `adminForm`), and the names that are its own when they are
    /// read from it (`adminForm.title`).
    #[serde(default)]
    pub things: BTreeMap<String, Vec<String>>,
    /// Keys under which as much is sent as there is (`payload`), so that something of which nothing is known casts doubt.
    #[serde(default)]
    pub bags: Vec<String>,
    /// Names of what a request brings: what is read from it is not the request's own (`req.params.id` is not its id).
    #[serde(default)]
    pub brought: Vec<String>,
    /// Words that mean an organisation; `@org` in rules.
    pub org: Vec<String>,
    /// Words that say of a session that it is one of a browser, an app or somebody who is signed in; `@visit` in rules.
    #[serde(default)]
    pub visit: Vec<String>,
    /// Words that connect a name with what more is said of it: a `ProjectWithMembers` is a project.
    #[serde(default)]
    pub links: Vec<String>,
    /// Names that hold no information of their own (`data`, `value`, `payload`, `result`): the next name out is asked.
    pub empty: Vec<String>,
    /// Globals that hold how the app was built or deployed (`process.env`), which is the same for all users: dotted paths.
    pub settings: Vec<String>,
    /// Functions whose result is made at random, so that no name makes it more than an id.
    #[serde(default)]
    pub random: Vec<String>,
    /// Signs with which programs put several values into one text (`;`), and people do not.
    #[serde(default)]
    pub signs: Vec<String>,
    /// Keys under which a program tells an API who it is itself (`client_id` of OAuth, RFC 6749), unless the vendor's rule
    /// says something else of them.
    #[serde(default)]
    pub presented: Vec<String>,
    /// Keys of objects from kinds of groups to their ids, wherever they are sent (`$groups`).
    #[serde(default)]
    pub group_maps: Vec<String>,
    /// Lists of packages by which a tree tells what its names mean, by the names that classes know them by.
    #[serde(default)]
    pub packages: BTreeMap<String, Vec<String>>,
}

/// `rules/combinations.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Combinations {
    /// Sets of classes that are worse together.
    #[serde(rename = "combination")]
    pub combinations: Vec<Combination>,
}

/// A set of classes that is worse together at one vendor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The id.
    pub id: String,
    /// One line.
    pub title: String,
    /// All of these must be held.
    pub classes: Vec<String>,
    /// How bad.
    pub severity: Severity,
    /// Why.
    pub reason: String,
}

/// `rules/transforms.toml`: functions that change how much a value gives away, and library functions through which
/// values and functions pass.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transforms {
    /// Functions by what they do.
    #[serde(default, rename = "function")]
    pub functions: Vec<TransformFunction>,
    /// Functions that send a request.
    #[serde(default, rename = "request")]
    pub requests: Vec<Request>,
    /// First words of methods of a vendor's client that hand nothing over, whether the vendor's rule lists them or not.
    #[serde(default)]
    pub asking: Vec<String>,
    /// First words of functions that give what they are asked for, and nothing of the object that says what that is.
    #[serde(default)]
    pub answering: Vec<String>,
    /// First words behind `on` of props that components call for what a person does on the page, with an event of the page's or with nothing.
    #[serde(default)]
    pub happening: Vec<String>,
    /// Modules that are the platform's global object (`import window from "global/window"`).
    #[serde(default)]
    pub platform: Vec<String>,
    /// What the names of variables of the environment say.
    #[serde(default)]
    pub environment: Environment,
    /// How values of a class look in a text.
    #[serde(default, rename = "sample")]
    pub samples: Vec<Sample>,
    /// Texts of programs that protocols send.
    #[serde(default, rename = "document")]
    pub documents: Vec<Document>,
    /// What answers requests of the app to its own server.
    #[serde(default)]
    pub serving: Serving,
    /// What has methods called for events.
    #[serde(default)]
    pub subscribing: Vec<Subscribing>,
    /// Fields of pages in which people enter texts.
    #[serde(default)]
    pub fields: Fields,
}

/// Fields of pages in which people enter texts.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// Elements and components for a line of text.
    #[serde(default)]
    pub elements: Vec<String>,
    /// Those for more of it.
    #[serde(default)]
    pub long: Vec<String>,
    /// Props that they call with the text itself, not with an event.
    #[serde(default)]
    pub texts: Vec<String>,
    /// What is entered, by the `type` of the field, as a name that the rules know; one without a type is `text`.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// The same for those of more text.
    #[serde(default)]
    pub prose: String,
    /// Attributes that say that a number is entered, with the words that do.
    #[serde(default)]
    pub numbers: BTreeMap<String, Vec<String>>,
    /// Attributes that make a field one that lists what can be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// The type of a field that has none.
const ANY: &str = "text";

impl Fields {
    /// The name of what is entered in a field that may hold any text.
    pub fn any_text(&self) -> Option<&str> {
        self.types.get(ANY).map(String::as_str)
    }

    /// Whether elements or components of this name are such fields.
    pub fn has(&self, element: &str) -> bool {
        let mut listed = self.elements.iter().chain(&self.long);
        listed.any(|it| it == element)
    }

    /// Whether they are fields for long texts.
    pub fn is_long(&self, element: &str) -> bool {
        self.long.iter().any(|it| it == element)
    }

    /// Takes the words of another one.
    pub(super) fn add(&mut self, mut other: Self) {
        self.elements.append(&mut other.elements);
        self.long.append(&mut other.long);
        self.texts.append(&mut other.texts);
        self.types.append(&mut other.types);
        self.numbers.append(&mut other.numbers);
        self.choices.append(&mut other.choices);
        if !other.prose.is_empty() {
            self.prose = other.prose;
        }
    }
}

/// What answers requests of the app to its own server.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    /// Methods that register a function for a path (`app.post('/api/feedback', …)`).
    #[serde(default)]
    pub methods: Vec<String>,
    /// Methods that mount what such functions are registered with below a path (`app.use('/api', router)`).
    #[serde(default)]
    pub mounting: Vec<String>,
    /// Names under which such a function reads what it is sent …
    #[serde(default)]
    pub read: Vec<String>,
    /// … or what it calls to read it.
    #[serde(default)]
    pub called: Vec<String>,
    /// What holds the request where the function is handed more than that.
    #[serde(default)]
    pub holders: Vec<String>,
    /// Files whose place is a path.
    #[serde(default, rename = "file")]
    pub files: Vec<ServingFile>,
    /// Classes whose methods answer, by what decorates them.
    #[serde(default, rename = "class")]
    pub classes: Vec<ServingClass>,
}

impl Serving {
    /// Takes the words of another one.
    pub(super) fn add(&mut self, mut other: Self) {
        self.methods.append(&mut other.methods);
        self.mounting.append(&mut other.mounting);
        self.read.append(&mut other.read);
        self.called.append(&mut other.called);
        self.holders.append(&mut other.holders);
        self.files.append(&mut other.files);
        self.classes.append(&mut other.classes);
    }
}

/// Decorators by which a framework has a method called for an event that is named there (`@OnEvent('user.created')`).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscribing {
    /// The package that they come from.
    pub package: String,
    /// Their names.
    pub decorators: Vec<String>,
}

/// Decorators by which a framework has the methods of a class answer requests (`@Post('measure')` in a `@Controller('telemetry')`).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServingClass {
    /// The package that they come from.
    pub package: String,
    /// The decorator of the class, with the path of all its methods: a text, several, or options with `path`.
    pub class: String,
    /// Those of methods, with what follows in the path.
    pub methods: Vec<String>,
    /// Those of parameters, with the name in `read` of what they are of the request: below a key, if they are given one. The
    /// empty name is the request itself.
    pub params: BTreeMap<String, String>,
}

/// Files of a framework that answer requests to the path at which they stand.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServingFile {
    /// The directory below which their places are paths.
    pub below: String,
    /// The first part of such a path, if it has to be this one.
    #[serde(default)]
    pub first: Option<String>,
    /// The name of such a file without extension, which is no part of the path; without it any file is one, and its name is the
    /// path's last part, unless it is `index`.
    #[serde(default)]
    pub name: Option<String>,
    /// What they export that answers.
    pub exports: Vec<String>,
}

/// A text of a program's own that a protocol sends under one key of an object, and what its users say under others.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The key of the text.
    pub key: String,
    /// Other keys of the object, of which one tells that it is such a text.
    pub beside: Vec<String>,
}

/// How values of a class look in a text, by which it is told what a regular expression takes out of one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The class.
    pub class: String,
    /// Values of it; a regular expression that matches all of each takes the class out of a text.
    pub values: Vec<String>,
}

/// Words in the names of variables of the environment, in lower case.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Beside the name of a vendor, the variable holds an address of the vendor's.
    #[serde(default)]
    pub address: Vec<String>,
    /// It holds something else, or an address of the app's own that the vendor is told.
    #[serde(default)]
    pub never: Vec<String>,
    /// Behind the name of a vendor: something is told to it there, whatever else the name says.
    #[serde(default)]
    pub hook: Vec<String>,
    /// Ends of names that make them something else for all that.
    #[serde(default)]
    pub kept: Vec<String>,
    /// Names of vendors that are words of any app as well, and name nobody there.
    #[serde(default)]
    pub common: Vec<String>,
}

impl Environment {
    /// Takes the words of another one.
    pub(super) fn add(&mut self, mut other: Self) {
        self.address.append(&mut other.address);
        self.never.append(&mut other.never);
        self.hook.append(&mut other.hook);
        self.kept.append(&mut other.kept);
        self.common.append(&mut other.common);
    }
}

/// Functions that send a request; to a vendor's host, that is a call of the vendor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Names, compared as those of [`TransformFunction`]. One in `<>` is that of an element; before others it is the element
    /// that components of these names show.
    pub names: Vec<String>,
    /// The package that the function comes from; none: a global.
    #[serde(default)]
    pub package: Option<String>,
    /// The type of the package whose objects, handed in from elsewhere, send it by methods (`names` start with it).
    #[serde(default, rename = "type")]
    pub object: Option<String>,
    /// Which argument is the address.
    #[serde(default)]
    pub url: usize,
    /// The key of the address, if that argument is an object.
    #[serde(default)]
    pub url_key: Option<String>,
    /// The keys of the host, if that argument is an object that says the address in parts.
    #[serde(default)]
    pub host: Vec<String>,
    /// The keys of what comes after the host there.
    #[serde(default)]
    pub path: Vec<String>,
    /// A method that is known by its name alone: of something of which nothing else is known, and called with an address that
    /// says its host.
    #[serde(default)]
    pub of_unknown: bool,
    /// It takes whoever uses the app to the address: what that asks for in its query is handed over. Its path says what there is
    /// to see, which is mostly theirs already.
    #[serde(default)]
    pub navigates: bool,
    /// Parts of addresses where a person tells others something by themselves, which the app only fills in.
    #[serde(default)]
    pub shares_at: Vec<String>,
    /// Which argument holds the payload.
    #[serde(default)]
    pub payload: Option<usize>,
    /// The keys of the payload in that argument; empty: the argument is the payload.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The keys of a client's options under which it keeps the address that others are relative to.
    #[serde(default)]
    pub base: Vec<String>,
    /// The address is an argument of an earlier call: of these methods of the same object, or of `new`; for a package, of
    /// these functions at the start of the chain.
    #[serde(default)]
    pub opened_by: Vec<String>,
    /// The elements in an element whose values are the payload (`input` in a form); they are argument 1.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// What one set of functions does with its arguments.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransformFunction {
    /// Names: `sha256`, `crypto.subtle.digest`, `Math.*`; compared with the last one or two names of the callee. A name
    /// that starts with `.` is a method of the value itself (`.length`, `.toString`).
    pub names: Vec<String>,
    /// What it does.
    pub does: Effect,
    /// The package that the function must come from; none: any, also a global or a local function without a known body.
    #[serde(default)]
    pub package: Option<String>,
    /// Its names are ordinary words, which methods of other things have too: without a package it is only meant where it is called
    /// by itself.
    #[serde(default)]
    pub alone: bool,
    /// What it gives does that when it is called, and not the function itself (`compile(page)(data)`).
    #[serde(default)]
    pub of_made: bool,
    /// Which argument it does that to (method forms: the object).
    #[serde(default)]
    pub arg: usize,
    /// Of `operations` and `queries`: under which key of that argument the function may stand. Of `event-context`: under which key of the next
    /// argument. Of `provide`: under which option all that is provided stands, by its names. Of `checked`: under which key of the result the
    /// argument stands. Of `named`: under which key of the result what is kept stands. Of `looked-up`: the attribute that the
    /// argument says; without one it is a selector.
    #[serde(default)]
    pub key: Option<String>,
    /// Of `operations`: which methods call it. Of `queries` and `fetches`: under which keys of the result the answer stands. Of
    /// `address`: the names of addresses of which the host tells something. Of
    /// `named`: the options that name what is kept.
    #[serde(default)]
    pub members: Vec<String>,
    /// Of `operations`: the function gets the arguments before it first, and then what the method is called with under this
    /// key. Of `wraps`: it gets what the wrapper is called with first under this key. Of `queries`: under which key of what the
    /// function gets, and of the argument, that stands which the function is called with.
    #[serde(default)]
    pub under: Option<String>,
    /// Of `receive`, `send` and `post`: over what the processes of an app talk; what is sent over it is received at all its
    /// other ends.
    #[serde(default)]
    pub wire: Option<String>,
    /// Of `receive` and `send`: the argument before the one that it is about names the channel, and only who names the same
    /// one receives what is sent.
    #[serde(default)]
    pub channel: bool,
    /// Of `receive`: before what is sent, the function gets what says who sent it.
    #[serde(default)]
    pub context: bool,
    /// Of `send` and `event-context`: the global queue that gets what is sent where nothing in the tree receives it.
    #[serde(default)]
    pub otherwise: Option<String>,
}

/// What a function does with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing of the value is left (a flag, a count, a comparison).
    Drop,
    /// A digest: still joinable.
    Hash,
    /// A part of it.
    Truncate,
    /// The part after `@`.
    Domain,
    /// Base64, JSON, URL encoding: everything is left.
    Encode,
    /// As `Encode`, but what comes out is no longer of the declared type of what went in (`JSON.parse`).
    Decode,
    /// The parts of a text between separators (`split`).
    Split,
    /// The value as a text (`String`, `toString`): the value itself, but of an error only what it says.
    Text,
    /// The value itself (`trim`, `useMemo`'s dependency-free forms, `Object.freeze`, `structuredClone`).
    Same,
    /// What a schema lets through (`schema.parse`): its argument, of an object the fields that the schema knows, by itself or under
    /// `key`.
    Checked,
    /// Gives its function argument back (`useCallback`, `debounce`, `memoize`).
    SameFunction,
    /// Gives a function that runs its function argument, if it is called with what fits; with `under`, what it is called with
    /// first stands there under that key of the first argument.
    Wraps,
    /// Gives what its function argument returns (`useMemo`, `computed`, `lazy`).
    CallResult,
    /// The component that its function argument, or the `loader` of it, loads: by itself, or as what a module exports by
    /// default (`lazy`, `dynamic`).
    Loaded,
    /// What its function argument, or the `get` of it, returns, to be read under `value` or by calling it (`computed`).
    Computed,
    /// An object with only the keys of the next argument.
    Pick,
    /// An object without the keys of the next argument.
    Omit,
    /// An object of all its arguments' fields, of which the last wins.
    Merge,
    /// An object of all its arguments' fields, of which the first wins (`defaults`).
    Defaults,
    /// A client with the options of its argument and the methods of the package's own (`axios.create`).
    Client,
    /// An object with its first argument under `url` and the fields of its second (`new Request`).
    Addressed,
    /// A pair: the value and its setter (`useState`).
    State,
    /// The value itself, whose blank fields are filled later (`reactive`).
    Filled,
    /// What gives the state that its function argument makes, or a part of it, when it is called (zustand's `create`).
    StoreHook,
    /// A logger, which is a client of the vendors whose transports are among its arguments: by themselves or by the names of
    /// their packages, in lists and under the keys that `members` lists (winston's `createLogger`).
    Logger,
    /// The fields of a store as refs (`storeToRefs`).
    Refs,
    /// An object with the value under `current` (`useRef`) or `value` (`ref`).
    Ref,
    /// The same, which gives the value when it is called as well (`signal`).
    Signal,
    /// Calls its function argument with the value's elements and gives an array of results (`map`).
    Map,
    /// The same, and joins the lists that it gives (`flatMap`).
    FlatMap,
    /// Elements of the value (`filter`, `slice`, `concat`).
    Elements,
    /// What becomes of each of several promises: its result under `value` (`Promise.allSettled`).
    Settle,
    /// One element of the value (`find`, `at`, `pop`).
    Element,
    /// Text joined of all elements.
    Join,
    /// A text of the program's own, into which the fields of an argument are filled (`t('welcome', { name })`,
    /// `Handlebars.compile(page)(data)`).
    FilledIn,
    /// `Object.entries`, `Object.keys`, `Object.values`.
    Entries,
    /// The keys of an object.
    Keys,
    /// The values of an object.
    Values,
    /// An object of entries.
    FromEntries,
    /// Calls its function argument with the value and the name of each field (`forOwn`).
    EachField,
    /// Calls its function argument with the promised value (`then`).
    Then,
    /// Registers a function under the name of an event (`on`).
    Listen,
    /// Calls what is registered under the name of an event with the other arguments (`emit`).
    Emit,
    /// Registers a function for the messages of a type (`addEventListener`, `takeEvery`).
    Observe,
    /// Hands a message, which names its type, to what is registered for the type (`dispatch`).
    Dispatch,
    /// Hands the value over as the data of a message of the type `message` (`postMessage`).
    Post,
    /// Registers a function for what another process sends over a `wire` (`ipcMain.on`, `onMessage.addListener`).
    Receive,
    /// Hands its arguments to what is registered at the other ends of the `wire` (`ipcRenderer.send`, `sendMessage`).
    Send,
    /// Tells what it is given with each event that is sent below it over the `wire`, and has the function under `key` of the
    /// next argument called with all of that (`useTracking(data, { dispatch })`).
    EventContext,
    /// Makes its argument a global of the pages under a name (`contextBridge.exposeInMainWorld`).
    Expose,
    /// Makes a message of a type and more fields (`new CustomEvent`).
    Message,
    /// Makes a function that makes messages of a type (`createAction`).
    Action,
    /// Makes such functions, one for each reducer (`createSlice`).
    Slice,
    /// An API with a hook for each endpoint that its `endpoints` list with the type of the answer (`createApi`).
    Endpoints,
    /// Makes a store that calls its actions and mutations by their names (Vuex' `createStore`).
    Store,
    /// Makes what the class of a service extends: a generator that asks for the class is given what is made under one of the
    /// keys that `members` lists (`Effect.Service`).
    Service,
    /// Provides a value under a key, for [`Effect::Context`].
    Provide,
    /// Installs a plugin: calls its `install` with the other arguments.
    Plugin,
    /// Gives its function argument back with the other arguments bound in front (`partial`).
    Partial,
    /// Gives a function that takes its arguments one after the other (`curry`).
    Curry,
    /// Calls its function argument with a list of arguments (`Reflect.apply`).
    Invoke,
    /// Reads the member that the next argument names (`Reflect.get`).
    Member,
    /// Calls a function, alone or behind the object it is called on, with the other arguments (`call` of a saga).
    Calls,
    /// Calls its function argument some time, with the arguments from `arg` on (`setTimeout`).
    Later,
    /// A promise of what its function argument calls its first parameter with (`new Promise`), or one that is beside the
    /// function to be called (`Promise.withResolvers`).
    Promised,
    /// An object that has what its first argument has, and the fields that the second describes (`Object.create`).
    Created,
    /// The next element of what is iterated, under `value` (`iterator.next()`).
    Next,
    /// Stands for its first argument, or is called by the `apply` of its second (`new Proxy`).
    Proxy,
    /// A list of the elements of the value (`new Set`).
    List,
    /// Calls its function argument with a start value and each element, and gives what that gives (`reduce`).
    Reduce,
    /// A record of what it is made with (`new URLSearchParams`).
    Record,
    /// A map of what it is made with (`new Map`).
    Pairs,
    /// A text in which another one stands for what matches the first argument (`replace`).
    Rewritten,
    /// An address of a path and a base (`new URL`).
    Address,
    /// The value that a store or ref holds (`get(store)`).
    Held,
    /// Calls its function argument with the value that a store, or whatever else can be watched, holds (`subscribe`).
    Watch,
    /// Calls the function behind its argument with what that gives or holds (Vue's `watch`), or reads what a literal names.
    Watches,
    /// Calls the function behind its argument with that, or with what it gives (`useSWR(key, fetch)`); what that answers stands
    /// under the `members` of what it gives.
    Fetches,
    /// Calls the function under `key` of its argument, or behind it, with an object that has under `under` what the argument has
    /// there, or the argument (`useQuery({ queryKey, queryFn })`); what that answers stands under the `members` of what it gives.
    Queries,
    /// An object with methods (`members`) that call its function argument, or the one under `key` of it (`useMutation`).
    Operations,
    /// Holds what a function makes of the values of other stores (Svelte's `derived`).
    Derive,
    /// Reads from an object by a selector function (`useSelector(s => s.user)`).
    Select,
    /// Makes a selector of others, which are its arguments or a list before its last (`createSelector`).
    Selector,
    /// Reads the value of a React or Vue context.
    Context,
    /// What a container puts in by a key (`@Inject(KEY)`), or nothing where nobody provides it.
    Injected,
    /// Makes what is asked for by [`Effect::Context`], with what is there where nobody provides another (`createContext`).
    MakeContext,
    /// Gives the app with what it gives all its components (`useNuxtApp`).
    App,
    /// Takes a plugin of the app, which may provide something to all components (`defineNuxtPlugin`).
    AppPlugin,
    /// The current value of a form field, a query parameter or stored item named by a literal argument.
    Named,
    /// An element of the page, with what is entered in it under `value`.
    LookedUp,
    /// An address made of a pattern (`/users/:id`, `/users/[id]`) and an object with what its names stand for, the next argument.
    Pattern,
    /// An element of the page by its tag (`document.createElement`), known as `<tag>`.
    Tag,
}

impl Effect {
    /// Whether what comes out is made of what goes in and of nothing that was kept elsewhere.
    pub fn is_made_of_arguments(self) -> bool {
        !matches!(
            self,
            Self::State
                | Self::Filled
                | Self::StoreHook
                | Self::Ref
                | Self::Listen
                | Self::Emit
                | Self::Select
                | Self::Context
                | Self::Injected
                | Self::App
        )
    }

    /// Whether it registers what is called for an event or a message.
    pub fn hears(self) -> bool {
        matches!(
            self,
            Self::Listen | Self::Observe | Self::Store | Self::Receive | Self::EventContext
        )
    }

    /// Whether it has registered functions called, or a function that it is given.
    pub fn announces(self) -> bool {
        matches!(
            self,
            Self::Emit
                | Self::Dispatch
                | Self::Post
                | Self::Send
                | Self::EventContext
                | Self::Plugin
                | Self::Invoke
                | Self::Calls
        )
    }
}

fn yes() -> bool {
    true
}

fn client() -> String {
    "client".to_owned()
}

fn client_list() -> Vec<String> {
    vec![client()]
}

fn high() -> Confidence {
    Confidence::High
}

//! Follows values through the program to vendor calls.
//!
//! In: a program whose files are parsed on demand, the vendors' catalog, the library of known functions. Out: [`Flows`]:
//! the values that arrive at vendor calls, with the way they took. It leaves alone what class a value is of (`classify`)
//! and how bad that is (`assess`).
//!
//! - What is parsed: `rounds` (with `terms`, the names searched for, `named_texts` those of constants, `extended` by what the tree adds to packages; `admission`, the files in which they count; `leads`, what
//!   leads to a vendor; `questions`, what is asked of other files; `sightings`). What is evaluated of it: `reach`.
//! - What the rules know: `catalog` (vendors), `library` (functions); what the files know of each other: `registry`, `namespaces`,
//!   `installed` (`implementing`, `asked`), and each of itself, `positions` (`only_called`).
//! - What a value can be: `value` (one of several, `alternatives`), `object` (made anew, `parts`); where it is computed,
//!   `evaluate` (once, `memo`; in so many steps, `budget`): `expressions`, `bindings`, `mutation` (`filled`, by functions that are handed it, `out_params`, or stand where it is made, `by_closures`; `deletions`), `blanks`, `params`, `routes`; what is read from
//!   it, `members` (`persons`): `classes` (`inheritance`; of components, `component_state`; by type, `behind`, less those of the other side, `two_sides`), `elements`, `by_key`;
//!   what conditions leave of it, `guards` (of what a call leaves out, `absent`), `conditions` (`connectives`, `predicates`, `type_guards`), `kinds`, of numbers `counted`, `told` before a test is made, `missing`,
//!   `production`; those that callers further out decide, `further`; keys that are
//!   left out of it, `left_out`, at any depth `recursive` (`copiers`).
//! - What a call gives: `results`, `apply` (functions of the program; `cookies`), `effects` (known functions: `functions` made of
//!   functions, `wrapped` by packages, `pairs`, `rewritten`, `patterns`, `contexts`, `components`, `made`, `promises`, `iterators`, `queries`, `messages`, `addresses`, `cuts`, `extensions`, `schemas`, `stored`, `endpoints`, `stores` with
//!   `setters`, `handed_setters` and `reducers`, `loggers`; elements of a page, `markup`), `substitute`;
//!   what it throws: `thrown`.
//! - What a type says: `shapes` (`fields`, `constant_keys`, `env`): `unfold`, `mapped`, `intersections`, `declared`, `builtins`, `picked_types`; of what type an expression
//!   is: `inferred`, `generic` (`unify`); which of several it is there: `narrow`, and what comparisons say of a name, `compared`.
//! - What is sent: `calls` reads the calls of a file (those of a method on its own object for one class at a time, `acting`); `sinks` says which vendor call one is (`stubs` by which functions of the
//!   app), `requests` which request (`destinations` says to whom, `open_paths` who says it, `opened` and `forms` what by more than one place, `entered` what a field hands over, `outgoing`
//!   follows it, to the app's own server `served` (below what its `routers` are mounted at), by decorated methods `controllers`, which `decorators` tell), `plugins` what a configuration starts, `scripts` what a script does by being loaded, `probes` what is called
//!   only where it is there, `listeners` what an event or message calls (decorated methods, `subscribed`, modules of stores, `store_modules`), `announce` that it does
//!   (of what is spelt like it: `spelling`; between processes, `wires`; by which of the platform's media, `media`); `payload` and `unpack` say what is in it (of what only a run knows, `unpack_data`) (`outcomes`; of what kind an owner is, `polymorphic`), `doubts` why that cannot be known;
//!   `handed` whom else it calls, `outward` what is handed a way to a vendor, `handed_down` whose files that asks for, `lent` whom functions of libraries do, `handlers` which methods of the app's objects, `hubs` who else gets it, `relays` by way of a
//!   library that is no vendor.
//! - How it gets there: `propagate` (lists `one_by_one`), where it ends `settle`, with the pairs of calls and values in `worklist` (so many of them: `effort`) (those that are `alike` once, calls that are `empty_handed` too, of what a parameter carries by those who supply it, `carried`),
//!   `arguments` and `supplied`; which function a parameter was taken for, `chosen`; what code outside calls as well, `escapes`;
//!   which of several objects a method was called on, `same`, whether one is given what is read from it, `held`, and asked to
//!   send it, `senders`; what callers put into what is told by its name, `watched`; `arrivals` keeps what arrived, `places` names where, as `delivery`
//!   and `subject` define it; what was too much to follow, `bounds`. What an SDK's own hooks put in: `added`; what they leave out: `scrub`, `hooks`,
//!   `replaced`, `certainty`; what it is told of consent: `agreements`.

mod absent;
mod acting;
mod added;
mod addresses;
mod admission;
mod agreements;
mod alike;
mod alternatives;
mod announce;
mod apply;
mod arguments;
mod arrivals;
mod asked;
mod behind;
mod bindings;
mod blanks;
mod bounds;
mod budget;
mod builtins;
mod by_closures;
mod by_key;
mod calls;
mod carried;
mod catalog;
mod certainty;
mod chosen;
mod classes;
mod compared;
mod component_state;
mod components;
mod conditions;
mod connectives;
mod constant_keys;
mod contexts;
mod controllers;
mod cookies;
mod copiers;
mod counted;
mod cuts;
mod declared;
mod decorators;
mod deletions;
mod delivery;
mod destinations;
mod doubts;
mod effects;
mod effort;
mod elements;
mod empty_handed;
mod endpoints;
mod entered;
mod env;
mod escapes;
mod evaluate;
mod expressions;
mod extended;
mod extensions;
mod fields;
mod filled;
mod forms;
mod functions;
mod further;
mod generic;
mod guards;
mod handed;
mod handed_down;
mod handed_setters;
mod handlers;
mod held;
mod hooks;
mod hubs;
mod implementing;
mod inferred;
mod inheritance;
mod installed;
mod intersections;
mod iterators;
mod keyed;
mod kinds;
mod leads;
mod left_out;
mod lent;
mod library;
mod listeners;
mod loggers;
mod made;
mod mapped;
mod markup;
mod media;
mod members;
mod memo;
mod messages;
mod missing;
mod mounts;
mod mutation;
mod named_texts;
mod namespaces;
mod narrow;
mod object;
mod one_by_one;
mod only_called;
mod open_paths;
mod opened;
mod out_params;
mod outcomes;
mod outgoing;
mod outward;
mod pairs;
mod params;
mod parts;
mod patterns;
mod payload;
mod pending;
mod persons;
mod picked_types;
mod places;
mod plugins;
mod polymorphic;
mod positions;
mod predicates;
mod probes;
mod production;
mod promises;
mod propagate;
mod queries;
mod questions;
mod reach;
mod recursive;
mod reducers;
mod registry;
mod relays;
mod replaced;
mod requests;
mod results;
mod rewritten;
mod rounds;
mod routers;
mod routes;
mod same;
mod schemas;
mod scripts;
mod scrub;
mod senders;
mod served;
mod services;
mod setters;
mod settle;
mod shapes;
mod sightings;
mod sinks;
mod spelling;
mod started;
mod store_modules;
mod stored;
mod stores;
mod stubs;
mod subject;
mod subscribed;
mod substitute;
mod supplied;
mod terms;
mod thrown;
mod told;
mod two_sides;
mod type_guards;
mod unfold;
mod unify;
mod unpack;
mod unpack_data;
mod value;
mod watched;
mod wires;
mod worklist;
mod wrapped;

pub use catalog::Catalog;
pub use delivery::{
    Agreed, Delivery, Evidence, Flows, Hop, IdleHook, Opaque, OptionValue, PassedOn, Place, Seen,
    Started, VendorCall,
};
pub use destinations::Passage;
pub use library::Library;
pub use persons::Owner;
pub(crate) use places::{function_at, place as place_in};
pub use rounds::{Inputs, follow};
pub(crate) use scripts::SCRIPT;
pub(crate) use sightings::is_script;
pub use subject::{Recipient, Subject, ValueType};

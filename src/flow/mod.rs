//! Follows values through the program to vendor calls.
//!
//! In: a program whose files are parsed on demand, the vendors' catalog, the library of known functions. Out: [`Flows`]:
//! the values that arrive at vendor calls, with the way they took. It leaves alone what class a value is of (`classify`)
//! and how bad that is (`assess`).
//!
//! `rounds` decides which files are parsed; `evaluate` (with `members`, `apply`, `shapes`) says what an expression can
//! be; `sinks` says which vendor call a call is, `payload` what is in it, and `propagate` brings the values there.

mod apply;
mod arrivals;
mod bindings;
mod builtins;
mod calls;
mod catalog;
mod classes;
mod declared;
mod delivery;
mod effects;
mod elements;
mod evaluate;
mod expressions;
mod leads;
mod library;
mod listeners;
mod members;
mod mutation;
mod object;
mod params;
mod payload;
mod places;
mod propagate;
mod registry;
mod requests;
mod results;
mod rounds;
mod shapes;
mod sightings;
mod sinks;
mod subject;
mod substitute;
mod terms;
mod unfold;
mod unpack;
mod value;
mod worklist;

pub use catalog::Catalog;
pub use delivery::{
    Delivery, Evidence, Flows, Hop, Opaque, OptionValue, Place, Seen, Started, VendorCall,
};
pub use library::Library;
pub use rounds::{Inputs, follow};
pub use subject::{Subject, ValueType};

//! Follows values through the program to vendor calls.

mod apply;
mod catalog;
mod delivery;
mod evaluate;
mod library;
mod members;
mod registry;
mod shapes;
mod subject;
mod substitute;
mod value;

pub use catalog::Catalog;
pub use delivery::{
    Delivery, Evidence, Flows, Hop, Opaque, OptionValue, Place, Seen, Started, VendorCall,
};
pub use subject::{Subject, ValueType};

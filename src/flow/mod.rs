//! Follows values through the program to vendor calls.

mod delivery;

pub use delivery::{
    Delivery, Evidence, Flows, Hop, Opaque, OptionValue, Place, Seen, Started, VendorCall,
};

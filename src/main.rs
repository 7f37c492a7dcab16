//! Parses argv.
fn main() {}

//! Rebuilds the crate when a rule file changes: the rules are embedded in the program.

fn main() {
    println!("cargo::rerun-if-changed=rules");
}

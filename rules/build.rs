//! Rebuilds the crate when a rule file changes: the rules are embedded in the program.

#[expect(clippy::print_stdout, reason = "this is how cargo is told")]
fn main() {
    println!("cargo::rerun-if-changed=rules");
}

//! Developers' helpers: `cargo xtask --help`.
fn main() {}

//! Rebuilds when an embedded file is added: the macros that embed them only notice files they have seen before.
fn main() {
    for folder in ["migrations", "templates", "locales", "static", "fonts"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}

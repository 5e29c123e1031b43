//! Hands the arguments to the library.

fn main() -> std::process::ExitCode {
    handover::cli::run()
}

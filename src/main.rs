//! The `shiftstorm` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    shiftstorm::cli::main()
}

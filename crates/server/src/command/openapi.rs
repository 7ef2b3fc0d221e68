//! `muster openapi`.

use std::process::ExitCode;

pub fn run() -> ExitCode {
    match muster_admin::openapi().to_pretty_json() {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => super::fail(&error),
    }
}

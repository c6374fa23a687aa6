//! `shiftstorm serve`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::serve::{PlannerServer, ServeRequest};

use super::output::{Output, complain};
use super::signals;
use super::stop::{Exit, Stop};

/// Open the planner's page: write scenarios, run them, ask "what if", compare, in a browser on this
/// machine.
#[derive(Args)]
pub(super) struct ServeCommand {
    /// Folder of the project: scenarios, tables, and the runs made of them.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Port to listen on; any free one if it is 0.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Listen on this address instead of 127.0.0.1, for other machines; what goes there is not
    /// encrypted.
    #[arg(long, value_name = "ADDRESS", requires = "token_file")]
    listen: Option<IpAddr>,
    /// Take the token that lets a browser in from this file: 32 signs or more.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Open no browser.
    #[arg(long)]
    no_open: bool,
}

impl ServeCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        if self.listen.is_some_and(|address| address.is_unspecified()) {
            let message =
                "name the address under which the page is opened: the server answers to no other";
            return Err(Stop::new(Exit::Usage, message));
        }
        let program = std::env::current_exe();
        let program = program.map_err(|error| unable(&self.folder, &error))?;
        let server = PlannerServer::new(ServeRequest {
            folder: &self.folder,
            address: self.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            port: self.port,
            token: self.token_file.as_deref().map(token).transpose()?,
            program,
            storage: output.storage.clone(),
        });
        let server = server.map_err(|error| unable(&self.folder, &error))?;
        let url = server.url();
        output.text(&format!("Open {url}\nCtrl-C ends the server.\n"));
        if !self.no_open {
            open(&url);
        }
        let end = server.end_handle();
        let stop = signals::stop_on_signal(move |_| {
            complain("the server ends");
            end.end();
        });
        let answered = server.answer();
        drop(stop);
        answered.map_err(|error| unable(&self.folder, &error))
    }
}

fn unable(folder: &Path, error: &std::io::Error) -> Stop {
    Stop::new(Exit::Io, format!("cannot serve `{}`: {error}", folder.display()))
}

/// The first line of a file, which is long enough to be no guess.
fn token(path: &Path) -> Result<String, Stop> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Stop::new(Exit::BadInput, format!("cannot read the token in `{shown}`: {error}"))
    })?;
    let token = text.lines().next().unwrap_or_default().trim();
    let is_plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if token.len() < 32 || !is_plain {
        let message = format!("the token in `{shown}` is not 32 or more of A-Z, a-z, 0-9, _ and -");
        return Err(Stop::new(Exit::BadInput, message));
    }
    Ok(token.to_owned())
}

/// Opens a browser, if the system knows how; the address is printed anyway.
fn open(url: &str) {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let mut command = Command::new(program);
    let quiet = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Who has none opens the printed address.
    let _ = quiet.spawn();
}

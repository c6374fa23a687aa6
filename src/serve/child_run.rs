//! A run as a process of its own.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::report::LiveFigures;

/// A process that runs.
pub(super) struct ChildRun {
    child: Child,
    stop: StopHandle,
}

/// By which it is stopped: it ends when its standard input does, also when this process is gone.
#[derive(Clone)]
pub(super) struct StopHandle(Arc<Mutex<Option<ChildStdin>>>);

/// How a run has ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Well,
    /// Stopped, by whomever.
    Interrupted,
    /// With what it said.
    Badly(String),
}

/// What is kept of what a run says on standard error, in bytes.
const MOST_SAID: u64 = 16 << 10;

impl StopHandle {
    pub(super) fn stop(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl ChildRun {
    /// Starts the program in a folder, with these arguments and how it is watched.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub(super) fn start(program: &Path, folder: &Path, arguments: &[String]) -> io::Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .args(["--with-stdin", "--progress", "json"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stop = StopHandle(Arc::new(Mutex::new(child.stdin.take())));
        Ok(Self { child, stop })
    }

    pub(super) fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Waits for its end; what it tells until then goes to `tell`.
    pub(super) fn follow(mut self, mut tell: impl FnMut(LiveFigures)) -> Ending {
        let stderr = self.child.stderr.take();
        let said = thread::spawn(move || {
            let mut said = String::new();
            if let Some(mut stderr) = stderr {
                let mut bytes = Vec::new();
                // What is more than enough is read too, lest the run waits for somebody to read it.
                let _ = stderr.by_ref().take(MOST_SAID).read_to_end(&mut bytes);
                let _ = io::copy(&mut stderr, &mut io::sink());
                said = String::from_utf8_lossy(&bytes).into_owned();
            }
            said
        });
        let lines = self.child.stdout.take().map(BufReader::new);
        for line in lines.into_iter().flat_map(BufReader::lines).map_while(Result::ok) {
            if let Ok(figures) = serde_json::from_str(&line) {
                tell(figures);
            }
        }
        let status = self.child.wait();
        let said = said.join().unwrap_or_default().trim().to_owned();
        match status.map(|status| status.code()) {
            Ok(Some(0)) => Ending::Well,
            // Of a signal there is no code: somebody has ended it.
            Ok(Some(INTERRUPTED) | None) => Ending::Interrupted,
            Ok(Some(code)) if said.is_empty() => Ending::Badly(format!("exit code {code}")),
            Ok(Some(_)) => Ending::Badly(said),
            Err(error) => Ending::Badly(error.to_string()),
        }
    }
}

/// How the program ends that was stopped.
const INTERRUPTED: i32 = 130;

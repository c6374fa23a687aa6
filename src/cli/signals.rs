//! Whoever wants a command to end: a user at the keyboard (Ctrl-C, `SIGINT`), a machine that is taken away
//! (`SIGTERM`), a terminal that is closed (`SIGHUP`).

use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;

use super::stop::Exit;

/// A flag that the first signal sets, which is answered with a word; the second ends everything at once.
/// From here on none ends the program without a word.
pub(super) fn stop_on_signal(say: impl Fn(&str) + Send + 'static) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let (ready, is_ready) = mpsc::channel::<()>();
    let watch = move || {
        // Without a runtime or a handler a signal simply ends the program.
        let Ok(runtime) = actix_rt::Runtime::new() else { return };
        let Ok(mut signals) = runtime.block_on(async { Signals::new() }) else { return };
        drop(ready);
        loop {
            let name = runtime.block_on(signals.next());
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(Exit::Interrupted as i32);
            }
            say(&word(name));
        }
    };
    // As above if no thread can be had.
    if thread::Builder::new().name("signals".to_owned()).spawn(watch).is_ok() {
        // Nothing is ever sent: it ends when the other side is dropped.
        let _ = is_ready.recv();
    }
    stop
}

/// Said at once: what is made of what has ended may take its time.
fn word(name: &str) -> String {
    let (told, again) = match name {
        INTERRUPT => (String::new(), "Ctrl-C again: end at once"),
        _ => (format!("{name}: "), "a second signal ends at once"),
    };
    format!("{told}stopping; what has ended is being put together ({again})")
}

/// The signals that end a command; where there are none, Ctrl-C is all that can be asked for.
struct Signals {
    #[cfg(unix)]
    listened: Vec<(&'static str, actix_rt::signal::unix::Signal)>,
}

#[cfg(unix)]
impl Signals {
    /// Takes them over, on a runtime. A hangup that is ignored, as under `nohup`, stays ignored.
    fn new() -> io::Result<Self> {
        use actix_rt::signal::unix::{SignalKind, signal};
        let mut listened = vec![
            (INTERRUPT, signal(SignalKind::interrupt())?),
            ("SIGTERM", signal(SignalKind::terminate())?),
        ];
        if !is_hangup_ignored() {
            listened.push(("SIGHUP", signal(SignalKind::hangup())?));
        }
        Ok(Self { listened })
    }

    /// The name of the next one.
    async fn next(&mut self) -> &'static str {
        poll_fn(|context| {
            for (name, signal) in &mut self.listened {
                if signal.poll_recv(context) == Poll::Ready(Some(())) {
                    return Poll::Ready(*name);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Whether whoever started the program wants it to outlive its terminal, if the system tells.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Signals are counted from 1, and a hangup is the first.
    mask.is_some_and(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) -> &'static str {
        if actix_rt::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}

const INTERRUPT: &str = "SIGINT";

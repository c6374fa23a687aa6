//! What the machine has: memory, processors, a user at the keyboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::stop::Exit;

/// Bytes of memory that can be had without swapping, if the system tells.
pub(super) fn free_memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}

/// Processors that may be used.
pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// A flag that the user sets with Ctrl-C, which is answered with a word; the second time ends
/// everything at once.
pub(super) fn stop_on_interrupt(say: impl Fn(&str) + Send + 'static) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let watch = move || {
        // Without a runtime or a handler Ctrl-C simply ends the program.
        let Ok(runtime) = actix_rt::Runtime::new() else { return };
        while runtime.block_on(actix_rt::signal::ctrl_c()).is_ok() {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(Exit::Interrupted as i32);
            }
            say(STOPPING);
        }
    };
    // As above if no thread can be had.
    let _ = thread::Builder::new().name("interrupt".to_owned()).spawn(watch);
    stop
}

/// Said at once: what is made of what has ended may take its time.
const STOPPING: &str = "stopping; what has ended is being put together (Ctrl-C again: end at once)";

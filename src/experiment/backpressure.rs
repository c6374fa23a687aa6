//! Keeps fast replications from running far ahead of a slow one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Lets a job begin only when not too many before it are still to be merged.
pub(super) struct Backpressure {
    ahead: usize,
    /// `None` once it is closed.
    merged: Mutex<Option<usize>>,
    moved: Condvar,
    stop: Arc<AtomicBool>,
}

impl Backpressure {
    /// As many jobs may have begun beyond those that are merged as keep so many threads busy.
    pub(super) fn of_threads(threads: usize, stop: &Arc<AtomicBool>) -> Self {
        Self::new(WAITING_A_THREAD * threads.max(1), Arc::clone(stop))
    }

    /// At most `ahead` jobs may have begun beyond those that are merged.
    fn new(ahead: usize, stop: Arc<AtomicBool>) -> Self {
        Self { ahead, merged: Mutex::new(Some(0)), moved: Condvar::new(), stop }
    }

    /// The same jobs, each of which waits until it may begin; they end when none may any more.
    pub(super) fn admit<I: Iterator + Send>(
        self: &Arc<Self>,
        jobs: I,
    ) -> impl Iterator<Item = I::Item> + Send + use<I> {
        let backpressure = Arc::clone(self);
        jobs.enumerate().map_while(move |(position, job)| {
            let goes_on = backpressure.wait_for(position);
            goes_on.then_some(job)
        })
    }

    /// Waits until the job at `position` may begin; `false` if none may any more.
    fn wait_for(&self, position: usize) -> bool {
        let mut merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        while !self.stop.load(Ordering::Relaxed) {
            match *merged {
                None => return false,
                Some(merged) if position < merged + self.ahead => return true,
                Some(_) => {}
            }
            // Nobody rings when `stop` is set, so look again from time to time.
            let waited = self.moved.wait_timeout(merged, LOOK_EVERY);
            merged = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    /// The first `merged` jobs are merged.
    pub(super) fn open_up_to(&self, merged: usize) {
        let mut state = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        // A closed backpressure stays closed.
        *state = state.map(|_| merged);
        self.moved.notify_all();
    }

    /// No job may begin any more.
    pub(super) fn close(&self) {
        *self.merged.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.moved.notify_all();
    }
}

/// Outcomes that may wait to be merged, for each thread.
const WAITING_A_THREAD: usize = 4;
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn nobody_runs_far_ahead_and_a_stop_lets_go() {
        let stop = Arc::new(AtomicBool::new(false));
        let backpressure = Arc::new(Backpressure::new(2, Arc::clone(&stop)));
        assert!(backpressure.wait_for(0) && backpressure.wait_for(1));
        let waiting = {
            let backpressure = Arc::clone(&backpressure);
            thread::spawn(move || backpressure.wait_for(2))
        };
        thread::sleep(2 * LOOK_EVERY);
        assert!(!waiting.is_finished());
        backpressure.open_up_to(1);
        assert!(waiting.join().unwrap());
        let waiting = thread::spawn(move || backpressure.wait_for(9));
        stop.store(true, Ordering::Relaxed);
        assert!(!waiting.join().unwrap());
    }
}

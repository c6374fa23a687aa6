//! Who watches runs: each gets everything first, then what changes.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;

/// Those who watch.
#[derive(Default)]
pub(super) struct RunEvents(Mutex<Vec<mpsc::Sender<RunEvent>>>);

/// Something to tell them.
#[derive(Clone, Debug)]
pub(super) struct RunEvent {
    pub(super) kind: &'static str,
    /// As JSON.
    pub(super) data: String,
}

/// Whoever watches at the same time, at most.
const MOST_WATCHING: usize = 200;
/// What one of them may be behind before it must begin anew.
const MOST_BEHIND: usize = 64;

impl RunEvents {
    /// One more who watches, and is told `first`; none if there are too many.
    pub(super) fn watch(&self, first: RunEvent) -> Option<mpsc::Receiver<RunEvent>> {
        let mut watching = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watching.retain(|sender| !sender.is_closed());
        if watching.len() >= MOST_WATCHING {
            return None;
        }
        let (sender, receiver) = mpsc::channel(MOST_BEHIND);
        sender.try_send(first).ok()?;
        watching.push(sender);
        Some(receiver)
    }

    /// Tells all. Who is too far behind is let go, and begins anew.
    pub(super) fn tell(&self, event: &RunEvent) {
        let mut watching = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watching.retain(|sender| sender.try_send(event.clone()).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_left_or_fallen_behind_is_let_go() {
        let events = RunEvents::default();
        let event = |data: &str| RunEvent { kind: "change", data: data.to_owned() };
        let mut one = events.watch(event("all")).unwrap();
        let left = events.watch(event("all")).unwrap();
        drop(left);
        events.tell(&event("1"));
        assert_eq!(events.0.lock().unwrap().len(), 1);
        let told = [one.try_recv().unwrap().data, one.try_recv().unwrap().data];
        assert_eq!(told, ["all", "1"]);
        for _ in 0..=MOST_BEHIND {
            events.tell(&event("2"));
        }
        assert!(events.0.lock().unwrap().is_empty());
        let kept = Vec::from_iter((0..MOST_WATCHING).map(|_| events.watch(event("all")).unwrap()));
        assert!(events.watch(event("all")).is_none());
        drop(kept);
        assert!(events.watch(event("all")).is_some());
    }
}

//! `[stress]`: how the wall-clock run is made. All times here are wall-clock time.

use super::reader::ReaderSection;
use super::reader::compound::{InTable, List, Unless};
use super::reader::forms::{Duration, Number, Whole};
use super::threshold::{Threshold, ThresholdForm};
use super::wall_clock::{LONGEST, WALL};
use super::{fault, limits};
use crate::base::time::Span;

pub use super::fault::{Death, Fault, FaultStep, Victims, Whom};

/// How a wall-clock run is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Stress {
    /// Seconds of the scenario that pass in one second.
    pub speed: f64,
    /// Shards; `None` = one less than there are processors, to leave one to the load generator.
    pub shards: Option<u32>,
    /// Messages that may wait for a router before arrivals are refused.
    pub mailbox: u64,
    /// How long the load lasts. With stages, as long as they do.
    pub length: Span,
    /// How long open conversations are worked off after it, at most.
    pub drain: Span,
    /// Arrivals sent later than this after their scheduled instant were late.
    pub late_after: Span,
    /// Below this, waiting is back to normal after a fault.
    pub calm: Span,
    /// How fast the plan of arrivals is walked, one stage after the other; none: at its own pace.
    pub stages: Vec<Stage>,
    /// What is done to the system meanwhile.
    pub faults: Vec<FaultStep>,
    /// What the run must come to.
    pub thresholds: Vec<Threshold>,
}

/// A stretch of the load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// How long it lasts.
    pub length: Span,
    /// Pace of the plan of arrivals at its start.
    pub from: f64,
    /// Pace at its end; in between it changes evenly.
    pub to: f64,
}

impl Stress {
    /// The length of a run that a text names.
    pub fn length_of(text: &str) -> Option<Span> {
        WALL.of_text(text)
    }

    /// How long the load lasts.
    pub fn load(&self) -> Span {
        match self.stages.as_slice() {
            [] => self.length,
            stages => stages.iter().map(|stage| stage.length).sum(),
        }
    }
}

/// `[stress]`.
pub(super) fn stress(section: &mut ReaderSection<'_>) -> Option<Stress> {
    let speed = section.value(
        "speed",
        Number::between(0.001, 1e6),
        1.0,
        "seconds of the scenario that pass in one second of the wall clock",
    );
    let shards = section.value(
        "shards",
        Unless { word: "auto", form: Whole::<u32>::between(1, 256) },
        "auto",
        "parts of the centre, each a router with its part of the agents and arrivals on a thread of \
         its own, at most as many as there are agents and as a group of specialists that others \
         hand over to has members; who asks for a skill that nobody in a shard has goes over to \
         another; \"auto\": one less than there are processors",
    );
    let mailbox = section.value(
        "mailbox",
        Whole::<u64>::between(1, 100_000_000),
        10_000,
        "messages that may wait for a router before arrivals are refused",
    );
    let length = section.value(
        "for",
        WALL,
        "10s",
        "how long the load lasts; not used with stages, which last as long as they do",
    );
    let drain = section.value(
        "drain",
        Duration::between(Span::ZERO, LONGEST),
        "0s",
        "how long conversations that are open after the load are worked off, at most",
    );
    let late_after = section.value(
        "late_after",
        Duration::between(Span::from_micros(100), Span::from_secs(3600)),
        "20ms",
        "an arrival sent later than this after its scheduled instant was late; if more than 1 % \
         were, the generator could not keep up and the measurement is invalid",
    );
    let calm = section.value(
        "calm",
        Duration::between(Span::from_micros(1000), Span::from_secs(3600)),
        "50ms",
        "a fault is recovered from at the end of the first whole second after it in which nothing was \
         refused or lost, and no arrival, unassign deadline or message to a router or an agent waited \
         longer",
    );
    let (stages, faults, thresholds) = steps(section)?;
    refuse_too_large_to_fill(section, mailbox, &faults)?;
    Some(Stress {
        speed,
        shards,
        mailbox,
        length,
        drain,
        late_after,
        calm,
        stages,
        faults,
        thresholds,
    })
}

/// Refuses mailboxes that are too large for a fault that fills them.
fn refuse_too_large_to_fill(
    section: &mut ReaderSection<'_>,
    mailbox: u64,
    faults: &[FaultStep],
) -> Option<()> {
    let fills = faults.iter().any(|step| step.fault == Fault::MailboxFull);
    if fills && mailbox > MOST_TO_FILL {
        let message = format!(
            "the fault `mailbox_full` fills the mailboxes with messages, so `mailbox` may be \
             {MOST_TO_FILL} at most"
        );
        section.context.report(section.error("mailbox", message));
        return None;
    }
    Some(())
}

/// What the run is made of, one thing after the other, and what it must come to.
fn steps(section: &mut ReaderSection<'_>) -> Option<(Vec<Stage>, Vec<FaultStep>, Vec<Threshold>)> {
    let stages = section.optional(
        "stage",
        List(InTable(stage)),
        "stretches of the load, one after the other: how fast the plan of arrivals is walked",
    );
    let faults =
        section.optional("fault", List(InTable(fault::fault)), "what is done to the system");
    let thresholds = section.optional(
        "thresholds",
        List(ThresholdForm),
        "what the run must come to: each a measure, a comparison and a limit",
    );
    let (stages, faults) = (stages.unwrap_or_default(), faults.unwrap_or_default());
    let thresholds = thresholds.unwrap_or_default();
    if stages.len().max(faults.len()).max(thresholds.len()) > limits::STEPS {
        let message = format!("there are more than {} stages, faults or thresholds", limits::STEPS);
        section.context.report(section.error("", message));
        return None;
    }
    Some((stages, faults, thresholds))
}

fn stage(section: &mut ReaderSection<'_>) -> Option<Stage> {
    let pace = || Number::between(0.0, 1e6);
    let length = section.required("for", WALL, "how long it lasts");
    let hold = section.optional(
        "pace",
        pace(),
        "pace from its start to its end; 2 = twice the arrivals of the scenario",
    );
    let from = section.optional("from", pace(), "pace at its start, for a ramp");
    let to = section.optional("to", pace(), "pace at its end, for a ramp");
    let (from, to) = match (hold, from, to) {
        (Some(pace), None, None) => (pace, pace),
        (None, Some(from), Some(to)) => (from, to),
        _ => {
            let message = "a stage has either `pace`, or `from` and `to`";
            section.context.report(section.error("", message));
            return None;
        }
    };
    Some(Stage { length: length?, from, to })
}

/// The most messages with which a mailbox is filled; each takes about 100 bytes.
const MOST_TO_FILL: u64 = 1_000_000;

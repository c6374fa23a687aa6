//! `[stress]`: how the wall-clock run is made. All times here are wall-clock time.

use serde::{Deserialize, Serialize};

use super::reader::ReaderSection;
use super::reader::compound::{InTable, List, Unless};
use super::reader::diagnostic::{listing, nearest};
use super::reader::forms::{Duration, Number, TextForm, Whole};
use super::threshold::{Measure, Threshold, ThresholdForm};
use super::wall_clock::{LONGEST, WALL};
use super::{fault, limits};
use crate::base::arrivals::ArrivalProcess;
use crate::base::time::Span;
use crate::model::settings::Centre;

pub use super::fault::{Death, Fault, FaultStep, Victims, Whom};

/// How a wall-clock run is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// By what thresholds and results name it.
    pub name: String,
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

    /// The highest pace of any stage.
    fn highest_pace(&self) -> f64 {
        let paces = self.stages.iter().flat_map(|stage| [stage.from, stage.to]);
        paces.reduce(f64::max).unwrap_or(1.0)
    }

    /// The arrivals of a centre that fall due in a second of the wall clock when they are most; those of
    /// a trace on average over an hour of it, and without closed populations, who come when they please.
    fn highest_rate(&self, centre: &Centre) -> f64 {
        let processes = centre.kinds.iter().map(|kind| &kind.arrivals);
        let open = processes.filter(|it| !matches!(it, ArrivalProcess::Closed { .. }));
        let per_hour: f64 = open.map(ArrivalProcess::peak_per_hour).sum();
        per_hour / 3600.0 * self.speed * self.highest_pace()
    }

    /// Says that the arrivals of a centre come faster than any load generator can send them, if they do.
    pub fn too_fast_for(&self, centre: &Centre) -> Option<String> {
        let rate = self.highest_rate(centre);
        (rate > limits::RATE_PER_SECOND).then(|| {
            format!(
                "at speed {} and pace {} consumers arrive {rate:.1e} times a second of the wall clock",
                self.speed,
                self.highest_pace()
            )
        })
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
        "how long the load lasts; with stages, as long as they do together",
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
    refuse_another_length(section, length, &stages)?;
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

/// Refuses a length that is not that of the stages.
fn refuse_another_length(
    section: &mut ReaderSection<'_>,
    length: Span,
    stages: &[Stage],
) -> Option<()> {
    let together = stages.iter().map(|stage| stage.length).sum::<Span>();
    if section.has("for") && !stages.is_empty() && length != together {
        let message = format!("the load lasts as long as its stages, {together}, not {length}");
        let finding = section.error("for", message).allowed("as long as the stages, or nothing");
        section.context.report(finding);
        return None;
    }
    Some(())
}

/// Refuses stages of one name, and thresholds of a stage that there is not.
fn refuse_unclear_stages(
    section: &mut ReaderSection<'_>,
    stages: &[Stage],
    thresholds: &[Threshold],
) -> Option<()> {
    let names = || stages.iter().map(|stage| stage.name.as_str());
    let doubled = names().enumerate().find(|&(at, name)| names().take(at).any(|it| it == name));
    if let Some((_, name)) = doubled {
        let message = format!("two stages are called `{name}`");
        section.context.report(section.error("stage", message));
        return None;
    }
    let asked = thresholds.iter().filter_map(|it| Some((it, it.stage.as_deref()?)));
    for (threshold, name) in asked {
        if !names().any(|it| it == name) {
            let message = format!("`{threshold}` is of a stage that there is not");
            let allowed = match stages {
                [] => "a threshold of the whole run: there are no stages".to_owned(),
                _ => format!("one of {}", listing(names())),
            };
            let mut finding = section.error("thresholds", message).allowed(allowed);
            finding.help = nearest(name, names()).map(|name| format!("did you mean `{name}`?"));
            section.context.report(finding);
            return None;
        }
    }
    Some(())
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
    let (faults, thresholds) = (faults.unwrap_or_default(), thresholds.unwrap_or_default());
    let numbered = (1..).zip(stages.unwrap_or_default());
    let stages =
        Vec::from_iter(numbered.map(|(number, WrittenStage { name, length, from, to })| {
            let name = name.unwrap_or_else(|| format!("stage {number}"));
            Stage { name, length, from, to }
        }));
    if stages.len().max(faults.len()).max(thresholds.len()) > limits::STEPS {
        let message = format!("there are more than {} stages, faults or thresholds", limits::STEPS);
        section.context.report(section.error("", message));
        return None;
    }
    refuse_unclear_stages(section, &stages, &thresholds)?;
    refuse_recovery_of_nothing(section, &faults, &thresholds)?;
    Some((stages, faults, thresholds))
}

/// Refuses thresholds of recoveries where there is nothing to recover from.
fn refuse_recovery_of_nothing(
    section: &mut ReaderSection<'_>,
    faults: &[FaultStep],
    thresholds: &[Threshold],
) -> Option<()> {
    let of_recovery = |it: &&Threshold| match it.measure {
        Measure::System(measure) => measure.is_of_faults(),
        _ => false,
    };
    if let Some(threshold) = thresholds.iter().find(of_recovery).filter(|_| faults.is_empty()) {
        let message = format!("`{threshold}` is of faults, and there are none");
        section.context.report(section.error("thresholds", message));
        return None;
    }
    Some(())
}

/// A stage as it is written, perhaps without a name.
struct WrittenStage {
    name: Option<String>,
    length: Span,
    from: f64,
    to: f64,
}

fn stage(section: &mut ReaderSection<'_>) -> Option<WrittenStage> {
    let pace = || Number::between(0.0, 1e6);
    let name = section.optional(
        "name",
        TextForm,
        "by what thresholds and results name it; left out: its number, such as `stage 2`",
    );
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
    Some(WrittenStage { name, length: length?, from, to })
}

/// The most messages with which a mailbox is filled; each takes about 100 bytes.
const MOST_TO_FILL: u64 = 1_000_000;

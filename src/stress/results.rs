//! What a wall-clock run came to.

use std::time::Duration;

use jiff::ZonedDateTime;

use serde::{Deserialize, Serialize};

use crate::ledger::journal::Journal;
use crate::ledger::outcome::Outcome;
use crate::scenario::stress::{Stage, Stress};

use super::message_accounting::{Account, Mailbox};
use super::recovery::Recovery;
use super::series::StressSeries;
use super::stage_figures::StageFigures;
use super::stress_figures::{Count, StressFigures, Timing};
use super::timing_result::TimingResult;

/// What a wall-clock run came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct StressResults {
    /// How it was made.
    pub settings: Stress,
    /// Seed of all random streams.
    pub seed: u64,
    /// When it started, in the time zone of the machine.
    #[serde(with = "as_text")]
    pub started: ZonedDateTime,
    /// Shards.
    pub shards: u32,
    /// Conversations that the scenario has open before the run: on the wall clock nothing can have been
    /// opened before, and the run begins without them.
    pub backlog: usize,
    /// Whether load comes from a closed population: it then waits for the system, and latencies
    /// say less than those of an open model.
    pub closed: bool,
    /// How long the load was to last; less than [`Stress::load`] if the plan ended before.
    pub planned: Duration,
    /// How long it lasted: less if the run was stopped before. Rates are over this time.
    pub load: Duration,
    /// How long the run took, with what came after the load.
    pub length: Duration,
    /// Whether it was ended by the user.
    pub interrupted: bool,
    /// What was measured on the wall clock.
    pub figures: StressFigures,
    /// How long at least everything had taken that was unfinished at the end.
    pub unfinished: StressFigures,
    /// What was measured in each stage of the load, in order; none without stages.
    pub stages: Vec<StageFigures>,
    /// The same second by second, coarser in a long run.
    pub series: StressSeries,
    /// What came of each fault, in the order of the scenario.
    pub recoveries: Vec<Recovery>,
    /// What became of the messages of each class, in the order of [`Mailbox::ALL`].
    pub accounts: [Account; Mailbox::ALL.len()],
    /// What became of the arrivals of the plan.
    pub arrivals: ArrivalAccount,
    /// What the ledgers of all shards came to, in the time of the scenario.
    pub outcome: Outcome,
    /// Memory.
    pub memory: MemoryUse,
    /// What was handled in which order by each shard, if that was asked for.
    #[serde(skip)]
    pub journals: Vec<Journal>,
}

/// What became of the arrivals of the plan, floods among them. Each is in one of the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivalAccount {
    /// Sent by the load generator, or meant to be.
    pub scheduled: u64,
    /// Opened by a router.
    pub opened: u64,
    /// Begun with by a router, but the first message was not handled when the run was over.
    pub started: u64,
    /// Waiting in the mailbox of a router when the run was over.
    pub waiting: u64,
    /// Not taken, because too much was waiting.
    pub refused: u64,
    /// Lost with the router that they were for.
    pub lost: u64,
}

impl ArrivalAccount {
    /// Whether nobody is missing and nobody was counted twice.
    pub fn balances(&self) -> bool {
        let Self { scheduled, opened, started, waiting, refused, lost } = self;
        *scheduled == opened + started + waiting + refused + lost
    }
}

/// A stage of the load and what was measured in it.
#[derive(Clone, Copy, Debug)]
pub struct StageResult<'a> {
    /// The stage.
    pub stage: &'a Stage,
    /// What was measured.
    pub figures: &'a StageFigures,
    /// How much of it was run: rates are over this.
    pub length: Duration,
}

impl StageResult<'_> {
    /// How often something happened a second; `None` if the run was stopped before.
    pub fn rate(&self, count: Count) -> Option<f64> {
        let seconds = self.length.as_secs_f64();
        (seconds > 0.0).then(|| self.figures.count(count) as f64 / seconds)
    }
}

/// Bytes of memory; `None` where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryUse {
    /// Of the process before the load.
    pub before: Option<u64>,
    /// Of the process at the most.
    pub most: Option<u64>,
    /// Of the process at the end of the load.
    pub after: Option<u64>,
    /// Live conversations when the most were live.
    pub live: u64,
    /// Of the process at that time.
    pub at_most_live: Option<u64>,
    /// Timers to come when the most were, and their bytes.
    pub timers: u64,
    /// Bytes of these.
    pub timer_bytes: u64,
}

impl MemoryUse {
    /// Bytes that a live conversation took with its actor and timers, when the most were live;
    /// `None` of too few to tell them from the rest of the process.
    pub fn per_conversation(&self) -> Option<f64> {
        let more = self.at_most_live?.saturating_sub(self.before?);
        (self.live >= 10 * MANY).then(|| more as f64 / self.live as f64)
    }

    /// Bytes that a timer took, when there were the most; `None` of few.
    pub fn per_timer(&self) -> Option<f64> {
        (self.timers >= MANY).then(|| self.timer_bytes as f64 / self.timers as f64)
    }
}

impl StressResults {
    /// Whether the load generator kept up: if it was late itself, the run says nothing about the
    /// system.
    pub fn is_valid(&self) -> bool {
        self.late() as f64 <= LATE_ALLOWED * self.due() as f64
    }

    /// Arrivals sent late, and those due that were not sent at all.
    pub fn late(&self) -> u64 {
        self.figures.count(Count::Late) + self.figures.count(Count::Unsent)
    }

    /// Arrivals whose instant came while the run lasted, sent or not.
    pub fn due(&self) -> u64 {
        self.figures.count(Count::Scheduled) + self.figures.count(Count::Unsent)
    }

    /// How long something took, what was unfinished at the end among it.
    pub fn timing(&self, timing: Timing) -> TimingResult {
        TimingResult::new(self.figures.timing(timing), self.unfinished.timing(timing))
    }

    /// The stages of the load, as far as they were run.
    pub fn stages(&self) -> impl Iterator<Item = StageResult<'_>> {
        let mut begins = Duration::ZERO;
        self.settings.stages.iter().zip(&self.stages).map(move |(stage, figures)| {
            let ends = begins + Duration::from_secs_f64(stage.length.as_secs_f64());
            let length = ends.min(self.load).saturating_sub(begins);
            begins = ends;
            StageResult { stage, figures, length }
        })
    }

    /// The stage of this name.
    pub fn stage(&self, name: &str) -> Option<StageResult<'_>> {
        self.stages().find(|found| found.stage.name == name)
    }

    /// Who makes the load: a plan (open) or a population that waits for the system (closed).
    pub fn model(&self) -> &'static str {
        if self.closed { "closed" } else { "open" }
    }

    /// What became of the messages of a class.
    pub fn account(&self, mailbox: Mailbox) -> &Account {
        &self.accounts[mailbox as usize]
    }
}

/// Share of arrivals that may be sent late.
const LATE_ALLOWED: f64 = 0.01;
/// So many are not few.
const MANY: u64 = 1000;

/// What is saved as it is written.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

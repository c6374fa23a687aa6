//! What a benchmark is asked for, and what an engine did in it.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::base::time::Span;
use crate::stress::engines::Engine;

/// What is asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TimerBenchmark {
    /// Live timers.
    pub live: u32,
    /// How long to measure, flat out and paced each; as long at most for filling, but at least 5 s.
    pub measure: Span,
    /// Seed of the order in which conversations are answered, and of the deadlines that pass.
    pub seed: u64,
}

/// What an engine did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EngineMeasurement {
    /// The engine.
    pub engine: Engine,
    /// What was asked for.
    #[serde(rename = "storm")]
    pub benchmark: TimerBenchmark,
    /// Live timers after filling: fewer than asked for if there was no time to arm them all.
    pub live: u64,
    /// Seconds that filling took.
    pub filled_in: f64,
    /// Bytes that the engine holds on its heap for a live timer, where it can tell.
    pub bytes_held: Option<f64>,
    /// Bytes by which the process grew for a live timer, where the system tells.
    pub bytes_resident: Option<f64>,
    /// As fast as it could.
    pub flat_out: BenchmarkPart,
    /// At half that rate.
    pub paced: BenchmarkPart,
    /// Many deadlines in one tick.
    pub mass: MassDeadlines,
    /// Whether timers armed = cancelled + fired + live, by number and by a checksum over them; left
    /// open if some were still to fire when the engine's time was over.
    pub books_balance: Option<bool>,
}

/// Deadlines that are due at once.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct MassDeadlines {
    /// How many.
    pub timers: u64,
    /// How many fired.
    pub fired: u64,
    /// Whether they fired in the order of arming.
    pub in_order: bool,
    /// Seconds from the first to the last, during which the actor does nothing else; the least of
    /// five attempts.
    pub blocked: f64,
}

impl MassDeadlines {
    pub(super) fn better(self, other: Self) -> Self {
        let in_order = self.in_order && other.in_order;
        Self { in_order, blocked: self.blocked.min(other.blocked), ..self }
    }
}

/// What happened in a part of the benchmark, while it was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BenchmarkPart {
    /// Seconds measured.
    pub seconds: f64,
    /// Seconds for which the machine gave a processor to the thread meanwhile, where it tells.
    pub processor_seconds: Option<f64>,
    /// Timers armed.
    pub armed: u64,
    /// Timers cancelled.
    pub cancelled: u64,
    /// Timers fired.
    pub fired: u64,
    /// From the deadline to the moment at which it was served.
    pub lateness: Lateness,
    /// Deadlines that passed and were not served even some time after the load had ended.
    pub unserved: u64,
    /// Seconds of the longest time spent on firing before the next message was looked at.
    pub longest_turn: f64,
}

impl BenchmarkPart {
    /// Operations: armed, cancelled and fired.
    pub fn operations(&self) -> u64 {
        self.armed + self.cancelled + self.fired
    }

    /// Operations a second.
    pub fn rate(&self) -> f64 {
        self.operations() as f64 / self.seconds.max(f64::EPSILON)
    }

    /// Operations a second of processor time, which other programs do not disturb; where the
    /// system does not tell, operations a second.
    pub fn rate_of_processor(&self) -> f64 {
        let seconds = self.processor_seconds.unwrap_or(self.seconds);
        self.operations() as f64 / seconds.max(f64::EPSILON)
    }

    /// How much of a processor the thread had.
    pub fn share_of_processor(&self) -> Option<f64> {
        self.processor_seconds.map(|seconds| seconds / self.seconds.max(f64::EPSILON))
    }
}

/// How late deadlines were served, in seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Lateness {
    /// Number of deadlines.
    pub count: u64,
    /// Half of them were served within.
    pub p50: f64,
    /// 99 % were served within.
    pub p99: f64,
    /// The latest.
    pub max: f64,
}

impl Lateness {
    pub(super) fn of(microseconds: &Histogram<u64>) -> Self {
        let seconds = |value: u64| value as f64 / 1e6;
        Self {
            count: microseconds.len(),
            p50: seconds(microseconds.value_at_quantile(0.5)),
            p99: seconds(microseconds.value_at_quantile(0.99)),
            max: seconds(microseconds.max()),
        }
    }
}

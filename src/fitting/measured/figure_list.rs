//! The figures by which a log and a simulated run are held against each other.

use crate::estimation::{DurationBins, Sample, WeightedTime};
use crate::fitting::log_samples::{ConsumerSamples, LogSamples};
use crate::log::form::LoggedState;

use super::measured_log::{LogPart, MeasuredLog, PartMeasures};

/// What a figure is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeasuredKind {
    /// Share of the conversations that were answered within the threshold.
    ServiceLevel,
    /// Share that was left before the first answer.
    Abandonment,
    /// Mean wait for the first answer, seconds.
    MeanFirstWait,
    /// Half of the replies are no slower, seconds.
    MedianReply,
    /// Nine in ten replies are no slower, seconds.
    SlowReply,
    /// Conversations taken from agents in a state, for letting their consumer wait.
    Unassigns(LoggedState),
    /// Conversations taken from agents who had logged out.
    Removals,
    /// Hours in which conversations called for an agent who was Offline.
    StrandedHours,
    /// Share of the time Online in which an agent had something to answer.
    Occupancy,
    /// How many leave in an hour of waiting for the first answer: patience.
    LeavingPerHour,
    /// Half of the gaps in which replies are written are no longer, seconds: work.
    MedianWork,
    /// Nine in ten are no longer, seconds: work and interruptions.
    LongWork,
    /// Gaps of more than a few times the usual work: interruptions.
    LongGaps,
    /// Half of the think times are no longer, seconds.
    MedianThink,
    /// Turns of a conversation that was answered and is over, mean.
    MeanTurns,
    /// Share of those with one turn: silent abandonment.
    OneTurnShare,
}

/// A figure and where it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeasuredFigure {
    /// Where.
    pub part: LogPart,
    /// What.
    pub kind: MeasuredKind,
}

/// Figures that a log has, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureList {
    /// Which.
    pub figures: Vec<MeasuredFigure>,
    /// A gap longer than this is a long one, seconds.
    pub long_gap: f64,
}

/// Conversations that a day, hour or skill needs to be looked at by itself.
const ENOUGH: u64 = 20;

impl FigureList {
    /// All figures of which a log has enough.
    pub fn of(log: &MeasuredLog, long_gap: f64) -> Self {
        use MeasuredKind::{
            Abandonment, LeavingPerHour, LongGaps, LongWork, MeanFirstWait, MeanTurns, MedianReply,
            MedianThink, MedianWork, Occupancy, OneTurnShare, Removals, ServiceLevel, SlowReply,
            StrandedHours, Unassigns,
        };
        let samples = &log.samples;
        let mut whole = vec![ServiceLevel, MeanFirstWait, MedianReply, SlowReply];
        if samples.has_endings {
            whole.extend([Abandonment, LeavingPerHour]);
        }
        if samples.has_assignments {
            let states = [LoggedState::Online, LoggedState::Away, LoggedState::Offline];
            whole.extend(states.map(Unassigns));
            whole.extend([Removals, StrandedHours, Occupancy, MedianWork, LongWork, LongGaps]);
        }
        let consumers = samples.all_consumers();
        if consumers.think.ended() >= ENOUGH {
            whole.push(MedianThink);
        }
        if !consumers.turns.is_empty() {
            whole.extend([MeanTurns, OneTurnShare]);
        }
        let skills = log.parts.keys().filter(|part| matches!(part, LogPart::Skill(_))).count();
        let mut figures = Vec::new();
        for (&part, measures) in &log.parts {
            let kinds = match part {
                LogPart::Whole => whole.clone(),
                LogPart::Skill(_) if skills < 2 => continue,
                _ if measures.offered < ENOUGH => continue,
                LogPart::Hour(_) => vec![ServiceLevel, Abandonment, MeanFirstWait],
                LogPart::Day(_) => vec![ServiceLevel, Abandonment, MeanFirstWait, MedianReply],
                LogPart::Skill(_) if samples.has_assignments => {
                    vec![ServiceLevel, Abandonment, MeanFirstWait, MedianReply, MedianWork]
                }
                LogPart::Skill(_) => vec![ServiceLevel, Abandonment, MeanFirstWait, MedianReply],
            };
            let is_known = |kind: &MeasuredKind| *kind != Abandonment || samples.has_endings;
            let kinds = kinds.into_iter().filter(is_known);
            figures.extend(kinds.map(|kind| MeasuredFigure { part, kind }));
        }
        figures.sort_unstable();
        Self { figures, long_gap }
    }

    /// Their values in a log or a run; of what did not come about, 0.
    pub fn values(&self, log: &MeasuredLog) -> Vec<f64> {
        let consumers = log.samples.all_consumers();
        let value = |figure: &MeasuredFigure| self.value(figure, log, &consumers).unwrap_or(0.0);
        self.figures.iter().map(value).collect()
    }

    fn value(
        &self,
        figure: &MeasuredFigure,
        log: &MeasuredLog,
        consumers: &ConsumerSamples,
    ) -> Option<f64> {
        let samples = &log.samples;
        let part: &PartMeasures = log.part(figure.part)?;
        let share = |count: u64| count as f64 / part.offered.max(1) as f64;
        let hours = |seconds: f64| seconds / 3600.0;
        match figure.kind {
            MeasuredKind::ServiceLevel => Some(share(part.within)),
            MeasuredKind::Abandonment => Some(share(part.left)),
            MeasuredKind::MeanFirstWait => part.first_waits.mean_of_ended(),
            MeasuredKind::MedianReply => quantile(&part.replies, 0.5),
            MeasuredKind::SlowReply => quantile(&part.replies, 0.9),
            MeasuredKind::Unassigns(state) => {
                log.unassigns.get(&Some(state)).map(|&count| count as f64)
            }
            MeasuredKind::Removals => Some(log.removals as f64),
            MeasuredKind::StrandedHours => Some(hours(log.stranded.as_secs_f64())),
            MeasuredKind::Occupancy => {
                Some(log.with_work.as_secs_f64() / log.online.as_secs_f64().max(1.0))
            }
            MeasuredKind::LeavingPerHour => {
                let waited = hours(consumers.waits_to_answer.total());
                (waited > 0.0).then(|| consumers.waits_to_answer.ended() as f64 / waited)
            }
            MeasuredKind::MedianWork => quantile(&work(samples, figure.part), 0.5),
            MeasuredKind::LongWork => quantile(&work(samples, figure.part), 0.9),
            MeasuredKind::LongGaps => {
                let all = work(samples, figure.part).sample();
                let long = |times: &[WeightedTime]| {
                    let long = times.iter().filter(|time| time.seconds > self.long_gap);
                    long.map(|time| time.weight).sum::<f64>()
                };
                Some(long(&all.ended) + long(&all.censored))
            }
            MeasuredKind::MedianThink => quantile(&consumers.think, 0.5),
            MeasuredKind::MeanTurns => {
                let count: u64 = consumers.turns.values().sum();
                let sum: u64 =
                    consumers.turns.iter().map(|(&turns, &of)| u64::from(turns) * of).sum();
                (count > 0).then(|| sum as f64 / count as f64)
            }
            MeasuredKind::OneTurnShare => {
                let count: u64 = consumers.turns.values().sum();
                let one = consumers.turns.get(&1).copied().unwrap_or(0);
                (count > 0).then(|| one as f64 / count as f64)
            }
        }
    }
}

/// Gaps in which replies were written.
fn work(samples: &LogSamples, part: LogPart) -> DurationBins {
    let of_part = samples.work.iter().filter(|(skill, _)| match part {
        LogPart::Skill(own) => **skill == own,
        _ => true,
    });
    let mut all = DurationBins::exact();
    for (_, gaps) in of_part {
        all.merge(&gaps.after_send);
        all.merge(&gaps.after_other);
    }
    all
}

/// The quantile of what ended.
fn quantile(bins: &DurationBins, share: f64) -> Option<f64> {
    let sample: Sample = bins.sample();
    let wanted = share * sample.ends();
    let mut sum = 0.0;
    sample.ended.iter().find_map(|time| {
        sum += time.weight;
        (sum >= wanted && sum > 0.0).then_some(time.seconds)
    })
}

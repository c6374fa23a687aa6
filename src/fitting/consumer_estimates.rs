//! Durations, turns and silence of consumers, from a log or a part of it.

use std::collections::BTreeMap;

use crate::estimation::{
    CONFIDENCE, ChosenFit, ConfidenceInterval, DurationBins, Estimated, Family, SilentEstimate,
    SilentFinding, SurvivalCurve, choose_fit, empirical_values,
};

/// A distribution of times.
#[derive(Clone, Debug)]
pub struct TimesEstimate {
    /// How many ended.
    pub ended: u64,
    /// How many were cut.
    pub cut: u64,
    /// Median and 90 % quantile of what was seen, seconds, where so many ended.
    pub median: Option<f64>,
    /// See there.
    pub p90: Option<f64>,
    /// Fitted distributions.
    pub chosen: Option<ChosenFit>,
    /// Values that stand for the sample where no distribution fits.
    pub empirical: Option<Vec<f64>>,
}

/// How many turns a conversation has.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnsEstimate {
    /// Conversations that were answered and are over.
    pub conversations: u64,
    /// Mean of their turns.
    pub mean: f64,
    /// The form that is taken.
    pub form: TurnCount,
    /// Turns, by how many messages they had: shares.
    pub turn_sizes: Vec<TurnSize>,
}

/// A share of turns with a number of messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnSize {
    /// Messages.
    pub messages: u32,
    /// Share of all turns.
    pub share: f64,
}

/// Number of turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TurnCount {
    /// Nearly always the same.
    Fixed(u32),
    /// Each answer is the last with this probability.
    Geometric(Estimated),
}

/// Whether silent leavers are told from short conversations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SilentOutcome {
    /// Their share is known, and is more than none.
    Known(f64),
    /// There may be none.
    MayBeNone,
    /// It is not known.
    Unknown,
}

/// Distributions of durations that are tried.
const FAMILIES: [Family; 5] =
    [Family::Exponential, Family::Gamma, Family::Weibull, Family::Lognormal, Family::TwoLognormals];
/// Durations that are needed to fit a distribution.
pub(super) const FEW: u64 = 30;
/// Values that stand for a sample.
const EMPIRICAL: u32 = 100;

impl SilentOutcome {
    /// Of an estimate.
    pub fn of(silent: &SilentEstimate) -> Self {
        match &silent.finding {
            SilentFinding::Identified(fit) if fit.may_be_none => Self::MayBeNone,
            SilentFinding::Identified(fit) => Self::Known(fit.silent_share.value),
            SilentFinding::NotIdentifiable(_) => Self::Unknown,
        }
    }
}

impl TimesEstimate {
    /// From durations in bins.
    pub fn of(bins: &DurationBins) -> Self {
        let sample = bins.sample();
        let curve = SurvivalCurve::of(&sample);
        let (median, p90) = (curve.quantile(0.5), curve.quantile(0.9));
        let chosen = (bins.ended() >= FEW).then(|| choose_fit(&sample, &FAMILIES)).flatten();
        let fits = chosen.as_ref().is_some_and(|chosen| chosen.misfit.is_tolerable());
        let is_needed = !fits && bins.ended() >= FEW;
        let empirical = is_needed.then(|| empirical_values(&curve, EMPIRICAL)).flatten();
        Self { ended: bins.ended(), cut: bins.censored(), median, p90, chosen, empirical }
    }

    /// The time that nearly all have, seconds, if they are alike.
    pub fn constant(&self) -> Option<f64> {
        let (median, p90) = self.median.zip(self.p90)?;
        let first = self.empirical.as_ref().and_then(|values| values.first().copied());
        let is_constant = p90 <= median * 1.01 && first.is_none_or(|first| first >= median * 0.99);
        is_constant.then_some(median)
    }

    /// Whether a fitted distribution may stand for the sample.
    pub fn has_fit(&self) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.misfit.is_tolerable())
    }

    /// The mean, seconds.
    pub fn mean(&self) -> Option<Estimated> {
        self.chosen.as_ref().map(|chosen| chosen.best().mean)
    }
}

impl TurnsEstimate {
    /// From conversations that were answered and are over. Those with one turn may have been left silently
    /// after it, so that the others decide if there are enough: an answer ends a conversation with the same
    /// probability, whatever came before.
    pub(super) fn of(turns: &BTreeMap<u32, u64>, turn_sizes: &BTreeMap<u32, u64>) -> Option<Self> {
        let conversations: u64 = turns.values().sum();
        let sum: u64 = turns.iter().map(|(&turns, &count)| u64::from(turns) * count).sum();
        if conversations == 0 {
            return None;
        }
        let several: BTreeMap<u32, u64> = turns
            .iter()
            .filter(|(turns, _)| **turns > 1)
            .map(|(&turns, &count)| (turns, count))
            .collect();
        let of_several: u64 = several.values().sum();
        let (decide, first) = match of_several >= FEW {
            true => (&several, 1),
            false => (turns, 0),
        };
        let count: u64 = decide.values().sum();
        let (&most, &often) = decide.iter().max_by_key(|&(_, &count)| count)?;
        let form = if often as f64 >= 0.98 * count as f64 {
            TurnCount::Fixed(most)
        } else {
            let answers = decide.iter().map(|(&turns, &count)| u64::from(turns - first) * count);
            let answers: u64 = answers.sum();
            let value = count as f64 / answers as f64;
            let error = value * libm::sqrt((1.0 - value) / count as f64);
            let interval = ConfidenceInterval::wald(value, error, CONFIDENCE);
            TurnCount::Geometric(Estimated { value, interval, observations: count })
        };
        let all: u64 = turn_sizes.values().sum();
        let turn_sizes = turn_sizes.iter().map(|(&messages, &count)| TurnSize {
            messages,
            share: count as f64 / all.max(1) as f64,
        });
        let mean = sum as f64 / conversations as f64;
        Some(Self { conversations, mean, form, turn_sizes: turn_sizes.collect() })
    }

    /// Whether some turns have several messages.
    pub fn has_bursts(&self) -> bool {
        let single = self.turn_sizes.iter().filter(|size| size.messages == 1);
        single.map(|size| size.share).sum::<f64>() < 0.99
    }
}

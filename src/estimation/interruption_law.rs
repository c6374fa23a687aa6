//! How long an interruption lasts, as phases that are exponential.
//!
//! With phases the rest of an interruption that is running has a simple form too: at an instant that has
//! nothing to do with it each phase is as likely as it is long, and once a timeout has passed the last
//! or the long phase is likelier than that (Asmussen 2003, Applied Probability and Queues, section III.4).

/// The distribution of the length of an interruption.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InterruptionLaw {
    /// Exponential.
    Exponential {
        /// Mean, seconds.
        mean: f64,
    },
    /// A sum of exponential phases of the same mean: gamma with a whole shape.
    Phases {
        /// Mean of all, seconds.
        mean: f64,
        /// How many.
        count: u32,
    },
    /// One of two exponentials, each of which is half of the time in interruptions.
    TwoExponentials {
        /// Probability of the shorter.
        share: f64,
        /// Mean of the shorter, seconds.
        short: f64,
        /// Mean of the longer, seconds.
        long: f64,
    },
}

/// Which distribution it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterruptionForm {
    /// [`InterruptionLaw::Exponential`].
    Exponential,
    /// [`InterruptionLaw::Phases`], so many.
    Phases(u32),
    /// [`InterruptionLaw::TwoExponentials`].
    TwoExponentials,
}

/// Exponential phases of one mean, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Branch {
    pub(super) mean: f64,
    /// Probabilities of one phase, of two, and so on.
    pub(super) counts: Vec<f64>,
}

impl InterruptionForm {
    /// All that are tried: squared coefficients of variation 1, 1/2, 1/5 and 2.9.
    pub(super) const ALL: [Self; 4] =
        [Self::Exponential, Self::Phases(2), Self::Phases(5), Self::TwoExponentials];

    /// With a mean.
    pub(super) fn law(self, mean: f64) -> InterruptionLaw {
        match self {
            Self::Exponential => InterruptionLaw::Exponential { mean },
            Self::Phases(count) => InterruptionLaw::Phases { mean, count },
            Self::TwoExponentials => {
                let (short, long) = (mean / (2.0 * SHORT), mean / (2.0 * (1.0 - SHORT)));
                InterruptionLaw::TwoExponentials { share: SHORT, short, long }
            }
        }
    }
}

/// Share of the shorter of two exponentials.
const SHORT: f64 = 0.85;

impl InterruptionLaw {
    /// The mean, seconds.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Exponential { mean } | Self::Phases { mean, .. } => mean,
            Self::TwoExponentials { share, short, long } => share * short + (1.0 - share) * long,
        }
    }

    /// All of it.
    pub(super) fn whole(&self) -> Vec<Branch> {
        match *self {
            Self::Exponential { mean } => vec![Branch { mean, counts: vec![1.0] }],
            Self::Phases { mean, count } => {
                let counts = (1..=count).map(|of| f64::from(u8::from(of == count))).collect();
                vec![Branch { mean: mean / f64::from(count), counts }]
            }
            Self::TwoExponentials { share, short, long } => vec![
                Branch { mean: short, counts: vec![share] },
                Branch { mean: long, counts: vec![1.0 - share] },
            ],
        }
    }

    /// The rest of one that is running.
    pub(super) fn rest(&self) -> Vec<Branch> {
        match *self {
            Self::Exponential { mean } => vec![Branch { mean, counts: vec![1.0] }],
            Self::Phases { mean, count } => {
                let weight = 1.0 / f64::from(count);
                vec![Branch { mean: mean * weight, counts: vec![weight; count as usize] }]
            }
            Self::TwoExponentials { short, long, .. } => {
                [short, long].map(|mean| Branch { mean, counts: vec![0.5] }).into()
            }
        }
    }

    /// The rest of one that has run for long: with some probability it is in its last, or its long phase.
    pub(super) fn late_rest(&self, in_last: f64) -> Vec<Branch> {
        let mut branches = self.rest();
        match *self {
            Self::Exponential { .. } => {}
            Self::Phases { .. } => {
                let counts = branches.iter_mut().flat_map(|branch| &mut branch.counts);
                counts.for_each(|probability| *probability *= 1.0 - in_last);
                branches[0].counts[0] += in_last;
            }
            Self::TwoExponentials { .. } => {
                branches[0].counts = vec![1.0 - in_last];
                branches[1].counts = vec![in_last];
            }
        }
        branches
    }
}

/// The probability that phases take longer.
pub(super) fn survival(branches: &[Branch], seconds: f64) -> f64 {
    let of_branch = |branch: &Branch| {
        let passed = seconds / branch.mean;
        let mut term = libm::exp(-passed);
        let (mut tail, mut sum) = (0.0, 0.0);
        for (number, probability) in (1_u32..).zip(&branch.counts) {
            tail += term;
            term *= passed / f64::from(number);
            sum += probability * tail;
        }
        sum
    };
    branches.iter().map(of_branch).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_the_tail_over_the_mean() {
        // Renewal theory: the rest has the density P(length > x) / mean.
        let two = InterruptionForm::TwoExponentials.law(300.0);
        assert!((two.mean() - 300.0).abs() < 1e-9);
        for law in [InterruptionForm::Phases(5).law(300.0), two] {
            for seconds in [10.0, 200.0, 900.0] {
                let tail = |at: f64| survival(&law.rest(), at);
                let density = (tail(seconds - 0.5) - tail(seconds + 0.5)) / 1.0;
                let expected = survival(&law.whole(), seconds) / 300.0;
                assert!((density / expected - 1.0).abs() < 1e-3, "{law:?} {seconds}");
            }
        }
        // Two phases of mean 1: P(length > x) = exp(−x) (1 + x); one is left with 1/2.
        let law = InterruptionForm::Phases(2).law(2.0);
        assert!((survival(&law.whole(), 1.0) - 2.0 * libm::exp(-1.0)).abs() < 1e-12);
        assert!((survival(&law.rest(), 1.0) - 1.5 * libm::exp(-1.0)).abs() < 1e-12);
        assert!((survival(&law.late_rest(1.0), 1.0) - libm::exp(-1.0)).abs() < 1e-12);
    }
}

//! How many would still wait after a time, from times of which some were cut.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated, two_sided_bound};
use super::duration_bins::Sample;

/// The share that lasts longer than a time, without assuming a distribution, by Kaplan and Meier 1958
/// (Journal of the American Statistical Association 53, 457–481): at each time that ended, those still
/// there are multiplied by the share that goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalCurve {
    steps: Vec<SurvivalStep>,
    /// The longest time that was seen, ended or cut, seconds.
    longest: f64,
    ends: f64,
}

/// The curve right after a time at which some ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalStep {
    /// The time, seconds.
    pub seconds: f64,
    /// Share that lasts longer.
    pub survival: f64,
    /// Relative variance of that share, by the formula of Greenwood 1926 (The errors of sampling of the
    /// survivorship tables): the sum of d / (n (n − d)) over d ended of n that were still there.
    pub relative_variance: f64,
}

impl SurvivalCurve {
    /// The curve of a sample; times that end and are cut at once count as ended first.
    pub fn of(sample: &Sample) -> Self {
        let mut cuts = sample.censored.iter().peekable();
        let mut left = sample.ends() + sample.cuts();
        let (mut survival, mut relative_variance) = (1.0, 0.0);
        let mut steps = Vec::with_capacity(sample.ended.len());
        for ended in &sample.ended {
            while let Some(cut) = cuts.next_if(|cut| cut.seconds < ended.seconds) {
                left -= cut.weight;
            }
            let stay = (left - ended.weight).max(0.0);
            survival *= stay / left;
            relative_variance += ended.weight / (left * stay);
            left = stay;
            steps.push(SurvivalStep { seconds: ended.seconds, survival, relative_variance });
        }
        let last = |times: &[super::WeightedTime]| times.last().map_or(0.0, |time| time.seconds);
        let longest = last(&sample.ended).max(last(&sample.censored));
        Self { steps, longest, ends: sample.ends() }
    }

    /// Its steps, by time.
    pub fn steps(&self) -> &[SurvivalStep] {
        &self.steps
    }

    /// The longest time that was seen, seconds: beyond it nothing is known.
    pub fn longest(&self) -> f64 {
        self.longest
    }

    /// The share that lasts longer than all that was seen: 0 if the longest time of all ended.
    pub fn at_end(&self) -> f64 {
        self.steps.last().map_or(1.0, |step| step.survival)
    }

    /// The share that lasts longer than a time.
    pub fn at(&self, seconds: f64) -> f64 {
        self.step_at(seconds).map_or(1.0, |step| step.survival)
    }

    /// The interval of that share at one time, by the normal approximation on the scale log(−log),
    /// which keeps it between 0 and 1 (Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure
    /// Time Data, section 1.4). Before the first and after the last end it is a point.
    pub fn band(&self, seconds: f64, confidence: f64) -> ConfidenceInterval {
        let share = self.at(seconds);
        let (Some(step), true) = (self.step_at(seconds), share > 0.0) else {
            return ConfidenceInterval { low: share, high: share };
        };
        let logarithm = libm::log(share);
        let half = two_sided_bound(confidence) * libm::sqrt(step.relative_variance) / -logarithm;
        let to = |exponent: f64| libm::exp(logarithm * libm::exp(exponent));
        ConfidenceInterval { low: to(half), high: to(-half) }
    }

    /// The time that a share `probability` does not outlast; none if that many were never seen to end.
    pub fn quantile(&self, probability: f64) -> Option<f64> {
        let step = self.steps.partition_point(|step| 1.0 - step.survival < probability - 1e-12);
        self.steps.get(step).map(|step| step.seconds)
    }

    /// The mean of the times, each counted up to `horizon` at most (seconds): the area under the curve,
    /// with its variance as in Klein and Moeschberger 2003, Survival Analysis, (4.5.2): each step moves the
    /// area behind it.
    pub fn restricted_mean(&self, horizon: f64) -> Estimated {
        let mut area = 0.0;
        let mut variance = 0.0;
        let (mut end, mut relative) = (horizon, None::<f64>);
        for step in self.steps.iter().rev().filter(|step| step.seconds < horizon) {
            // What the step behind this one added to the relative variance, by the area behind it.
            variance += relative.map_or(0.0, |after| weigh(after - step.relative_variance, area));
            area += step.survival * (end - step.seconds);
            (end, relative) = (step.seconds, Some(step.relative_variance));
        }
        variance += relative.map_or(0.0, |first| weigh(first, area));
        let mean = area + end;
        let interval = ConfidenceInterval::wald(mean, libm::sqrt(variance), CONFIDENCE);
        Estimated { value: mean, interval, observations: libm::round(self.ends) as u64 }
    }

    fn step_at(&self, seconds: f64) -> Option<&SurvivalStep> {
        let after = self.steps.partition_point(|step| step.seconds <= seconds);
        self.steps[..after].last()
    }
}

/// Nothing is left behind a step at which the last ended, however sure.
fn weigh(relative_variance: f64, area: f64) -> f64 {
    if area > 0.0 { relative_variance * area * area } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::testing::stream;
    use crate::base::time::Span;
    use crate::estimation::DurationBins;
    use crate::estimation::drawn::durations;

    /// The times of remission of 21 patients under 6-MP (Gehan 1965), weeks as seconds here.
    fn remission() -> SurvivalCurve {
        let mut bins = DurationBins::exact();
        for ended in [6, 6, 6, 7, 10, 13, 16, 22, 23] {
            bins.add(Span::from_secs(ended));
        }
        for cut in [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] {
            bins.add_censored(Span::from_secs(cut));
        }
        SurvivalCurve::of(&bins.sample())
    }

    #[test]
    fn the_remission_times_have_the_published_curve() {
        let curve = remission();
        for (seconds, survival) in [
            (5.0, 1.0),
            (6.0, 0.8571),
            (7.0, 0.8067),
            (12.0, 0.7529),
            (22.5, 0.5378),
            (40.0, 0.4482),
        ] {
            assert!((curve.at(seconds) - survival).abs() < 5e-5, "{seconds}");
        }
        assert!((curve.at_end() - 0.4482).abs() < 5e-5 && curve.longest() == 35.0);
        // Published standard errors: .0764 at 6, .1346 at 23.
        let error = |step: &SurvivalStep| step.survival * libm::sqrt(step.relative_variance);
        assert!((error(&curve.steps()[0]) - 0.0764).abs() < 5e-5);
        assert!((error(curve.steps().last().unwrap()) - 0.1346).abs() < 5e-5);
        assert_eq!((curve.quantile(0.5), curve.quantile(0.14)), (Some(23.0), Some(6.0)));
        assert_eq!(curve.quantile(0.6), None);
        // On the scale log(−log): .620 to .952 at 6, as R's survfit prints with conf.type = "log-log".
        let band = curve.band(6.0, 0.95);
        assert!((band.low - 0.620).abs() < 5e-4 && (band.high - 0.952).abs() < 5e-4, "{band:?}");
    }

    #[test]
    fn the_restricted_mean_is_the_area_under_the_curve() {
        // Known from R: survfit prints rmean 23.3 with standard error 2.83 up to 35.
        let mean = remission().restricted_mean(35.0);
        assert!((mean.value - 23.287).abs() < 1e-3, "{mean:?}");
        let error = (mean.interval.high - mean.value) / 1.959_964;
        assert!((error - 2.827).abs() < 1e-3, "{error}");
        // Nothing ended before 5 s.
        assert_eq!(remission().restricted_mean(5.0).value, 5.0);
    }

    #[test]
    fn without_cuts_the_curve_is_that_of_the_sample() {
        let mut bins = DurationBins::exact();
        (1..=4).for_each(|seconds| bins.add(Span::from_secs(seconds)));
        let curve = SurvivalCurve::of(&bins.sample());
        let shares = Vec::from_iter(curve.steps().iter().map(|step| step.survival));
        assert_eq!(shares, [0.75, 0.5, 0.25, 0.0]);
        let mean = curve.restricted_mean(9.0);
        // The variance of a sample of four, divided by four as by three quarters.
        let error = (mean.interval.high - mean.value) / 1.959_964;
        assert!((mean.value - 2.5).abs() < 1e-12 && (error - libm::sqrt(1.25 / 4.0)).abs() < 1e-6);
        assert_eq!(curve.band(4.0, 0.95), ConfidenceInterval { low: 0.0, high: 0.0 });
        assert_eq!(SurvivalCurve::of(&DurationBins::exact().sample()).at_end(), 1.0);
    }

    #[test]
    fn the_band_holds_the_true_share_as_often_as_it_says() {
        let patience = Distribution::exponential(300.0).unwrap();
        let wait = Distribution::exponential(200.0).unwrap();
        let mut inside = 0;
        for sample in 0..400 {
            let bins = durations(200, &patience, Some(&wait), &mut stream(1_000 + sample));
            let band = SurvivalCurve::of(&bins.sample()).band(150.0, 0.95);
            inside += u64::from(band.contains(libm::exp(-0.5)));
        }
        // Binomial with p = .95: outside 365–394 with a probability below one in a thousand.
        assert!((365..=394).contains(&inside), "{inside}");
    }
}

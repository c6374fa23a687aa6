//! Samples that say little or nothing: every estimate must say so, and none may panic or hang.

use super::*;
use crate::base::time::Span;

const FAMILIES: [Family; 5] =
    [Family::Exponential, Family::Gamma, Family::Weibull, Family::Lognormal, Family::TwoLognormals];

/// A name, times that ended and times that were cut, seconds, each as often as the last number says.
type OddSample = (&'static str, &'static [i64], &'static [i64], u32);

const ODD: [OddSample; 10] = [
    ("nothing", &[], &[], 1),
    ("one time", &[7], &[], 1),
    ("one cut", &[], &[7], 1),
    ("no time at all", &[0], &[], 300),
    ("cuts of no time", &[], &[0], 300),
    ("all alike", &[60], &[], 700),
    ("all alike and cut there", &[60], &[60], 700),
    ("two times", &[1, 100_000], &[], 300),
    ("the longest there is", &[i64::MAX / 4_000_000], &[1], 5),
    ("more cuts than can be", &[5, 6], &[1, 2, 3, 1_000_000], 300),
];

fn bins(sample: &OddSample, tick: i64) -> DurationBins {
    let (_, ended, cut, times) = *sample;
    let mut bins = DurationBins::of_ticks(Span::from_secs(tick));
    for _ in 0..times {
        ended.iter().for_each(|&seconds| bins.add(Span::from_secs(seconds)));
        cut.iter().for_each(|&seconds| bins.add_censored(Span::from_secs(seconds)));
    }
    bins
}

fn is_sound(estimated: &Estimated) -> bool {
    let ConfidenceInterval { low, high } = estimated.interval;
    !estimated.value.is_nan() && low <= estimated.value && estimated.value <= high
}

#[test]
fn odd_samples_have_sound_fits_or_none() {
    for sample in &ODD {
        for tick in [0, 1] {
            let bins = bins(sample, tick);
            let chosen = choose_fit(&bins.sample(), &FAMILIES);
            for fit in chosen.iter().flat_map(|chosen| &chosen.fits) {
                assert!(is_sound(&fit.mean), "{sample:?} {fit:?}");
                let sound = |parameter: &FittedParameter| is_sound(&parameter.estimated);
                assert!(fit.parameters.iter().all(sound), "{sample:?} {fit:?}");
            }
            // What is all alike is no distribution at all, and stands for itself.
            let is_alike = sample.0 == "all alike";
            assert!(!is_alike || !chosen.is_some_and(|chosen| chosen.misfit.is_tolerable()));
            let curve = SurvivalCurve::of(&bins.sample());
            assert!((0.0..=1.0).contains(&curve.at_end()), "{sample:?}");
            assert!(is_sound(&curve.restricted_mean(curve.longest())), "{sample:?}");
        }
    }
}

#[test]
fn odd_waits_have_sound_patience_or_too_little() {
    for sample in &ODD {
        let estimate = PatienceEstimate::of(&bins(sample, 0), Span::from_secs(1));
        if let PatienceFinding::Fitted { chosen, misleading } = &estimate.finding {
            assert!(is_sound(&chosen.best().mean) && misleading.is_finite(), "{sample:?}");
        }
        let mut waits = WaitsByOutcome::of_ticks(Span::ZERO);
        for _ in 0..sample.3 {
            sample.1.iter().for_each(|&wait| waits.add_left(Span::from_secs(wait)));
            sample.2.iter().for_each(|&wait| waits.add_answered(Span::from_secs(wait), false));
            sample.2.iter().for_each(|&wait| waits.add_answered(Span::from_secs(2 * wait), true));
        }
        let silent = SilentEstimate::of(&waits);
        assert!((0.0..=1.0).contains(&silent.at_most), "{sample:?}");
        if let SilentFinding::Identified(fit) = silent.finding {
            assert!(is_sound(&fit.silent_share) && is_sound(&fit.mean_patience), "{sample:?}");
        }
    }
}

#[test]
fn odd_gaps_have_sound_interruptions_or_a_doubt() {
    for sample in &ODD {
        let after_loss = bins(sample, 1);
        let gaps =
            ReplyGaps { after_send: bins(sample, 0), after_other: bins(sample, 1), after_loss };
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]);
        if let Some(found) = found.filter(|found| found.doubt.is_none()) {
            assert!(is_sound(&found.fit.every) && is_sound(&found.fit.length), "{sample:?}");
        }
        let agents = ["a", "b"]
            .map(|name| AgentReplies { name: name.into(), replies: vec![bins(sample, 0)] });
        let group = GroupWork::of(&agents, &[Family::Lognormal]);
        for speed in group.iter().flat_map(|group| &group.speeds) {
            assert!(is_sound(&speed.speed), "{sample:?} {speed:?}");
        }
        let recognized = RecognizedTime::of(&bins(sample, 1));
        assert!(recognized.is_none_or(|found| is_sound(&found.share)), "{sample:?}");
    }
}

#[test]
fn odd_days_have_sound_busyness_and_no_trend() {
    let day = |(day, &count): (usize, &u64)| DayTotal { group: day % 7, day: day as f64, count };
    for counts in [vec![], vec![0; 70], vec![5], vec![0; 10], vec![u64::from(u32::MAX); 70]] {
        let days = Vec::from_iter(counts.iter().enumerate().map(day));
        let found = ArrivalDays::of(&days);
        assert_eq!((found.trend, &*found.unusual), (None, &[][..]), "{counts:?}");
        match found.busyness {
            BusynessFinding::Estimated { variance, is_none } => {
                assert!(is_none && is_sound(&variance), "{variance:?}");
            }
            BusynessFinding::TooFewDays(found) => assert_eq!(found, days.len()),
        }
    }
}

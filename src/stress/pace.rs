//! How fast the plan of arrivals is walked: a pace that changes from stage to stage, and the wall
//! clock that it makes of the plan's own time.

use crate::scenario::stress::{Stage, Stress};

use super::clock::Moment;

/// The pace of a run.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    /// Seconds of the plan in a second of the wall clock at pace 1.
    speed: f64,
    stages: Vec<Stage>,
}

impl Pace {
    pub(super) fn new(settings: &Stress) -> Self {
        let name = String::new();
        let whole = Stage { name, length: settings.length, from: 1.0, to: 1.0 };
        let stages = match settings.stages.as_slice() {
            [] => vec![whole],
            stages => stages.to_vec(),
        };
        Self { speed: settings.speed, stages }
    }

    /// The moment at which the walk comes to an instant of the plan, in seconds; `None` if it ends
    /// before.
    pub(super) fn moment(&self, plan: f64) -> Option<Moment> {
        let (mut left, mut start) = (plan / self.speed, 0.0);
        for stage in &self.stages {
            let whole = stage.walked(stage.seconds());
            if left < whole {
                return Some(Moment(((start + stage.after(left)) * NANOS) as u64));
            }
            left -= whole;
            start += stage.seconds();
        }
        None
    }
}

impl Stage {
    fn seconds(&self) -> f64 {
        self.length.as_secs_f64()
    }

    /// What is walked at pace 1 in as long, after so many seconds of the stage.
    fn walked(&self, seconds: f64) -> f64 {
        self.from * seconds + (self.to - self.from) * seconds * seconds / (2.0 * self.seconds())
    }

    /// The seconds after which so much is walked: the root of a quadratic, in the form that is
    /// exact also for a pace that hardly changes.
    fn after(&self, walked: f64) -> f64 {
        let slope = (self.to - self.from) / self.seconds();
        let root = (self.from * self.from + 2.0 * slope * walked).max(0.0).sqrt();
        let seconds = 2.0 * walked / (self.from + root);
        if seconds.is_nan() { 0.0 } else { seconds.min(self.seconds()) }
    }
}

const NANOS: f64 = 1e9;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Span;

    fn stage(seconds: i64, from: f64, to: f64) -> Stage {
        Stage { name: String::new(), length: Span::from_secs(seconds), from, to }
    }

    #[test]
    fn the_walk_comes_to_each_instant_when_so_much_has_been_walked() {
        let stages = vec![stage(10, 0.0, 2.0), stage(5, 1.0, 1.0), stage(4, 3.0, 0.0)];
        let pace = Pace { speed: 60.0, stages };
        // Half way up the ramp a quarter of it is walked; the last stage slows down to a stop.
        for (walked, second) in [(0.0, 0.0), (2.5, 5.0), (10.0, 10.0), (12.5, 12.5), (19.5, 17.0)] {
            let moment = pace.moment(60.0 * walked).unwrap();
            assert!((moment.0 as f64 / NANOS - second).abs() < 1e-6, "{walked}: {moment:?}");
        }
        assert_eq!(pace.moment(60.0 * 21.0), None);
    }

    #[test]
    fn nothing_arrives_while_the_pace_is_zero() {
        let pace = Pace { speed: 1.0, stages: vec![stage(3, 0.0, 0.0), stage(2, 1.0, 1.0)] };
        assert_eq!(pace.moment(0.0), Some(Moment(3_000_000_000)));
        assert_eq!(pace.moment(1.0), Some(Moment(4_000_000_000)));
    }
}

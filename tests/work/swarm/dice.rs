//! Draws for random scenarios.

use rand::{RngExt, SeedableRng};
use shiftstorm::base::distribution::Distribution;
use shiftstorm::base::stream::Stream;
use shiftstorm::base::time::Span;

/// What is drawn for one scenario.
pub(crate) struct Dice {
    pub(crate) stream: Stream,
    /// Number of skills.
    pub(crate) skills: u16,
    /// Number of agent groups.
    pub(crate) groups: u16,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut stream = Stream::seed_from_u64(seed);
        let (skills, groups) = (stream.random_range(1..=3), stream.random_range(1..=3));
        Self { stream, skills, groups }
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.stream.random_bool(probability)
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.stream.random_range(0..choices.len())]
    }

    /// A multiple of [`GRID`] seconds.
    pub(crate) fn grid_seconds(&mut self, least: i64, most: i64) -> i64 {
        GRID * self.stream.random_range(least / GRID..=(most / GRID).max(least / GRID))
    }

    pub(crate) fn grid(&mut self, least: i64, most: i64) -> Span {
        Span::from_secs(self.grid_seconds(least, most))
    }

    pub(crate) fn fixed(&mut self, least: i64, most: i64) -> Distribution {
        Distribution::fixed(self.grid_seconds(least, most) as f64).expect("a time")
    }

    /// Fixed, one of some times on the grid, or now and then off the grid.
    pub(crate) fn time(&mut self, least: i64, most: i64) -> Distribution {
        match self.stream.random_range(0..8) {
            0..4 => self.fixed(least, most),
            4..7 => {
                let times = (0..3).map(|_| self.grid_seconds(least, most) as f64).collect();
                Distribution::empirical(times).expect("times")
            }
            _ => Distribution::uniform(least as f64, most as f64).expect("times"),
        }
    }

    pub(crate) fn count(&mut self, least: u32, most: u32) -> Distribution {
        Distribution::empirical((least..=most).map(f64::from).collect()).expect("counts")
    }
}

/// Seconds between two instants of the grid.
const GRID: i64 = 5;

//! What the machine can do at all: the bare timing wheel, without actors, messages or a model.

use std::time::{Duration, Instant};

use crate::stress::wheel::Wheel;

/// Timer operations a second of a bare wheel with 30,000 live timers: five are armed for each four
/// that are cancelled and one that fires. It takes a tenth of a second.
pub fn bare_wheel() -> f64 {
    let mut wheel = Wheel::with_capacity(LIVE);
    let mut handles = Vec::from_iter((0..LIVE).map(|number| wheel.arm(due(0, number), ())));
    let (mut operations, mut now, mut round) = (0_u64, 0, 0);
    let start = Instant::now();
    while start.elapsed() < LENGTH {
        for _ in 0..BETWEEN {
            let position = round % LIVE;
            operations += u64::from(wheel.cancel(handles[position]).is_some());
            handles[position] = wheel.arm(due(now, round), ());
            operations += 1;
            round += 1;
        }
        now += TICKS;
        wheel.advance(now, |_, ()| operations += 1);
    }
    operations as f64 / start.elapsed().as_secs_f64()
}

/// A tick up to a minute ahead, all over it.
fn due(now: u64, number: usize) -> u64 {
    // Knuth's multiplicative hash: neighbours end up far from each other.
    now + 1 + (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) % AHEAD
}

const LIVE: usize = 30_000;
const LENGTH: Duration = Duration::from_millis(100);
/// Arms between two looks at the clock, and the ticks that pass meanwhile: so many that of five
/// timers about one fires before it is cancelled.
const BETWEEN: usize = 64;
const TICKS: u64 = 640;
const AHEAD: u64 = 1_500_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_does_some_timer_operations_a_second() {
        let rate = bare_wheel();
        assert!(rate > 10_000.0 && rate.is_finite(), "{rate}");
    }
}

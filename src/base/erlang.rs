//! Queues with a known solution, by which planners find a staffing: Erlang C (M/M/n) and, if those
//! who wait lose patience, Erlang A (M/M/n+M).

use super::special::beta_cdf;

/// Work of one kind that arrives by chance and is served in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfferedLoad {
    /// Arrivals a second.
    pub rate: f64,
    /// Mean of the exponential service time, in seconds.
    pub service: f64,
    /// Mean of the exponential patience until service begins, in seconds; none: nobody leaves.
    pub patience: Option<f64>,
}

/// A wait and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wait {
    /// Until service begins, seconds.
    ToStart(f64),
    /// Until service ends, seconds. Patience is left out: nobody leaves.
    ToEnd(f64),
}

impl OfferedLoad {
    /// Mean number of servers at work if there are plenty (erlangs).
    pub fn erlangs(&self) -> f64 {
        self.rate * self.service
    }

    /// The share of all arrivals served within a wait by so many servers.
    pub fn served_within(&self, wait: Wait, servers: u32) -> f64 {
        #[cfg(test)]
        EVALUATIONS.set(EVALUATIONS.get() + 1);
        match (wait, self.patience) {
            (Wait::ToStart(time), Some(patience)) => self.erlang_a(time, patience, servers),
            _ => self.erlang_c(wait, servers),
        }
    }

    /// The fewest servers that serve at least the share `goal` (below 1) within a wait; `None` if
    /// no number does, as when service itself takes too long, or more than [`MOST`].
    pub fn servers_for(&self, wait: Wait, goal: f64) -> Option<u32> {
        if self.erlangs() <= 0.0 {
            return Some(0);
        }
        // With no end of servers nobody waits.
        if let Wait::ToEnd(time) = wait
            && -libm::expm1(-time / self.service) < goal
        {
            return None;
        }
        let suffices = |servers: u32| self.served_within(wait, servers) >= goal;
        let mut high = 1;
        while !suffices(high) {
            if high >= MOST {
                return None;
            }
            high *= 2;
        }
        // More servers never serve fewer.
        let mut low = high / 2;
        while high - low > 1 {
            let middle = low.midpoint(high);
            *(if suffices(middle) { &mut high } else { &mut low }) = middle;
        }
        Some(high)
    }

    fn erlang_c(&self, wait: Wait, servers: u32) -> f64 {
        let (load, servers) = (self.erlangs(), f64::from(servers));
        if load >= servers {
            return 0.0;
        }
        let waits = self.erlang_c_waits(servers);
        let finish = 1.0 / self.service;
        let drain = servers * finish - self.rate;
        match wait {
            Wait::ToStart(time) => 1.0 - waits * libm::exp(-drain * time),
            Wait::ToEnd(time) => {
                let served_at_once = libm::exp(-finish * time);
                let gap = (drain - finish) * time;
                // The sum of two exponential times; both alike in the limit.
                let one_after_other = if libm::fabs(gap) < 1e-6 {
                    served_at_once * (1.0 + finish * time)
                } else {
                    let both = drain * served_at_once - finish * libm::exp(-drain * time);
                    both / (drain - finish)
                };
                1.0 - (1.0 - waits) * served_at_once - waits * one_after_other
            }
        }
    }

    /// The probability of waiting at all, from the recursion of Erlang B.
    fn erlang_c_waits(&self, servers: f64) -> f64 {
        let load = self.erlangs();
        let mut blocked = 1.0;
        let mut server = 1.0;
        while server <= servers {
            blocked = load * blocked / (server + load * blocked);
            server += 1.0;
        }
        blocked / (1.0 - load / servers * (1.0 - blocked))
    }

    /// With j others before it an arrival waits for j + 1 departures, at rates s, s + 1, … times
    /// that of patience, where s = servers × rate of service / rate of patience. That all come
    /// within `time`, and before its own patience ends, has the probability
    /// s/(s + j + 1) · I(j + 1, s + 1) at 1 − exp(−time/patience).
    fn erlang_a(&self, time: f64, patience: f64, servers: u32) -> f64 {
        let (load, count) = (self.erlangs(), f64::from(servers));
        let departures = count * patience / self.service;
        let in_time = -libm::expm1(-time / patience);
        // Probabilities of the number in the system, relative to all servers at work and no queue.
        let (mut all, mut served) = (0.0, 0.0);
        let (mut busy, mut weight) = (count, 1.0);
        while busy > 0.0 && weight > NEGLIGIBLE {
            weight *= busy / load;
            busy -= 1.0;
            all += weight;
            served += weight;
        }
        let (mut ahead, mut weight) = (0.0, 1.0);
        while weight > NEGLIGIBLE * all.max(1.0) {
            let share = departures / (departures + ahead + 1.0);
            all += weight;
            served += weight * share * beta_cdf(ahead + 1.0, departures + 1.0, in_time);
            ahead += 1.0;
            weight *= self.rate * patience / (departures + ahead);
        }
        served / all
    }
}

/// Servers beyond which nobody asks.
pub const MOST: u32 = 1 << 17;
/// Relative weight of what is left out of a sum.
const NEGLIGIBLE: f64 = 1e-17;

#[cfg(test)]
thread_local! {
    /// How often a formula was evaluated on this thread: what a staffing costs.
    pub(crate) static EVALUATIONS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn per_minute(rate: f64, service: f64, patience: Option<f64>) -> OfferedLoad {
        let patience = patience.map(|patience| patience * 60.0);
        OfferedLoad { rate: rate / 60.0, service: service * 60.0, patience }
    }

    fn close(found: f64, exact: f64) -> bool {
        (found - exact).abs() < 1e-6
    }

    #[test]
    fn what_no_number_of_servers_reaches_is_known_at_once() {
        // 1 − exp(−20 / 60) of replies are written within 20 s at most.
        let load = per_minute(100.0, 1.0, None);
        assert_eq!(load.servers_for(Wait::ToEnd(20.0), 0.2835), None);
        assert!(load.servers_for(Wait::ToEnd(20.0), 0.2834).is_some());
    }

    #[test]
    fn erlang_c_gives_the_reference_values() {
        let start = Wait::ToStart(20.0);
        assert!(close(per_minute(4.2, 2.0, None).served_within(start, 12), 0.899_080));
        assert!(close(per_minute(100.0 / 30.0, 3.0, None).served_within(start, 14), 0.888_350));
        assert_eq!(per_minute(10.0, 1.0, None).served_within(start, 10), 0.0);
    }

    #[test]
    fn erlang_a_gives_the_reference_values() {
        for (rate, service, servers, patience, within, exact) in [
            (48.0, 1.0, 50, 2.0, 20.0, 0.943_019),
            (10.0 / 3.0, 3.0, 14, 5.0, 20.0, 0.916_792),
            (3.0, 5.0, 10, 4.0, 60.0, 0.263_622),
            (10.0, 5.0, 52, 3.0, 20.0, 0.806_530),
            (10.0, 5.0, 51, 3.0, 20.0, 0.770_517),
        ] {
            let load = per_minute(rate, service, Some(patience));
            let found = load.served_within(Wait::ToStart(within), servers);
            assert!(close(found, exact), "{servers}: {found} is not {exact}");
        }
    }

    #[test]
    fn the_wait_to_the_end_is_that_to_the_start_and_the_service() {
        // M/M/1: the time in the system is exponential at the rate by which service outruns arrival.
        let single = per_minute(0.8, 1.0, None);
        let expected = -libm::expm1(-0.2);
        assert!(close(single.served_within(Wait::ToEnd(60.0), 1), expected));
        // Plenty of servers: only the service is left.
        let alone = single.served_within(Wait::ToEnd(60.0), 50);
        assert!(close(alone, -libm::expm1(-1.0)));
        // At equal rates the limit is taken: 2 servers, load 1.
        let even = per_minute(1.0, 1.0, None);
        let near = per_minute(1.000_001, 1.0, None);
        let [even, near] = [even, near].map(|load| load.served_within(Wait::ToEnd(60.0), 2));
        assert!((even - near).abs() < 1e-5, "{even} {near}");
    }

    #[test]
    fn the_least_staffing_is_that_of_the_reference() {
        let start = Wait::ToStart(20.0);
        let load = per_minute(10.0, 5.0, Some(3.0));
        assert_eq!(load.servers_for(start, 0.8), Some(52));
        assert_eq!(OfferedLoad { patience: None, ..load }.servers_for(start, 0.8), Some(57));
        assert_eq!(OfferedLoad { rate: 0.0, ..load }.servers_for(start, 0.8), Some(0));
        // Nobody answers half in a fifth of the mean.
        assert_eq!(load.servers_for(Wait::ToEnd(60.0), 0.5), None);
    }
}

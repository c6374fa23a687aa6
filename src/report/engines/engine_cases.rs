//! Engines as cases for build servers.

use jiff::ZonedDateTime;

use crate::report::format::number;
use crate::report::junit::{JunitCase, JunitResult, JunitSuite};
use crate::stress::engines::Engine;
use crate::stress::timer_benchmark::EngineMeasurement;

/// A suite for each engine and number of live timers, and one for each that was cut off after so many
/// seconds.
pub fn junit_suites(
    measured: &[EngineMeasurement],
    cut_off: &[(Engine, f64)],
    started: &ZonedDateTime,
) -> Vec<JunitSuite> {
    let measured = measured.iter().map(|measured| {
        let EngineMeasurement { engine, benchmark, .. } = measured;
        let name = format!("{}, {} live", engine.name(), number(f64::from(benchmark.live)));
        JunitSuite::new(&name, [filled(measured), books(measured), served(measured)])
    });
    let cut_off = cut_off.iter().map(|(engine, seconds)| {
        let message = format!("it said nothing within {} s", number(*seconds));
        let case = JunitCase::new("it ends in time", JunitResult::Failed("cut off"), message);
        JunitSuite::new(engine.name(), [case])
    });
    measured.chain(cut_off).map(|suite| suite.started(started)).collect()
}

fn passed_if(holds: bool, kind: &'static str) -> JunitResult {
    if holds { JunitResult::Passed } else { JunitResult::Failed(kind) }
}

fn filled(measured: &EngineMeasurement) -> JunitCase {
    let asked = u64::from(measured.benchmark.live);
    let live = measured.live;
    let message = format!("{live} of {asked} timers armed in {} s", number(measured.filled_in));
    JunitCase::new("all timers are armed in time", passed_if(live >= asked, "too slow"), message)
}

fn books(measured: &EngineMeasurement) -> JunitCase {
    let (ending, message) = match measured.books_balance {
        Some(true) => (JunitResult::Passed, "armed = cancelled + fired + live"),
        Some(false) => (JunitResult::Failed("unbalanced"), "armed is not cancelled + fired + live"),
        None => (JunitResult::Skipped, "some were still to fire when its time was over"),
    };
    JunitCase::new("every timer is accounted for", ending, message)
}

fn served(measured: &EngineMeasurement) -> JunitCase {
    let unserved = measured.flat_out.unserved + measured.paced.unserved;
    let rate = number(measured.flat_out.rate().round());
    let message = format!("{unserved} were not served; {rate} operations/s flat out");
    JunitCase::new("every deadline is served", passed_if(unserved == 0, "unserved"), message)
}

//! Timer engines under a storm: whatever their speed, they do the same work and lose nothing. What
//! is not done when an engine's time is over leaves its books open, but never wrong.

use std::process::Command;

use assert_cmd::cargo::CommandCargoExt as _;
use shiftstorm::base::time::Span;
use shiftstorm::stress::engines::Engine;
use shiftstorm::stress::timer_benchmark::{self, EngineMeasurement, TimerBenchmark};
use unicode_width::UnicodeWidthStr as _;

/// A fifth of a second; again, if the machine had no time for the engine.
fn short(engine: Engine) -> EngineMeasurement {
    let benchmark = TimerBenchmark { live: 2000, measure: Span::from_micros(200_000), seed: 3 };
    let is_starved = |measured: &EngineMeasurement| {
        [&measured.flat_out, &measured.paced].into_iter().any(|part| part.armed <= 100)
    };
    let mut measured = timer_benchmark::run(engine, benchmark);
    for _ in 0..9 {
        if is_starved(&measured) {
            measured = timer_benchmark::run(engine, benchmark);
        }
    }
    measured
}

/// What holds of every engine.
fn check(measured: &EngineMeasurement) {
    assert_eq!(measured.live, 2000);
    assert_ne!(measured.books_balance, Some(false), "a timer was lost or fired twice");
    for part in [&measured.flat_out, &measured.paced] {
        let (armed, cancelled) = (part.armed as f64, part.cancelled as f64);
        assert!(part.fired > 0 && armed > 100.0, "{part:?}");
        assert!(
            (armed / cancelled - 1.25).abs() < 0.05,
            "five are armed, four cancelled: {part:?}"
        );
        let lateness = &part.lateness;
        assert!(lateness.p50 <= lateness.p99 && lateness.p99 <= lateness.max, "{lateness:?}");
        assert_eq!(part.unserved, 0);
    }
}

#[test]
fn the_wheel_keeps_its_books_and_the_order_of_deadlines_with_and_without_an_actor() {
    for engine in [Engine::BareWheel, Engine::Wheel] {
        let measured = short(engine);
        check(&measured);
        assert_eq!(measured.books_balance, Some(true));
        assert_eq!(measured.mass.fired, 50_000);
        assert!(measured.mass.in_order, "50,000 deadlines of one tick fired out of order");
        // 32 bytes a timer, and 80 KiB for the slots.
        assert!(measured.bytes_held.unwrap() <= 32.0 + 80.0 * 1024.0 / 2000.0);
    }
}

#[test]
fn at_scheduled_instants_half_of_what_was_done_flat_out_is_done() {
    let storm = TimerBenchmark { live: 1000, measure: Span::from_secs(1), seed: 3 };
    let measured = timer_benchmark::run(Engine::BareWheel, storm);
    let share = measured.paced.rate() / measured.flat_out.rate();
    assert!((0.2..0.8).contains(&share), "{share:.2} of the rate flat out");
}

#[test]
fn a_heap_keeps_its_books_and_the_order_of_deadlines() {
    let measured = short(Engine::Heap);
    check(&measured);
    assert!(measured.mass.in_order);
}

#[test]
fn a_delay_queue_keeps_its_books() {
    check(&short(Engine::DelayQueue));
}

#[test]
fn timers_of_the_context_keep_their_books() {
    check(&short(Engine::RunLater));
}

#[test]
fn engines_are_compared_in_a_table_of_80_columns_and_saved() {
    let file = std::env::temp_dir().join(format!("shiftstorm-engines-{}.json", std::process::id()));
    let output = Command::cargo_bin("shiftstorm")
        .unwrap()
        .args(["stress", "--engines", "--engine", "bare-wheel", "--engine", "heap"])
        .args(["--live", "1k", "--for", "100ms", "--out"])
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    for said in ["1,000 live timers", "bare wheel, no actor ", "binary heap, lazy "] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let saved = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let saved: serde_json::Value = serde_json::from_str(&saved).unwrap();
    let [bare, heap] = &saved["engines"].as_array().unwrap()[..] else { panic!("two engines") };
    assert_eq!(
        (bare["engine"].as_str(), heap["engine"].as_str()),
        (Some("bare-wheel"), Some("heap"))
    );
    assert!(heap["flat_out"]["armed"].as_u64().unwrap() > 0);
}

#[test]
fn engines_are_cases_for_build_servers_and_json() {
    let file = std::env::temp_dir().join(format!("shiftstorm-engines-{}.xml", std::process::id()));
    let output = Command::cargo_bin("shiftstorm")
        .unwrap()
        .args(
            "stress --engines --engine bare-wheel --live 1k --for 100ms --json --junit".split(' '),
        )
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["engines"][0]["engine"], "bare-wheel");
    let cases = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(cases.contains("name=\"bare-wheel, 1,000 live\" tests=\"3\""), "{cases}");
    assert!(cases.contains("every timer is accounted for"), "{cases}");
}

#[test]
fn engines_need_no_scenario_and_a_scenario_no_engines() {
    let refused = |arguments: &[&str]| {
        let output =
            Command::cargo_bin("shiftstorm").unwrap().arg("stress").args(arguments).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&[]).contains("FILE"));
    assert!(refused(&["--engines", "day.toml"]).contains("cannot be used with"));
    assert!(refused(&["day.toml", "--live", "5k"]).contains("cannot be used with"));
    assert!(refused(&["--engines", "--live", "5"]).contains("from 1k to 20M"));
    assert!(refused(&["--engines", "--engine", "sundial"]).contains("run-later"));
    assert!(refused(&["--engines", "--for", "1h"]).contains("100ms to 10m"));
}

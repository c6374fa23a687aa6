//! Which unassign timeout? A key of the scenario set from Rust, and each value against the first:
//! all of them face the same consumers, so that even small differences can be told from chance.
//!
//! `cargo run --release --example timeouts`

use std::error::Error;

use shiftstorm::{Estimate, Experiment, Scenario, Setting, figure, with_overrides};

const TIMEOUTS: [&str; 4] = ["5m", "3m", "2m", "1m"];

fn main() -> Result<(), Box<dyn Error>> {
    let abandonment = figure("abandonment").ok_or("no such figure")?;
    let reassignments = figure("reassignments").ok_or("no such figure")?;

    // One variant for each timeout; the first is the base.
    let mut variants = Vec::new();
    for timeout in TIMEOUTS {
        let on = Setting::parse("the example", "unassign.enabled=true")?;
        let after = Setting::parse("the example", &format!("unassign.timeout.online={timeout}"))?;
        let scenario: Scenario =
            with_overrides("scenarios/retail_day.toml".as_ref(), &[on, after])?;
        let mut variant = scenario.variants[0].clone();
        variant.name = timeout.to_owned();
        variants.push(variant);
    }
    let scenario = shiftstorm::load("scenarios/retail_day.toml".as_ref())?;
    let experiment = Experiment { variants, ..Experiment::new(&scenario) };
    let results = experiment.replications(20).run_all()?;

    let against = format!("against {}", TIMEOUTS[0]);
    println!("{:>7} {:>14} {against:>14} {:>14}", "timeout", "abandoned", "reassignments");
    for variant in &results.variants {
        let lost = variant.estimate(abandonment).map(percent).unwrap_or_default();
        let against = variant.against_base(abandonment).map(percent).unwrap_or_default();
        let torn = variant.estimate(reassignments).map_or(0.0, |estimate| estimate.value);
        println!("{:>7} {lost:>14} {against:>14} {torn:>14.2}", variant.name);
    }
    Ok(())
}

fn percent(estimate: Estimate) -> String {
    let half = estimate.half_width(0.95).unwrap_or(f64::NAN);
    format!("{:.1} ± {:.1} %", estimate.value * 100.0, half * 100.0)
}

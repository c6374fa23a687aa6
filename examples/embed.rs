//! A scenario from Rust: read, run, and one figure of each variant with its interval.
//!
//! `cargo run --release --example embed scenarios/quickstart.toml`

use std::error::Error;
use std::path::PathBuf;

use shiftstorm::{Experiment, figure, load};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    let scenario = load(&path.unwrap_or_else(|| "scenarios/quickstart.toml".into()))?;
    let abandonment = figure("abandonment").ok_or("no such figure")?;

    let results = Experiment::new(&scenario).replications(20).run_all()?;
    for variant in &results.variants {
        let Some(lost) = variant.estimate(abandonment) else { continue };
        let half = lost.half_width(0.95).unwrap_or(f64::NAN);
        println!("{}: {:.1} % ± {:.1}", variant.name, lost.value * 100.0, half * 100.0);
    }
    Ok(())
}

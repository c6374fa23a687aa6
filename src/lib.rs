//! Shiftstorm simulates and load-tests a messaging contact centre: what happens to waiting consumers
//! when agents stop answering, go away or log out, and a platform takes the conversation from them.
//!
//! Most people use the program `shiftstorm`; the documents in `docs/` are for them. This page is for
//! those who run scenarios from Rust. What it shows is kept stable; all other modules are internals
//! that the program, its tests and benchmarks use, and may change with any version.
//!
//! # A scenario, run
//!
//! A [`Scenario`] is read from the text of a TOML file and knows its variants. An [`Experiment`] runs
//! every variant a number of times against the same consumers. Any [`figure`] of what came of it is an
//! [`Estimate`]: a value, and how far off it may be.
//!
//! ```
//! use shiftstorm::{Experiment, Scenario, figure};
//!
//! let scenario: Scenario = r#"
//!     run.until = "2h"
//!     consumers.web.arrivals = "30/h"
//!     agents.chat = { count = 4, interruptions = { every = "20m", for = "5m" } }
//!
//!     [[variant]]
//!     name = "90s"
//!     unassign = { enabled = true, timeout.online = "90s" }
//! "#
//! .parse()?;
//! let results = Experiment::new(&scenario).replications(10).run_all()?;
//!
//! let abandonment = figure("abandonment").expect("a figure of this name");
//! for variant in &results.variants {
//!     let estimate = variant.estimate(abandonment).expect("somebody wrote");
//!     let half = estimate.half_width(0.95).expect("several replications");
//!     println!("{}: {:.3} ± {half:.3}", variant.name, estimate.value);
//! }
//! # assert_eq!(results.variants.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The examples `embed` and `timeouts` go on from there: `cargo run --release --example timeouts`.
//!
//! # The map of the crate
//!
//! A floor knows only the floors below it.
//!
//! | floor | holds |
//! |---|---|
//! | `cli` | one file a command: parse, call, print |
//! | `serve` | the planner's page: a server on one's own machine, above `report` |
//! | `report` | results to bytes: text, page, charts, workbook, CSV, JSON |
//! | `experiment` | variants × replications in parallel, intervals, comparisons, searches |
//! | `simulation`, `stress` | virtual time and wall clock: hosts that run behaviours as actix actors |
//! | `scenario` | a scenario file → a plan, or all that is wrong with it |
//! | `ledger` | events folded into figures; the catalogue of figures; invariants |
//! | `model` | the contact centre: router, agents and consumers as pure state machines |
//! | `fitting` | rows of a log → samples → estimates of a centre |
//! | `estimation` | durations and counts of a log → estimates with intervals: fits, survival, arrivals, agents |
//! | `log` | logs of messages: their form, and how they are read |
//! | `tables` | CSV and workbooks of planners → one normal form a kind, with an echo of what was understood |
//! | `base` | time, identifiers, random streams, distributions, arrivals, the agenda |
//!
//! # The path of one conversation
//!
//! In virtual time: `base::arrivals` says when a consumer comes. The kernel of `simulation` sets the
//! clock to that instant and hands the arrival to `model::router`, which opens the conversation, puts it
//! into the queue and gives it to an agent (A1); the unassign deadline is armed. Whatever the router does
//! leaves through its outbox: a letter to the agent, a timer, an event. `model::agent` reads, writes and
//! replies after as long as the conversation's own random stream says, unless it is interrupted; if the
//! deadline comes first, the router takes the conversation away and puts it back into the queue (A6).
//! Every event goes to `ledger`, which folds it into figures and checks what must always hold. At the end
//! of the replication the figures go to `experiment`, which adds them to those of the other replications
//! in the order of their numbers, and from there to `report`.
//!
//! Under stress the same state machines are ordinary actix actors with mailboxes of their own, and the
//! clock is that of the machine.

#[cfg_attr(not(internals), doc(hidden))]
pub mod base;
#[cfg_attr(not(internals), doc(hidden))]
pub mod cli;
#[cfg_attr(not(internals), doc(hidden))]
pub mod estimation;
#[cfg_attr(not(internals), doc(hidden))]
pub mod experiment;
#[cfg_attr(not(internals), doc(hidden))]
pub mod fitting;
#[cfg_attr(not(internals), doc(hidden))]
pub mod ledger;
#[cfg_attr(not(internals), doc(hidden))]
pub mod log;
#[cfg_attr(not(internals), doc(hidden))]
pub mod model;
#[cfg_attr(not(internals), doc(hidden))]
pub mod report;
#[cfg_attr(not(internals), doc(hidden))]
pub mod scenario;
#[cfg(feature = "serve")]
#[cfg_attr(not(internals), doc(hidden))]
pub mod serve;
#[cfg_attr(not(internals), doc(hidden))]
pub mod simulation;
#[cfg_attr(not(internals), doc(hidden))]
pub mod stress;
#[cfg_attr(not(internals), doc(hidden))]
pub mod tables;

pub use self::base::time::{Span, Time};
pub use self::experiment::interval::Estimate;
pub use self::experiment::{Experiment, Results, VariantResults};
pub use self::ledger::definitions::{Definition, FIGURES, Unit, find as figure};
pub use self::scenario::{
    Diagnostic, Diagnostics, Scenario, Setting, Severity, Variant, load, with_overrides,
};

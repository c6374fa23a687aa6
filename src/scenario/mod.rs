//! Scenario files: as written, checked, and as a plan.
//!
//! ```no_run
//! # fn main() -> Result<(), shiftstorm::scenario::Diagnostics> {
//! let scenario = shiftstorm::scenario::load("scenarios/retail_day.toml".as_ref())?;
//! eprintln!("{}: {} variants", scenario.name, scenario.variants.len());
//! # Ok(())
//! # }
//! ```
//!
//! A file is TOML. `reader` reads it by declarations: each key is declared once, in the file of
//! its section, with its form, default and documentation. The same declarations make [`schema`].
//! `[[variant]]` tables are laid over the tree of the base before it is read (`variants`), so that
//! any key can be overridden and errors point to where the value was written. All findings of a
//! file are reported at once, in the manner of a compiler ([`Diagnostics`]).

mod absence_table;
mod absences;
mod agents;
mod answering;
mod arrivals;
mod backlog_form;
mod backlog_owner;
mod by_day;
mod by_interval;
mod characters;
mod clock_shifts;
mod closing;
mod consumers;
mod csv;
mod difference_thresholds;
mod distribution;
pub mod draft;
pub mod estimate;
mod fault;
mod figure_form;
mod finish;
mod goal_form;
mod hand_overs;
mod handle_time_form;
mod hours_form;
mod interval_arrivals;
mod interval_shrinkage;
mod kind_load;
mod like;
pub mod limits;
mod load;
mod named_parts;

mod overrides;
pub mod plan;
mod platform;
mod rate_form;
mod reader;
pub mod required;
mod review;
mod root;
mod roster_form;
mod roster_table;
pub mod rostered;
mod run;
mod run_days;
pub mod search_settings;
mod shrinkage_form;
mod side_files;
mod skill_form;
pub mod skill_load;
mod skill_pools;
mod staff_on_shift;
pub mod stress;
pub mod sweep_points;
mod table_days;
mod table_file;
pub mod threshold;
mod trace_arrivals;
mod turns;
mod variants;
pub mod vary;
pub mod vary_keys;
mod volume_table;
mod wall_clock;
pub mod written;

pub use self::estimate::{PlanEstimate, estimate};
pub use self::load::{load, parse, parse_with_overrides, read, source, with_overrides};
pub use self::overrides::Setting;
pub use self::plan::{Plan, PrecisionSettings, RunEnd, RunSettings, Scenario, Variant};
pub(crate) use self::reader::diagnostic::nearest;
pub use self::reader::diagnostic::{Diagnostic, Diagnostics, Severity, Source};
pub use self::root::schema;
pub use self::side_files::{ScenarioFolder, SideFileRefusal, SideFileSource, SideFiles};

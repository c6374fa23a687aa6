//! `report.html` of a wall-clock run: what it came to in plain sentences, charts over time, how
//! waiting is distributed, where every message went, and how it was measured.

mod distributions;
mod over_time;
mod run_method;
mod run_page;
mod run_verdict;

pub(super) use self::run_page::page;

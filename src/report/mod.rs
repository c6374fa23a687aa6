//! Results to bytes. Everything here is a function of what was run and what came of it: no clock,
//! no thread count, no host and no path goes into a report, so the same run gives the same bytes.
//!
//! To embed it: run an [`Experiment`](crate::experiment::Experiment), with a [`SavedProgress`] that
//! is told of every replication; put what came of it into a [`Report`]; let a
//! [`ReportFolder`](folder::ReportFolder) write both. [`Summary::read`] reads it again.
//!
//! The parts, from data to a folder, each made of those before it:
//!
//! 1. Data: `report_data` is what a report is made of, `summary_file` the same with every figure
//!    worked out, as it is saved and read again. All that a page shows comes from there.
//! 2. Words and rows: `format`, `wording`, `names` and `sentence` say single things; `notes`, `goals`
//!    and `verdict` say what a run came to, `summary_rows` shows its figures beside each other; `columns`
//!    and `table` are tables for machines and people.
//! 3. Pictures: `plot` draws from plain numbers; `charts` knows which pictures a run has.
//! 4. Whole documents: `page` (HTML), `workbook` (a spreadsheet), `csv_files` with the tables it lists
//!    (CSV), `summary` and `terminal` (text).
//! 5. [`folder`] writes all of them, so that a report appears whole or not at all.
//!
//! What other commands show is made of the same parts, in a module each: [`backcast`], [`comparison`], [`engines`],
//! [`explain`], [`findings`], [`fitted`], [`load`] with [`load_page`], [`optimize`], [`recording`], [`sensitivity`],
//! [`stress`], [`sweep`], [`validation`] and [`work`].

pub mod backcast;
pub mod calibration;
pub mod comparison;
pub mod conversations_page;
pub mod engines;
pub mod explain;
pub mod findings;
pub mod fitted;
pub mod folder;
pub mod folder_lock;
pub mod folder_refusal;
mod folder_request;
pub mod junit;
pub mod load;
mod load_by_day;
mod load_cells;
mod load_curves;
pub mod load_page;
pub mod optimize;
pub mod recording;
pub mod resume;
pub mod rules;
pub mod schema;
pub mod sensitivity;
pub mod stress;
pub mod summary;
pub mod sweep;
pub mod validation;
pub mod work;

mod audit_csv;
mod build_identity;
mod charts;
mod checkpoint_folder;
mod columns;
mod conversations_csv;
mod csv_files;
mod data_dictionary;
mod day;
mod day_rows;
mod days_csv;
mod days_of_run;
mod figure_format;
mod figures_csv;
mod file_names;
mod fingerprint;
pub mod format;
mod goals;
mod goals_csv;
mod histograms;
mod interruption;
mod interval_log;
mod interval_shares;
mod interval_tables;
mod json_file;
mod live_figures;
mod names;
mod notes;
mod page;
mod part_row;
mod part_tables;
mod plot;
mod publication;
mod replications_csv;
mod report_data;
mod row_origin;
mod run_title;
mod saved_progress;
mod saved_run;
mod sentence;
mod start_time;
mod summary_file;
mod summary_rows;
mod table;
mod table_echoes;
pub mod terminal;
mod verdict;
mod wording;
mod workbook;

pub use self::audit_csv::AuditExtent;
pub use self::build_identity::BuildIdentity;
pub use self::conversations_csv::{RowFiles, WantedRows};
pub use self::goals_csv::suites;
pub use self::live_figures::{LiveFigure, LiveFigures};
pub use self::page::STYLE as PAGE_STYLE;
pub use self::report_data::{Background, Particulars, Report};
pub use self::run_title::RunTitle;
pub use self::saved_progress::SavedProgress;
pub use self::summary_file::{Summary, written_source};
pub use self::terminal::{WIDTH, wrapped};

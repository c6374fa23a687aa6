//! A planner's tables, CSV and workbooks, read with understanding or refused.
//!
//! [`Sheet::read`] turns bytes into cells that know their place. [`read_volumes`] finds the columns by
//! their headings, decides once for the whole file how numbers and dates are written, and brings the
//! layout into one normal form, with an [`Echo`] of what was understood. Nothing here knows a time zone
//! or the span of a run: dates and clock times are civil. [`ShiftTable`] and [`InstantTable`] are the
//! forms for rosters and single contacts.
//! The forms that are accepted stand in `docs/tables.md`.

mod absence_rows;
mod activities;
mod agent_days;
mod backlog_rows;
mod cell_causes;
mod cells;
mod column_uses;
mod contents;
mod day_time;
mod delimited;
mod echo;
mod finding;
mod headed_rows;
mod heading_row;
mod headings;
mod instants;
mod normal_forms;
mod recognition;
mod roster_rows;
mod row_days;
mod sheet;
mod shift_columns;
mod spelling;
mod table_options;
#[cfg(test)]
mod table_tests;
mod total_rows;
mod totals;
mod value_columns;
mod volume_rows;
mod volumes;
mod written_instants;
mod written_numbers;

pub use self::absence_rows::{AbsenceEnd, AbsenceRow, AbsenceTable, read_absences};
pub use self::backlog_rows::read_backlog;
pub use self::cells::{Cell, Place};
pub use self::day_time::{DayTime, PlannedDay};
pub use self::echo::{Echo, KeyTotal, UsedColumn};
pub use self::finding::{TableFinding, TableResult};
pub use self::headings::{Meaning, folded};
pub use self::instants::read_instants;
pub use self::normal_forms::{
    AgentDay, BacklogRow, BacklogTable, BreakKind, CivilMoment, InstantRow, InstantTable,
    IntervalTable, PlannedBreak, PlannedStretch, Quantity, ShiftTable, TableAgent, ValueList,
    VolumeRow, VolumeTable, choose,
};
pub use self::recognition::{Recognised, TableContent, recognise};
pub use self::roster_rows::read_shifts;
pub use self::sheet::{Sheet, SheetCell, SheetRow, is_workbook};
pub use self::table_options::{Condition, DateOrder, DecimalMark, NamedColumn, TableOptions};
pub use self::total_rows::{TotalsRow, TotalsTable, read_totals};
pub use self::volumes::read_volumes;
pub use self::written_instants::{ProvedOrder, civil_date_of, civil_instant, proved_order};

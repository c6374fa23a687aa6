//! A planner's tables, CSV and workbooks, read with understanding or refused.
//!
//! `Sheet::read(name, bytes, options)` turns bytes into cells that know their place. `read_volumes(sheet, quantity, options)`, `read_shifts` and
//! `read_instants` (both of sheet and options) find the columns by their headings, decide once for the whole file how numbers and
//! dates are written, and bring every layout into one normal form, with an [`Echo`] of what was
//! understood. Nothing here knows a time zone or the span of a run: dates and clock times are civil.
//! The forms that are accepted stand in `docs/tables.md`.

mod cells;
mod delimited;
mod echo;
mod finding;
mod forms;
mod options;
mod planned;
mod sheet;
mod workbook;

pub use self::cells::{Cell, Place};
pub use self::echo::{Echo, KeyTotal, UsedColumn};
pub use self::finding::{TableFinding, TableResult};
pub use self::forms::{
    AgentDay, BreakKind, InstantRow, InstantTable, Moment, PlannedBreak, Quantity, ShiftTable,
    Stretch, TableAgent, VolumeRow, VolumeTable, choose,
};
pub use self::options::{Condition, DateOrder, DecimalMark, NamedColumn, TableOptions};
pub use self::planned::{DayTime, PlannedDay};
pub use self::sheet::{Sheet, SheetCell, SheetRow};

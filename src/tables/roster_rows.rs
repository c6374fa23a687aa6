//! Rosters: a row a shift, a row an activity, or a row an agent with a column a day.

use super::activities::{ActivityKind, is_off};
use super::agent_days::{AgentEntries, Entry, days_of};
use super::cell_causes::Causes;
use super::cells::Cell;
use super::day_time::{DayTime, PlannedDay};
use super::echo::KeyTotal;
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, cell};
use super::normal_forms::{PlannedStretch, ShiftTable, TableAgent};
use super::row_days::DayColumns;
use super::sheet::{Sheet, SheetRow};
use super::shift_columns::{BreakColumns, KIND, ShiftColumns};
use super::spelling;
use super::table_options::{DateOrder, DecimalMark, TableOptions};
use super::volume_rows::sound;

/// Reads a roster.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_shifts(sheet: &Sheet, options: &TableOptions) -> TableResult<ShiftTable> {
    let mut frame = Frame::new(sheet, &KIND, options)?;
    let dates = spelling::date_order(&frame.written_dates(), options.dates)?;
    let columns = ShiftColumns::find(&mut frame, dates.choice)?;
    frame.refuse_what_matters(&KIND)?;
    let reader = ShiftReader { frame: &frame, columns: &columns, options, dates: dates.choice };
    let mut table = reader.rows()?;
    table.echo.dates = dates.why;
    Ok(table)
}

struct ShiftReader<'a> {
    frame: &'a Frame<'a>,
    columns: &'a ShiftColumns,
    options: &'a TableOptions,
    dates: DateOrder,
}

impl ShiftReader<'_> {
    fn rows(&self) -> TableResult<ShiftTable> {
        let mut causes = Causes::default();
        let mut agents = Vec::<AgentEntries>::new();
        for row in &self.frame.rows {
            if let Err(finding) = self.row(row, &mut agents) {
                causes.add(finding);
            }
        }
        let mut findings = self.frame.findings.clone();
        if let Some(first) = self.frame.totals.first() {
            let message = format!("row {} is a sum and is left out", first.number);
            findings.push(TableFinding::warning(message).at(&self.frame.sheet.place(first, 0)));
        }
        let mut echo = self.frame.echo(self.columns.layout());
        let mut read = Vec::new();
        for AgentEntries { agent, entries } in agents {
            match days_of(&agent.name, entries) {
                Ok(days) => read.push(TableAgent { days, ..agent }),
                Err(finding) => causes.add(*finding),
            }
        }
        let findings = sound(findings, causes)?;
        let mut totals = std::collections::BTreeMap::<PlannedDay, f64>::new();
        for day in read.iter().flat_map(|agent| &agent.days) {
            *totals.entry(day.day).or_default() += day.hours_at_work();
        }
        echo.agents = Some(read.len());
        echo.hours = Some(totals.values().sum());
        if let (Some(first), Some(last)) = (totals.keys().next(), totals.keys().last()) {
            echo.span =
                if first == last { first.to_string() } else { format!("{first} to {last}") };
        }
        let total = |(day, total): (PlannedDay, f64)| KeyTotal {
            key: None,
            day: format!("{day}, hours at work"),
            date: day.date(),
            total,
        };
        echo.totals = totals.into_iter().map(total).collect();
        Ok(ShiftTable { agents: read, echo, findings })
    }

    fn row(&self, row: &SheetRow, agents: &mut Vec<AgentEntries>) -> Result<(), TableFinding> {
        let agent = self.agent(row)?;
        let known = agents
            .iter()
            .position(|known| known.agent.name.to_lowercase() == agent.name.to_lowercase());
        let position = known.unwrap_or_else(|| {
            agents.push(AgentEntries { agent: agent.clone(), entries: Vec::new() });
            agents.len() - 1
        });
        let first = &agents[position].agent;
        let is_same = first.skills == agent.skills
            && (first.slots, first.speed) == (agent.slots, agent.speed);
        if !is_same {
            let message = format!(
                "another skill, slots or speed of `{}` than in {}",
                first.name, first.place
            );
            return Err(TableFinding::error(message).at(&agent.place));
        }
        let entries = if self.columns.days.is_empty() {
            self.entries(row)?
        } else {
            self.entries_by_column(row)?
        };
        agents[position].entries.extend(entries);
        Ok(())
    }

    fn agent(&self, row: &SheetRow) -> Result<TableAgent, TableFinding> {
        let column = self.columns.agent;
        let name = cell(row, column).to_string();
        if name.is_empty() {
            return Err(self.frame.wrong(row, column, "no name of an agent"));
        }
        let text = |column: Option<usize>| {
            let text = column.map(|column| cell(row, column).to_string());
            text.filter(|text| !text.is_empty())
        };
        let number = |column: Option<usize>, what: &str| {
            let Some(column) = column.filter(|&column| !cell(row, column).is_empty()) else {
                return Ok(None);
            };
            let value = match cell(row, column) {
                Cell::Number(number) => Some(*number),
                Cell::Text(text) => {
                    let mark = match self.options.decimal {
                        None if text.contains(',') => DecimalMark::Comma,
                        mark => mark.unwrap_or(DecimalMark::Point),
                    };
                    spelling::number(text, mark)
                }
                _ => None,
            };
            let value = value.filter(|value| *value > 0.0 && *value <= 1000.0);
            value.map(Some).ok_or_else(|| self.frame.wrong(row, column, what))
        };
        let slots = number(self.columns.slots, "not a number of slots")?;
        if let (Some(slots), Some(column)) = (slots, self.columns.slots)
            && slots.fract() != 0.0
        {
            return Err(self.frame.wrong(row, column, "not a number of slots"));
        }
        let skills = text(self.columns.skill).map(|text| {
            let words = text.split([',', ';', '|', '/', '+', '\n']).map(str::trim);
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        });
        Ok(TableAgent {
            name,
            group: text(self.columns.team),
            skills,
            slots: slots.map(|slots| slots as u32),
            speed: number(self.columns.speed, "not a speed: 1.25 is a quarter faster")?,
            days: Vec::new(),
            place: self.frame.sheet.place(row, column),
        })
    }

    fn day(&self, row: &SheetRow) -> Result<PlannedDay, TableFinding> {
        let Some(column) = self.columns.date.or(self.columns.weekday) else {
            let date =
                self.columns.time.and_then(|it| spelling::date_of(cell(row, it), self.dates));
            return Ok(date.map_or(PlannedDay::Every, PlannedDay::Date));
        };
        let weekday = self.columns.weekday;
        self.frame.day(row, DayColumns { day: column, weekday, dates: self.dates })
    }

    /// What a row says that has a start and an end.
    fn entries(&self, row: &SheetRow) -> Result<Vec<Entry>, TableFinding> {
        let day = self.day(row)?;
        let place = self.frame.sheet.place(row, self.columns.agent);
        let time = self.columns.time.unwrap_or_default();
        let activity = match self.columns.activity {
            None => ActivityKind::Work,
            Some(column) => {
                let text = cell(row, column).to_string();
                ActivityKind::of(&text, self.options).ok_or_else(|| {
                    self.frame
                        .wrong(row, column, "an activity that is not known")
                        .allowed(ActivityKind::words())
                        .help(format!("say what it is: `activities = {{ \"{text}\" = \"work\" }}`"))
                })?
            }
        };
        let says_nothing = |column: Option<usize>| {
            column.is_none_or(|column| is_off(&cell(row, column).to_string()))
        };
        if says_nothing(Some(time)) && says_nothing(self.columns.end) {
            let entry = Entry { day, activity: ActivityKind::Absent, stretch: None, place };
            return Ok(vec![entry]);
        }
        let stretch = self.stretch(row, time, self.columns.end)?;
        let mut entries =
            vec![Entry { day, activity, stretch: Some(stretch), place: place.clone() }];
        for BreakColumns { kind, start, end } in &self.columns.breaks {
            if says_nothing(Some(*start)) {
                continue;
            }
            let mut own = self.stretch(row, *start, *end)?;
            if own.start < stretch.start {
                own.start = own.start.plus(DayTime::DAY_END.seconds());
                own.end = own.end.plus(DayTime::DAY_END.seconds());
            }
            if own.start < stretch.start || own.end > stretch.end {
                return Err(self.frame.wrong(row, *start, "a break that is not within its shift"));
            }
            let activity = ActivityKind::Break(*kind);
            entries.push(Entry { day, activity, stretch: Some(own), place: place.clone() });
        }
        Ok(entries)
    }

    /// From a start to an end, which may lie on the next day.
    fn stretch(
        &self,
        row: &SheetRow,
        start: usize,
        end: Option<usize>,
    ) -> Result<PlannedStretch, TableFinding> {
        let clock = |column: usize| {
            spelling::clock_of(cell(row, column)).ok_or_else(|| {
                self.frame.wrong(row, column, "not a clock time").allowed("08:30, 9h30, 8:30 PM")
            })
        };
        let from = clock(start)?;
        let to = match (from.end, end) {
            (Some(to), _) => to,
            (None, Some(column)) => clock(column)?.start,
            (None, None) => {
                return Err(self
                    .frame
                    .wrong(row, start, "no end")
                    .allowed("both ends, such as 08:00-16:00"));
            }
        };
        if from.start == to {
            return Err(self.frame.wrong(
                row,
                start,
                "a shift that starts and ends at the same time",
            ));
        }
        if let Some(column) = end.filter(|_| self.is_later_day(row, start, end, to < from.start)) {
            return Err(self.frame.wrong(
                row,
                column,
                "an end on another day than the clock times say",
            ));
        }
        let next = if to < from.start { DayTime::DAY_END.seconds() } else { 0 };
        Ok(PlannedStretch { start: from.start, end: to.plus(next) })
    }

    /// Whether the end has a date that is neither that of the start nor, over midnight, the next.
    fn is_later_day(
        &self,
        row: &SheetRow,
        start: usize,
        end: Option<usize>,
        is_over_midnight: bool,
    ) -> bool {
        let date = |column: usize| spelling::date_of(cell(row, column), self.dates);
        let Some(of_end) = end.and_then(date) else { return false };
        let of_start = date(start).or_else(|| date(self.columns.date?));
        let Some(of_start) = of_start else { return false };
        let wanted = if is_over_midnight { of_start.tomorrow().ok() } else { Some(of_start) };
        Some(of_end) != wanted
    }

    /// Shifts of the days of an agent: `08:00-12:00, 13:00-17:00`.
    fn entries_by_column(&self, row: &SheetRow) -> Result<Vec<Entry>, TableFinding> {
        let mut entries = Vec::new();
        let place = self.frame.sheet.place(row, self.columns.agent);
        for super::shift_columns::DayColumn { column, day } in &self.columns.days {
            let text = cell(row, *column).to_string();
            let mut entry = Entry {
                day: *day,
                activity: ActivityKind::Absent,
                stretch: None,
                place: place.clone(),
            };
            if is_off(&text) {
                entries.push(entry);
                continue;
            }
            entry.activity = ActivityKind::Work;
            for part in text.split([',', ';', '/', '+', '\n', '&']) {
                let clock = spelling::clock_span(part.trim());
                let clock = clock.filter(|clock| Some(clock.start) != clock.end);
                let clock = clock.ok_or_else(|| {
                    self.frame
                        .wrong(row, *column, "not a shift")
                        .allowed("08:00-16:00, several with a comma, or off")
                })?;
                let end = clock.end.unwrap_or_default();
                let next = if end < clock.start { DayTime::DAY_END.seconds() } else { 0 };
                let stretch = PlannedStretch { start: clock.start, end: end.plus(next) };
                entries.push(Entry { stretch: Some(stretch), ..entry.clone() });
            }
        }
        Ok(entries)
    }
}

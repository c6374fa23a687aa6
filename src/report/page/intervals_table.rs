//! The interval table as planners know it.

use crate::ledger::definitions::{Definition, FigureKind, Measured, MeasuredInterval, Parts, find};
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::Outcome;
use crate::report::day::Day;
use crate::report::format::percent as with_sign;
use crate::report::interval_shares::{ABANDONMENT, IntervalShare, SERVICE_LEVEL};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable};
use crate::report::wording::capital;

/// The table of a variant.
pub(super) struct VariantTable<'a> {
    pub(super) name: &'a str,
    pub(super) table: ReportTable,
}

/// A table for each variant that has figures.
pub(super) fn tables<'a>(data: &ReportData<'a>, day: &Day) -> Vec<VariantTable<'a>> {
    let cases = data.variants.iter();
    let tables = cases.filter_map(|case| {
        let outcome = case.outcome?;
        Some(VariantTable { name: case.name, table: table(data, case, outcome, day) })
    });
    tables.collect()
}

/// What to know before reading them.
pub(super) fn note(data: &ReportData<'_>, day: &Day) -> Vec<String> {
    let Some(case) = data.variants.iter().find(|case| case.outcome.is_some()) else {
        return Vec::new();
    };
    let required = &case.particulars.required;
    let wait = match required.to_the_answer {
        true => "have their reply written",
        false => "find an agent",
    };
    let within = case.outcome.map(|outcome| outcome.frame.service_level.within);
    let pools = match required.skills.is_empty() {
        true => "",
        false => ", and skills that agents have together as one",
    };
    let mut notes = vec![
        "Means of one run. Conversations, waits and handle times stand in the interval in which the \
         conversation was opened; agents, unassigns, ownership removals and stranded conversations \
         in the one in which it happened."
            .to_owned(),
        format!(
            "Required: by {}, the fewest agents at work with whom {} of messages {wait} within {}, \
             taking each interval by itself, with hand-overs and repeat contacts as work{pools}. It knows \
             nothing of slots, breaks, absences, interruptions and unassigns, nor of what one interval \
             leaves to the next; the service level beside it is what came of the staffing with all of \
             that. “–”: no number of agents suffices.",
            required.formula.name(),
            with_sign(required.goal),
            within.unwrap_or_default()
        ),
    ];
    if day.every > 1 {
        notes.push(format!(
            "Intervals are joined to {} each to keep the page small; all of them are in \
             intervals.csv.",
            day.interval()
        ));
    }
    notes
}

fn table(
    data: &ReportData<'_>,
    case: &VariantData<'_>,
    outcome: &Outcome,
    day: &Day,
) -> ReportTable {
    let caption = format!("{}, by {}", case.name, day.interval());
    let mut table = ReportTable::of(caption, COLUMNS.map(column));
    let required = day.required(case);
    let rostered = day.rostered(case);
    let base = data.variants.first().filter(|base| !std::ptr::eq(*base, case));
    let base = base.and_then(|base| base.outcome);
    // What is joined has no intervals.
    let half = |share: &IntervalShare, figures| {
        let estimate = share.estimate(outcome, figures).filter(|_| day.every == 1)?;
        estimate.half_width(data.confidence())
    };
    let against = |at: usize| {
        let base = base.filter(|_| day.every == 1)?;
        let difference = SERVICE_LEVEL.difference(outcome, base, at)?;
        let cell = ReportCell::number(difference.value, NumberUnit::Points);
        Some(cell.within(difference.half_width(data.confidence())))
    };
    for (at, figures) in day.intervals(outcome).iter().enumerate() {
        let required = required.get(at).copied().flatten();
        let part = PartOfRun {
            name: day.clock(at).into(),
            required: required.map_or(ReportCell::Nothing, |count| ReportCell::Count(count.into())),
            rostered: ReportCell::fixed(1, rostered.get(at).copied()),
            net: ReportCell::fixed(
                1,
                figures
                    .logged_in()
                    .zip(required)
                    .map(|(there, required)| there - f64::from(required)),
            ),
            against: against(at).unwrap_or(ReportCell::Blank),
            halves: [half(&SERVICE_LEVEL, figures), half(&ABANDONMENT, figures)],
            response_p90: figures.response.even_quantile(0.9),
            measured: &MeasuredInterval { figures, frame: &outcome.frame },
            replications: outcome.replications,
        };
        table.push(None, part.cells());
    }
    let whole = PartOfRun {
        name: "run".into(),
        required: ReportCell::Blank,
        rostered: ReportCell::Blank,
        net: ReportCell::Blank,
        against: ReportCell::Blank,
        halves: [None; 2],
        response_p90: outcome.times.response.quantile(0.9),
        measured: outcome,
        replications: outcome.replications,
    };
    table.total(whole.cells());
    table
}

fn column(name: &str) -> ReportColumn {
    let (head, meaning) = match name {
        FROM => ("From".to_owned(), "Start of the interval."),
        STAFFED => ("Staffed".to_owned(), "Agents logged in, Online or Away, mean."),
        AGAINST => (
            "Less base, points".to_owned(),
            "Service level less that of the base, replication by replication.",
        ),
        ROSTERED => (
            "Rostered".to_owned(),
            "Agents on shift by the roster, before absence and breaks, mean.",
        ),
        NET => ("Net".to_owned(), "Staffed less required: below 0 staff is missing."),
        REQUIRED => ("Required".to_owned(), "Agents at work that the formula asks for; see above."),
        name => find(name).map_or_else(Default::default, |it| (capital(&it.head()), it.text)),
    };
    ReportColumn::new(head).meaning(meaning)
}

/// An interval, or the whole run.
struct PartOfRun<'a> {
    name: ReportCell,
    required: ReportCell,
    rostered: ReportCell,
    /// Agents logged in less those required.
    net: ReportCell,
    /// The service level less that of the base.
    against: ReportCell,
    /// Half the intervals of service level and abandonment.
    halves: [Option<f64>; 2],
    response_p90: Option<f64>,
    measured: &'a dyn Measured,
    replications: u64,
}

impl PartOfRun<'_> {
    fn cells(&self) -> Vec<ReportCell> {
        let cells = COLUMNS.iter().map(|name| match *name {
            FROM => self.name.clone(),
            STAFFED => {
                let levels = [Gauge::Online, Gauge::Away].map(|it| self.measured.level(it));
                let [online, away] = levels.map(Parts::quotient);
                ReportCell::fixed(1, online.zip(away).map(|(online, away)| online + away))
            }
            REQUIRED => self.required.clone(),
            ROSTERED => self.rostered.clone(),
            NET => self.net.clone(),
            AGAINST => self.against.clone(),
            "service_level" => self.of(name).within(self.halves[0]),
            "abandonment" => self.of(name).within(self.halves[1]),
            RESPONSE_P90 => ReportCell::seconds(self.response_p90),
            name => self.of(name),
        });
        cells.collect()
    }

    fn of(&self, name: &str) -> ReportCell {
        find(name).map_or(ReportCell::Nothing, |it| self.cell(it))
    }

    fn cell(&self, figure: &Definition) -> ReportCell {
        let parts = figure.of_interval.map(|of| of(self.measured)).unwrap_or_default();
        match figure.kind {
            FigureKind::Count => ReportCell::fixed(1, parts.part / self.replications.max(1) as f64),
            FigureKind::Mean => ReportCell::fixed(2, parts.quotient()),
            _ => ReportCell::figure(figure, parts.quotient()),
        }
    }
}

/// Figures of the catalogue, and what it does not know of an interval.
const COLUMNS: [&str; 19] = [
    FROM,
    "offered",
    REQUIRED,
    ROSTERED,
    STAFFED,
    NET,
    "service_level",
    AGAINST,
    "answered",
    "abandoned",
    "abandonment",
    "first_response_mean",
    RESPONSE_P90,
    "handle_time_mean",
    "occupancy",
    "auto_unassigned",
    "ownership_removed",
    "stranded_level",
    "queue_length",
];
const FROM: &str = "from";
const STAFFED: &str = "staffed";
const REQUIRED: &str = "required";
const ROSTERED: &str = "rostered";
const NET: &str = "net";
const AGAINST: &str = "against";
/// Known of a run by the catalogue.
const RESPONSE_P90: &str = "response_p90";

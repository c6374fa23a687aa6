//! A run of several days, day by day.

use crate::ledger::definitions::find;
use crate::report::day::Day;
use crate::report::day_rows::{
    ABANDONMENT, DayRatio, DayRow, FIRST_RESPONSE, OFFERED, REASSIGNMENTS, SERVICE_LEVEL, day_rows,
};
use crate::report::days_of_run::DaysOfRun;
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{NumberUnit, ReportCell, ReportTable, labelled};

use super::chart::{Section, shown};
use super::day_maps;

/// Empty for a run of one day.
pub(super) fn section(data: &ReportData<'_>, day: &Day) -> Section {
    let formula =
        shown(data).next().map_or("", |(_, case, _)| case.particulars.required.formula.name());
    let lead = format!(
        "Conversations stand on the day on which they were opened. Required are the hours of agents at \
         work that {formula} asks for, interval by interval; net: logged in less required, below 0 where \
         staff is missing."
    );
    let section = Section::new("days", "Day by day", lead);
    let tables = Vec::from_iter(shown(data).filter_map(|(at, case, outcome)| {
        let base = data.variants.first().and_then(|base| base.outcome).filter(|_| at > 0);
        table(data, case, day_rows(outcome, base, case.particulars))
    }));
    let section = section.tables(tables);
    let frame = shown(data).next().map(|(.., outcome)| &outcome.frame);
    let Some(days) = frame.and_then(|frame| DaysOfRun::of(&day.calendar, frame)) else {
        return section;
    };
    let lead = format!("{}{}", section.lead, day_maps::lead(data));
    Section { lead, ..section }.charts(day_maps::maps(data, &days))
}

/// A row a day, and if weekdays come again a row a weekday.
fn table(
    data: &ReportData<'_>,
    case: &VariantData<'_>,
    rows: Vec<DayRow<'_>>,
) -> Option<ReportTable> {
    let mut table = ReportTable::new(format!("{}, by day", case.name), HEADS);
    let cells = |day: &DayRow<'_>| {
        let of = |name: &str, of: DayRatio| {
            let estimate = day.estimate(of);
            let half = estimate.and_then(|it| it.half_width(data.confidence()));
            let value = estimate.map(|it| it.value);
            let figure = find(name);
            let cell = figure.map_or(ReportCell::Nothing, |it| ReportCell::figure(it, value));
            cell.within(half)
        };
        let count = |of: DayRatio| {
            let estimate = day.estimate(of);
            let half = estimate.and_then(|it| it.half_width(data.confidence()));
            ReportCell::fixed(1, estimate.map(|it| it.value)).within(half)
        };
        let against = day.difference(SERVICE_LEVEL).map_or(ReportCell::Blank, |it| {
            ReportCell::number(it.value, NumberUnit::Points)
                .within(it.half_width(data.confidence()))
        });
        let rostered = ReportCell::fixed(1, day.rostered_hours());
        let (required, there) = (day.required_hours(), day.logged_in_hours());
        let cells = [
            count(OFFERED),
            of("service_level", SERVICE_LEVEL),
            against,
            of("abandonment", ABANDONMENT),
            of("first_response_mean", FIRST_RESPONSE),
            count(REASSIGNMENTS),
            ReportCell::fixed(1, required),
            rostered,
            ReportCell::fixed(1, there),
            ReportCell::fixed(1, required.map(|required| there - required)),
        ];
        labelled(day.name(), cells)
    };
    let (weekdays, days) = rows.iter().partition::<Vec<_>, _>(|day| day.is_weekday());
    days.into_iter().for_each(|day| table.push(None, cells(day)));
    table.part("By weekday, counts and hours a day", weekdays.into_iter().map(cells).collect());
    (!table.rows.is_empty()).then_some(table)
}

const HEADS: [&str; 11] = [
    "Day",
    "Offered",
    "Service level",
    "Less base, points",
    "Abandoned",
    "First response, mean",
    "Reassignments",
    "Required h",
    "Rostered h",
    "Logged in h",
    "Net h",
];

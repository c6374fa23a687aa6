//! The page of a backcast.

use crate::experiment::backcast::Verdict;
use crate::fitting::LogPart;
use crate::report::charts::Section;
use crate::report::format::plural;
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::sentence::sentence;
use crate::report::table::{ReportCell, ReportTable, Standing};

use super::backcast_charts::charts;
use super::backcast_report::{BackcastFigure, BackcastReport};
use super::figure_names::{FigureUnit, name_of, part};

pub(super) fn page(report: &BackcastReport<'_>) -> String {
    let results = report.results;
    let offered = report.measured.part(LogPart::Whole).map_or(0, |whole| whole.offered);
    let facts = vec![
        plural(report.days() as u64, "day"),
        format!("{offered} conversations"),
        format!("{} replications", report.replications()),
        format!("seed {}", report.seed),
        format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
    ];
    html(&Document {
        frame: PageFrame {
            kind: "backcast",
            name: report.name,
            question: "Is the log like a day of the scenario?",
            facts,
            alerts: Vec::new(),
        },
        headline: sentence!("{}", report.headline()),
        gist: sentence!("{}", report.explanation()),
        statements: statements(report),
        sections: sections(report),
        method: method(report, results.figures.long_gap),
        notes: report.notes.clone(),
        ..Document::default()
    })
}

fn statements(report: &BackcastReport<'_>) -> Vec<PageStatement> {
    let results = report.results;
    let badge = match report.verdict() {
        Verdict::Fits => (Standing::Good, "fits"),
        Verdict::DoesNotFit => (Standing::Bad, "does not fit"),
        Verdict::TooLittleData => (Standing::Open, "too little data"),
    };
    let outside = report.outside();
    let count = results.figures.figures.len();
    let joint = match outside.as_slice() {
        [] => sentence!("All {count} figures lie where the scenario has them."),
        some => {
            let shown = some.iter().take(8).cloned();
            let more = match some.len() > 8 {
                true => format!(" and {} more", some.len() - 8),
                false => String::new(),
            };
            sentence!(
                "Of {count} figures {} lie where the scenario does not have them: {}{more}.",
                some.len(),
                Vec::from_iter(shown).join("; ")
            )
        }
    };
    let mut all = vec![PageStatement::new("All figures at once", Some(badge), [joint])];
    let is_seen = report.verdict() != Verdict::TooLittleData;
    let seen = match is_seen {
        true => (Standing::Good, "enough data"),
        false => (Standing::Open, "too little data"),
    };
    let powers = report.powers().into_iter().map(|power| sentence!("{power}."));
    let lead = sentence!("Were the scenario wrong, so often the joint test would say so.");
    if report.verdict() != Verdict::DoesNotFit {
        let sentences = [lead].into_iter().chain(powers);
        all.push(PageStatement::new("What would be noticed", Some(seen), sentences));
    }
    if let Some(volumes) = report.volumes() {
        let as_expected = results.volumes.is_some_and(|test| test.probability >= 0.05);
        let badge = match as_expected {
            true => (Standing::Good, "as expected"),
            false => (Standing::Bad, "not as expected"),
        };
        all.push(PageStatement::new("Volumes", Some(badge), [sentence!("{volumes}")]));
    }
    all
}

fn sections(report: &BackcastReport<'_>) -> Vec<Section> {
    let parameters = Section::new(
        "parameters",
        "Parameters",
        "Each as it is in the scenario, and as the log tells it, those first that differ most surely. p is the \
         probability of so large a difference by chance, all of them asked.",
    );
    let parameters =
        parameters.tables((!report.results.parameters.is_empty()).then(|| parameter_table(report)));
    let lead = "The log, the mean of the replications, and the range that it may be in.";
    let whole = Section::new("whole", "The whole log", lead);
    let whole =
        whole.tables([figure_table(report, "The whole log", |part| part == LogPart::Whole)]);
    let by = |id, title: &'static str, is_meant: fn(LogPart) -> bool, name: &'static str| {
        let section = Section::new(id, title, lead);
        let has_rows = report.rows().iter().any(|row| is_meant(row.figure.part));
        let table = has_rows.then(|| figure_table(report, title, is_meant));
        section.charts(charts(report, is_meant, name)).tables(table)
    };
    let days = by("days", "By day", |part| matches!(part, LogPart::Day(_)), "day");
    let hours = by("hours", "By hour", |part| matches!(part, LogPart::Hour(_)), "hour");
    let skills = by("skills", "By skill", |part| matches!(part, LogPart::Skill(_)), "skill");
    Section::shown([parameters, whole, days, hours, skills])
}

fn parameter_table(report: &BackcastReport<'_>) -> ReportTable {
    let heads = ["parameter", "scenario", "log", "95 % of the log", "p"];
    let mut table = ReportTable::new("Parameters", heads);
    for it in &report.results.parameters {
        let unit = if it.is_share { FigureUnit::Share } else { FigureUnit::Seconds };
        let written = |value: f64| match value.is_finite() {
            true => unit.written(value),
            false => "none".to_owned(),
        };
        table.push(
            None,
            vec![
                ReportCell::text(it.name.clone()),
                ReportCell::text(written(it.in_scenario)),
                ReportCell::text(written(it.in_log)),
                ReportCell::text(format!("{} to {}", written(it.low), written(it.high))),
                ReportCell::text(probability(it.probability)),
            ],
        );
    }
    table
}

fn probability(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}

fn figure_table(
    report: &BackcastReport<'_>,
    title: &str,
    is_meant: fn(LogPart) -> bool,
) -> ReportTable {
    let heads = ["figure", "log", "simulated", "from", "to", "rank", "inside"];
    let mut table = ReportTable::new(title, heads).spoken();
    let with_suspect = report.results.trial.as_ref();
    let head = with_suspect.map(|trial| (None, format!("with {} of the log", trial.parameter)));
    if let Some(head) = head.clone() {
        table = table.with([head]);
    }
    for row in report.rows().iter().filter(|row| is_meant(row.figure.part)) {
        let mut cells = cells(report, row);
        if head.is_some() {
            let cell = row.with_suspect.map_or(ReportCell::Nothing, |mean| row.unit().cell(mean));
            cells.push(cell);
        }
        table.push(None, cells);
    }
    table
}

fn cells(report: &BackcastReport<'_>, row: &BackcastFigure) -> Vec<ReportCell> {
    let name = match row.figure.part {
        LogPart::Whole => name_of(row.figure.kind).label.to_owned(),
        place => format!("{}, {}", part(place, report.skills), name_of(row.figure.kind).label),
    };
    let unit = row.unit();
    let inside = match row.is_inside() {
        true => ReportCell::verdict(Standing::Good, "yes"),
        false => ReportCell::verdict(Standing::Bad, "no"),
    };
    vec![
        ReportCell::text(name),
        unit.cell(row.measured),
        unit.cell(row.mean),
        unit.cell(row.low),
        unit.cell(row.high),
        ReportCell::text(format!("{:.0} of {}", row.rank(), report.replications() + 1)),
        inside,
    ]
}

fn method(report: &BackcastReport<'_>, long_gap: f64) -> Vec<Explanation> {
    let arrivals = match report.are_arrivals_drawn {
        true => "Consumers come at random, as the scenario says.",
        false => "Conversations begin when they did, about the skill that they had.",
    };
    let presence = match report.is_roster_planned {
        true => "Agents follow their planned shifts; absences are random.",
        false => {
            "Agents are Online, Away and Offline when they were: absences, lost connections and late logouts of \
             the scenario are off. They are interrupted at random: that shows in no log."
        }
    };
    let parameters = match report.are_parameters_drawn {
        true => {
            "Each replication draws its parameters from what the fit says of how far off they may be together."
        }
        false => "Parameters are those of the scenario.",
    };
    vec![
        Explanation::new(
            "Replayed",
            format!("{arrivals} {presence} What consumers and agents do is random. {parameters}"),
        ),
        Explanation::new(
            "Joint test",
            "The log counts as one more replication. Each gets the rank of its most extreme figure, ties by the \
             next most extreme, then by chance (extreme rank lengths; Myllymäki et al. 2017). p is the share \
             that is at least as extreme as the log; a right scenario is refused in 5 of 100 logs, however many \
             figures there are. Ranges reach as far as all but the 5 % most extreme.",
        ),
        Explanation::new(
            "Too little data",
            "With patience halved, and with work 15 % longer, the test must notice it in half of the \
             replications; else nothing is said of a log that does not contradict the scenario.",
        ),
        Explanation::new(
            "Culprit",
            "Parameters are estimated from the log and compared with the scenario's (Wald; Holm for all of them). \
             The one that differs most surely is put in: it is named if the log then fits.",
        ),
        Explanation::new(
            "Gaps",
            format!(
                "From the beginning of an agent's work on a reply to its sending, one reply at a time: work and \
                 interruptions. A long one takes more than {}, four times the mean work.",
                crate::report::format::seconds(long_gap)
            ),
        ),
        Explanation::new(
            "Occupancy",
            "Share of the time Online in which an agent had something to answer.",
        ),
        Explanation::version(env!("CARGO_PKG_VERSION")),
    ]
}

//! `report.html` of a capacity search.

use crate::report::charts::{Chart, ChartBuilder, Section};
use crate::report::format::{fine, number, percent, plural, seconds};
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::plot::{Axis, LegendKey, LineShape, Panel, PanelLine, PanelMark, Panels};
use crate::report::sentence::{Figure, Sentence, sentence};
use crate::report::start_time::rfc3339;
use crate::report::stress::thresholds::described;
use crate::report::table::{NumberUnit, ReportCell, ReportTable, Standing};
use crate::stress::capacity::{
    Attempt as _, CapacityBound, CapacityTrial, FoundCapacity, SearchEnding, TrialOutcome,
    TrialResult, swing,
};

use super::against::Against;
use super::capacity_report::CapacityReport;
use super::capacity_words::{in_words, millions};
use super::saved_capacity::BareWheelRates;
use super::trials_table::trials_table;

/// The page.
pub(super) fn page(report: &CapacityReport<'_>) -> String {
    let trials = &report.found.trials;
    let charts = [by_trial(report.found), by_rate(trials)].into_iter().flatten();
    let section = Section::new(
        "trials",
        "Trials",
        "Each trial is a run of its own with the plan of arrivals walked so many times as fast. First \
         the pace is doubled, then the way between what held and what did not is halved, then both \
         ends are confirmed.",
    );
    html(&Document {
        frame: PageFrame {
            kind: "capacity search",
            name: report.title.name,
            question: report.title.question,
            facts: facts(report),
            alerts: Vec::new(),
        },
        headline: headline(report.found),
        gist: gist(report),
        statements: cards(report),
        sections: vec![section.charts(charts).tables([trials_table(trials)])],
        method: method(report),
        source: report.title.source,
        ..Document::default()
    })
}

fn facts(report: &CapacityReport<'_>) -> Vec<String> {
    let CapacityReport { title, shards, settings, seed, found, .. } = report;
    vec![
        format!("variant {}", title.variant),
        format!("{} trials", found.trials.len()),
        format!("{} each", seconds(settings.load().as_secs_f64())),
        plural(u64::from(*shards), "shard"),
        format!("started {}", rfc3339(report.started)),
        format!("seed {seed}"),
        format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
    ]
}

fn headline(found: &FoundCapacity<TrialResult>) -> Sentence {
    if found.ending == SearchEnding::TooNoisy {
        return sentence!("Nothing can be concluded: this machine is too noisy.");
    }
    let figure = |end: CapacityBound| Figure(rate(&end));
    match (found.held.map(figure), found.not_held.map(figure)) {
        (Some(held), Some(not_held)) => {
            sentence!("The system holds {held} arrivals a second, but not {not_held}.")
        }
        (Some(held), None) => sentence!(
            "The system holds {held} arrivals a second; what it does not hold was not found."
        ),
        (None, Some(not_held)) => sentence!(
            "The system does not hold {not_held} arrivals a second; what it holds was not found."
        ),
        (None, None) => sentence!("Nothing is known of what the system holds."),
    }
}

fn gist(report: &CapacityReport<'_>) -> Sentence {
    match report.found.ending {
        SearchEnding::Confirmed => {
            sentence!("Both ends are confirmed: three trials at the one, one more at the other.")
        }
        SearchEnding::OutOfTrials => {
            sentence!("All trials were used up before both ends were confirmed.")
        }
        SearchEnding::NothingHeld => sentence!("Not even the least pace was held."),
        SearchEnding::EverythingHeld => sentence!("Even the greatest pace was held."),
        SearchEnding::TooFew => sentence!(
            "Below what was not held, too little could be measured even in trials ten times as long."
        ),
        SearchEnding::TooNoisy => sentence!(
            "What its bare timing wheel does swung by {} while both ends were confirmed; at most 15 % \
             is allowed.",
            Figure(percent(swing(&report.found.yardsticks())))
        ),
        SearchEnding::Interrupted => {
            sentence!("The search was interrupted before both ends were confirmed.")
        }
    }
}

fn cards(report: &CapacityReport<'_>) -> Vec<PageStatement> {
    let FoundCapacity { held, not_held, trials, .. } = report.found;
    let last = |end: &Option<CapacityBound>| {
        let end = end.as_ref()?;
        trials.iter().rfind(|trial| trial.pace == end.pace)
    };
    let held = last(held).map(|trial| {
        let TrialResult { opened, timers, .. } = &trial.attempt;
        let done = sentence!(
            "At pace {}: {} conversations were opened and {} timers armed, cancelled and fired a \
             second.",
            number(trial.pace),
            Figure(number(opened.round())),
            Figure(number(timers.round()))
        );
        let badge = Some((Standing::Good, "held"));
        PageStatement::new("Held", badge, [done, lateness(&trial.attempt)])
    });
    let not_held = last(not_held).map(|trial| {
        let missed = Vec::from_iter(trial.attempt.missed().map(described));
        let why = match missed.is_empty() {
            true => "the load generator could not send so much in time".to_owned(),
            false => missed.join("; "),
        };
        let why = sentence!("At pace {}: {why}.", number(trial.pace));
        let badge = Some((Standing::Bad, "not held"));
        PageStatement::new("Not held", badge, [why, lateness(&trial.attempt)])
    });
    let wheel = BareWheelRates::of(report.found);
    let did = sentence!(
        "Its bare timing wheel did {} operations a second meanwhile, from {} to {}.",
        Figure(millions(wheel.median)),
        millions(wheel.least),
        millions(wheel.most)
    );
    let machine = PageStatement::new("The machine", None, [did]);
    let against = report.against.map(|then| {
        let lines = Against::of(then, &report.saved()).lines().into_iter();
        let told = lines.map(|(label, line)| sentence!("{}: {line}.", label.trim_start()));
        PageStatement::new("Compared", None, told)
    });
    [held, not_held, Some(machine), against].into_iter().flatten().collect()
}

fn lateness(result: &TrialResult) -> Sentence {
    let late = result.lateness.map(|late| {
        sentence!(
            "99 % of the unassign deadlines were handled within {}.",
            Figure(fine(late.as_nanos() as u64))
        )
    });
    late.unwrap_or_default()
}

/// Rates of all trials in order; none without any.
fn by_trial(found: &FoundCapacity<TrialResult>) -> Option<Chart> {
    let trials = &found.trials;
    let rates = || trials.iter().map(|trial| trial.attempt.rate.max(LEAST));
    let (low, high) = (rates().reduce(f64::min)?, rates().reduce(f64::max)?);
    let y = Axis::decades("arrivals a second", low, high, number);
    let mut x = Axis::amount("trial", trials.len() as f64, 8.0);
    x.last = trials.len() as f64 + 0.5;
    x.ticks.retain(|tick| tick.at <= x.last && tick.at == libm::round(tick.at));
    let place = |position: usize, trial: &CapacityTrial<TrialResult>| {
        Some((position as f64 + 1.0, libm::log10(trial.attempt.rate.max(LEAST))))
    };
    let marks = found.held.iter().map(|held| PanelMark {
        at: libm::log10(held.rate.max(LEAST)),
        text: format!("held: {}/s", rate(held)),
    });
    let panel = Panel { y, lines: dots(trials, place), marks: marks.collect() };
    let mut table = ReportTable::new("Rates", ["trial", "arrivals a second", "verdict"]);
    for (number, trial) in (1..).zip(trials) {
        let at = number as f64 / x.last;
        table.push(
            Some(at),
            vec![
                ReportCell::Count(number),
                ReportCell::amount(trial.attempt.rate.round()),
                ReportCell::word(trial.attempt.outcome().name()),
            ],
        );
    }
    let about = format!("{} trials; {}.", trials.len(), in_words(found.ending));
    let chart = ChartBuilder::new("by_trial", "From trial to trial").about(about);
    Some(chart.keys(keys(trials)).drawn(Panels { x, panels: vec![panel] }, table))
}

/// Lateness by the rate; none without any.
fn by_rate(trials: &[CapacityTrial<TrialResult>]) -> Option<Chart> {
    let late =
        |trial: &CapacityTrial<TrialResult>| Some(trial.attempt.lateness?.as_secs_f64().max(1e-6));
    let lates = || trials.iter().filter_map(late);
    let (low, high) = (lates().reduce(f64::min)?, lates().reduce(f64::max)?);
    let rates = || trials.iter().map(|trial| trial.attempt.rate.max(LEAST));
    let (least, most) = (rates().reduce(f64::min)?, rates().reduce(f64::max)?);
    let x = Axis::decades("arrivals a second", least, most, number);
    let place = |_, trial: &CapacityTrial<TrialResult>| {
        Some((libm::log10(trial.attempt.rate.max(LEAST)), libm::log10(late(trial)?)))
    };
    let y = Axis::latency("99 % of unassign deadlines late by at most", low, high);
    let panel = Panel { y, lines: dots(trials, place), marks: Vec::new() };
    let heads = ["arrivals a second", "99 % late by at most, ms"];
    let mut table = ReportTable::new("Lateness by rate", heads);
    let mut sorted = Vec::from_iter(trials);
    sorted.sort_by(|one, other| one.attempt.rate.total_cmp(&other.attempt.rate));
    for trial in sorted {
        let at = x.part(libm::log10(trial.attempt.rate.max(LEAST)));
        let late = ReportCell::number(late(trial), NumberUnit::Latency);
        table.push(Some(at), vec![ReportCell::amount(trial.attempt.rate.round()), late]);
    }
    let about = format!("From {} to {}.", fine((low * 1e9) as u64), fine((high * 1e9) as u64));
    let chart = ChartBuilder::new("by_rate", "Lateness by rate").about(about);
    Some(chart.keys(keys(trials)).drawn(Panels { x, panels: vec![panel] }, table))
}

/// What the dots of these trials stand for.
fn keys(trials: &[CapacityTrial<TrialResult>]) -> Vec<LegendKey> {
    let keys = VERDICTS
        .iter()
        .filter(|(outcome, ..)| trials.iter().any(|trial| trial.attempt.outcome() == *outcome));
    keys.map(|&(_, name, colour, _)| LegendKey::area(name, colour)).collect()
}

/// A dot a trial: full if it held, a ring if not.
fn dots(
    trials: &[CapacityTrial<TrialResult>],
    place: impl Fn(usize, &CapacityTrial<TrialResult>) -> Option<(f64, f64)>,
) -> Vec<PanelLine> {
    let lines = VERDICTS.iter().map(|&(outcome, _, colour, shape)| {
        let points = trials.iter().enumerate().map(|(position, trial)| {
            if trial.attempt.outcome() == outcome { place(position, trial) } else { None }
        });
        PanelLine::new(shape, Some(colour), points)
    });
    lines.collect()
}

fn method(report: &CapacityReport<'_>) -> Vec<Explanation> {
    let thresholds = report.settings.thresholds.iter().map(ToString::to_string);
    let held = format!(
        "A trial holds if it is valid and {}. A percentile needs ten values beyond it. Where there is too \
         little to measure, the trial is made again, up to ten times as long; if that is not enough, it \
         is unknown, and the search goes up.",
        Vec::from_iter(thresholds).join(", ")
    );
    let version = env!("CARGO_PKG_VERSION");
    let version = format!("Shiftstorm {version}. It is what this machine did this time.");
    vec![
        Explanation::new("Held", held),
        Explanation::new(
            "Search",
            "Trials at twice the pace until one does not hold, then between the two until they \
             differ by at most 5 %, then three trials at what held, of which two must hold, and one \
             at what did not. A trial that fails is repeated, for a disturbance can make a trial \
             fail that would have held, but hardly the other way round. If a confirmation comes out \
             otherwise, the search goes on from there.",
        ),
        Explanation::new(
            "Invalid",
            "The load generator was late itself, so the trial says nothing about the system; only if \
             three in a row are invalid is the pace more than it can send.",
        ),
        Explanation::new(
            "Bare wheel",
            "What this machine does with the timing wheel alone, without actors, messages or a model, \
             measured before and after each trial. If it swings by more than 15 % while the ends are \
             confirmed, no capacity is told: it would be the machine's.",
        ),
        Explanation::new("Version", version),
    ]
}

fn rate(end: &CapacityBound) -> String {
    number(end.rate.round())
}

/// How trials came out: name, colour and sign.
const VERDICTS: [(TrialOutcome, &str, usize, LineShape); 4] = [
    (TrialOutcome::Held, "held (full)", 2, LineShape::Dots),
    (TrialOutcome::NotHeld, "not held (ring)", 1, LineShape::Rings),
    (TrialOutcome::Unknown, "unknown (ring)", 0, LineShape::Rings),
    (TrialOutcome::Invalid, "invalid (ring)", 3, LineShape::Rings),
];

/// Arrivals a second; fewer count as so many.
const LEAST: f64 = 0.01;

//! The page of a fit.

use crate::report::charts::Section;
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::sentence::{Sentence, sentence};
use crate::report::table::{ReportCell, ReportTable, Standing};

use super::fitted_charts::{arrivals, patience, quantiles};
use super::fitted_findings::{busyness_of, findings};
use super::fitted_log::{FittedCounts, FittedLog};
use super::fitted_words::{time, whole};

/// Of a log.
pub(super) fn page(log: &FittedLog<'_>) -> String {
    let told = findings(log);
    let unknown = told.iter().filter(|finding| !finding.is_known).count();
    let statements = told.iter().map(|finding| {
        let badge = match finding.is_known {
            true => (Standing::Good, "estimated"),
            false => (Standing::Open, "not known"),
        };
        PageStatement::new(finding.topic, Some(badge), [sentence!("{}", finding.text)])
    });
    let samples = log.samples;
    let facts = vec![
        format!("{} conversations", whole(samples.conversations())),
        format!("{} rows", whole(log.read.tally.rows)),
        format!("{} messages of consumers", whole(samples.consumer_messages)),
        format!("{} of agents", whole(samples.agent_messages)),
        format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
    ];
    let tally = &log.read.tally;
    let mut alerts = Vec::new();
    if tally.bad > 0 {
        alerts.push(format!("{} rows were not understood and are left out.", tally.bad));
    }
    html(&Document {
        frame: PageFrame { kind: "fit", name: log.name, question: "", facts, alerts },
        headline: headline(told.len() - unknown, unknown),
        statements: statements.collect(),
        sections: sections(log),
        method: method(),
        notes: notes(log),
        ..Document::default()
    })
}

fn headline(known: usize, unknown: usize) -> Sentence {
    match unknown {
        0 => sentence!("The log tells all that a scenario needs."),
        _ => {
            sentence!("The log tells {known} of {} things that a scenario needs.", known + unknown)
        }
    }
}

fn sections(log: &FittedLog<'_>) -> Vec<Section> {
    let estimates = log.estimates;
    let names = |found: &crate::fitting::ArrivalEstimates| {
        Vec::from_iter(found.skills.iter().map(|skill| log.skill(skill.skill).to_owned()))
    };
    let coming = Section::new(
        "arrivals",
        "Arrivals",
        "How many write in, by local clock time; the band is the interval of the mean.",
    );
    let coming = coming.charts(log.arrivals().map(|found| arrivals(found, &names(found), 0.5)));
    let waiting = Section::new(
        "patience",
        "Patience",
        "Those who were answered would have waited longer: they count as far as they were seen.",
    );
    let waiting = waiting.charts(log.samples.has_endings.then(|| patience(log)).flatten());
    let mut fits = vec![
        quantiles("think", "Think time", &estimates.think),
        quantiles("first_answer", "Wait for the first answer", &estimates.first_answers),
        quantiles("burst_gap", "Between messages of one turn", &estimates.burst_gaps),
    ];
    fits.extend(estimates.work.iter().enumerate().map(|(position, work)| {
        let title = format!("Gaps of replies, {}", log.skill(work.skill));
        quantiles(&format!("work_{position}"), &title, &work.gaps)
    }));
    let durations = Section::new(
        "durations",
        "Durations",
        "Quantiles of what was measured and of the distribution that was fitted: where both lines lie on \
         each other, it fits.",
    );
    let durations = durations.charts(fits.into_iter().flatten());
    let lead = "Rows that were left out, and what is odd.";
    let rows = Section::new("rows", "Rows", lead).tables([row_table(log)]);
    Section::shown([coming, waiting, durations, rows])
}

fn row_table(log: &FittedLog<'_>) -> ReportTable {
    let mut table = ReportTable::new("Rows and oddities", ["what", "number"]);
    let (tally, samples) = (&log.read.tally, log.samples);
    for (what, count) in [
        ("rows read", tally.rows),
        ("rows not understood, left out", tally.bad),
        ("rows that stand there twice, taken once", tally.doubled),
        ("answers of agents who did not have the conversation", samples.answered_unassigned),
        ("messages after the close", samples.reopened),
        ("conversations without an end in the log", samples.never_ended),
        ("conversations closed without an answer", samples.closed_unanswered),
    ] {
        table.push(None, vec![ReportCell::text(what), ReportCell::fixed(0, count as f64)]);
    }
    table
}

fn notes(log: &FittedLog<'_>) -> Vec<String> {
    let mut notes = Vec::from_iter(log.files.iter().map(|file| {
        let unused = match file.unused.is_empty() {
            true => String::new(),
            false => format!("; not used: {}", file.unused.join(", ")),
        };
        format!("{}: {}{unused}.", file.name, file.used.join(", "))
    }));
    if !log.tick.is_zero() {
        notes.push(format!("The clock of the log has steps of {}.", time(log.tick.as_secs_f64())));
    }
    if log.read.was_sorted {
        notes.push("The rows were not in the order of time, and were sorted.".to_owned());
    }
    notes.extend(log.read.tally.first_bad.iter().map(ToString::to_string));
    notes
}

fn method() -> Vec<Explanation> {
    vec![
        Explanation::new(
            "Intervals",
            "Each holds the true value with 95 %, by itself: exact for counts, from the likelihood for all \
             else.",
        ),
        Explanation::new(
            "Work",
            "An agent writes one reply at a time, the longest-waiting message first: work on a reply begins at \
             the last of the agent's last reply, the message and the assignment; time Away is left out. A \
             reply whose conversation was taken away is longer than what was seen of it.",
        ),
        Explanation::new(
            "Interruptions",
            "A gap between replies is work, and interruptions at a constant rate. They are told from long \
             replies if they last at least five times as long. Who has lost a conversation to a timeout is \
             probably not there, and what follows tells for how long. Lengths may be exponential, differ less, \
             or differ more: the intervals reach over all of these that the log does not rule out.",
        ),
        Explanation::new(
            "Silent abandonment",
            "Who was answered and never wrote again may have left, or had no more to say. The two are told \
             apart by how their share grows with the wait: it is assumed that the number of turns does not \
             depend on the wait (Castellanos, Yom-Tov and Goldberg, arXiv 2304.11754).",
        ),
        Explanation::new(
            "Absences",
            "Breaks at fixed times are not told from those at random: all begin at random in the scenario.",
        ),
        Explanation::version(env!("CARGO_PKG_VERSION")),
    ]
}

/// Of a table of counts.
pub(super) fn counts_page(counts: &FittedCounts<'_>) -> String {
    let found = counts.arrivals;
    let busyness = busyness_of(&found.days.busyness);
    let badge = match busyness.is_known {
        true => (Standing::Good, "estimated"),
        false => (Standing::Open, "not known"),
    };
    let mut sentences = vec![sentence!("{}", busyness.text)];
    for day in &found.days.unusual {
        let count = found.totals.get(day.position).map_or(0, |total| total.count);
        let number = day.position + 1;
        sentences
            .push(sentence!("Day {number} has {count}, where {:.0} are expected.", day.expected));
    }
    let days = PageStatement::new(busyness.topic, Some(badge), sentences);
    let lead = "How many write in, by interval; the band is the interval of the mean.";
    let hours = counts.interval.as_secs_f64() / 3600.0;
    let chart = arrivals(found, &["all".to_owned()], hours);
    let total: u64 = found.totals.iter().map(|day| day.count).sum();
    html(&Document {
        frame: PageFrame {
            kind: "fit",
            name: counts.name,
            facts: vec![format!("{} days", found.totals.len()), format!("{total} contacts")],
            ..PageFrame::default()
        },
        headline: sentence!("A table of counts tells arrivals, and nothing else."),
        statements: vec![days],
        sections: vec![Section::new("arrivals", "Arrivals", lead).charts([chart])],
        method: method().into_iter().take(1).collect(),
        ..Document::default()
    })
}

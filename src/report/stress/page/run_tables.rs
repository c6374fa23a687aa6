//! Thresholds, faults and messages as tables.

use crate::report::charts::Section;
use crate::report::stress::run_words::{label, load_of, mailboxes_of};
use crate::report::stress::thresholds::{standing, value};
use crate::report::table::{PageTable, or_dash, plain};
use crate::stress::{Account, Count, Recovery, StressResults, Timing};

/// The thresholds, in colour and in words; none without any.
pub(super) fn thresholds(results: &StressResults) -> Option<PageTable> {
    let judged = results.judged();
    let heads = ["threshold", "measured", "verdict"].map(str::to_owned);
    let mut table = PageTable::new("Thresholds", heads);
    for judged in &judged {
        let (class, word) = standing(judged, results.is_valid());
        let cells = vec![judged.threshold.to_string(), value(judged), word.to_owned()];
        table.judge(class, cells);
    }
    (!judged.is_empty()).then_some(table)
}

/// What became of the messages of each class.
pub(super) fn messages(results: &StressResults) -> PageTable {
    let heads = ["messages to", "sent", "handled", "queued", "refused", "dead"];
    let mut table = PageTable::new("What became of every message", heads.map(str::to_owned));
    let row = |name: &str, account: &Account| {
        let Account { sent, handled, queued, refused, dead } = *account;
        let counts = [sent, handled, queued, refused, dead].map(|count| count.to_string());
        std::iter::once(name.to_owned()).chain(counts).collect()
    };
    let mut total = Account::default();
    for mailbox in mailboxes_of(results) {
        let account = results.account(mailbox);
        total.add(account);
        table.push(None, row(mailbox.name(), account));
    }
    table.total = Some(row("all", &total));
    table
}

/// What happened how often.
pub(super) fn load(results: &StressResults) -> PageTable {
    let heads = ["what", "number", "a second"].map(str::to_owned);
    let mut table = PageTable::new("What happened how often", heads);
    for (label, count) in load_of(results) {
        let (number, rate) = (results.figures.count(count), results.rate(count));
        table.push(None, vec![label.to_owned(), number.to_string(), plain(rate)]);
    }
    table
}

/// What came of each fault.
pub(super) fn faults(results: &StressResults) -> Section {
    let heads = [
        "fault",
        "recovered after, s",
        "refused",
        "messages lost",
        "actors replaced",
        "logouts",
        "unassigned",
        "ownership removed",
        "latest deadline, ms",
        "verdict",
    ];
    let mut table = PageTable::new("From its beginning until recovered", heads.map(str::to_owned));
    for recovery in &results.recoveries {
        let (class, word) = outcome(recovery);
        let counts = [
            Count::Refused,
            Count::Lost,
            Count::Replaced,
            Count::LoggedOut,
            Count::Unassigned,
            Count::Removed,
        ];
        let counts = counts.map(|count| recovery.count(count).to_string());
        let recovered = recovery.recovered.map(|after| after.as_secs_f64());
        let latest = recovery.longest(Timing::DeadlineLateness).unwrap_or_default();
        let cells = [label(&recovery.step), or_dash(recovered, plain)].into_iter();
        let cells = cells.chain(counts).chain([plain(latest.as_secs_f64() * 1e3), word.to_owned()]);
        table.judge(class, cells.collect());
    }
    let lead = format!(
        "A fault is recovered from at the end of the first whole second after it in which nothing \
         was refused or lost, and no arrival, unassign deadline or message to a router waited \
         longer than {}. What else happened in those seconds is counted too.",
        results.settings.calm
    );
    let tables = if results.recoveries.is_empty() { Vec::new() } else { vec![table] };
    Section { id: "faults", title: "Faults", lead, charts: Vec::new(), tables }
}

/// Class and words for what came of a fault.
pub(super) fn outcome(recovery: &Recovery) -> (&'static str, &'static str) {
    match recovery.recovered {
        Some(_) => ("good", "recovered"),
        None => ("bad", "not recovered"),
    }
}

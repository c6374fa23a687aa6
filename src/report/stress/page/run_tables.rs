//! Thresholds, faults and messages as tables.

use crate::report::charts::Section;
use crate::report::stress::run_words::{label, load_of, mailboxes_of};
use crate::report::table::{NumberUnit, ReportCell, ReportTable, Standing, labelled};
use crate::stress::{Account, Count, Recovery, StressResults, Timing};

/// What became of the messages of each class.
pub(super) fn messages(results: &StressResults) -> ReportTable {
    let heads = ["messages to", "sent", "handled", "queued", "refused", "dead"];
    let mut table = ReportTable::new("What became of every message", heads);
    let row = |name: &'static str, account: &Account| {
        let Account { sent, handled, queued, refused, dead } = *account;
        labelled(name, [sent, handled, queued, refused, dead].map(ReportCell::Count))
    };
    let mut total = Account::default();
    for mailbox in mailboxes_of(results) {
        let account = results.account(mailbox);
        total.add(account);
        table.push(None, row(mailbox.name(), account));
    }
    table.total(row("all", &total));
    table
}

/// What happened how often.
pub(super) fn load(results: &StressResults) -> ReportTable {
    let heads = ["what", "number", "a second"];
    let mut table = ReportTable::new("What happened how often", heads);
    for (label, count) in load_of(results) {
        let (number, rate) = (results.figures.count(count), results.rate(count));
        table.push(None, vec![label.into(), ReportCell::Count(number), ReportCell::amount(rate)]);
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
    let mut table = ReportTable::new("From its beginning until recovered", heads);
    for recovery in &results.recoveries {
        let (standing, word) = outcome(recovery);
        let counts = [
            Count::Refused,
            Count::Lost,
            Count::Replaced,
            Count::LoggedOut,
            Count::Unassigned,
            Count::Removed,
        ];
        let counts = counts.map(|count| ReportCell::Count(recovery.count(count)));
        let recovered = recovery.recovered.map(|after| after.as_secs_f64());
        let latest = recovery.longest(Timing::DeadlineLateness).unwrap_or_default();
        let recovered = std::iter::once(ReportCell::amount(recovered));
        let latest = ReportCell::number(latest.as_secs_f64(), NumberUnit::Latency);
        let cells = recovered.chain(counts).chain([latest, ReportCell::verdict(standing, word)]);
        table.push(None, labelled(label(&recovery.step), cells));
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

/// How the system stood a fault, and that in words.
pub(super) fn outcome(recovery: &Recovery) -> (Standing, &'static str) {
    match recovery.recovered {
        Some(_) => (Standing::Good, "recovered"),
        None => (Standing::Bad, "not recovered"),
    }
}

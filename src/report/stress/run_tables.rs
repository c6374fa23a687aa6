//! What was measured as tables, for a terminal and for a page.

use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, Standing, labelled};
use crate::stress::{
    Account, ArrivalAccount, Count, Mailbox, Recovery, StageResult, StressResults, Timing,
};

use super::run_words::{LOAD, QUANTILES, TIMINGS, label};

/// What happened how often; of a single shard not what several have.
pub(super) fn load(results: &StressResults) -> ReportTable {
    let columns = ["number", "a second"].map(|head| ReportColumn::new(head).briefly(""));
    let mut table = table("What happened how often", ["what", "Load"], columns);
    let shown = LOAD.iter().filter(|(_, it)| results.shards > 1 || *it != Count::Transferred);
    for &(label, count) in shown {
        let number = ReportCell::Count(results.figures.count(count));
        let rate = ReportCell::number(libm::round(results.rate(count)), NumberUnit::Rate);
        table.push(None, vec![label.into(), number, rate]);
    }
    table
}

/// What came of each stage of the load; without stages no row.
pub(super) fn stages(results: &StressResults) -> ReportTable {
    let heads = ["seconds", "scheduled", "opened", "messages", "refused"];
    let columns = heads.map(ReportColumn::new);
    let caption = "What happened in each stage, a second of it; refused, a number";
    let mut table = table(caption, ["stage", "By stage, a second"], columns);
    for StageResult { stage, figures, length } in results.stages() {
        let found = StageResult { stage, figures, length };
        let rates = [Count::Scheduled, Count::Opened, Count::Messages]
            .map(|count| ReportCell::number(found.rate(count).map(libm::round), NumberUnit::Rate));
        let refused = ReportCell::Count(figures.count(Count::Refused));
        let length = ReportCell::amount(length.as_secs_f64());
        let cells = std::iter::once(length).chain(rates).chain([refused]);
        table.push(None, labelled(ReportCell::text(stage.name.clone()), cells));
    }
    table
}

/// What came of each fault until the system had recovered.
pub(super) fn faults(results: &StressResults) -> ReportTable {
    let columns = [
        ReportColumn::new("recovered after, s").briefly("recovered"),
        ReportColumn::new("refused"),
        ReportColumn::new("messages lost").briefly("lost"),
        ReportColumn::new("actors replaced").briefly("replaced"),
        ReportColumn::new("logouts").only_in_pages(),
        ReportColumn::new("unassigned").only_in_pages(),
        ReportColumn::new("ownership removed").only_in_pages(),
        ReportColumn::new("latest deadline, ms").briefly("deadline"),
        ReportColumn::new("verdict").only_in_pages(),
    ];
    let mut table = table("From its beginning until recovered", ["fault", "Faults"], columns);
    for recovery in &results.recoveries {
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
        let recovered = recovered.map_or_else(|| "not".into(), ReportCell::seconds);
        let latest = recovery.longest(Timing::DeadlineLateness).map(|latest| latest.as_secs_f64());
        let latest = ReportCell::number(latest, NumberUnit::Latency);
        let (standing, word) = outcome(recovery);
        let last = [latest, ReportCell::verdict(standing, word)];
        let cells = std::iter::once(recovered).chain(counts).chain(last);
        table.push(None, labelled(label(&recovery.step), cells));
    }
    table
}

/// When a fault is recovered from.
pub(super) fn recovered(results: &StressResults) -> String {
    format!(
        "A fault is recovered from at the end of the first whole second after it in which nothing \
         was refused or lost, and no arrival, unassign deadline or message to a router or an agent \
         waited longer than {}. What else happened in those seconds is counted too.",
        results.settings.calm
    )
}

/// How the system stood a fault, and that in words.
pub(super) fn outcome(recovery: &Recovery) -> (Standing, &'static str) {
    match recovery.recovered {
        Some(_) => (Standing::Good, "recovered"),
        None => (Standing::Bad, "not recovered"),
    }
}

/// Every timing of the wall clock.
pub(super) fn timings(results: &StressResults) -> ReportTable {
    let counts = ["number", "unfinished"].map(|head| ReportColumn::new(head).only_in_pages());
    let times = ["half", "90 %", "99 %", "99.9 %", "longest"].map(ReportColumn::new);
    let caption = "On the wall clock: milliseconds within which so many were handled";
    let columns = counts.into_iter().chain(times);
    let mut table = table(caption, ["what", "On the wall clock"], columns);
    for (label, timing) in TIMINGS {
        let timed = results.timing(timing);
        let histogram = timed.all();
        if !histogram.is_empty() {
            let times = QUANTILES.map(|quantile| histogram.value_at_quantile(quantile));
            let times = times.into_iter().chain([histogram.max()]).map(ReportCell::nanos);
            let counts = [histogram.len(), timed.unfinished()].map(ReportCell::Count);
            table.push(None, labelled(label, counts.into_iter().chain(times)));
        }
    }
    table
}

/// What became of the messages of each class; of a single shard not of what several have.
pub(super) fn messages(results: &StressResults) -> ReportTable {
    let columns = ["sent", "handled", "queued", "refused", "dead"].map(ReportColumn::new);
    let first = ["messages to", "Messages to"];
    let mut table = table("What became of every message", first, columns);
    let row = |name: &'static str, account: &Account| {
        let Account { sent, handled, queued, refused, dead } = *account;
        labelled(name, [sent, handled, queued, refused, dead].map(ReportCell::Count))
    };
    let mut total = Account::default();
    let shown = |it: &Mailbox| results.shards > 1 || *it != Mailbox::Transfers;
    for mailbox in Mailbox::ALL.into_iter().filter(shown) {
        let account = results.account(mailbox);
        total.add(account);
        table.push(None, row(mailbox.name(), account));
    }
    table.total(row("all", &total));
    table
}

/// What became of every arrival of the plan.
pub(super) fn arrivals(results: &StressResults) -> ReportTable {
    let heads = ["scheduled", "opened", "started", "waiting", "refused", "lost"];
    let columns = heads.map(|head| ReportColumn::new(head).right(10));
    let first = ReportColumn::new("arrivals").left(18).briefly("Arrivals");
    let columns = std::iter::once(first).chain(columns);
    let mut table = ReportTable::of("What became of every arrival of the plan", columns);
    let ArrivalAccount { scheduled, opened, started, waiting, refused, lost } = results.arrivals;
    let counts = [scheduled, opened, started, waiting, refused, lost].map(ReportCell::Count);
    table.push(None, labelled("of the plan", counts));
    table
}

/// Columns of numbers beside the names of rows, which have one head in a page and another on a
/// terminal.
pub(super) fn table(
    caption: &str,
    [head, brief]: [&'static str; 2],
    columns: impl IntoIterator<Item = ReportColumn>,
) -> ReportTable {
    let first = ReportColumn::new(head).left(28).briefly(brief);
    let columns = columns.into_iter().map(|column| column.right(10));
    ReportTable::of(caption, std::iter::once(first).chain(columns))
}

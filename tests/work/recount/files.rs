//! The files of a run, written to a folder of their own and read again as text.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use shiftstorm::base::storage::Storage;
use shiftstorm::experiment::{Experiment, Watch};
use shiftstorm::ledger::definitions::Parts;
use shiftstorm::report::{AuditExtent, Background, Report, RowFiles, Summary, WantedRows};
use shiftstorm::scenario::Variant;
use shiftstorm::scenario::plan::Plan;

/// The files of a run.
pub(crate) struct Files {
    /// A line a conversation, each with its cells by the name of their column.
    pub(crate) conversations: Vec<Line>,
    /// A line a record of the audit trail.
    pub(crate) audit: Vec<Line>,
    summary: Value,
}

/// A line of a CSV file.
pub(crate) struct Line {
    heads: Arc<Vec<String>>,
    cells: Vec<String>,
}

impl Files {
    /// Runs one replication of a plan, with all rows.
    pub(crate) fn of(plan: &Plan) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("recount-{}-{number}", std::process::id());
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&directory).expect("the target directory is writable");
        let files = Self::written(plan, &directory);
        fs::remove_dir_all(&directory).expect("it was made here");
        files
    }

    fn written(plan: &Plan, directory: &Path) -> Self {
        let wanted = WantedRows { conversations: true, audit: Some(AuditExtent::All) };
        let mut files =
            RowFiles::begin(&Storage::default(), directory, wanted).expect("it is writable");
        let variant = Variant { name: "base".to_owned(), plan: Arc::new(plan.clone()) };
        let variants = vec![variant];
        let experiment = Experiment {
            rows: files.rows(&variants, true),
            variants,
            replications: 0..1,
            precision: None,
            control_variate: true,
            checks: true,
        };
        let results = experiment.run(1, &Arc::default(), &mut Merges(&mut files));
        let failures: Vec<_> = results.failures().map(|(_, failure)| failure.to_string()).collect();
        assert!(failures.is_empty(), "{failures:?}");
        let report = Report {
            name: "recount",
            question: "",
            replications: 0..1,
            warm_up: None,
            confidence: 0.95,
            thresholds: Default::default(),
            checked: true,
            warnings: Vec::new(),
            background: &Background::default(),
            results: &results,
        };
        let mut summary = Vec::new();
        Summary::new(&report).write(&mut summary).expect("memory is writable");
        Self {
            conversations: lines(&directory.join("conversations.csv")),
            audit: lines(&directory.join("audit.csv")),
            summary: with_agents(serde_json::from_slice(&summary).expect("it is JSON")),
        }
    }

    /// A figure as the summary gives it.
    pub(crate) fn figure(&self, name: &str) -> Option<f64> {
        let figure = &self.summary["variants"][0]["figures"][name];
        assert!(figure.is_object(), "the summary has no figure {name}");
        figure["pooled"].as_f64()
    }

    /// All that was counted, by its path: `"/flow/offered"`.
    pub(crate) fn outcome(&self, path: &str) -> &Value {
        let outcome = &self.summary["variants"][0]["outcome"];
        outcome.pointer(path).unwrap_or_else(|| panic!("the outcome has no {path}"))
    }

    /// The intervals of a skill, each as the numbers in its row: those that follow each other and are alike
    /// stand once, with how many they are, and zeros at the end are left out.
    pub(crate) fn skill_intervals(&self, skill: usize) -> Vec<Vec<u64>> {
        let skill = self.outcome(&format!("/skills/{skill}"));
        let rows = skill.get("intervals").and_then(Value::as_array);
        let intervals = rows.into_iter().flatten().flat_map(|row| {
            let mut numbers = row.as_array().expect("a row").iter();
            let mut number = || numbers.next().map(|it| it.as_u64().expect("a whole number"));
            let alike = number().expect("how many");
            let mut interval = Vec::from_iter(std::iter::from_fn(number));
            interval.resize(SKILL_INTERVAL, 0);
            std::iter::repeat_n(interval, alike as usize)
        });
        intervals.collect()
    }

    /// A whole number in it.
    pub(crate) fn number(&self, path: &str) -> u64 {
        self.outcome(path).as_u64().unwrap_or_else(|| panic!("{path} is no whole number"))
    }
}

/// Numbers of an interval of a skill.
const SKILL_INTERVAL: usize = 42;

/// The summary with a name at each number of each agent: rows of agents who are alike stand once in it,
/// with how many, group, times to the horizon and after it, counts, and times Away by reason.
fn with_agents(mut summary: Value) -> Value {
    const TIMES: [&str; 9] = [
        "logged_in",
        "online",
        "away",
        "busy",
        "interrupted",
        "idle",
        "closing",
        "slots_used",
        "slots",
    ];
    const COUNTS: [&str; 2] = ["conversations", "answers"];
    const SUFFERED: [&str; 4] = ["auto_unassigned", "ownership_removed", "parked", "handed_over"];
    const REFUSED: [&str; 2] = ["refused_claims", "overshoots"];
    const TOTAL: [&str; 2] = ["count", "micros"];
    let agents = &mut summary["variants"][0]["outcome"]["agents"];
    let named = agents.as_array().expect("rows").iter().flat_map(|row| {
        let mut numbers = row.as_array().expect("a row").iter().cloned();
        let alike = numbers.next().and_then(|alike| alike.as_u64()).expect("how many");
        let mut next = || numbers.next().expect("a number");
        let mut named = |names: &[&str]| {
            let named = names.iter().map(|name| ((*name).to_owned(), next()));
            Value::Object(named.collect())
        };
        let group = named(&["group"])["group"].clone();
        let (horizon, drain) = (named(&TIMES), named(&TIMES));
        let parts = [&COUNTS[..], &TOTAL, &SUFFERED, &TOTAL, &REFUSED];
        let [mut work, response, suffered, lost, refused] = parts.map(named);
        for counts in [suffered, refused] {
            let counts = counts.as_object().expect("they have names").clone();
            work.as_object_mut().expect("they have names").extend(counts);
        }
        (work["response"], work["lost_answers"]) = (response, lost);
        let away = Value::Array(numbers.collect());
        let agent = serde_json::json!({
            "group": group, "horizon": horizon, "drain": drain, "work": work, "away": away,
        });
        std::iter::repeat_n(agent, alike as usize)
    });
    *agents = Value::Array(named.collect());
    summary
}

impl Line {
    /// The text of a column.
    pub(crate) fn text(&self, head: &str) -> &str {
        let place = self.heads.iter().position(|name| name == head);
        &self.cells[place.unwrap_or_else(|| panic!("no column {head}"))]
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, head: &str) -> bool {
        self.heads.iter().any(|name| name == head)
    }

    /// Text, unless it is empty.
    pub(crate) fn name(&self, head: &str) -> Option<String> {
        Some(self.text(head)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Microseconds.
    pub(crate) fn time(&self, head: &str) -> Option<i64> {
        let text = self.name(head)?;
        let seconds: f64 = text.parse().unwrap_or_else(|_| panic!("{head} is no time: {text}"));
        Some((seconds * 1e6).round() as i64)
    }

    /// A whole number.
    pub(crate) fn count(&self, head: &str) -> u64 {
        self.text(head).parse().unwrap_or_else(|_| panic!("{head} is no number"))
    }
}

fn lines(path: &Path) -> Vec<Line> {
    let mut reader = csv::Reader::from_path(path).expect("it was written");
    let heads = reader.headers().expect("it has a header").iter().map(str::to_owned).collect();
    let heads = Arc::new(heads);
    let records = reader.records().map(|record| {
        let record = record.expect("it is CSV");
        Line { heads: Arc::clone(&heads), cells: record.iter().map(str::to_owned).collect() }
    });
    records.collect()
}

/// Takes over the rows of a replication when it has ended.
struct Merges<'a>(&'a mut RowFiles);

impl Watch for Merges<'_> {
    fn merged(&mut self, variant: usize, replication: u64, figures: Option<&[Option<Parts>]>) {
        self.0.merged(variant, replication, figures.is_some()).expect("it is writable");
    }
}

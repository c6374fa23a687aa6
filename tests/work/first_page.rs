//! What a report shows first can be recomputed from the files beside it: each figure of each variant
//! from `replications.csv`, as a plain mean or a ratio of sums, to the last digit shown, and each
//! difference from the two values above it, as they are shown.
//!
//! `reports/update` has it read the reports that it has made (`REPORTS_MADE`); otherwise some are made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use scraper::{Html, Selector};
use shiftstorm::ledger::definitions::{FIGURES, find};
use shiftstorm::ledger::objectives::OBJECTIVES;

#[test]
fn every_figure_that_is_shown_first_is_the_mean_of_its_replications() {
    let made = std::env::var_os("REPORTS_MADE").map(PathBuf::from);
    let mut counts = [0; 3];
    for name in scenarios() {
        let folder = match &made {
            Some(made) => made.join(&name),
            None if OFTEN.contains(&name.as_str()) => make(&name),
            None => continue,
        };
        let found = ShownReport::read(&folder).check();
        assert!(found[0] > 30 && found[2] > 0, "{name}: only {found:?} were found");
        counts.iter_mut().zip(found).for_each(|(count, found)| *count += found);
    }
    let [values, differences, on_the_page] = counts;
    println!("{values} values, {differences} differences, {on_the_page} values on pages");
    assert!(differences > 30, "{differences}");
}

/// Those of which a report is made each time: three variants, hours and seconds, goals, also for parts.
const OFTEN: [&str; 4] = ["evening_hand_over", "offline_specialist", "retail_day", "quickstart"];

fn scenarios() -> impl Iterator<Item = String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = folder.read_dir().expect("it can be read").map(|file| file.unwrap().path());
    let scenarios = files.filter(|file| file.extension().is_some_and(|end| end == "toml"));
    let name = |file: PathBuf| file.file_stem().unwrap().to_string_lossy().into_owned();
    BTreeSet::from_iter(scenarios.map(name)).into_iter()
}

fn make(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first_page").join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_shiftstorm"));
    command.arg("run").arg(root.join("scenarios").join(format!("{name}.toml")));
    command.args(["-n", "5", "--quiet", "--force", "--out"]).arg(&folder);
    assert!(command.status().unwrap().success());
    folder
}

/// A report as its readers have it.
struct ShownReport {
    summary: String,
    page: Html,
    replications: Vec<BTreeMap<String, String>>,
}

impl ShownReport {
    fn read(folder: &Path) -> Self {
        let text = |file: &str| {
            let path = folder.join(file);
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
        };
        let table = text("replications.csv");
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        Self {
            summary: text("summary.txt"),
            page: Html::parse_document(&text("report.html")),
            replications: rows.deserialize().map(|row| row.expect("a table")).collect(),
        }
    }

    /// The mean of a figure over the replications of a variant: of a ratio that of the sums.
    fn mean(&self, variant: &str, figure: &str) -> Option<f64> {
        let rows = self.replications.iter().filter(|row| row["variant"] == variant);
        let number = |row: &BTreeMap<String, String>, column: &str| row.get(column)?.parse().ok();
        let (part, whole) = (format!("{figure}_part"), format!("{figure}_whole"));
        let sums = rows.filter_map(|row| match number(row, figure) {
            Some(value) => Some((value, 1.0)),
            None => Some((number(row, &part)?, number(row, &whole)?)),
        });
        let (part, whole) = sums.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (whole > 0.0).then(|| part / whole)
    }

    /// Checks everything; counts values and differences of the summary, and values of the page.
    fn check(&self) -> [usize; 3] {
        let (mut values, mut differences) = (0, 0);
        let mut shown = Shown::new();
        let cells = self.cells();
        for cell in cells.iter().filter(|cell| !cell.is_difference) {
            let expected = self.mean(&cell.variant, &cell.figure).expect("it has a mean");
            assert!(cell.written.shows(expected), "{cell:?} for {expected}");
            shown.insert((cell.variant.clone(), cell.figure.clone()), cell.clone());
            values += 1;
        }
        for cell in cells.iter().filter(|cell| cell.is_difference) {
            let places =
                [&cell.variant, &cell.base].map(|name| (name.clone(), cell.figure.clone()));
            let expected = match places.each_ref().map(|place| shown.get(place)) {
                [Some(value), Some(base)] => value.written.value - base.written.value,
                _ => {
                    let [value, base] = places
                        .map(|(name, figure)| cell.written.rounded(self.mean(&name, &figure)));
                    value - base
                }
            };
            assert!((cell.written.value - expected).abs() < 1e-9, "{cell:?}, not {expected}");
            differences += 1;
        }
        [values, differences, self.check_page(&shown)]
    }

    /// What the goals and the statements of the page show is what the summary shows.
    fn check_page(&self, shown: &Shown) -> usize {
        let select = |selector: &str| Selector::parse(selector).expect("a selector");
        let mut count = 0;
        for cell in self.page.select(&select("table.goals tbody td")) {
            let text = cell.text().next().unwrap_or_default().trim();
            let is_shown = shown.values().any(|known| known.text == text);
            assert!(is_shown, "{text} of the goals is not in the summary:\n{}", self.summary);
            count += 1;
        }
        for statement in self.page.select(&select("ul.statements li")) {
            let name = statement.select(&select("h3")).next().expect("a name");
            let name = name.text().next().unwrap_or_default().trim().to_owned();
            let told = statement.text().collect::<String>();
            for figure in ["service_level", "abandonment"] {
                let known = &shown[&(name.clone(), figure.to_owned())];
                let value = known.text.split(" ± ").next().unwrap();
                let is_none = figure == "abandonment" && known.written.value == 0.0;
                assert!(is_none || told.contains(value), "{name}: {value} is not in {told}");
                count += 1;
            }
        }
        count
    }

    /// All values and differences of the summary.
    fn cells(&self) -> Vec<ShownCell> {
        let mut cells = Vec::new();
        let known = BTreeSet::from_iter(self.replications.iter().map(|row| row["variant"].clone()));
        let (mut variants, mut part, mut goals) = (Vec::new(), Part::Verdict, 0);
        let mut lines = self.summary.lines().peekable();
        while let Some(line) = lines.next() {
            if line.starts_with(' ') && !line.starts_with("  ") || line.starts_with("      ") {
                // The heads: names, on one line or folded on several.
                let mut heads = vec![line];
                while let Some(more) = lines.next_if(|more| more.starts_with("      ")) {
                    heads.push(more);
                }
                let head = |at| Vec::from_iter(heads.iter().map(|line| column(line, at))).join(" ");
                let names = (0..3).map(head);
                let names = names.map(|head| Vec::from_iter(head.split_whitespace()).join(" "));
                variants = Vec::from_iter(names.filter(|name| !name.is_empty()));
                assert!(variants.iter().all(|name| known.contains(name)), "{variants:?}");
                (part, goals) = (Part::Verdict, 0);
            } else if line.starts_with("Against ") {
                part = Part::Against;
            } else if HEADINGS.contains(&line) {
                part = Part::Figures;
            }
            let figure = figure_of(line, &part).map(str::to_owned);
            // A goal for a part has the name of the part behind that of its figure.
            let is_for_part = part == Part::Verdict
                && !line.starts_with(' ')
                && figure.is_none()
                && !column(line, 0).trim().is_empty();
            goals += usize::from(is_for_part);
            let figure = if is_for_part { Some(format!("goal_{goals}")) } else { figure };
            let Some(figure) = figure else { continue };
            for (at, variant) in variants.iter().enumerate() {
                let text = column(line, at).trim().to_owned();
                if text.is_empty() || text == "–" {
                    continue;
                }
                let written = Written::read(text.split(" ± ").next().unwrap());
                cells.push(ShownCell {
                    figure: figure.clone(),
                    variant: variant.clone(),
                    base: variants[0].clone(),
                    is_difference: part == Part::Against,
                    written,
                    text,
                });
            }
        }
        cells
    }
}

/// By variant and figure.
type Shown = BTreeMap<(String, String), ShownCell>;

#[derive(Clone, Debug)]
struct ShownCell {
    figure: String,
    variant: String,
    base: String,
    is_difference: bool,
    written: Written,
    text: String,
}

#[derive(PartialEq)]
enum Part {
    Verdict,
    Against,
    Figures,
}

/// Columns behind the labels.
fn column(line: &str, at: usize) -> String {
    line.chars().skip(30 + 17 * at).take(16).collect()
}

/// The figure of a line: one with a direction above the headings, one of the headings below.
fn figure_of(line: &str, part: &Part) -> Option<&'static str> {
    let label: String = line.chars().take(29).collect();
    let label = label.trim_end();
    if part == &Part::Figures {
        let figure = FIGURES.iter().find(|it| it.place.is_some() && it.row_label() == label);
        return figure.map(|figure| figure.name);
    }
    let is_level = ["answered ", "assigned "].iter().any(|start| label.starts_with(start));
    if is_level {
        return Some("service_level");
    }
    let mut objectives = OBJECTIVES.iter().filter_map(|objective| find(objective.figure));
    objectives.find(|figure| figure.label == label).map(|figure| figure.name)
}

const HEADINGS: [&str; 6] = [
    "Conversations a run",
    "Waiting",
    "Automatic unassignment",
    "Ownership removal",
    "After a reassignment",
    "Agents",
];

/// A number as people read it: shares as such and times in seconds.
#[derive(Clone, Debug)]
struct Written {
    value: f64,
    /// What it is a whole number of.
    step: f64,
}

impl Written {
    fn read(text: &str) -> Self {
        let (mut value, mut step) = (0.0, 1.0);
        let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |text| (-1.0, text));
        let text = text.replace(',', "").replace(" %", "%").replace(" s", "s");
        for word in text.split(' ') {
            let (digits, unit) =
                [('%', 0.01), ('s', 1.0), ('m', 60.0), ('h', 3600.0), ('d', 86_400.0)]
                    .iter()
                    .find_map(|&(unit, size)| Some((word.strip_suffix(unit)?, size)))
                    .unwrap_or((word, 1.0));
            let number: f64 = digits.parse().unwrap_or_else(|_| panic!("{text}: {digits}"));
            let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            value += number * unit;
            step = unit * 10f64.powi(-(decimals as i32));
        }
        Self { value: sign * value, step }
    }

    /// Whether it is what this number is when it is rounded.
    fn shows(&self, exact: f64) -> bool {
        (self.value - exact).abs() <= self.step * 0.500_001
    }

    /// Another number with as many digits.
    fn rounded(&self, exact: Option<f64>) -> f64 {
        (exact.expect("it has a mean") / self.step).round() * self.step
    }
}

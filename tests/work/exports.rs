//! What other programs read: CSV files, the workbook, summary.json, JUnit. Read back with readers that
//! are not ours.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt as _;
use calamine::{Data, Range, Reader as _, Xlsx, open_workbook};
use quick_xml::Reader;
use quick_xml::events::Event;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value as Json, json};

/// A folder of its own for a test, gone at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str, scenario: &str) -> Self {
        let path = format!("shiftstorm-exports-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(path);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("day.toml"), scenario).unwrap();
        Self(path)
    }

    fn summary(&self, more: &[&str]) -> Json {
        let text = fs::read_to_string(self.report(more).join("summary.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::cargo_bin("shiftstorm").unwrap();
        command
            .current_dir(&self.0)
            .args(["run", "day.toml", "--quiet", "--force", "--out", "out"]);
        command.args(more).output().unwrap()
    }

    /// The folder of a report that was made without trouble.
    fn report(&self, more: &[&str]) -> PathBuf {
        let output = self.run(more);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.0.join("out")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Two variants, one with a goal that nobody reaches and one that everybody does.
const DAY: &str = r#"
name = "Two hours"
[run]
starts_at = "22:00"
until = "3h"
replications = 4
[goals]
service_level = 0.999
abandonment = 0.9
[measure]
at = ["1h", "2h"]
[agents.chat]
count = 3
interruptions = { every = "20m", for = "4m" }
[consumers.web]
arrivals = "60/h"
patience = { exponential = { mean = "4m" } }
[[variant]]
name = "unassign"
unassign.enabled = true
"#;

/// Name of the sheet and of the file that hold the same.
const TWINS: [(&str, &str); 10] = [
    ("Goals", "goals.csv"),
    ("Figures", "figures.csv"),
    ("Percentiles", "percentiles.csv"),
    ("Intervals", "intervals.csv"),
    ("Days", "days.csv"),
    ("Agents", "agents.csv"),
    ("Skills", "skills.csv"),
    ("Groups", "groups.csv"),
    ("Instants", "instants.csv"),
    ("Definitions", "columns.csv"),
];

type Book = Xlsx<BufReader<File>>;

fn book(folder: &Path) -> Book {
    open_workbook(folder.join("results.xlsx")).unwrap()
}

fn csv_rows(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).from_path(folder.join(file)).unwrap();
    let row =
        |row: csv::Result<csv::StringRecord>| row.unwrap().iter().map(str::to_owned).collect();
    reader.into_records().map(row).collect()
}

/// `first_response_mean` from `first response mean (seconds)`.
fn column_of(head: &Data) -> String {
    let text = head.to_string();
    text.split(" (").next().unwrap().replace(' ', "_")
}

/// A number or clock time as it stands in a CSV file.
fn is_same(cell: &Data, text: &str) -> bool {
    match cell {
        Data::Empty => text.is_empty(),
        Data::Float(number) => match text.split_once(':') {
            None => text.parse::<f64>().is_ok_and(|it| (number - it).abs() <= 1e-6),
            Some((hours, minutes)) => {
                let (day, hours) = hours.rsplit_once(' ').unwrap_or(("day 1", hours));
                let days: f64 = day.strip_prefix("day ").unwrap().parse().unwrap();
                let (hours, minutes): (f64, f64) =
                    (hours.parse().unwrap(), minutes.parse().unwrap());
                (number - (days - 1.0 + hours / 24.0 + minutes / 1440.0)).abs() < 1e-9
            }
        },
        Data::DateTime(time) => is_same(&Data::Float(time.as_f64()), text),
        Data::String(found) => found == text,
        _ => false,
    }
}

fn cells(range: &Range<Data>) -> Vec<Vec<Data>> {
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn every_sheet_holds_what_its_file_holds_as_numbers() {
    let place = Place::new("twins", DAY);
    let folder = place.report(&[]);
    let mut book = book(&folder);
    for (sheet, file) in TWINS {
        let found = cells(&book.worksheet_range(sheet).unwrap());
        let expected = csv_rows(&folder, file);
        assert_eq!(found.len(), expected.len(), "{sheet}");
        let heads = Vec::from_iter(found[0].iter().map(column_of));
        assert_eq!(heads, expected[0], "{sheet}");
        for (row, (found, expected)) in found.iter().zip(&expected).enumerate().skip(1) {
            for (column, (cell, text)) in found.iter().zip(expected).enumerate() {
                let place = format!("{sheet}, row {row}, {}", heads[column]);
                assert!(is_same(cell, text), "{place}: {cell:?} is not {text:?}");
                let is_number = text.parse::<f64>().is_ok();
                assert_eq!(is_number, matches!(cell, Data::Float(_)), "{place}: {cell:?}");
            }
        }
    }
    let names = ["Summary", "Charts"].into_iter().chain(TWINS.map(|(sheet, _)| sheet));
    let mut names = Vec::from_iter(names);
    names.insert(names.len() - 1, "Replications");
    let mut sheets = book.sheet_names();
    sheets.sort();
    names.sort();
    assert_eq!(sheets, names);
}

#[test]
fn replications_and_summary_show_the_figures_of_the_report() {
    let place = Place::new("summary", DAY);
    let folder = place.report(&[]);
    let mut book = book(&folder);
    let values = cells(&book.worksheet_range("Replications").unwrap());
    let parts = csv_rows(&folder, "replications.csv");
    assert_eq!(values.len(), parts.len());
    let at = |rows: &[String], name: &str| rows.iter().position(|head| head == name).unwrap();
    let heads = Vec::from_iter(values[0].iter().map(column_of));
    let (part, whole) = (at(&parts[0], "abandonment_part"), at(&parts[0], "abandonment_whole"));
    let count = at(&parts[0], "offered");
    let (share, offered) = (at(&heads, "abandonment"), at(&heads, "offered"));
    for (value, parts) in values.iter().zip(&parts).skip(1) {
        let number = |at: usize| parts[at].parse::<f64>().unwrap();
        assert!(is_same(&value[share], &(number(part) / number(whole)).to_string()));
        assert!(is_same(&value[offered], &parts[count]));
    }
    let summary = cells(&book.worksheet_range("Summary").unwrap());
    let row = |label: &str| {
        summary.iter().find(|row| row[0] == label).unwrap_or_else(|| panic!("{label}"))
    };
    let figures = csv_rows(&folder, "figures.csv");
    let figure = |name: &str, variant: &str| {
        figures.iter().find(|row| row[0] == name && row[2] == variant).unwrap()
    };
    for (label, name) in [("abandoned before an answer", "abandonment"), ("occupancy", "occupancy")]
    {
        for (position, variant) in ["base", "unassign"].into_iter().enumerate() {
            let (line, known) = (row(label), figure(name, variant));
            assert!(is_same(&line[2 + 2 * position], &known[4]), "{label}: {line:?}");
            assert!(is_same(&line[3 + 2 * position], &known[5]), "{label}: {line:?}");
        }
    }
    assert_eq!(row("  goal: at least 99.9 %")[2].to_string(), "missed");
    assert_eq!(row("  goal: at most 90.0 %")[2].to_string(), "met");
}

#[test]
fn the_page_and_the_csv_of_intervals_say_the_same_as_planners_know_it() {
    let place = Place::new("planners", DAY);
    let folder = place.report(&["--set", "goals.service_level=0.3"]);
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    let page = scraper::Html::parse_document(&page);
    let css = |text: &str| scraper::Selector::parse(text).unwrap();
    let rows = css("#intervals details.variant tbody tr");
    let cells = css("th, td");
    let intervals = csv_rows(&folder, "intervals.csv");
    let place_of = |name: &str| intervals[0].iter().position(|head| head == name).unwrap();
    // Columns of the page, and how many times the number of the file is theirs.
    let pairs = [
        (1, "offered", 1.0),
        (2, "required", 1.0),
        (3, "rostered", 1.0),
        (4, "staffed", 1.0),
        (5, "net", 1.0),
        (12, "response_p90", 1.0),
        (13, "handle_mean", 1.0),
        (14, "occupancy", 100.0),
    ];
    let mut compared = [0; 8];
    for (row, known) in page.select(&rows).zip(&intervals[1..]) {
        let row = Vec::from_iter(row.select(&cells).map(|cell| cell.text().collect::<String>()));
        assert_eq!(row[0], known[place_of("starts")].to_string());
        for (count, (column, name, scale)) in compared.iter_mut().zip(pairs) {
            let known = known[place_of(name)].to_string().parse::<f64>();
            let (Ok(shown), Ok(known)) = (row[column].parse::<f64>(), known) else { continue };
            // Seconds below ten have a decimal, others none.
            let rounding = if row[column].contains('.') { 0.051 } else { 0.51 };
            assert!((shown - known * scale).abs() <= rounding, "{name}: {shown} {known}");
            *count += 1;
        }
    }
    assert!(compared.iter().all(|&count| count >= 10), "{compared:?}");
}

#[test]
fn charts_are_drawn_from_the_intervals_and_told_in_words() {
    let place = Place::new("charts", DAY);
    let folder = place.report(&[]);
    let mut zip = zip::ZipArchive::new(File::open(folder.join("results.xlsx")).unwrap()).unwrap();
    let mut text = |name: &str| std::io::read_to_string(zip.by_name(name).unwrap()).unwrap();
    let intervals = csv_rows(&folder, "intervals.csv");
    let column = |name: &str| {
        let position = intervals[0].iter().position(|head| head == name).unwrap() as u8;
        let (first, second) = (position / 26, position % 26);
        let letters = [(first > 0).then(|| b'A' + first - 1), Some(b'A' + second)];
        String::from_utf8(letters.into_iter().flatten().collect()).unwrap()
    };
    let charts = [("abandonment", 1), ("service_level", 2), ("queue", 3)];
    for (name, number) in charts {
        let chart = text(&format!("xl/charts/chart{number}.xml"));
        let column = column(name);
        // The base comes first, below the header.
        let series = format!("<c:f>Intervals!${column}$2:${column}$");
        assert!(chart.contains(&series), "{name}: {chart}");
        assert!(chart.contains("<c:v>base</c:v>") && chart.contains("<c:v>unassign</c:v>"));
        assert!(chart.contains("time of day"), "{name}: axes have names");
    }
    assert!(text("xl/charts/chart3.xml").contains(&format!("Intervals!${}$2:", column("online"))));
    let drawing = text("xl/drawings/drawing1.xml");
    assert_eq!(drawing.matches("descr=\"").count(), 3, "{drawing}");
    assert!(drawing.contains("Highest: "), "{drawing}");
    let sheet = text("xl/worksheets/sheet6.xml");
    for part in
        ["<autoFilter", "state=\"frozen\"", "orientation=\"landscape\"", "fitToHeight=\"0\""]
    {
        assert!(sheet.contains(part), "{part} is missing: {}", &sheet[..600]);
    }
    assert!(text("xl/workbook.xml").contains("Print_Titles"));
}

#[test]
fn the_same_report_is_the_same_workbook_at_any_time() {
    let place = Place::new("same", DAY);
    let first = fs::read(place.report(&[]).join("results.xlsx")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == fs::read(place.report(&[]).join("results.xlsx")).unwrap());
}

/// Names that spreadsheets, XML and terminals take for something else.
fn hostile_names(count: usize) -> Vec<String> {
    const PARTS: [&str; 40] = [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\u{a0}=1",
        "\u{2028}=1",
        " =1",
        "＝1",
        "－2",
        "'",
        "''=",
        "\"",
        "\"\"",
        ",",
        ";",
        ";=1",
        "|",
        "&",
        "&amp;",
        "<",
        ">",
        "]]>",
        "<!--",
        "<r><t>x</t></r>",
        "<r>",
        "</r>",
        "<script>alert(1)</script>",
        "_x0041_",
        "_x000D_",
        "\u{2029}x",
        "\\u{1b}[31m",
        "\u{ad}",
        "\u{202e}txt",
        "שלום",
        "👩‍👩‍👧",
        "e\u{301}",
        "\u{feff}",
        "\u{fffd}",
        "1e308",
    ];
    let mut random = Pcg64Mcg::seed_from_u64(5);
    let mut names = BTreeMap::new();
    // Each by itself, and one that no cell holds.
    for part in PARTS {
        names.insert(part.to_owned(), names.len());
    }
    names.insert("long ".repeat(8000), names.len());
    names.insert("😀".repeat(20_000), names.len());
    while names.len() < count {
        let parts = random.random_range(2..6);
        let name = (0..parts).map(|_| PARTS[random.random_range(0..PARTS.len())]).collect();
        let next = names.len();
        names.entry(name).or_insert(next);
    }
    let mut names = Vec::from_iter(names);
    names.sort_by_key(|&(_, order)| order);
    names.into_iter().map(|(name, _)| name).collect()
}

/// A string of TOML.
fn quoted(name: &str) -> String {
    let escaped = name.chars().map(|c| format!("\\U{:08X}", u32::from(c)));
    format!("\"{}\"", escaped.collect::<String>())
}

/// What was written, from what stands in the file.
fn restored(text: &str) -> String {
    let active = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let (mut restored, mut begins, mut rest) = (String::new(), true, text);
    while let Some(c) = rest.chars().next() {
        let after = rest.trim_start_matches('\'');
        if begins && c == '\'' && after.starts_with(active) {
            // One of these apostrophes is not part of the name.
            restored.push_str(&rest[1..rest.len() - after.len()]);
            rest = after;
            begins = false;
            continue;
        }
        restored.push(c);
        begins = [';', '\t', '\r', '\n'].contains(&c) || (begins && c == '\'');
        rest = &rest[c.len_utf8()..];
    }
    restored
}

#[test]
fn a_thousand_hostile_names_go_through_files_and_workbook_and_run_nothing() {
    let names = hostile_names(1000);
    let mut scenario = "[run]\nuntil = '10m'\nreplications = 1\nend = 'cut'\n".to_owned();
    scenario += "[consumers.web]\narrivals = '60/h'\n";
    for name in &names {
        scenario += &format!("[agents.{}]\ncount = 1\n", quoted(name));
    }
    scenario += &format!("[[variant]]\nname = {}\n", quoted("=2+3;=4<r>&</r>"));
    let place = Place::new("hostile", &scenario);
    let folder = place.report(&["--audit", "--conversations", "--junit", "goals.xml"]);
    let groups = csv_rows(&folder, "groups.csv");
    let group = groups[0].iter().position(|head| head == "group").unwrap();
    let read = groups[1..].iter().map(|row| restored(&row[group]));
    assert!(Vec::from_iter(read) == [names.clone(), names.clone()].concat());
    for entry in fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".csv") {
            nothing_is_active(&name, &csv_rows(&folder, &name));
        }
    }
    let mut book = book(&folder);
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty), "{sheet} has a formula");
    }
    let sheet = cells(&book.worksheet_range("Groups").unwrap());
    for (row, name) in sheet[1..].iter().zip(names.iter().chain(&names)) {
        let Data::String(found) = &row[group] else { panic!("{:?} is no text", row[group]) };
        let is_cut = name.encode_utf16().count() > 32_767;
        assert!(
            if is_cut { name.starts_with(found) } else { name == found },
            "{name:?}: {found:?}"
        );
    }
    well_formed(&fs::read_to_string(place.0.join("goals.xml")).unwrap());
}

/// No cell that is no number begins with what a spreadsheet runs, nor what it may take for a cell.
fn nothing_is_active(file: &str, rows: &[Vec<String>]) {
    for cell in rows.iter().flatten().filter(|cell| cell.parse::<f64>().is_err()) {
        for part in cell.split([';', '\t', '\r', '\n']) {
            let first = part.chars().next();
            let is_active = first.is_some_and(|c| "=+-@＝＋－＠".contains(c));
            assert!(!is_active, "{file}: {cell:?}");
        }
        assert!(!cell.starts_with(['\t', '\r', '\n']), "{file}: {cell:?}");
    }
}

fn well_formed(xml: &str) {
    let mut reader = Reader::from_str(xml);
    while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    let is_known =
        |c: char| matches!(c, '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(is_known));
}

#[test]
fn goals_are_test_cases_and_missed_ones_an_error_only_when_asked_for() {
    let place = Place::new("junit", DAY);
    let arguments = ["--junit", "goals.xml"];
    place.report(&arguments);
    let xml = fs::read_to_string(place.0.join("goals.xml")).unwrap();
    well_formed(&xml);
    assert!(
        xml.contains("<testsuites name=\"Two hours\" tests=\"6\" failures=\"2\" skipped=\"0\">")
    );
    for variant in ["base", "unassign"] {
        let missed =
            format!("<testcase name=\"service level: at least 99.9 %\" classname=\"{variant}\">");
        let case = xml.split(&missed).nth(1).unwrap_or_else(|| panic!("{xml}"));
        assert!(case.trim_start().starts_with("<failure type=\"missed\""), "{xml}");
        assert!(case.contains("goal at least 99.9 %: missed (95 % interval, 4 replications)"));
        assert!(case.contains(" ± "), "{xml}");
    }
    let output = place.run(&["--fail-on-missed-goals"]);
    assert_eq!(output.status.code(), Some(4));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.matches("goal at least 99.9 %: missed").count(), 2, "{error}");
    assert!(place.0.join("out/summary.json").exists(), "the report is written all the same");
    let met = ["--fail-on-missed-goals", "--set", "goals.service_level=0.001"];
    place.report(&met);
    // One replication has no interval: whatever it says may be chance.
    place.report(&["-n", "1", "--junit", "goals.xml"]);
    let xml = fs::read_to_string(place.0.join("goals.xml")).unwrap();
    assert!(xml.contains("<failure type=\"missed?\""), "{xml}");
    assert!(xml.contains("more replications would tell"), "{xml}");
    assert_eq!(place.run(&["--junit", "no/such/folder.xml"]).status.code(), Some(6));
}

/// As `shiftstorm schema summary` prints it.
fn printed_schema() -> String {
    let mut command = Command::cargo_bin("shiftstorm").unwrap();
    let output = command.args(["schema", "summary"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_published_schema_is_the_one_that_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/summary.schema.json");
    let published = fs::read_to_string(path).unwrap();
    assert!(published == printed_schema(), "reports/update writes it");
    assert!(jsonschema::meta::is_valid(&serde_json::from_str(&published).unwrap()));
    assert!(published.contains("\"const\": \"shiftstorm/summary/1\""));
}

#[test]
fn summaries_of_all_kinds_fit_the_schema() {
    let schema = serde_json::from_str(&printed_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let shipped = |name: &str| fs::read_to_string(scenarios.join(name)).unwrap();
    let (quick, evening) = (shipped("quickstart.toml"), shipped("evening_hand_over.toml"));
    let settles = "run.replications = 'batch-means'\nrun.until = '40h'\nrun.end = 'cut'\n\
        run.warm_up = 'mser-5'\nagents.chat.count = 4\nconsumers.web.arrivals = '60/h'";
    let cases: [(&str, &[&str]); 7] = [
        (DAY, &[]),
        (DAY, &["-n", "1", "--no-checks"]),
        (DAY, &["--precision", "offered=50%", "-n", "12"]),
        (DAY, &["--vary", "agents.chat.count=2..4/1"]),
        (&quick, &["-n", "2"]),
        (&evening, &["-n", "2"]),
        (settles, &[]),
    ];
    for (number, (scenario, more)) in cases.into_iter().enumerate() {
        let place = Place::new(&format!("schema-{number}"), scenario);
        let summary = place.summary(more);
        let errors = Vec::from_iter(validator.iter_errors(&summary).map(|it| it.to_string()));
        assert!(errors.is_empty(), "{scenario}: {errors:?}");
    }
}

#[test]
fn a_summary_that_is_not_one_does_not_fit() {
    let schema = serde_json::from_str(&printed_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let summary = Place::new("planted", DAY).summary(&[]);
    assert!(validator.is_valid(&summary));
    let planted: [(&str, Option<Json>); 12] = [
        ("/schema", Some(json!("shiftstorm/summary/2"))),
        ("/seed", Some(json!(-1))),
        ("/scenario", Some(json!("Two hours"))),
        ("/complete", None),
        ("/variants", Some(json!([]))),
        ("/variants/0/name", None),
        ("/variants/0/figures/abandonment", None),
        ("/variants/0/figures/abandonment/half_width", Some(json!("0.1"))),
        ("/variants/1/against_base/abandonment/verdict", Some(json!("splendid"))),
        ("/variants/1/against_base/abandonment/difference", Some(Json::Null)),
        ("/thresholds/abandonment", Some(json!({ "about": 1 }))),
        ("/definitions/0/kind", Some(json!("guess"))),
    ];
    for (pointer, value) in planted {
        let mut wrong = summary.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = wrong.pointer_mut(parent).unwrap();
        assert!(!parent[key].is_null() || parent.is_array(), "{pointer} is not there");
        match value {
            Some(value) => parent[key] = value,
            None => assert!(parent.as_object_mut().unwrap().remove(key).is_some()),
        }
        assert!(!validator.is_valid(&wrong), "{pointer} may be anything");
    }
}

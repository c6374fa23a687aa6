//! The committed reports in a real browser. Without Chromium in PATH the tests are skipped, unless
//! `BROWSER_TESTS=required` is set.

mod chromium;
mod print;
mod serve;

use std::path::{Path, PathBuf};

use assert_cmd::cargo::CommandCargoExt as _;
use serde_json::{Value, json};

use self::chromium::Chromium;

#[test]
fn pages_load_alone_fit_their_window_and_can_be_read() {
    let Some(mut browser) = Chromium::start() else { return };
    let pages = reports();
    assert!(pages.len() >= 10, "reports are missing: {pages:?}");
    pages.iter().for_each(|page| fits(&mut browser, page));
}

#[test]
fn pages_of_wall_clock_runs_load_alone_fit_their_window_and_can_be_read() {
    let Some(mut browser) = Chromium::start() else { return };
    let place = std::env::temp_dir().join(format!("shiftstorm-stress-{}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a place for reports");
    std::fs::write(place.join("day.toml"), STORM).expect("a place for a scenario");
    let runs: [&[&str]; 3] = [
        &["day.toml", "--out", "run"],
        &["day.toml", "--capacity", "--for", "50ms", "--out", "capacity"],
        &["--suite", "--case", "races", "--case", "stall", "--for", "1s", "--out", "suite"],
    ];
    for arguments in runs {
        let mut command = std::process::Command::cargo_bin("shiftstorm").expect("it is built");
        command.current_dir(&place).args(["stress", "--quiet"]).args(arguments);
        let output = command.output().expect("it runs");
        let folder = place.join(arguments[arguments.len() - 1]);
        let page = folder.join("report.html");
        assert!(page.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
        fits(&mut browser, &page);
    }
    let mut command = std::process::Command::cargo_bin("shiftstorm").expect("it is built");
    command.current_dir(&place).args(["stress", "--engines", "--live", "1k,2k", "--for", "100ms"]);
    let output = command.args(["--html", "engines.html"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fits(&mut browser, &place.join("engines.html"));
    std::fs::remove_dir_all(&place).expect("the place is ours");
}

#[test]
fn the_page_of_a_check_loads_alone_fits_its_window_and_can_be_read() {
    let Some(mut browser) = Chromium::start() else { return };
    let page = std::env::temp_dir().join(format!("shiftstorm-check-{}.html", std::process::id()));
    let mut command = std::process::Command::cargo_bin("shiftstorm").expect("it is built");
    command.current_dir(root()).args(["check", "scenarios/week/week.toml", "--html"]).arg(&page);
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fits(&mut browser, &page);
    std::fs::remove_file(&page).expect("the page is ours");
}

/// It loads alone, nothing reaches beyond the window, and no text is faint.
fn fits(browser: &mut Chromium, page: &Path) {
    for (width, scheme) in
        [(360, "light"), (360, "dark"), (800, "dark"), (1400, "light"), (1400, "dark")]
    {
        browser.open(page, width, scheme);
        browser.ask(CHECKS);
        // What is folded away must fit as well.
        browser.ask("document.querySelectorAll('details').forEach((it) => (it.open = true))");
        let place = format!("{} at {width}, {scheme}", page.display());
        assert_eq!(browser.ask("overflows()"), json!([]), "{place}");
        assert_eq!(browser.ask("faint()"), json!([]), "{place}");
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{place}");
    }
}

#[test]
fn variants_can_be_hidden_even_without_script() {
    let Some(mut browser) = Chromium::start() else { return };
    for disabled in [false, true] {
        browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": disabled }));
        browser.open(&report("retail_day"), 1400, "light");
        browser.ask(CHECKS);
        let count = |browser: &mut Chromium| browser.ask("shown('figure .v1').length").as_u64();
        let before = count(&mut browser);
        assert!(before > Some(10), "{before:?}");
        for expected in [Some(0), before] {
            let at = browser.ask(
                "(() => { const box = document.getElementById('show-1'); \
                 box.scrollIntoView({ block: 'center', behavior: 'instant' }); \
                 const { x, y } = box.getBoundingClientRect(); return { x: x + 5, y: y + 5 }; })()",
            );
            let at = point(&at);
            browser.mouse("mousePressed", at);
            browser.mouse("mouseReleased", at);
            assert_eq!(count(&mut browser), expected, "script disabled: {disabled}");
        }
        assert!(browser.ask("shown('figure .v0').length").as_u64() > Some(10));
    }
}

#[test]
fn values_follow_the_pointer_and_the_keys() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&report("retail_day"), 1400, "light");
    browser.ask(CHECKS);
    let at = browser.ask("inPlot('abandonment', 0.5, 0.5)");
    browser.mouse("mouseMoved", point(&at));
    let readout = "(shown('#abandonment .readout')[0]?.innerText ?? '')";
    let text = browser.ask(readout);
    let text = text.as_str().unwrap_or_default().to_owned();
    assert!(text.starts_with("15:") && text.lines().count() == 5, "{text}");
    assert!(text.contains("off, %: ") && text.contains(" ± "), "{text}");
    // Which half hour lies in the middle depends on when the last run of all ended.
    let then = if text.starts_with("15:00") { "15:30" } else { "16:00" };
    let row = format!(
        "[...document.querySelectorAll('#abandonment tbody tr')].find((row) => \
         row.cells[0].textContent === '{then}').cells[1].textContent"
    );
    let next = browser.ask(&row).as_str().unwrap_or_default().to_owned();
    browser.ask("shown('#abandonment .picture > svg')[0].focus({ preventScroll: true })");
    browser.key("ArrowRight");
    let text = browser.ask(readout).as_str().unwrap_or_default().to_owned();
    assert!(text.starts_with(then) && text.contains(&next), "{text}");
    browser.key("Escape");
    assert_eq!(browser.ask(readout), json!(""));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_part_of_the_day_can_be_looked_at_in_all_charts_at_once() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&report("retail_day"), 1400, "light");
    browser.ask(CHECKS);
    let ticks = "shown('#queue .picture > svg .ticks text, #queue .picture > svg .finer text') \
                 .filter((text) => text.getAttribute('visibility') !== 'hidden') \
                 .map((text) => text.textContent)";
    let before = browser.ask(ticks);
    assert_eq!(before[0], "08:00");
    let from = browser.ask("inPlot('abandonment', 0.4, 0.5)");
    browser.mouse("mouseMoved", point(&from));
    browser.mouse("mousePressed", point(&from));
    let to = browser.ask("inPlot('abandonment', 0.6, 0.5)");
    browser.mouse("mouseMoved", point(&to));
    browser.mouse("mouseReleased", point(&to));
    let zoomed = browser.ask(ticks);
    assert_ne!(zoomed, before);
    let first = zoomed[0].as_str().unwrap_or_default();
    assert!(("13:00".."16:00").contains(&first), "{zoomed}");
    assert_eq!(browser.ask("shown('#queue .tool').length >= 1"), json!(true));
    browser.ask("shown('#queue .picture .tool')[0].click()");
    assert_eq!(browser.ask(ticks), before);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn tables_can_be_sorted_and_copied() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&report("retail_day"), 1400, "light");
    let volumes = "[...document.querySelectorAll('#intervals table')[0].tBodies[0].rows] \
                   .map((row) => Number(row.cells[1].textContent))";
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    };
    let by_clock = numbers(&browser.ask(volumes));
    let head = "document.querySelectorAll('#intervals table')[0].tHead.rows[0].cells";
    browser.ask(&format!("{head}[1].querySelector('button').click()"));
    let sorted = numbers(&browser.ask(volumes));
    assert!(sorted.is_sorted() && sorted != by_clock, "{sorted:?}");
    assert_eq!(browser.ask(&format!("{head}[1].getAttribute('aria-sort')")), json!("ascending"));
    browser.ask(&format!("{head}[0].querySelector('button').click()"));
    assert_eq!(numbers(&browser.ask(volumes)), by_clock);
    let grant = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.call("Browser.grantPermissions", grant);
    browser.ask(
        "new Promise((done) => { const seen = document.createElement('textarea'); \
         document.body.append(seen); \
         navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }; \
         document.querySelector('#intervals .tool').click(); setTimeout(done, 50); })",
    );
    let copied = browser.ask("window.copied");
    let copied = copied.as_str().unwrap_or_default();
    let lines = Vec::from_iter(copied.lines());
    assert_eq!(lines.len(), by_clock.len() + 2, "head, rows and the whole run: {copied}");
    let columns = lines[0].split('\t').count();
    assert!(columns == 19 && lines.iter().all(|line| line.split('\t').count() == columns));
}

#[test]
fn a_page_can_be_printed_with_everything_in_it() {
    let Some(mut browser) = Chromium::start() else { return };
    browser.open(&report("retail_day"), 1400, "dark");
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let folded = browser.ask(
        "[...document.querySelectorAll('details.variant table')].every((it) => it.checkVisibility())",
    );
    assert_eq!(folded, json!(true), "the interval tables of all variants are printed");
    assert_eq!(
        browser
            .ask("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"),
        json!("#ffffff"),
        "paper is white"
    );
    let printed = browser.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
    let data = printed["data"].as_str().unwrap_or_default();
    assert!(data.starts_with("JVBERi0") && data.len() > 50_000, "a PDF of {} bytes", data.len());
}

/// Reports of a plain scenario, and of one with five variants and days: no page is half empty, heads of
/// tables come again, headings stay with what they are above, and nothing is cut off.
#[test]
fn printed_reports_are_full_pages_with_their_heads() {
    let Some(mut browser) = Chromium::start() else { return };
    let place = std::env::temp_dir().join(format!("shiftstorm-print-{}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a place for reports");
    for name in ["quickstart", "offline_specialist"] {
        let mut command = std::process::Command::cargo_bin("shiftstorm").expect("it is built");
        command.current_dir(root()).args(["run", "--quiet", "-n", "2", "--out"]);
        command.arg(place.join(name)).arg(format!("scenarios/{name}.toml"));
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // A4 without its margins.
        browser.open(&place.join(name).join("report.html"), 688, "light");
        browser.ask(CHECKS);
        browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        // The browser prints on 4/3 of that width, and on more, all of it smaller, if something is wider.
        let wide = browser.ask(
            "[...document.querySelectorAll('table')] \
             .filter((it) => it.getBoundingClientRect().width > 917).map(describe)",
        );
        assert_eq!(wide, json!([]), "{name}: tables are wider than the paper");
        let titles = browser.ask("shown('h2').map((it) => it.textContent.trim())");
        let titles = titles.as_array().into_iter().flatten().filter_map(Value::as_str);
        let titles = Vec::from_iter(titles.map(str::to_owned));
        assert!(titles.len() > 4, "{titles:?}");
        let parameters = json!({ "preferCSSPageSize": true, "printBackground": true });
        let printed = browser.call("Page.printToPDF", parameters);
        let pdf = place.join(name).join("report.pdf");
        let data = printed["data"].as_str().unwrap_or_default();
        std::fs::write(&pdf, print::from_base64(data)).expect("the place is ours");
        let Some(pages) = print::pages(&pdf) else { return };
        let (last, others) = pages.split_last().expect("it has pages");
        assert!(others.len() > 4 && last.reach > 0.0, "{name}: {} pages", pages.len());
        let mut rows_without_head = Vec::new();
        for (number, page) in (1..).zip(others) {
            assert!(page.reach > 0.5, "{name}: page {number} ends at {:.2}", page.reach);
            let end = page.lines.last().expect("a page has text");
            assert!(!titles.contains(end), "{name}: page {number} ends with a heading: {end}");
        }
        for (number, page) in (1..).zip(&pages) {
            let is_row = |line: &String| print::begins_with_a_clock(line);
            let has_head = page.lines.iter().any(|line| line.starts_with("From "));
            if page.lines.iter().filter(|line| is_row(line)).count() > 4 && !has_head {
                rows_without_head.push(number);
            }
        }
        assert_eq!(rows_without_head, Vec::<i32>::new(), "{name}: pages whose head is missing");
    }
    std::fs::remove_dir_all(&place).expect("the place is ours");
}

fn point(value: &Value) -> (f64, f64) {
    (value["x"].as_f64().expect("a number"), value["y"].as_f64().expect("a number"))
}

fn report(name: &str) -> PathBuf {
    let page = root().join("reports").join(name).join("report.html");
    assert!(page.is_file(), "reports/update has not been run");
    page
}

fn reports() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("reports")).expect("there are reports");
    let pages = entries.map(|entry| entry.expect("readable").path().join("report.html"));
    let mut pages = Vec::from_iter(pages.filter(|page| page.is_file()));
    pages.sort();
    pages
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Everything that a page of a wall-clock run can show, in a second.
const STORM: &str = "\
name = 'Storm'
question = 'Does the page fit?'
run.until = '1h'
agents.chat = { count = 20, concurrency = 3, reply_time = '20s' }
consumers.web = { arrivals = '20/s', messages = 2, think = '20s' }
unassign = { enabled = true, timeout.online = '5s' }
remove_ownership.enabled = true
[stress]
for = '2s'
speed = 60.0
shards = 1
late_after = '1h'
thresholds = ['scheduled < 3000', 'max(deadline_lateness) < 1us', 'dead == 0']
[[stress.fault]]
at = '200ms'
stall = '300ms'
[[stress.fault]]
at = '600ms'
log_out = 0.5
[[stress.fault]]
at = '1900ms'
flood = 100
";

const CHECKS: &str = include_str!("checks.js");

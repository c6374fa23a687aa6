//! The pages of reports: whole, small, and safe whatever the names in a scenario are.

mod capacity;
mod check;
mod optimize;
mod sensitivity;
mod stress;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use scraper::{ElementRef, Html, Node, Selector};
use shiftstorm::experiment::representatives::representatives;
use shiftstorm::experiment::{Experiment, follow};
use shiftstorm::ledger::definitions::FIGURES;
use shiftstorm::report::comparison::{ComparedReport, ComparisonOptions, compare};
use shiftstorm::report::conversations_page::{ConversationsPage, TracedConversation};
use shiftstorm::report::folder::{FolderRequest, ReportFolder};
use shiftstorm::report::{Background, Report, load_page};
use shiftstorm::scenario::sweep_points::{SweepPoint, sweep_points};
use shiftstorm::scenario::vary::{self, Vary};
use shiftstorm::scenario::vary_keys::VaryKeys;
use shiftstorm::scenario::{self, Source};

/// `HOSTILE_NAMES=1000 cargo test --release --test work page::` tries more of them.
#[test]
fn hostile_names_make_the_same_elements_as_harmless_ones() {
    let (mut dice, mut seen) = (Dice(7), BTreeSet::new());
    let harmless = Html::parse_document(&page(&scenario(&harmless_names())));
    for _ in (0..hostile_names().unwrap_or(200)).step_by(NAMES) {
        let names = names(&mut dice, &mut seen);
        let tree = Html::parse_document(&page(&scenario(&names)));
        same_elements(&tree, &harmless, &names);
        for name in &names[..VARIANTS] {
            let shown = Vec::from_iter(texts(&tree, "h3")).join("\n");
            assert!(shown.contains(&visible(name)), "{name:?} is not shown as it is: {shown}");
        }
    }
}

#[test]
fn hostile_names_and_values_make_the_same_sweep_as_harmless_ones() {
    let (mut dice, mut seen) = (Dice(11), BTreeSet::new());
    let of = |names: &[String], varies: &[Vary]| {
        Html::parse_document(&page_of(&scenario(names), varies))
    };
    let harmless = harmless_names();
    let keys = [1..2, 0..2];
    let expected = keys.clone().map(|keys| of(&harmless, &varies(&harmless)[keys]));
    for _ in 0..if hostile_names().is_some() { 6 } else { 3 } {
        let names = names(&mut dice, &mut seen);
        let varies = varies(&names);
        for (keys, expected) in keys.iter().zip(&expected) {
            let tree = of(&names, &varies[keys.clone()]);
            same_elements(&tree, expected, &names);
            let shown = Vec::from_iter(texts(&tree, "#points td, #points th")).join("\n");
            for value in &varies[1].values {
                assert!(shown.contains(&visible(value)), "{value:?} is not shown: {shown}");
            }
        }
    }
}

/// How many hostile names are wanted, if the tests are to take long.
fn hostile_names() -> Option<usize> {
    let names = std::env::var("HOSTILE_NAMES").ok()?;
    Some(names.parse().expect("HOSTILE_NAMES is a number"))
}

/// Names that people who mean harm give, none of which was seen before.
fn names(dice: &mut Dice, seen: &mut BTreeSet<String>) -> Vec<String> {
    let unseen = |_| loop {
        let name = hostile(dice);
        if seen.insert(name.clone()) {
            break name;
        }
    };
    (0..NAMES).map(unseen).collect()
}

/// As many names that nobody has to be afraid of.
fn harmless_names() -> Vec<String> {
    (0..NAMES).map(|position| format!("name {position}")).collect()
}

#[test]
fn hostile_names_stay_text_on_the_pages_of_conversations_comparisons_and_checks() {
    let (mut dice, mut seen) = (Dice(11), BTreeSet::new());
    for page in [stories, compared, checked] {
        let harmless = Html::parse_document(&page(&scenario(&harmless_names())));
        assert!(harmless.select(&css("figure")).count() >= 2, "there are charts");
        for _ in 0..if hostile_names().is_some() { 4 } else { 2 } {
            let names = names(&mut dice, &mut seen);
            same_elements(&Html::parse_document(&page(&scenario(&names))), &harmless, &names);
        }
    }
}

#[test]
fn the_page_asks_for_nothing_and_lets_in_no_foreign_script_or_style() {
    kinds().iter().for_each(|kind| asks_for_nothing(&kind.html));
}

/// Nothing but what stands in the page, and of that only our style and our script.
fn asks_for_nothing(page: &str) {
    let tree = Html::parse_document(page);
    let policy = tree.select(&css("meta[http-equiv=Content-Security-Policy]")).next();
    let policy = policy.and_then(|meta| meta.attr("content")).expect("there is a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    for element in tree.select(&css("*")) {
        let value = element.value();
        assert!(
            !["link", "img", "iframe", "object", "embed", "base", "form"].contains(&value.name())
        );
        for (name, text) in value.attrs() {
            assert!(!name.starts_with("on") && name != "style" && name != "src", "{name}={text}");
            let refers = name == "href" || name == "xlink:href";
            assert!(!refers || text.starts_with('#'), "{name}={text}");
        }
    }
    assert_eq!(tree.select(&css("script")).count(), 1);
    assert_eq!(tree.select(&css("style")).count(), 1);
}

#[test]
fn the_page_can_be_read_without_seeing_it() {
    kinds().iter().for_each(|kind| can_be_read(&kind.html, kind.charts));
}

/// It has landmarks, titles, a text for each of at least so many charts, and heads for each table.
fn can_be_read(page: &str, charts: usize) {
    let tree = Html::parse_document(page);
    assert_eq!(tree.root_element().attr("lang"), Some("en"));
    assert_eq!(tree.select(&css("h1")).count(), 1);
    for landmark in ["header", "nav[aria-label]", "main", "footer"] {
        assert_eq!(tree.select(&css(landmark)).count(), 1, "{landmark}");
    }
    let mut ids = BTreeSet::new();
    for element in tree.select(&css("[id]")) {
        assert!(
            ids.insert(element.attr("id").unwrap_or_default()),
            "twice: {:?}",
            element.attr("id")
        );
    }
    for section in tree.select(&css("section")) {
        let title = section.attr("aria-labelledby").expect("a section has a title");
        assert!(ids.contains(title), "{title}");
    }
    for link in tree.select(&css("a[href], use[href]")) {
        let target = link.attr("href").unwrap_or_default().trim_start_matches('#');
        assert!(ids.contains(target), "nothing is called {target}");
    }
    let figures = Vec::from_iter(tree.select(&css("figure")));
    assert!(figures.len() >= charts, "charts are missing");
    for figure in figures {
        assert!(figure.select(&css("figcaption")).next().is_some());
        assert!(figure.select(&css("details table tbody tr")).next().is_some(), "no numbers");
        for picture in figure.select(&css(".picture > svg")) {
            let text = picture.attr("aria-label").unwrap_or_default();
            assert!(picture.attr("role") == Some("img") && text.len() > 20, "{text}");
        }
    }
    for table in tree.select(&css("table")) {
        assert!(table.select(&css("caption")).next().is_some());
        let heads = table.select(&css("thead th[scope=col]")).count();
        for row in table.select(&css("tbody tr:not(.part)")) {
            assert_eq!(row.select(&css("th, td")).count(), heads);
        }
    }
}

#[test]
fn a_large_day_with_six_variants_stays_small() {
    let variants: String = (0..5)
        .map(|at| {
            format!(
                "[[variant]]\nname = 'after {at} minutes'\nunassign.enabled = true\n\
             unassign.timeout.online = '{}m'\n",
                at + 1
            )
        })
        .collect();
    let text = format!(
        "name = 'a large day'\n[run]\nuntil = '24h'\nreplications = 1\n[measure]\ninterval = '15m'\n\
         [agents.chat]\ncount = 200\nconcurrency = 3\nreply_time = {{ exponential = {{ mean = '60s' }} }}\n\
         [consumers.web]\narrivals = '200/h'\nmessages = 3\nthink = '60s'\n\
         patience = {{ exponential = {{ mean = '5m' }} }}\n{variants}"
    );
    let page = page(&text);
    assert!(page.len() < 2 << 20, "{} KiB", page.len() >> 10);
    let tree = Html::parse_document(&page);
    assert!(tree.select(&css("#intervals tbody tr")).count() >= 6 * 96);
}

/// A page of each kind, and how many charts it has at least.
struct Kind {
    html: String,
    charts: usize,
}

/// They are made once for all tests.
fn kinds() -> &'static [Kind] {
    static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
        let names = harmless_names();
        let text = scenario(&names);
        let varies = varies(&names);
        vec![
            Kind { html: page(&text), charts: 10 },
            Kind { html: page_of(&text, &varies[..1]), charts: 4 },
            Kind { html: page_of(&text, &varies), charts: 4 },
            Kind { html: stories(&text), charts: 2 },
            Kind { html: compared(&text), charts: 3 },
        ]
    });
    &KINDS
}

/// Text of a scenario whose names are these.
fn scenario(names: &[String]) -> String {
    let mut names = names.iter().map(|name| toml::Value::from(name.as_str()).to_string());
    let mut name = || names.next().expect("there are enough names");
    let variants = Vec::from_iter((0..VARIANTS).map(|_| name()));
    let mut text = format!(
        "name = {}\nquestion = {}\ndescription = {}\nbase = {}\nrun.until = '1h'\nrun.replications = 2\n\
         goals = {{ service_level = 0.5, abandonment = 0.5 }}\nremove_ownership.enabled = true\n\
         unassign.timeout = {{ online = '60s', away = '60s', offline = '60s' }}\n",
        name(),
        name(),
        name(),
        variants[0]
    );
    let skills = Vec::from_iter((0..SKILLS).map(|_| name()));
    let (all, shares) = (skills.join(", "), 1.0 / SKILLS as f64);
    for _ in 0..GROUPS {
        text += &format!(
            "[agents.{}]\ncount = 2\nskills = [{all}]\nreply_time = {{ exponential = {{ mean = '60s' }} }}\n\
             interruptions = {{ every = {{ exponential = {{ mean = '20m' }} }}, for = '5m' }}\n",
            key(&name())
        );
    }
    let mix = Vec::from_iter(skills.iter().map(|skill| format!("{} = {shares}", key(skill))));
    text += &format!(
        "[consumers.{}]\narrivals = '90/h'\nmessages = 2\nthink = '20s'\nskills = {{ {} }}\n\
         patience = {{ exponential = {{ mean = '3m' }} }}\n",
        key(&name()),
        mix.join(", ")
    );
    for variant in &variants[1..] {
        text += &format!("[[variant]]\nname = {variant}\nunassign.enabled = true\n");
    }
    text
}

/// A TOML string as a key: literal and multi-line strings are none.
fn key(string: &str) -> String {
    let value: toml::Table = format!("x = {string}").parse().expect("a string");
    let text = value["x"].as_str().unwrap_or_default();
    let escaped = text.chars().map(|character| match character {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        control if control.is_control() => format!("\\u{:04x}", u32::from(control)),
        other => other.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// The page of a few conversations of a scenario's base.
fn stories(text: &str) -> String {
    let source = Source { name: "page.toml".to_owned(), text: text.to_owned() };
    let scenario = scenario::parse(source, Path::new("")).expect("a scenario");
    let variant = &scenario.variants[1];
    let chosen = representatives(&variant.plan, 0).expect("no rule is broken");
    let ids = Vec::from_iter(chosen.iter().map(|(_, row)| row.id));
    let traces = follow(&variant.plan, 0, &ids).expect("no rule is broken");
    let tales = chosen.into_iter().zip(traces);
    let tales = tales.map(|((role, row), trace)| TracedConversation { role, row, trace }).collect();
    let stories = ConversationsPage { scenario: &scenario, variant, replication: 0, tales };
    stories.html()
}

/// Runs a scenario and gives back its page.
fn page(text: &str) -> String {
    page_of(text, &[])
}

/// The page on which a scenario's report is compared with itself.
fn compared(text: &str) -> String {
    seen(text, &[], |folder| {
        let saved = ComparedReport::read(folder).expect("it was just saved");
        let how = ComparisonOptions { only: None, confidence: 0.95 };
        compare(&saved, &saved, &how).html()
    })
}

/// The page of what `check` understood of a scenario.
fn checked(text: &str) -> String {
    let source = Source { name: "page.toml".to_owned(), text: text.to_owned() };
    let scenario = scenario::parse(source, Path::new("")).expect("a scenario");
    let page = load_page::page(&scenario, &scenario.variants);
    asks_for_nothing(&page);
    can_be_read(&page, 1 + SKILLS);
    page
}

/// The same, of a sweep if something is to vary.
fn page_of(text: &str, varies: &[Vary]) -> String {
    seen(text, varies, |folder| {
        fs::read_to_string(folder.join("report.html")).expect("there is a page")
    })
}

/// Runs a scenario, and gives back what is seen in its report folder.
fn seen(text: &str, varies: &[Vary], see: impl Fn(&Path) -> String) -> String {
    let source = Source { name: "page.toml".to_owned(), text: text.to_owned() };
    let scenario = scenario::parse(source, Path::new(""))
        .unwrap_or_else(|findings| panic!("{findings}\n{text}"));
    let directory = fresh_directory();
    let points = points(text, varies, &directory.with_extension("toml"));
    let variants = match points.is_empty() {
        true => scenario.variants.clone(),
        false => points.iter().map(|point| point.variant.clone()).collect(),
    };
    let count = scenario.variants[0].plan.run.replications.into();
    let mut background = Background::new(&scenario, &[], &variants);
    background.varies = varies.to_vec();
    background.swept = scenario.variants[0].name.clone();
    let experiment = Experiment {
        variants,
        replications: 0..count,
        precision: None,
        control_variate: false,
        checks: false,
        rows: None,
    };
    let results = experiment.run(2, &Arc::new(AtomicBool::new(false)), &mut ());
    let report = Report {
        name: &scenario.name,
        question: &scenario.question,
        replications: 0..count,
        warm_up: None,
        confidence: 0.95,
        thresholds: scenario.thresholds,
        checked: false,
        warnings: Vec::new(),
        background: &background,
        results: &results,
    };
    let request = FolderRequest::new(&directory, &scenario.name);
    let folder = ReportFolder::take(&request).expect("the folder is new");
    // A run writes this table as replications end.
    let mut table = folder.start(&experiment).expect("the folder can be written");
    for (position, variant) in results.variants.iter().enumerate() {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        let figures = Vec::from_iter(FIGURES.iter().map(|figure| figure.parts(outcome)));
        for replication in 0..2 {
            table.row(position, replication, Some(&figures)).expect("it can be written");
        }
    }
    folder.write(&report, &mut table).expect("the folder can be written");
    let page = see(&directory);
    fs::remove_dir_all(&directory).expect("the folder is ours");
    page
}

/// Every choice of values; none if nothing varies.
fn points(text: &str, varies: &[Vary], file: &Path) -> Vec<SweepPoint> {
    if varies.is_empty() {
        return Vec::new();
    }
    fs::write(file, text).expect("the file is ours");
    let grid = vary::grid(varies).expect("there are few choices");
    let points = sweep_points(|all| scenario::with_overrides(file, all), &[], grid, 0)
        .unwrap_or_else(|findings| panic!("{findings}"));
    fs::remove_file(file).expect("the file is ours");
    points
}

/// What varies in a scenario of these names: how many are in a group, and what they are skilled in.
fn varies(names: &[String]) -> [Vary; 2] {
    let string = |name: &String| toml::Value::from(name.as_str()).to_string();
    let group = format!("agents.{}", key(&string(&names[FIRST_GROUP])));
    let vary = |end: &str, values| {
        let (origin, key) = ("--vary".to_owned(), format!("{group}.{end}"));
        let keys = VaryKeys::new(vec![key]).expect("it is one key");
        Vary { origin, keys, values }
    };
    let skills = names[FIRST_SKILL..FIRST_SKILL + 3].iter();
    let skills = skills.map(|name| format!("[{}]", string(name)));
    [vary("count", ["1", "2"].map(str::to_owned).to_vec()), vary("skills", skills.collect())]
}

fn fresh_directory() -> PathBuf {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    std::env::temp_dir().join(format!("shiftstorm-page-{}-{number}", std::process::id()))
}

/// Elements with the names of their attributes, in the order of the page. What depends on the names
/// of a scenario may differ in nothing but text and attribute values.
fn skeleton(tree: &Html) -> Vec<String> {
    let elements = tree.tree.root().descendants().filter_map(|node| match node.value() {
        Node::Element(element) => {
            let attributes = element.attrs().map(|(name, _)| name);
            Some(format!("{} {}", element.name(), Vec::from_iter(attributes).join(" ")))
        }
        Node::Comment(comment) => Some(format!("comment {}", &**comment)),
        Node::ProcessingInstruction(_) => Some("processing instruction".to_owned()),
        _ => None,
    });
    // A name that is cut or folded in a chart makes no text there, or more of it.
    elements.filter(|element| !element.starts_with("text ")).collect()
}

/// Names make no elements.
fn same_elements(bad: &Html, good: &Html, names: &[String]) {
    let (bad, good) = (skeleton(bad), skeleton(good));
    let same = bad.iter().zip(&good).take_while(|(one, other)| one == other).count();
    let around =
        |all: &[String]| Vec::from_iter(all.iter().skip(same.saturating_sub(5)).take(8).cloned());
    assert!(bad == good, "{names:?} makes {:?}, not {:?}", around(&bad), around(&good));
}

fn texts(tree: &Html, selector: &str) -> impl Iterator<Item = String> {
    let found: Vec<ElementRef<'_>> = tree.select(&css(selector)).collect();
    found
        .into_iter()
        .map(|element| element.text().collect::<String>())
        .collect::<Vec<_>>()
        .into_iter()
}

/// A parser of HTML replaces what no text may hold.
fn visible(name: &str) -> String {
    name.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
}

/// What people who mean harm write where a name belongs.
fn hostile(dice: &mut Dice) -> String {
    let count = 1 + dice.below(4);
    let pieces = (0..count).map(|_| PIECES[dice.below(PIECES.len())]);
    let mut text: String = pieces.collect();
    text.push_str(&dice.below(100_000).to_string());
    text
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

const VARIANTS: usize = 5;
const SKILLS: usize = 8;
const GROUPS: usize = 8;
/// Where skills and groups begin among the names: behind variants, name, question and description.
const FIRST_SKILL: usize = VARIANTS + 3;
const FIRST_GROUP: usize = FIRST_SKILL + SKILLS;
/// With name, question, description and one kind of consumers.
const NAMES: usize = VARIANTS + SKILLS + GROUPS + 4;

const PIECES: [&str; 44] = [
    "<script>alert(1)</script>",
    "</script>",
    "</style>",
    "</title>",
    "</textarea>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "</svg>",
    "</text></g></svg><b>",
    "<foreignObject>",
    "<iframe src=javascript:alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' autofocus='",
    "`onload=alert(1)`",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&amp",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "=",
    "/>",
    "<a href=\"//evil.example\">",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//evil.example>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "${7*7}",
    "\\u003cscript\\u003e",
    "%3Cscript%3E",
    "\u{202e}rtl",
    "\u{200b}",
    "客服",
    "=HYPERLINK(1)",
    "<template><x-y>",
    "<math><mi//xlink:href=\"data:x,<script>\">",
];

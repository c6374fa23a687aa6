//! The page of `check`: what was understood of a scenario and its tables, and work against staff.

use askama::Template;

use crate::base::calendar::Calendar;
use crate::base::ids::SkillId;
use crate::scenario::required::{required, required_for_skill};
use crate::scenario::skill_load::skill_loads;
use crate::scenario::{Diagnostic, Plan, Scenario, Severity, Variant, estimate};

use super::charts::{Chart, Section};
use super::format::{clock_of_day, nothing, number, percent};
use super::load::{REMARK, REQUIRED};
use super::load_by_day::LoadByDay;
use super::load_curves::{LoadCurve, LoadCurves};
use super::page::{Document, Explanation, PageFrame, PageStatement, html};
use super::sentence::{Figure, Piece, Sentence, sentence};
use super::table::{ReportCell, ReportTable, Standing, labelled};
use super::table_echoes::echo_tables;

/// The page of a scenario and some of its variants.
pub fn page(scenario: &Scenario, variants: &[Variant]) -> String {
    let loads = Vec::from_iter(variants.iter().map(VariantLoad::new));
    let Some(base) = loads.first() else { return String::new() };
    let plan = &base.variant.plan;
    let estimate = estimate(plan);
    let gist = sentence!(
        "{} conversations and {} replies are expected: {} of the hours of the staff.",
        Figure(number(libm::round(estimate.conversations))),
        Figure(number(libm::round(estimate.replies))),
        Figure(estimate.utilisation().map_or_else(nothing, percent))
    );
    let curves = LoadCurves { calendar: &plan.run.calendar, interval: plan.measure.interval };
    let sections = Section::shown([
        findings(scenario),
        load_section(&loads, &curves),
        Section::new("tables", "Tables", TABLES).tables(echo_tables(&scenario.tables)),
    ]);
    html(&Document {
        frame: PageFrame {
            kind: PAGE_KIND,
            name: &scenario.name,
            question: &scenario.question,
            facts: facts(scenario, &loads),
            alerts: Vec::new(),
        },
        headline: base.all.headline(&plan.run.calendar),
        gist,
        statements: base.skills.iter().map(|skill| skill.told(&plan.run.calendar)).collect(),
        sections,
        method: vec![
            Explanation::new("Work and staff", REMARK),
            Explanation::new("Required", REQUIRED),
            Explanation::version(env!("CARGO_PKG_VERSION")),
        ],
        source: &scenario.source,
        ..Document::default()
    })
}

/// The same in short, as a part of a page of others: where work lies above staff, in words and as a curve.
pub fn beside(scenario: &Scenario) -> String {
    let loads = Vec::from_iter(scenario.variants.iter().map(VariantLoad::new));
    let Some(base) = loads.first() else { return String::new() };
    let plan = &base.variant.plan;
    let curves = LoadCurves { calendar: &plan.run.calendar, interval: plan.measure.interval };
    let headline = base.all.headline(&plan.run.calendar);
    let cases = loads.iter().map(|load| (load.variant.name.as_str(), &load.all.curve));
    let charts = vec![curves.chart("load_all", "All work and all staff", cases.collect())];
    html(&LoadBeside { headline, charts })
}

#[derive(Template)]
#[template(path = "beside.html")]
struct LoadBeside {
    headline: Sentence,
    charts: Vec<Chart>,
}

/// Whether a text is such a page, which may be replaced by another.
pub fn is_page(text: &str) -> bool {
    text.contains(&format!("<p class=\"brand\">Shiftstorm {PAGE_KIND}</p>"))
}

fn facts(scenario: &Scenario, loads: &[VariantLoad<'_>]) -> Vec<String> {
    let warnings = scenario.warnings.len();
    let mut facts = vec![match warnings {
        0 => "valid".to_owned(),
        1 => "valid, 1 warning".to_owned(),
        count => format!("valid, {count} warnings"),
    }];
    if let Some(VariantLoad { variant, .. }) = loads.first() {
        let run = &variant.plan.run;
        let [start, end] = [crate::base::time::Time::ZERO, run.until]
            .map(|time| clock_of_day(&run.calendar, time));
        facts.push(format!("variant {}", variant.name));
        facts.push(format!("{start} to {end}"));
    }
    facts.push(format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")));
    facts
}

/// Work and staff of a variant.
struct VariantLoad<'a> {
    variant: &'a Variant,
    all: SkillCurve,
    /// Of a centre with several.
    skills: Vec<SkillCurve>,
}

/// Work and staff of a skill, or of all together.
struct SkillCurve {
    /// None of all together.
    skill: Option<String>,
    curve: LoadCurve,
}

impl<'a> VariantLoad<'a> {
    fn new(variant: &'a Variant) -> Self {
        let plan = &variant.plan;
        let intervals = &estimate(plan).intervals;
        let curve = LoadCurve {
            starts: intervals.iter().map(|it| it.start).collect(),
            work: intervals.iter().map(|it| it.work).collect(),
            staff: intervals.iter().map(|it| it.staff).collect(),
            required: required(plan).agents,
        };
        let starts = curve.starts.clone();
        Self {
            variant,
            all: SkillCurve { skill: None, curve },
            skills: skill_curves(plan, &starts),
        }
    }
}

fn skill_curves(plan: &Plan, starts: &[crate::base::time::Time]) -> Vec<SkillCurve> {
    let names = &plan.centre.skills;
    if names.len() < 2 {
        return Vec::new();
    }
    let loads = skill_loads(plan);
    let skills = (0..).map(SkillId).zip(names).zip(&loads);
    let curves = skills.map(|((id, name), load)| SkillCurve {
        skill: Some(name.clone()),
        curve: LoadCurve {
            starts: starts.to_vec(),
            work: load.intervals.iter().map(|it| it.work).collect(),
            staff: load.intervals.iter().map(|it| it.staff).collect(),
            required: required_for_skill(plan, id, load),
        },
    });
    curves.collect()
}

impl SkillCurve {
    /// Where there is too much work, or most.
    fn headline(&self, calendar: &Calendar) -> Sentence {
        let curve = &self.curve;
        let Some(peak) = curve.peak() else {
            return sentence!("Nobody is there to do any work.");
        };
        let clock = clock_of_day(calendar, curve.starts[peak.position]);
        let share = percent(peak.share);
        match curve.overloaded() {
            0 => sentence!(
                "No interval has more work than its staff can do; the fullest is that of {} with {}.",
                Figure(clock),
                Figure(share)
            ),
            count => sentence!(
                "{} of {} intervals have more work than their staff can do, most that of {} with {}.",
                Figure(count),
                curve.starts.len(),
                Figure(clock),
                Figure(share)
            ),
        }
    }

    fn told(&self, calendar: &Calendar) -> PageStatement {
        let (overloaded, unstaffed) = (self.curve.overloaded(), self.curve.unstaffed());
        let badge = match (overloaded, unstaffed) {
            (0, 0) => (Standing::Good, "enough staff"),
            (0, _) => (Standing::Open, "at times nobody"),
            _ => (Standing::Bad, "too few at times"),
        };
        let nobody = match unstaffed {
            0 => Sentence::default(),
            1 => sentence!("In 1 interval work comes and nobody who has the skill is there."),
            count => {
                sentence!("In {count} intervals work comes and nobody who has the skill is there.")
            }
        };
        let name = self.skill.clone().unwrap_or_default();
        PageStatement::new(name, Some(badge), [self.headline(calendar), nobody])
    }
}

fn load_section<'a>(loads: &'a [VariantLoad<'_>], curves: &LoadCurves<'_>) -> Section {
    let cases = |skill: Option<usize>| {
        let curve = |load: &'a VariantLoad<'_>| match skill {
            None => Some(&load.all.curve),
            Some(at) => Some(&load.skills.get(at)?.curve),
        };
        let cases =
            loads.iter().filter_map(|load| Some((load.variant.name.as_str(), curve(load)?)));
        Vec::from_iter(cases)
    };
    let of_all = curves.chart("load_all", "All work and all staff", cases(None));
    let skills = loads.first().map_or(&[][..], |base| &base.skills);
    // Those of which there is most work for the staff.
    let mut shown = Vec::from_iter(0..skills.len());
    shown.sort_by(|&one, &other| {
        let share = |at: usize| skills[at].curve.peak().map_or(f64::INFINITY, |peak| peak.share);
        share(other).total_cmp(&share(one))
    });
    shown.truncate(MOST_SKILLS);
    shown.sort_unstable();
    let of_skills = shown.into_iter().map(|at| {
        let name = skills[at].skill.as_deref().unwrap_or_default();
        let title = format!("{name}: work, and agents who have the skill");
        curves.chart(&format!("load_{}", at + 1), &title, cases(Some(at)))
    });
    let tables = loads.first().map_or_else(Vec::new, |base| day_tables(base.variant));
    Section::new("load", "Work and staff", LOAD)
        .charts(std::iter::once(of_all).chain(of_skills))
        .tables(tables)
}

/// By day, of a run of several.
fn day_tables(variant: &Variant) -> Vec<ReportTable> {
    let plan = &variant.plan;
    let estimate = estimate(plan);
    let days = LoadByDay::of(plan, &estimate.intervals);
    if !days.fits() {
        return Vec::new();
    }
    let captioned = |caption: &str, table: ReportTable| ReportTable {
        caption: caption.to_owned(),
        ..table.spoken()
    };
    let mut tables = vec![
        captioned("Work and staff by day", days.totals()),
        captioned("Work per staff by day and hour", days.grid(plan.measure.interval)),
    ];
    if plan.centre.skills.len() > 1 {
        let by_skill = days.by_skill(&plan.centre.skills, &skill_loads(plan));
        tables.push(captioned("Work per staff by skill and day", by_skill));
    }
    tables
}

/// What its author may have meant otherwise.
fn findings(scenario: &Scenario) -> Section {
    let section = Section::new("findings", "Findings", FINDINGS);
    if scenario.warnings.is_empty() {
        return section;
    }
    let mut table = ReportTable::new("Findings", ["where", "what", "help"]);
    table.is_told = true;
    for finding in &scenario.warnings {
        let message = match finding.severity {
            Severity::Error => format!("error: {}", finding.message),
            Severity::Warning => finding.message.clone(),
        };
        let help = finding.help.clone().unwrap_or_default();
        let cells = [ReportCell::from(message), ReportCell::from(help)];
        table.push(None, labelled(place(finding), cells));
    }
    section.tables([table])
}

fn place(finding: &Diagnostic) -> String {
    match finding.line_column() {
        Some((line, column)) => format!("{}:{line}:{column}", finding.source.name),
        None => finding.source.name.clone(),
    }
}

/// By which such a page is told from others.
const PAGE_KIND: &str = "check";
const MOST_SKILLS: usize = 12;
const LOAD: &str = "What comes, as the number of agents that it keeps busy, against the agents on shift: where work lies \
                    above staff, a queue grows. An agent with several skills stands in the chart of each of them.";
const TABLES: &str = "What each table was taken for. A column that is not used changes nothing.";
const FINDINGS: &str = "What is allowed, and may have been meant otherwise.";

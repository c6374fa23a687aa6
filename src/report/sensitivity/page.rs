//! The page of a sensitivity analysis: which input moves which figure most, and tornado charts.

use crate::base::statistics::RunningStatistics;
use crate::experiment::sensitivity::{Effect, Sensitivity, WATCHED};
use crate::report::charts::{Chart, ChartBuilder, Section};
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::plot::{Axis, LegendKey, PlotValue, Swing, SwingSide, Tornado};
use crate::report::sentence::{Figure, Name, Names, Sentence, sentence};
use crate::report::table::{ReportCell, ReportTable};
use crate::report::wording::{capital, subject};

use super::{SensitivityReport, by_effect, change, changes, half};

/// The page.
pub fn page(heading: &SensitivityReport<'_>, found: &Sensitivity) -> String {
    let mut alerts = Vec::new();
    if found.replications < heading.replications {
        let planned = heading.replications;
        alerts.push(format!("Interrupted: {planned} replications each were planned."));
    }
    let tornados = Section::new(
        "tornado",
        "Which input moves what",
        "How far each figure moves if one input is changed and all others stay, the input that moves \
         it most first; the thin line is the interval of the change.",
    )
    .charts((0..WATCHED.len()).map(|figure| chart(found, figure)));
    let lead = "Changes in percentage points, with 95 % intervals.";
    let inputs = Section::new("inputs", "All inputs", lead).tables([table(found)]);
    html(&Document {
        frame: PageFrame {
            kind: "sensitivity",
            name: heading.title.name,
            question: heading.title.question,
            facts: vec![
                format!("variant {}", heading.title.variant),
                format!("{} inputs", found.effects.len()),
                format!("{} replications each", found.replications),
                format!("seed {}", heading.seed),
                format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
            ],
            alerts,
        },
        headline: most(found, 0),
        gist: most(found, 1),
        statements: (0..WATCHED.len()).map(|figure| told(found, figure)).collect(),
        sections: vec![tornados, inputs],
        method: method(found),
        source: heading.title.source,
        ..Document::default()
    })
}

/// Which input moves a figure most, as far as its interval is apart from those of all others.
fn most(found: &Sensitivity, figure: usize) -> Sentence {
    let (effects, label) = (by_effect(found, figure), subject(WATCHED[figure]));
    let known = |effect: &&&Effect| effect.sides().any(|(_, side)| is_known(&side[figure]));
    let Some(first) = effects.iter().find(known) else {
        return match effects.iter().all(|effect| is_unmoved(effect, figure)) {
            true => sentence!("No input moves {label}."),
            false => sentence!("Whether any input moves {label} cannot be told yet."),
        };
    };
    let largest = first.sides().filter(|(_, side)| is_known(&side[figure]));
    let largest =
        largest.max_by(|(_, one), (_, other)| size(&one[figure]).total_cmp(&size(&other[figure])));
    let Some((direction, side)) = largest else { return Sentence::default() };
    let sample = &side[figure];
    let least = size(sample) - half(sample).unwrap_or(f64::INFINITY);
    let reaches = |effect: &&&Effect| {
        let reach =
            |sample: &RunningStatistics| size(sample) + half(sample).unwrap_or(f64::INFINITY);
        effect.name != first.name && effect.sides().any(|(_, side)| reach(&side[figure]) >= least)
    };
    let rivals = Vec::from_iter(effects.iter().filter(reaches));
    let rivals = match rivals.as_slice() {
        [] => Sentence::default(),
        [only] => sentence!(", or {} does", Name(&only.name)),
        many => sentence!(", or one of {} others does", many.len()),
    };
    let (mean, half) = (sample.mean().unwrap_or(0.0), half(sample).unwrap_or(0.0));
    let higher = if mean > 0.0 { "higher" } else { "lower" };
    let change = format!("{:.1} ± {:.1} points {higher}", mean.abs() * 100.0, half * 100.0);
    sentence!(
        "{} moves {label} most{rivals}: with {} {direction} it is {}.",
        Name(&first.name),
        first.by,
        Figure(change)
    )
}

fn told(found: &Sensitivity, figure: usize) -> PageStatement {
    let effects = by_effect(found, figure);
    let moved = |effect: &Effect| effect.sides().any(|(_, side)| is_known(&side[figure]));
    type Kind<'a> = (&'static str, Vec<&'a str>);
    let names = |wanted: &dyn Fn(&Effect) -> bool| {
        let found = effects.iter().filter(|effect| wanted(effect));
        Vec::from_iter(found.map(|effect| effect.name.as_str()))
    };
    let kinds: [Kind<'_>; 3] = [
        ("Known to move it, the strongest first", names(&moved)),
        ("Not to be told yet", names(&|effect| !moved(effect) && !is_unmoved(effect, figure))),
        ("Without any effect here", names(&|effect| is_unmoved(effect, figure))),
    ];
    let kinds = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    let sentences = kinds.map(|(words, names)| sentence!("{words}: {}.", Names(&names)));
    let base = &found.base[figure];
    let base = ReportCell::share(base.mean()).within(half(base)).spoken();
    PageStatement::new(format!("{}: {base} as it stands", title(figure)), None, sentences)
}

fn chart(found: &Sensitivity, figure: usize) -> Chart {
    let mut table = ReportTable::new(title(figure), ["input", "by", "with less", "with more"]);
    let mut swings = Vec::new();
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for effect in by_effect(found, figure) {
        let [less, more] = changes(effect, figure);
        table.push(None, vec![effect.name.clone().into(), effect.by.into(), less, more]);
        let side = |sign: &str, side: &Option<[RunningStatistics; WATCHED.len()]>| {
            let sample = side.as_ref()?[figure];
            let value = PlotValue { value: sample.mean()?, half: half(&sample) };
            let text = format!("{sign}{}: {}", effect.by, change(&sample).spoken());
            Some(SwingSide { value, text })
        };
        let sides = [side("-", &effect.less), side("+", &effect.more)];
        for end in sides.iter().flatten().flat_map(|side| side.value.ends()) {
            (low, high) = (low.min(end), high.max(end));
        }
        swings.push(Swing { name: effect.name.clone(), sides });
    }
    let axis = Axis::points("change in percentage points", low, high.max(low + 1e-3));
    let about = swings.first().map_or_else(String::new, |swing| {
        let texts = swing.sides.iter().flatten().map(|side| side.text.as_str());
        format!("{} comes first: {}.", swing.name, Vec::from_iter(texts).join(", "))
    });
    let keys = ["with less of the input", "with more of it"].into_iter().enumerate();
    let keys = keys.map(|(colour, name)| LegendKey::area(name, colour));
    let base = ReportCell::share(found.base[figure].mean()).spoken();
    let title = format!("{}: {base} as it stands", title(figure));
    let chart = ChartBuilder::new(format!("tornado_{}", WATCHED[figure]), title);
    let chart = chart.about(format!("{} inputs. {about}", swings.len())).keys(keys);
    chart.drawn(Tornado { axis, swings }, table)
}

/// All inputs with both figures.
fn table(found: &Sensitivity) -> ReportTable {
    let figures = (0..WATCHED.len())
        .flat_map(|figure| ["less", "more"].map(|side| format!("{}, with {side}", title(figure))));
    let heads = figures.map(|figure| (None, figure));
    let mut table = ReportTable::new("Changes of both figures", ["input", "by"]).with(heads);
    for effect in &found.effects {
        let changes = (0..WATCHED.len()).flat_map(|figure| changes(effect, figure));
        let names = [effect.name.clone().into(), effect.by.into()];
        table.push(None, names.into_iter().chain(changes).collect());
    }
    table
}

fn method(found: &Sensitivity) -> Vec<Explanation> {
    let replications = format!(
        "{} replications as it stands and with every change, all against the same consumers with \
         the same patience and the same work (common random numbers).",
        found.replications
    );
    vec![
        Explanation::new(
            "Inputs",
            "One input is changed at a time by a customary step, down and up: arrivals and reply \
             times by 10 %, patience by 20 %, timeouts and interruptions by 25 %, agents by one. \
             What two inputs do together is not seen here.",
        ),
        Explanation::new("Replications", replications),
        Explanation::new(
            "Intervals",
            "Of the mean of the differences, replication by replication: 95 %, Student. A change is \
             known if its interval leaves out zero; one input moves a figure most if the interval of \
             its largest change lies beyond those of all other inputs. Each interval holds by \
             itself, not all of them at once.",
        ),
        Explanation::version(env!("CARGO_PKG_VERSION")),
    ]
}

fn size(sample: &RunningStatistics) -> f64 {
    sample.mean().unwrap_or(0.0).abs()
}

/// Whether the interval leaves out zero.
fn is_known(sample: &RunningStatistics) -> bool {
    half(sample).is_some_and(|half| size(sample) > half)
}

/// Whether nothing came of it in any replication.
fn is_unmoved(effect: &Effect, figure: usize) -> bool {
    let nothing = |sample: &RunningStatistics| size(sample) == 0.0 && half(sample) == Some(0.0);
    effect.sides().all(|(_, side)| nothing(&side[figure]))
}

fn title(figure: usize) -> String {
    capital(subject(WATCHED[figure]).trim_start_matches("the "))
}

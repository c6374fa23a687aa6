//! Timer engines beside each other, as a page.

use crate::report::charts::{
    Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue, Section,
};
use crate::report::format::{number, rough};
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::plot::{Axis, PlotRange, PlotValue, Ranges};
use crate::report::sentence::{Figure, Name, Sentence, sentence};
use crate::report::table::{ReportCell, ReportTable};
use crate::stress::engines::Engine;
use crate::stress::timer_benchmark::EngineMeasurement;

use super::engine_words::{WHY, remarks, times, two_digits};

/// The page; `cut_off` are engines that said nothing within so many seconds.
pub fn page(rows: &[EngineMeasurement], cut_off: &[(Engine, f64)]) -> String {
    let comparison = EngineComparison::new(rows, cut_off);
    html(&Document {
        frame: PageFrame {
            kind: "timer engines",
            name: "Timer engines",
            question: "What keeps the timers of an actor best under a storm of them?",
            facts: comparison.facts(),
            alerts: Vec::new(),
        },
        headline: comparison.headline(),
        statements: comparison.cards(),
        variants: comparison.engines.iter().map(|engine| engine.title()).collect(),
        sections: vec![comparison.section()],
        method: METHOD.map(|(word, text)| Explanation::new(word, text)).into(),
        ..Document::default()
    })
}

/// Engines beside each other.
struct EngineComparison<'a> {
    rows: &'a [EngineMeasurement],
    cut_off: &'a [(Engine, f64)],
    /// Those of which there is something to say; the position is that of the colour.
    engines: Vec<Engine>,
    /// The numbers of live timers under which they were measured, in order.
    live_counts: Vec<u32>,
}

impl<'a> EngineComparison<'a> {
    fn new(rows: &'a [EngineMeasurement], cut_off: &'a [(Engine, f64)]) -> Self {
        let is_there = |engine: &Engine| {
            let measured = rows.iter().any(|row| row.engine == *engine);
            measured || cut_off.iter().any(|(other, _)| other == engine)
        };
        let engines = Engine::ALL.into_iter().filter(is_there).collect();
        let mut live_counts = Vec::from_iter(rows.iter().map(|row| row.benchmark.live));
        live_counts.sort_unstable();
        live_counts.dedup();
        Self { rows, cut_off, engines, live_counts }
    }

    fn facts(&self) -> Vec<String> {
        let live = Vec::from_iter(self.live_counts.iter().map(|&live| number(live.into())));
        let mut facts = vec![format!("{} live timers", live.join(", "))];
        if let Some(row) = self.rows.first() {
            facts.push(format!("{} measured each", row.benchmark.measure));
            facts.push(format!("seed {}", row.benchmark.seed));
        }
        facts.push(format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")));
        facts
    }

    /// The engines under so many live timers, in order.
    fn of(&self, live: u32) -> impl Iterator<Item = &EngineMeasurement> {
        let engines = self.engines.iter();
        engines.filter_map(move |&engine| self.measured(engine, live))
    }

    fn measured(&self, engine: Engine, live: u32) -> Option<&EngineMeasurement> {
        self.rows.iter().find(|row| row.engine == engine && row.benchmark.live == live)
    }

    fn colour(&self, engine: Engine) -> usize {
        self.engines.iter().position(|&other| other == engine).unwrap_or_default()
    }

    /// The fastest engine in an actor and the slowest, with the most live timers.
    fn headline(&self) -> Sentence {
        let Some(&live) = self.live_counts.last() else {
            return sentence!("No engine said anything within its time.");
        };
        let actors = self.of(live).filter(|row| row.engine != Engine::BareWheel);
        let mut ranked = Vec::from_iter(actors.map(|row| (rate(row), row.engine.title())));
        ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let live = number(live.into());
        let [Some((best, fastest)), last] = [ranked.first(), ranked.get(1..).and_then(<[_]>::last)]
        else {
            return sentence!(
                "With {live} live timers only the wheel without an actor was measured."
            );
        };
        let slower = last.map(|(worst, slowest)| {
            let (times, slowest) = (Figure(times(best / worst)), Name(slowest));
            sentence!(", {times} times as many as {slowest}")
        });
        sentence!(
            "With {live} live timers {} does {} operations a second{}.",
            Name(fastest),
            Figure(number(two_digits(*best))),
            slower.unwrap_or_default()
        )
    }

    fn cards(&self) -> Vec<PageStatement> {
        let cards = self.engines.iter().map(|&engine| PageStatement {
            colour: self.colour(engine),
            ..PageStatement::new(engine.title(), None, self.sentences(engine))
        });
        cards.collect()
    }

    fn sentences(&self, engine: Engine) -> Vec<Sentence> {
        let mut sentences = Vec::new();
        for &live in &self.live_counts {
            let Some(measured) = self.measured(engine, live) else { continue };
            let bare = self.measured(Engine::BareWheel, live);
            let slower = bare.filter(|_| engine != Engine::BareWheel).map(|bare| {
                let slower = times(rate(bare) / rate(measured));
                format!(", {slower} times slower than the wheel without an actor")
            });
            let late = late(measured).map(|late| {
                let late = Figure(rough(late));
                sentence!("; at half that rate 99 % of the deadlines within {late}")
            });
            sentences.push(sentence!(
                "With {} live timers {} operations a second{}{}.",
                number(live.into()),
                Figure(number(two_digits(rate(measured)))),
                slower.unwrap_or_default(),
                late.unwrap_or_default()
            ));
            sentences.extend(remarks(measured).into_iter().map(said));
        }
        let cut_off = self.cut_off.iter().filter(|(other, _)| *other == engine);
        sentences.extend(cut_off.map(|(_, seconds)| {
            said(format!("cut off after {seconds:.0} s, before it could say anything"))
        }));
        let why = WHY.iter().filter(|(other, _)| *other == engine);
        sentences.extend(why.map(|(_, why)| said((*why).to_owned())));
        sentences
    }

    fn section(&self) -> Section {
        let rates = self.live_counts.iter().filter_map(|&live| self.ranges(live, &RATE));
        let late = self.live_counts.iter().filter_map(|&live| self.ranges(live, &LATE));
        let lead = "Logarithmic scales: each step is ten times the one before. Five timers are armed \
                    for each four that are cancelled and one that fires.";
        let section = Section::new("engines", "Side by side", lead).tables([self.table()]);
        section.charts(rates.chain(late).chain(self.growth()))
    }

    /// A value of every engine with so many live timers; none of none.
    fn ranges(&self, live: u32, of: &ShownValue) -> Option<Chart> {
        let ShownValue { name, title, label, .. } = of;
        let values = self.of(live).filter_map(|row| Some((row.engine, (of.value)(row)?)));
        let values = Vec::from_iter(values);
        let highest = values.iter().map(|(_, value)| *value).reduce(f64::max)?;
        let lowest = values.iter().map(|(_, value)| *value).fold(highest, f64::min);
        let ranges = values.iter().map(|&(engine, value)| PlotRange {
            variant: self.colour(engine),
            name: engine.title().to_owned(),
            value: PlotValue { value: libm::log10(value), half: None },
            text: (of.text)(value),
        });
        let title = format!("{title}, {} live timers", number(live.into()));
        let axis = (of.axis)(label, lowest, highest);
        let about = format!("From {} to {}.", (of.text)(lowest), (of.text)(highest));
        let ranges = Ranges { axis, goal: None, ranges: ranges.collect() };
        let chart = ChartBuilder::new(format!("{name}_{live}"), title).about(about);
        Some(chart.ranges("engine", label, ranges))
    }

    /// How rates fall with the number of live timers; none of a single number.
    fn growth(&self) -> Option<Chart> {
        let (&least, &most) = (self.live_counts.first()?, self.live_counts.last()?);
        let rates = || self.rows.iter().map(rate);
        let highest = rates().reduce(f64::max).filter(|_| least < most)?;
        let lowest = rates().fold(highest, f64::min);
        let series = self.engines.iter().map(|&engine| {
            let values = self.live_counts.iter().map(|&live| {
                let rate = rate(self.measured(engine, live)?);
                let cell = ReportCell::amount(two_digits(rate));
                Some(LineValue { up: libm::log10(rate), band: None, cell })
            });
            let (title, colour) = (engine.title().to_owned(), self.colour(engine));
            LineSeries {
                name: title.clone(),
                head: title,
                colour,
                variant: Some(colour),
                values: values.collect(),
            }
        });
        let places = self.live_counts.iter().map(|&live| LinePlace {
            name: ReportCell::Count(live.into()),
            across: libm::log10(live.into()),
        });
        let title = "Operations a second by live timers";
        let lines = CommonLines {
            caption: title.to_owned(),
            head: "live timers".to_owned(),
            x: Axis::decades("live timers", least.into(), most.into(), power),
            y: Axis::decades("operations a second", lowest, highest, power),
            marks: Vec::new(),
            places: places.collect(),
            series: series.collect(),
        };
        let about =
            format!("From {} to {} live timers.", number(least.into()), number(most.into()));
        Some(ChartBuilder::new("growth", title).about(about).lines(lines))
    }

    fn table(&self) -> ReportTable {
        let heads = [
            "engine",
            "live timers",
            "operations a second",
            "late half, µs",
            "99 %, µs",
            "all, µs",
            "bytes a timer",
            "of a processor, %",
            "50,000 deadlines in one tick, ms",
        ];
        let mut table = ReportTable::new("All that was measured", heads);
        for measured in self.live_counts.iter().flat_map(|&live| self.of(live)) {
            let late = measured.paced.lateness;
            let late = [late.p50, late.p99, late.max].map(|late| libm::round(late * 1e6));
            let bytes = measured.bytes_resident.or(measured.bytes_held);
            let share = measured.flat_out.share_of_processor();
            let [half, most, all] = late.map(ReportCell::amount);
            table.push(
                None,
                vec![
                    measured.engine.title().into(),
                    ReportCell::Count(measured.live),
                    ReportCell::amount(two_digits(rate(measured))),
                    half,
                    most,
                    all,
                    ReportCell::amount(bytes.map(f64::round)),
                    ReportCell::share(share),
                    ReportCell::amount(measured.mass.blocked * 1e3),
                ],
            );
        }
        table
    }
}

/// A value of an engine and how it is shown.
#[derive(Clone, Copy)]
struct ShownValue {
    /// Of its charts.
    name: &'static str,
    title: &'static str,
    /// What stands at the axis.
    label: &'static str,
    value: fn(&EngineMeasurement) -> Option<f64>,
    text: fn(f64) -> String,
    /// From the lowest to the highest.
    axis: fn(&str, f64, f64) -> Axis,
}

const RATE: ShownValue = ShownValue {
    name: "rates",
    title: "Operations a second",
    label: "operations a second",
    value: |row| Some(rate(row)).filter(|rate| *rate > 0.0),
    text: |rate| number(two_digits(rate)),
    axis: |label, lowest, highest| Axis::decades(label, lowest, highest, power),
};
const LATE: ShownValue = ShownValue {
    name: "late",
    title: "Lateness",
    label: "99 % of deadlines late by at most, at half that rate",
    value: late,
    text: rough,
    axis: Axis::latency,
};

/// Operations a second of processor time; at least one in a thousand seconds.
fn rate(measured: &EngineMeasurement) -> f64 {
    measured.flat_out.rate_of_processor().max(1e-3)
}

/// What 99 % of the deadlines did not exceed at half the rate, in seconds.
fn late(measured: &EngineMeasurement) -> Option<f64> {
    let lateness = &measured.paced.lateness;
    (lateness.count > 0).then(|| lateness.p99.max(1e-6))
}

/// `100`, `10 k`, `10 M`: short enough for the end of an axis.
fn power(value: f64) -> String {
    match value {
        ..1e3 => number(value),
        ..1e6 => format!("{} k", number(libm::round(value / 1e3))),
        _ => format!("{} M", number(libm::round(value / 1e6))),
    }
}

/// A remark as a sentence.
fn said(remark: String) -> Sentence {
    sentence!("{remark}.").capital()
}

const METHOD: [(&str, &str); 5] = [
    (
        "Operations",
        "Timers armed, cancelled and fired in a second of processor time, which other programs do \
         not disturb.",
    ),
    (
        "Wheel without an actor",
        "The limit of the machine: the same wheel in a plain loop, without mailboxes.",
    ),
    (
        "Lateness",
        "From the deadline to the moment at which it was served, by the clock on the wall, at half \
         the rate that the engine reached.",
    ),
    (
        "Bytes a timer",
        "By which the process grew for a live timer; each engine has a process of its own.",
    ),
    (
        "Deadlines in one tick",
        "How long 50,000 of them kept the actor busy; the best of five attempts.",
    ),
];

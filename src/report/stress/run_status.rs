//! A wall-clock run while it goes on: what a terminal shows of it, as a function of how it is.

use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use super::run_words::label;
use crate::report::format::{fine, nothing, percent, seconds, size, whole};
use crate::report::terminal::{WIDTH, cut, spread};
use crate::scenario::stress::Stress;
use crate::stress::{Count, SystemSnapshot, Timing};

/// How a run is.
pub struct RunStatus<'a> {
    /// What is run.
    pub what: &'a str,
    /// How.
    pub settings: &'a Stress,
    /// How long it has gone on.
    pub elapsed: Duration,
    /// The last second of it.
    pub second: &'a LiveSecond,
    /// Arrivals of the whole run that were sent late, and all.
    pub late: (u64, u64),
}

/// A second of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveSecond {
    /// What happened how often.
    counts: [u64; SHOWN.len()],
    /// Lateness of unassign deadlines that half, 99 % and all did not exceed, in nanoseconds; none of
    /// none.
    lateness: Option<[u64; 3]>,
    /// How late the load generator was at the most, in nanoseconds.
    lag: u64,
    waiting: u64,
    live: u64,
    timers: u64,
    resident: Option<u64>,
}

impl From<&SystemSnapshot> for LiveSecond {
    fn from(snapshot: &SystemSnapshot) -> Self {
        let lateness = snapshot.figures.timing(Timing::DeadlineLateness);
        let quantiles = || [0.5, 0.99, 1.0].map(|quantile| lateness.value_at_quantile(quantile));
        Self {
            counts: SHOWN.map(|(_, count)| snapshot.figures.count(count)),
            lateness: (!lateness.is_empty()).then(quantiles),
            lag: snapshot.figures.timing(Timing::GeneratorLag).max(),
            waiting: snapshot.state.waiting,
            live: snapshot.state.live,
            timers: snapshot.state.timers,
            resident: snapshot.resident,
        }
    }
}

impl RunStatus<'_> {
    /// Lines of at most so many columns, always as many of them in the same run.
    pub fn dashboard(&self, width: usize) -> Vec<String> {
        let width = width.clamp(CELL, WIDTH);
        let mut lines = vec![self.head(width), self.bar(width)];
        let second = self.second;
        let rates = SHOWN.iter().zip(second.counts);
        let rates = Vec::from_iter(rates.map(|((name, _), count)| cell(name, &whole(count))));
        let (load, timers) = rates.split_at(LOAD);
        lines.extend(grid(load, width));
        lines.extend(grid(timers, width));
        let late = second.lateness.map(|late| late.map(fine));
        let late = late.unwrap_or_else(|| std::array::from_fn(|_| nothing()));
        let late = ["late 50 %", "late 99 %", "latest"].iter().zip(&late);
        lines.extend(grid(&Vec::from_iter(late.map(|(name, late)| cell(name, late))), width));
        let memory = second.resident.map_or_else(nothing, |bytes| size(bytes as f64));
        let state = [
            cell("waiting", &whole(second.waiting)),
            cell("live", &whole(second.live)),
            cell("timers", &whole(second.timers)),
            cell("memory", &memory),
        ];
        lines.extend(grid(&state, width));
        lines.push(cut(&self.generator(), width));
        lines.push(cut(&self.going_on().unwrap_or_default(), width));
        lines
    }

    /// The same in a line, for where nothing can be drawn over.
    pub fn line(&self) -> String {
        let second = self.second;
        let late = second.lateness.map_or_else(nothing, |[_, late, _]| fine(late));
        let [arrivals, opened, ..] = second.counts;
        let line = format!(
            "{}: {} arrivals/s, {} opened/s, late 99 % {late}, {} waiting, {} live",
            seconds(self.elapsed.as_secs_f64()),
            whole(arrivals),
            whole(opened),
            whole(second.waiting),
            whole(second.live)
        );
        let besides = [self.is_late().then(|| self.generator()), self.going_on()];
        let besides = besides.into_iter().flatten().map(|text| format!("; {text}"));
        line + &String::from_iter(besides)
    }

    /// The stage and the faults that go on; what changes is worth a line.
    pub fn going_on(&self) -> Option<String> {
        let at = self.elapsed.as_secs_f64();
        let mut parts = Vec::new();
        let mut begins = 0.0;
        for (number, stage) in (1..).zip(&self.settings.stages) {
            let ends = begins + stage.length.as_secs_f64();
            if (begins..ends).contains(&at) {
                parts.push(format!("stage {number} of {}", self.settings.stages.len()));
            }
            begins = ends;
        }
        let faults = self.settings.faults.iter().filter(|step| {
            let (begins, ends) = (step.at.as_secs_f64(), step.ends().as_secs_f64());
            (begins..ends.max(begins + MOMENT)).contains(&at)
        });
        parts.extend(faults.map(label));
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    fn head(&self, width: usize) -> String {
        let all = self.whole_length();
        let rest = (all - self.elapsed.as_secs_f64()).max(0.0);
        let time = match all {
            _ if rest > 0.0 => {
                let [done, all, rest] = [all - rest, all, rest].map(seconds);
                format!("{done} of {all}, {rest} left")
            }
            _ => "ending".to_owned(),
        };
        let room = width.saturating_sub(time.width() + 1);
        if room < LEAST { cut(self.what, width) } else { spread(self.what, &time, width) }
    }

    fn bar(&self, width: usize) -> String {
        let share = (self.elapsed.as_secs_f64() / self.whole_length().max(0.001)).clamp(0.0, 1.0);
        let done = libm::floor(share * width as f64) as usize;
        "█".repeat(done) + &"░".repeat(width - done)
    }

    /// Seconds that load and drain take.
    fn whole_length(&self) -> f64 {
        (self.settings.load() + self.settings.drain).as_secs_f64()
    }

    fn generator(&self) -> String {
        let (late, all) = self.late;
        match self.is_late() {
            true => format!(
                "LATE: {} of the arrivals so far were sent too late; 1 % may be in the end",
                percent(late as f64 / all as f64)
            ),
            // In the drain it has nothing to send.
            false if self.second.lag == 0 => "load generator keeps up".to_owned(),
            false => format!("load generator keeps up, late by at most {}", fine(self.second.lag)),
        }
    }

    /// Whether more than 1 % were sent late.
    fn is_late(&self) -> bool {
        let (late, all) = self.late;
        late * 100 > all
    }
}

/// Cells in rows, as many beside each other as there is room for.
fn grid(cells: &[String], width: usize) -> Vec<String> {
    let most = ((width + GAP) / (CELL + GAP)).max(1);
    let rows = cells.chunks(most).map(|row| cut(&row.join(&" ".repeat(GAP)), width));
    rows.collect()
}

/// The value is whole, even if the name is not.
fn cell(name: &str, value: &str) -> String {
    spread(name, value, CELL)
}

/// What is shown of a second: first of the load, then of timers.
const SHOWN: [(&str, Count); 7] = [
    ("arrivals/s", Count::Scheduled),
    ("opened/s", Count::Opened),
    ("over/s", Count::Closed),
    ("refused/s", Count::Refused),
    ("armed/s", Count::Armed),
    ("cancelled/s", Count::Cancelled),
    ("fired/s", Count::Fired),
];
const LOAD: usize = 4;
const CELL: usize = 18;
const GAP: usize = 2;
/// Less of a name says nothing.
const LEAST: usize = 8;
/// Seconds for which a fault without a length is shown.
const MOMENT: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Span;
    use crate::scenario::stress::{Fault, FaultStep, Stage};

    fn settings() -> Stress {
        let source = crate::scenario::Source {
            name: String::new(),
            text: "[agents.chat]\n[consumers.web]\narrivals = '9/s'".to_owned(),
        };
        let mut settings = crate::scenario::parse(source, "").unwrap().stress;
        let name = String::new();
        let stage = Stage { name, length: Span::from_secs(5), from: 1.0, to: 2.0 };
        settings.stages = vec![stage; 2];
        let (at, over) = (Span::from_secs(4), Span::from_secs(1));
        settings.faults = vec![FaultStep { at, over, fault: Fault::Stall }];
        settings
    }

    fn second() -> LiveSecond {
        LiveSecond {
            counts: [1_000_000, 2, 3, 4, 5_555_555, 6, 7],
            lateness: Some([1_110_000, 300_000_000, 595_000_000]),
            lag: 85_000,
            waiting: 1234,
            live: 609,
            timers: 2028,
            resident: Some(28_000_000),
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_whatever_the_name_is() {
        let (settings, second) = (settings(), second());
        for what in [
            "Deadline storm",
            "客服客服客服客服客服客服客服客服客服客服客服客服客服客服客服客服客服",
            "\u{1b}[31m\nred\u{7}",
        ] {
            let status = |seconds: f64| RunStatus {
                what,
                settings: &settings,
                elapsed: Duration::from_secs_f64(seconds),
                second: &second,
                late: (1, 50),
            };
            for width in [1, 18, 30, 60, 79, 80, 200] {
                let most = width.clamp(CELL, 80);
                let heights = [0.0, 4.5, 11.0].map(|seconds| {
                    let lines = status(seconds).dashboard(width);
                    for line in &lines {
                        assert!(line.width() <= most, "{} > {most}: {line}", line.width());
                        assert!(!line.chars().any(char::is_control), "{line:?}");
                    }
                    lines.len()
                });
                assert!(heights.iter().all(|height| *height == heights[0]), "{width}: {heights:?}");
            }
        }
    }

    #[test]
    fn everything_is_said_and_what_goes_on_only_while_it_does() {
        let (settings, second) = (settings(), second());
        let at = |seconds: f64, late| {
            let elapsed = Duration::from_secs_f64(seconds);
            let status =
                RunStatus { what: "Storm", settings: &settings, elapsed, second: &second, late };
            (status.dashboard(80).join("\n"), status.line())
        };
        let (text, line) = at(4.5, (0, 1000));
        for said in [
            "4.5 s of 10 s, 5.5 s left",
            "1,000,000",
            "5,555,555",
            "300 ms",
            "1,234",
            "609",
            "28 MB",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(text.contains("stage 1 of 2; stall at 4s, 1s"), "{text}");
        assert!(text.contains("keeps up, late by at most 85.0 µs"), "{text}");
        assert!(line.contains("late 99 % 300 ms") && line.ends_with("stall at 4s, 1s"), "{line}");
        let (text, line) = at(6.0, (11, 1000));
        assert!(text.contains("LATE: 1.1 %") && line.contains("LATE"), "{text}\n{line}");
        assert!(text.contains("stage 2 of 2") && !text.contains("stall"), "{text}");
        let (text, _) = at(10.5, (10, 1000));
        assert!(text.contains("ending") && text.contains("keeps up"), "{text}");
    }
}

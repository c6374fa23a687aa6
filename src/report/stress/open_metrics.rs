//! A wall-clock run as OpenMetrics 1.0 text, while it goes on and when it is over.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use hdrhistogram::Histogram;
use jiff::ZonedDateTime;

use crate::stress::{
    Count, StressFigures, StressResults, SystemSnapshot, SystemState, ThresholdVerdict, Timing,
    wall_clock_now,
};

/// What is told of a run.
pub struct RunMetrics {
    scenario: String,
    /// The variant, or what else is run of the scenario.
    run: String,
    started: ZonedDateTime,
    elapsed: Duration,
    figures: StressFigures,
    state: SystemState,
    resident: Option<u64>,
    /// `None` as long as it goes on.
    ending: Option<MetricsEnding>,
}

/// How a run came out.
struct MetricsEnding {
    is_valid: bool,
    thresholds: Vec<(String, ThresholdVerdict)>,
}

impl RunMetrics {
    /// Of a run that begins now.
    pub fn new(scenario: &str, run: &str) -> Self {
        Self {
            scenario: scenario.to_owned(),
            run: run.to_owned(),
            started: wall_clock_now(),
            elapsed: Duration::ZERO,
            figures: StressFigures::default(),
            state: SystemState::default(),
            resident: None,
            ending: None,
        }
    }

    /// Of one that is over.
    pub fn of(scenario: &str, run: &str, results: &StressResults) -> Self {
        let mut figures = results.figures.clone();
        figures.add(&results.unfinished);
        let judged = results.judged().into_iter();
        // Nothing is known of an invalid run.
        let verdict = |found| if results.is_valid() { found } else { ThresholdVerdict::Unknown };
        let thresholds = judged.map(|it| (it.threshold.to_string(), verdict(it.verdict())));
        let ending =
            MetricsEnding { is_valid: results.is_valid(), thresholds: thresholds.collect() };
        let state = results.series.rows().last().map(|row| row.state).unwrap_or_default();
        Self {
            started: results.started.clone(),
            elapsed: results.length,
            figures,
            state,
            resident: results.memory.after,
            ending: Some(ending),
            ..Self::new(scenario, run)
        }
    }

    /// A second of it is over.
    pub fn add(&mut self, snapshot: &SystemSnapshot) {
        self.figures.add(&snapshot.figures);
        self.elapsed = snapshot.until;
        (self.state, self.resident) = (snapshot.state, snapshot.resident);
    }

    /// The text.
    pub fn text(&self) -> String {
        let labels = [("scenario", self.scenario.as_str()), ("run", self.run.as_str())];
        let mut text = MetricsText { labels: &labels, text: String::new() };
        text.family("build", "info", "", "Version of Shiftstorm.");
        text.sample("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        let start = self.started.timestamp().as_millisecond() as f64 / 1e3;
        text.gauge("start_time_seconds", "seconds", "Start by the clock on the wall.", start);
        text.gauge("elapsed_seconds", "seconds", "Since the start.", self.elapsed.as_secs_f64());
        for count in Count::ALL {
            text.family(count.name(), "counter", "", count.text());
            text.sample(&format!("{}_total", count.name()), &[], self.figures.count(count));
        }
        for timing in Timing::ALL {
            text.histogram(timing, self.figures.timing(timing));
        }
        let SystemState { live, timers, timer_bytes, waiting } = self.state;
        for (name, help, value) in [
            ("live_conversations", "Live conversations.", live),
            ("pending_timers", "Timers to come.", timers),
            ("waiting_messages", "Messages waiting for the routers.", waiting),
        ] {
            text.gauge(name, "", help, value);
        }
        text.gauge("timer_bytes", "bytes", "Memory of the timers.", timer_bytes);
        if let Some(resident) = self.resident {
            text.gauge("resident_bytes", "bytes", "Memory of the process.", resident);
        }
        if let Some(MetricsEnding { is_valid, thresholds }) = &self.ending {
            let help = "Whether the load generator kept up.";
            text.gauge("valid", "", help, u8::from(*is_valid));
            text.family("threshold_met", "gauge", "", "1 = met, 0 = missed, NaN = unknown.");
            for (threshold, verdict) in thresholds {
                let met = match verdict {
                    ThresholdVerdict::Met => "1",
                    ThresholdVerdict::Missed => "0",
                    ThresholdVerdict::Unknown => "NaN",
                };
                text.sample("threshold_met", &[("threshold", threshold)], met);
            }
        }
        text.text + "# EOF\n"
    }
}

/// A text in the making.
struct MetricsText<'a> {
    /// Those of every sample.
    labels: &'a [(&'a str, &'a str)],
    text: String,
}

impl MetricsText<'_> {
    fn family(&mut self, name: &str, kind: &str, unit: &str, help: &str) {
        let _ = writeln!(self.text, "# TYPE {PREFIX}{name} {kind}");
        if !unit.is_empty() {
            let _ = writeln!(self.text, "# UNIT {PREFIX}{name} {unit}");
        }
        let _ = writeln!(self.text, "# HELP {PREFIX}{name} {}", escaped(help));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels = self.labels.iter().chain(labels);
        let labels = labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
        let labels = Vec::from_iter(labels).join(",");
        let _ = writeln!(self.text, "{PREFIX}{name}{{{labels}}} {value}");
    }

    fn gauge(&mut self, name: &str, unit: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", unit, help);
        self.sample(name, &[], value);
    }

    /// In seconds; of nanoseconds.
    fn histogram(&mut self, timing: Timing, histogram: &Histogram<u64>) {
        let name = format!("{}_seconds", timing.name());
        self.family(&name, "histogram", "seconds", timing.text());
        let bounds = DECADES.flat_map(|decade| STEPS.map(|step| step * 10_u64.pow(decade)));
        let mut steps = histogram.iter_recorded().peekable();
        let mut counted = 0;
        for bound in bounds {
            while let Some(step) = steps.next_if(|step| step.value_iterated_to() <= bound) {
                counted += step.count_since_last_iteration();
            }
            let at_most = (bound as f64 / 1e9).to_string();
            self.sample(&format!("{name}_bucket"), &[("le", &at_most)], counted);
        }
        self.sample(&format!("{name}_bucket"), &[("le", "+Inf")], histogram.len());
        let sum = histogram.mean() * histogram.len() as f64 / 1e9;
        self.sample(&format!("{name}_sum"), &[], if histogram.is_empty() { 0.0 } else { sum });
        self.sample(&format!("{name}_count"), &[], histogram.len());
    }
}

/// As values of labels and explanations are written.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped += "\\\\",
            '"' => escaped += "\\\"",
            '\n' => escaped += "\\n",
            _ => escaped.push(c),
        }
    }
    escaped
}

const PREFIX: &str = "shiftstorm_stress_";
/// Bounds of buckets: 1, 2 and 5 × 10 µs to 100 s.
const STEPS: [u64; 3] = [1, 2, 5];
const DECADES: std::ops::Range<u32> = 4..11;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_belongs_to_the_family_before_it_and_buckets_add_up() {
        let mut metrics = RunMetrics::new("a \"b\"\\\nc", "base");
        let mut histogram = Histogram::<u64>::new(3).unwrap();
        let waits = [8_000, 40_000, 3_000_000_000, 500_000_000_000];
        waits.iter().for_each(|&nanos| histogram.record(nanos).unwrap());
        metrics.ending = Some(MetricsEnding {
            is_valid: true,
            thresholds: vec![("refused == 0".to_owned(), ThresholdVerdict::Missed)],
        });
        let mut text = MetricsText { labels: &[], text: String::new() };
        text.histogram(Timing::Admission, &histogram);
        for line in [
            "shiftstorm_stress_admission_seconds_bucket{le=\"0.00001\"} 1",
            "shiftstorm_stress_admission_seconds_bucket{le=\"0.00005\"} 2",
            "shiftstorm_stress_admission_seconds_bucket{le=\"2\"} 2",
            "shiftstorm_stress_admission_seconds_bucket{le=\"5\"} 3",
            "shiftstorm_stress_admission_seconds_bucket{le=\"+Inf\"} 4",
            "shiftstorm_stress_admission_seconds_count{} 4",
        ] {
            assert!(text.text.lines().any(|found| found == line), "{line}: {}", text.text);
        }
        let text = metrics.text();
        assert!(text.ends_with("\n# EOF\n") && text.matches("# EOF").count() == 1);
        let mut family = "";
        for line in text.lines().take_while(|line| *line != "# EOF") {
            match line.strip_prefix("# ").map(|rest| rest.split(' ').collect::<Vec<_>>()) {
                Some(words) => match words[0] {
                    "TYPE" => family = line.split(' ').nth(2).unwrap(),
                    _ => assert_eq!(words[1], family, "{line}"),
                },
                None => assert!(line.starts_with(family), "{family}: {line}"),
            }
        }
        let labels = "scenario=\"a \\\"b\\\"\\\\\\nc\",run=\"base\"";
        let missed =
            format!("shiftstorm_stress_threshold_met{{{labels},threshold=\"refused == 0\"}} 0");
        assert!(text.lines().any(|line| line == missed), "{text}");
        let opened = format!("shiftstorm_stress_opened_total{{{labels}}} 0");
        assert!(text.lines().any(|line| line == opened), "{text}");
    }
}

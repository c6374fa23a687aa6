//! Two saved wall-clock runs against each other.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::stress_blocks::{ComparedMeasure, MEASURES, MeasureUnit, SavedBlock};
use super::stress_json::{MAIN, SCHEMA};
use crate::base::statistics::RunningStatistics;
use crate::experiment::interval::Estimate;
use crate::report::format::{number, percent, rough, two_digits};
use crate::report::json_file::{self, FileHead, ScenarioTitle};
use crate::report::table::{ReportCell, ReportColumn, ReportTable, labelled};
use crate::report::terminal::{cut, wrapped};
use crate::report::wording::level;
use crate::stress::capacity::Yardstick;

/// A wall-clock run that was saved, as far as it is compared.
#[derive(Deserialize)]
pub struct ComparedStressRun {
    #[serde(flatten)]
    head: FileHead<ScenarioTitle>,
    variant: String,
    model: String,
    speed: f64,
    shards: u32,
    mailbox: u64,
    load: f64,
    complete: bool,
    valid: bool,
    #[serde(default)]
    settings: Vec<String>,
    yardstick: Option<Yardstick>,
    #[serde(default)]
    blocks: Vec<SavedBlock>,
}

/// Two wall-clock runs, compared.
#[derive(Serialize)]
pub struct StressComparison {
    schema: &'static str,
    confidence: f64,
    base: ComparedSide,
    other: ComparedSide,
    /// What is not alike, each with both values.
    unlike: Vec<[String; 3]>,
    /// By how much of the largest the yardsticks of both differ; null if one has none.
    swing: Option<f64>,
    measures: Vec<MeasureDifference>,
}

#[derive(Serialize)]
struct ComparedSide {
    title: String,
    blocks: usize,
    complete: bool,
    valid: bool,
    yardstick: Option<Yardstick>,
}

#[derive(Serialize)]
struct MeasureDifference {
    measure: &'static str,
    base: f64,
    other: f64,
    difference: f64,
    half_width: Option<f64>,
    verdict: &'static str,
    #[serde(skip)]
    shown: [String; 3],
}

impl ComparedStressRun {
    /// Whether a folder holds a wall-clock run.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(MAIN).exists()
    }

    /// Reads that of a report folder.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(folder: &Path) -> Result<Self, String> {
        json_file::read(&folder.join(MAIN), SCHEMA)
    }

    fn side(&self) -> ComparedSide {
        ComparedSide {
            title: format!("{}, {}", self.head.scenario.name, self.variant),
            blocks: self.blocks.len(),
            complete: self.complete,
            valid: self.valid,
            yardstick: self.yardstick,
        }
    }

    fn estimate(&self, measure: &ComparedMeasure) -> Option<Estimate> {
        let values = self.blocks.iter().filter_map(|block| *block.get(measure.name)?);
        let values: RunningStatistics = values.collect();
        Some(Estimate {
            value: values.mean()?,
            standard_error: values.standard_error(),
            freedom: values.count().saturating_sub(1) as f64,
            replications: values.count(),
        })
    }

    /// How it was made, by name.
    fn conditions(&self) -> [(&'static str, String); 7] {
        [
            ("load, seconds", number(self.load)),
            ("model", self.model.clone()),
            ("speed", number(self.speed)),
            ("shards", self.shards.to_string()),
            ("mailbox", self.mailbox.to_string()),
            ("settings", self.settings.join(" ")),
            ("Shiftstorm", self.head.shiftstorm.clone()),
        ]
    }
}

impl StressComparison {
    /// Compares two runs by the means of their blocks.
    pub fn of(base: &ComparedStressRun, other: &ComparedStressRun, confidence: f64) -> Self {
        let conditions = base.conditions().into_iter().zip(other.conditions());
        let unlike = conditions.filter(|(base, other)| base.1 != other.1);
        let unlike = unlike.map(|(base, other)| [base.0.to_owned(), base.1, other.1]);
        let swing = base.yardstick.zip(other.yardstick).map(|(base, other)| {
            let rates = [base.before, base.after, other.before, other.after];
            let most = rates.into_iter().fold(0.0, f64::max);
            1.0 - rates.into_iter().fold(most, f64::min) / most
        });
        let is_measured = |run: &ComparedStressRun| run.valid && run.blocks.len() >= BLOCKS;
        let doubt = match (is_measured(base) && is_measured(other), swing) {
            (false, _) | (_, None) => f64::INFINITY,
            (true, Some(swing)) => swing,
        };
        let measures = MEASURES.iter().filter_map(|measure| {
            let (before, after) = (base.estimate(measure)?, other.estimate(measure)?);
            let difference = after.less(&before);
            let half_width = difference.half_width(confidence);
            let shown = [before, after, difference]
                .map(|it| measure.written(it.value, it.half_width(confidence)));
            let speaks = before.value != 0.0 || after.value != 0.0;
            speaks.then(|| MeasureDifference {
                measure: measure.name,
                base: before.value,
                other: after.value,
                difference: difference.value,
                half_width,
                verdict: measure.verdict(before.value, difference.value, half_width, doubt),
                shown,
            })
        });
        Self {
            schema: COMPARISON_SCHEMA,
            confidence,
            base: base.side(),
            other: other.side(),
            unlike: unlike.collect(),
            swing,
            measures: measures.collect(),
        }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("±: {} interval, from blocks of 10 s\n", level(self.confidence));
        let (base, other) = (cut(&self.base.title, 70), cut(&self.other.title, 70));
        let _ = write!(text, "\nbase   {base}\nother  {other}\n");
        if !self.unlike.is_empty() {
            let _ = write!(text, "\n{}", self.unlike_table().text());
        }
        let _ = write!(text, "\n{}\n{}", self.table().text(), self.machine().text());
        for note in self.notes() {
            let _ = write!(text, "\n{}\n", wrapped(&note, 2));
        }
        text
    }

    /// For machines.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn json(&self, output: impl io::Write) -> io::Result<()> {
        json_file::write(self, output)
    }

    fn unlike_table(&self) -> ReportTable {
        let mut table = side_by_side("not alike", ["base", "other", ""]);
        for [what, base, other] in &self.unlike {
            let cells = [base, other].map(|value| ReportCell::text(cut(value, 16)));
            table.push(None, labelled(what.clone(), cells.into_iter().chain([ReportCell::Blank])));
        }
        table
    }

    fn table(&self) -> ReportTable {
        let mut table = side_by_side("", ["base", "other", "difference"]);
        for found in &self.measures {
            let measure = MEASURES.iter().find(|measure| measure.name == found.measure);
            let label = measure.map_or(found.measure, |measure| measure.label);
            table.push(None, labelled(label, found.shown.clone().map(ReportCell::text)));
            let verdict = [ReportCell::Blank, ReportCell::Blank, found.verdict.into()];
            table.push(None, labelled("", verdict));
        }
        table
    }

    /// What the machine could do, and how long was measured.
    fn machine(&self) -> ReportTable {
        let mut table = side_by_side("The machine", ["base", "other", ""]);
        let rate = |of: fn(&Yardstick) -> f64| {
            [&self.base, &self.other].map(|side| match &side.yardstick {
                Some(yardstick) => ReportCell::text(format!("{:.1} M/s", of(yardstick) / 1e6)),
                None => ReportCell::Nothing,
            })
        };
        let blocks = [&self.base, &self.other].map(|side| ReportCell::Count(side.blocks as u64));
        let rows = [
            ("bare wheel before", rate(|it| it.before)),
            ("bare wheel after", rate(|it| it.after)),
            ("blocks", blocks),
        ];
        for (label, cells) in rows {
            table.push(None, labelled(label, cells.into_iter().chain([ReportCell::Blank])));
        }
        table
    }

    /// Why nothing can be told, or what is to be known besides.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (name, side) in [("base", &self.base), ("other", &self.other)] {
            if !side.valid {
                notes.push(format!("INVALID: the load generator of {name} could not keep up."));
            }
            if !side.complete {
                notes.push(format!("Interrupted: {name} was not run to its end."));
            }
            if side.blocks < BLOCKS {
                notes.push(format!(
                    "Unclear: {name} has {} blocks, and fewer than {BLOCKS} tell nothing. Run longer \
                     (`--for 2m`).",
                    side.blocks
                ));
            }
        }
        notes.push(match self.swing {
            None => {
                "Unclear: one of the two has no yardstick of its machine; run it again.".to_owned()
            }
            Some(swing) => format!(
                "The yardsticks differ by up to {}: a smaller difference may be the machine's.",
                percent(swing)
            ),
        });
        notes
    }
}

impl ComparedMeasure {
    /// `doubt` is the part of the base that may be the machine's.
    fn verdict(&self, base: f64, difference: f64, half: Option<f64>, doubt: f64) -> &'static str {
        let size = difference.abs();
        match half {
            Some(half) if size > half && size > doubt * base => {
                if (difference > 0.0) == self.more_is_better { "better" } else { "worse" }
            }
            _ => "unclear",
        }
    }

    fn written(&self, value: f64, half: Option<f64>) -> String {
        let text = |value: f64| match self.unit {
            MeasureUnit::Rate => number(libm::round(value)),
            MeasureUnit::Share => percent(value),
            MeasureUnit::Seconds if value < 0.0 => format!("-{}", rough(-value)),
            MeasureUnit::Seconds => rough(value),
        };
        let half = half.map(|half| match self.unit {
            MeasureUnit::Rate => two_digits(half),
            MeasureUnit::Share => format!("{:.1}", half * 100.0),
            MeasureUnit::Seconds => rough(half),
        });
        let unit = if self.unit == MeasureUnit::Rate { "/s" } else { "" };
        half.map_or_else(|| text(value) + unit, |half| format!("{}{unit} ± {half}", text(value)))
    }
}

fn side_by_side(first: &str, heads: [&str; 3]) -> ReportTable {
    let heads = heads.map(|head| ReportColumn::new(head).right(17).behind(1));
    ReportTable::of("", std::iter::once(ReportColumn::new(first).left(26)).chain(heads))
}

/// Fewer tell nothing.
const BLOCKS: usize = 10;
const COMPARISON_SCHEMA: &str = "shiftstorm/stress-comparison/1";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A run whose blocks opened so many conversations a second, on a machine of such a yardstick.
    fn run(opened: &[f64], yardstick: f64) -> ComparedStressRun {
        let blocks = opened.iter().map(|opened| json!({ "opened": opened, "refused": 0.0 }));
        let run = json!({
            "schema": SCHEMA, "shiftstorm": "0", "scenario": { "name": "Storm", "question": "" },
            "variant": "base", "model": "open", "speed": 1.0, "shards": 2, "mailbox": 16,
            "load": 100.0, "complete": true, "valid": true,
            "yardstick": { "before": yardstick, "after": 30e6 },
            "blocks": Vec::from_iter(blocks),
        });
        serde_json::from_value(run).unwrap()
    }

    fn verdict(base: &ComparedStressRun, other: &ComparedStressRun) -> &'static str {
        StressComparison::of(base, other, 0.95).measures[0].verdict
    }

    #[test]
    fn a_difference_is_sure_only_beyond_chance_and_beyond_what_the_machine_did() {
        let slow = [90.0, 110.0].repeat(5);
        let fast = [105.0, 125.0].repeat(5);
        let (base, other) = (run(&slow, 30e6), run(&fast, 30e6));
        let compared = StressComparison::of(&base, &other, 0.95);
        // Means of ten blocks with a standard deviation of √(1000 / 9) each: 15 ± 2.10 × √(2 × 11.1).
        let found = &compared.measures[0];
        assert_eq!((found.base, found.difference), (100.0, 15.0));
        assert!((found.half_width.unwrap() - 2.1009 * libm::sqrt(200.0 / 9.0)).abs() < 1e-3);
        assert_eq!(found.verdict, "better");
        assert_eq!(verdict(&other, &base), "worse");
        // The other machine did a fifth less: that explains more than the difference.
        assert_eq!(verdict(&run(&slow, 24e6), &other), "unclear");
        assert_eq!(verdict(&run(&slow[..9], 30e6), &other), "unclear");
        assert_eq!(verdict(&base, &run(&[95.0, 120.0].repeat(5), 30e6)), "unclear");
        let text = StressComparison::of(&run(&slow[..9], 24e6), &other, 0.95).text();
        assert!(text.contains("base has 9 blocks, and fewer than 10 tell nothing"), "{text}");
        assert!(text.contains("differ by up to 20.0 %"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn what_is_not_alike_is_said() {
        let (base, mut other) = (run(&[1.0], 30e6), run(&[1.0], 30e6));
        other.shards = 4;
        let compared = StressComparison::of(&base, &other, 0.95);
        assert_eq!(compared.unlike, [["shards", "2", "4"].map(str::to_owned)]);
        assert!(compared.text().contains("not alike"));
        assert!(!StressComparison::of(&base, &base, 0.95).text().contains("not alike"));
    }
}

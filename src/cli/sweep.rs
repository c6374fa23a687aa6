//! What a run is to vary, and the plans that come of it.

use crate::report::{self, Background, Report};
use crate::scenario::sweep_points::{SweepPoint, sweep_points};
use crate::scenario::vary::{self, VariedValue, Vary};
use crate::scenario::{RunSettings, Scenario, Setting, Variant};

use super::scenario_file::{ScenarioInput, refused};
use super::stop::{Exit, Stop};

/// The settings of all `--set` flags.
pub(super) fn settings(texts: &[String]) -> Result<Vec<Setting>, Stop> {
    let parsed = texts.iter().map(|text| Setting::parse("--set", text));
    parsed.collect::<Result<_, _>>().map_err(|message| Stop::new(Exit::Usage, message))
}

/// A sweep: what varies, and every choice of values.
pub(super) struct AskedSweep {
    /// The variant that it moves.
    pub(super) variant: String,
    pub(super) varies: Vec<Vary>,
    pub(super) points: Vec<SweepPoint>,
}

/// What a page tells besides the figures, of a sweep or of the variants as they are.
pub(super) fn background(
    scenario: &Scenario,
    settings: &[Setting],
    variants: &[Variant],
    sweep: &Option<AskedSweep>,
) -> Background {
    let background = Background::new(scenario, settings, variants);
    match sweep {
        None => background,
        Some(sweep) => {
            Background { varies: sweep.varies.clone(), swept: sweep.variant.clone(), ..background }
        }
    }
}

/// What a sweep starts from.
pub(super) struct SweepRequest<'a> {
    pub(super) input: &'a ScenarioInput,
    pub(super) scenario: &'a Scenario,
    pub(super) settings: &'a [Setting],
    /// Names of the variants asked for; a sweep is of one, the base if none is named.
    pub(super) variants: &'a [String],
    pub(super) seed: Option<u64>,
}

impl AskedSweep {
    /// The sweep that the flags ask for, or else the file; `None` if neither does.
    pub(super) fn asked(
        flags: &[String],
        request: &SweepRequest<'_>,
    ) -> Result<Option<Self>, Stop> {
        let usage = |message: String| Stop::new(Exit::Usage, message);
        let parsed = flags.iter().map(|text| Vary::parse("--vary", text));
        let mut varies = parsed.collect::<Result<Vec<_>, _>>().map_err(usage)?;
        if varies.is_empty() {
            varies.clone_from(&request.scenario.vary);
        }
        if varies.is_empty() {
            return Ok(None);
        }
        let grid = vary::grid(&varies).map_err(usage)?;
        let variant = match request.variants {
            [] => 0,
            [name] => {
                let mut variants = request.scenario.variants.iter();
                // That there is such a variant was seen to when the variants were selected.
                variants.position(|variant| variant.name == *name).unwrap_or(0)
            }
            _ => return Err(usage("a sweep is of one variant; name one --variant".to_owned())),
        };
        let input = request.input;
        let read = |settings: &[Setting]| input.read(settings);
        let points = sweep_points(read, request.settings, grid, variant);
        let mut points = points.map_err(|findings| refused(&input.path, &findings))?;
        if let Some(seed) = request.seed {
            for point in &mut points {
                let mut plan = point.variant.plan.as_ref().clone();
                plan.run = RunSettings { seed, ..plan.run };
                point.variant.plan = plan.into();
            }
        }
        let variant = request.scenario.variants[variant].name.clone();
        Ok(Some(Self { variant, varies, points }))
    }

    /// What a report shows of it.
    pub(super) fn report<'a>(&'a self, report: &'a Report<'a>) -> report::sweep::SweepReport<'a> {
        report::sweep::SweepReport { report, varies: &self.varies, points: &self.points }
    }

    /// The choice of values behind the name of a variant, as flags that make it again.
    pub(super) fn flags(&self, name: &str) -> Vec<String> {
        let point = self.points.iter().find(|point| point.variant.name == name);
        let values = point.into_iter().flat_map(|point| &point.values);
        let settings = values.flat_map(VariedValue::settings);
        settings.flat_map(|setting| ["--set".to_owned(), setting.text()]).collect()
    }
}

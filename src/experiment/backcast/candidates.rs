//! Which parameters a log contradicts: each as estimated from it, against the scenario's.

use crate::base::ids::SkillId;
use crate::estimation::{ComparedParameters, SymmetricMatrix};
use crate::fitting::{
    FittedInterruptions, FittedParameters, FittedPatience, FittedWork, InterruptionsChange,
    ParameterChanges, TimesChange, ValueWithError, WorkChange, log_odds,
};
use crate::model::settings::Centre;

use super::scenario_values::{self, CommonMean, InterruptionMeans};

/// A parameter that may explain why a log does not fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Suspect {
    pub(super) kind: SuspectKind,
    /// As the scenario has it, and as the log tells it, in words for people: seconds or shares.
    pub(super) values: Vec<SuspectValue>,
    pub(super) compared: ComparedParameters,
    /// What brings the scenario to the log.
    pub(super) changes: ParameterChanges,
}

/// A value of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SuspectValue {
    pub(super) name: String,
    pub(super) in_scenario: f64,
    pub(super) in_log: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) is_share: bool,
}

/// Which parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SuspectKind {
    Patience,
    SilentShare,
    Work(String),
    Interruptions,
    Think,
    LastAnswer,
}

/// A parameter of a scenario and how far off it may be, beside what the log says.
struct WithErrors {
    name: &'static str,
    scenario: f64,
    error: f64,
    log: ValueWithError,
}

const WITHIN_95: f64 = 1.959_964;

impl WithErrors {
    fn value(&self, of: &str, natural: impl Fn(f64) -> f64, is_share: bool) -> SuspectValue {
        let reach = WITHIN_95 * self.log.error;
        SuspectValue {
            name: if of.is_empty() {
                self.name.to_owned()
            } else {
                format!("{} ({of})", self.name)
            },
            in_scenario: natural(self.scenario),
            in_log: natural(self.log.value),
            low: natural(self.log.value - reach),
            high: natural(self.log.value + reach),
            is_share,
        }
    }

    fn compared(&self, name: &str) -> ComparedParameters {
        let variance = self.error * self.error + self.log.error * self.log.error;
        ComparedParameters {
            name: name.to_owned(),
            difference: vec![self.log.value - self.scenario],
            covariance: SymmetricMatrix::from_entries(1, |_, _| variance),
        }
    }
}

/// All that both know, `own` being what the scenario was estimated from.
pub(super) fn candidates(
    centre: &Centre,
    log: &FittedParameters,
    own: Option<&FittedParameters>,
) -> Vec<Suspect> {
    let own = own.cloned().unwrap_or_default();
    let mut all = Vec::new();
    all.extend(patience(centre, log.patience.as_ref(), own.patience.as_ref()));
    all.extend(silent(centre, log.patience.as_ref(), own.patience.as_ref()));
    let told_apart = log.interruptions.as_ref().is_some_and(|found| found.is_told_apart);
    for found in &log.work {
        let of_fit = own.work.iter().find(|work| work.skill == found.skill);
        all.extend(work(centre, found, of_fit.map_or(0.0, |work| work.mean.error), told_apart));
    }
    let interrupted = log.interruptions.as_ref();
    all.extend(interrupted.and_then(|it| interruptions(centre, it, own.interruptions.as_ref())));
    if let (Some(found), Some(scenario)) = (&log.think, scenario_values::think(centre)) {
        let error = own.think.as_ref().map_or(0.0, |law| law.mean().error);
        let compared = times("think time, mean", &scenario, found.mean(), error);
        let change = times_change(&scenario, found.mean(), Some(found.law()));
        let changes = ParameterChanges { think: Some(change), ..ParameterChanges::default() };
        all.push(candidate(SuspectKind::Think, "", &compared, changes));
    }
    if let (Some(found), Some(share)) = (log.last_answer, scenario_values::last_answer(centre))
        && share < 1.0
    {
        let error = own.last_answer.map_or(0.0, |share| share.error);
        let name = "probability that an answer is the last";
        let compared = WithErrors { name, scenario: log_odds(share), error, log: found };
        let moved = found.value - log_odds(share);
        let changes =
            ParameterChanges { last_answer_log_odds: moved, ..ParameterChanges::default() };
        all.push(Suspect {
            kind: SuspectKind::LastAnswer,
            values: vec![compared.value("", share_of, true)],
            compared: compared.compared("turns"),
            changes,
        });
    }
    all
}

fn share_of(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

fn times(name: &'static str, scenario: &CommonMean, log: ValueWithError, error: f64) -> WithErrors {
    WithErrors { name, scenario: libm::log(scenario.mean), error, log }
}

/// What brings times of a scenario to those of the log.
fn times_change(
    scenario: &CommonMean,
    log: ValueWithError,
    law: Option<crate::estimation::Law>,
) -> TimesChange {
    match law.filter(|_| scenario.are_alike) {
        Some(law) => TimesChange::To(law),
        None => TimesChange::Factor(libm::exp(log.value) / scenario.mean),
    }
}

fn candidate(
    kind: SuspectKind,
    of: &str,
    compared: &WithErrors,
    changes: ParameterChanges,
) -> Suspect {
    let name = kind.name();
    let values = vec![compared.value(of, libm::exp, false)];
    Suspect { kind, values, compared: compared.compared(&name), changes }
}

impl SuspectKind {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Patience => "patience".to_owned(),
            Self::SilentShare => "silent share".to_owned(),
            Self::Work(skill) if skill.is_empty() => "work of a reply".to_owned(),
            Self::Work(skill) => format!("work of a reply about {skill}"),
            Self::Interruptions => "interruptions".to_owned(),
            Self::Think => "think time".to_owned(),
            Self::LastAnswer => "turns".to_owned(),
        }
    }
}

fn patience(
    centre: &Centre,
    log: Option<&FittedPatience>,
    own: Option<&FittedPatience>,
) -> Option<Suspect> {
    let (found, scenario) = (log?, scenario_values::patience(centre)?);
    let error = own.map_or(0.0, |own| own.mean().error);
    let compared = times("patience, mean", &scenario, found.mean(), error);
    let change = times_change(&scenario, found.mean(), found.law());
    let changes = ParameterChanges { patience: Some(change), ..ParameterChanges::default() };
    Some(candidate(SuspectKind::Patience, "", &compared, changes))
}

fn silent(
    centre: &Centre,
    log: Option<&FittedPatience>,
    own: Option<&FittedPatience>,
) -> Option<Suspect> {
    let (found, share) = (log?.silent()?, scenario_values::silent_share(centre)?);
    let scenario = log_odds(share.clamp(1e-3, 1.0 - 1e-3));
    let error = own.and_then(FittedPatience::silent).map_or(0.0, |own| own.error);
    let compared = WithErrors { name: "silent share", scenario, error, log: found };
    let silent_log_odds = found.value - scenario;
    Some(Suspect {
        kind: SuspectKind::SilentShare,
        values: vec![compared.value("", share_of, true)],
        compared: compared.compared("silent share"),
        changes: ParameterChanges { silent_log_odds, ..ParameterChanges::default() },
    })
}

fn work(centre: &Centre, found: &FittedWork, error: f64, told_apart: bool) -> Option<Suspect> {
    let position = centre.skills.iter().position(|skill| *skill == found.skill);
    let position = position.or_else(|| (centre.skills.len() == 1).then_some(0))?;
    let own = scenario_values::work(centre, SkillId(position as u16))?;
    // Where they are not told apart, gaps hold interruptions too.
    let InterruptionMeans { every, length } = scenario_values::interruptions(centre);
    let longer = if told_apart { 1.0 } else { 1.0 + length / every };
    let shown = CommonMean { mean: own.mean * longer, ..own };
    let of = if centre.skills.len() == 1 { String::new() } else { found.skill.clone() };
    let compared = times("work of a reply, mean", &shown, found.mean, error);
    let law = found.law.filter(|_| longer == 1.0);
    let change = times_change(&shown, found.mean, law);
    let work = vec![WorkChange { skill: Some(found.skill.clone()), change }];
    let changes = ParameterChanges { work, ..ParameterChanges::default() };
    Some(candidate(SuspectKind::Work(of.clone()), &of, &compared, changes))
}

fn interruptions(
    centre: &Centre,
    found: &FittedInterruptions,
    own: Option<&FittedInterruptions>,
) -> Option<Suspect> {
    let InterruptionMeans { every, length } = scenario_values::interruptions(centre);
    let place = &found.maximum.parameters;
    let (to_every, to_length) = (libm::exp(-place[0]), libm::exp(place[1]));
    let kind = SuspectKind::Interruptions;
    let alike = scenario_values::are_interrupted_alike(centre);
    let change = match alike {
        true => InterruptionsChange::To { every: to_every, length: to_length },
        false => {
            InterruptionsChange::Factors { every: to_every / every, length: to_length / length }
        }
    };
    let changes = ParameterChanges { interruptions: Some(change), ..ParameterChanges::default() };
    let error = |number: usize| own.map_or(0.0, |own| own.maximum.standard_error(number));
    let of_log = |number: usize, sign: f64| ValueWithError {
        value: sign * place[number],
        error: found.maximum.standard_error(number),
    };
    let name = "time between interruptions, mean";
    let between =
        WithErrors { name, scenario: libm::log(every), error: error(0), log: of_log(0, -1.0) };
    let name = "length of an interruption, mean";
    let lasting =
        WithErrors { name, scenario: libm::log(length), error: error(1), log: of_log(1, 1.0) };
    let values = [&between, &lasting].map(|it| it.value("", libm::exp, false)).to_vec();
    let compared = if every.is_finite() {
        let difference =
            vec![-(between.log.value - between.scenario), lasting.log.value - lasting.scenario];
        let covariance = SymmetricMatrix::from_entries(2, |i, j| {
            let of_fit = own.map_or(0.0, |own| own.maximum.covariance.entry(i, j));
            found.maximum.covariance.entry(i, j) + of_fit
        });
        ComparedParameters { name: kind.name(), difference, covariance }
    } else {
        // Against none the likelihood tells, as there is no rate to compare with.
        let difference = vec![libm::sqrt(2.0 * found.gain.max(0.0))];
        let covariance = SymmetricMatrix::from_entries(1, |_, _| 1.0);
        ComparedParameters { name: kind.name(), difference, covariance }
    };
    Some(Suspect { kind, values, compared, changes })
}

/// Changes drawn for all parameters, but not for this.
pub(super) fn without(changes: &ParameterChanges, kind: &SuspectKind) -> ParameterChanges {
    let mut others = changes.clone();
    match kind {
        SuspectKind::Patience => others.patience = None,
        SuspectKind::SilentShare => others.silent_log_odds = 0.0,
        SuspectKind::Work(skill) => {
            let is_it = |work: &WorkChange| skill.is_empty() || work.skill.as_ref() == Some(skill);
            others.work.retain(|work| !is_it(work));
        }
        SuspectKind::Interruptions => others.interruptions = None,
        SuspectKind::Think => others.think = None,
        SuspectKind::LastAnswer => others.last_answer_log_odds = 0.0,
    }
    others
}

//! A centre with other parameters.

use crate::base::distribution::Distribution;
use crate::base::ids::SkillId;
use crate::estimation::Law;
use crate::fitting::{InterruptionsChange, ParameterChanges, TimesChange, WorkChange, log_odds};
use crate::model::settings::{Absence, Centre, Episode, Trigger, Turns};

/// The same centre with these changes.
pub(super) fn changed(centre: &Centre, changes: &ParameterChanges) -> Centre {
    let mut centre = centre.clone();
    for kind in &mut centre.kinds {
        if let (Some(change), Some(first)) = (&changes.patience, &kind.patience.first) {
            kind.patience.first = Some(changed_times(first, change));
        }
        if kind.silent_share > 0.0 && kind.silent_share < 1.0 {
            kind.silent_share = moved(kind.silent_share, changes.silent_log_odds);
        }
        if let Some(change) = &changes.think {
            kind.think = changed_times(&kind.think, change);
        }
        if let Turns::Geometric(share) = kind.messages
            && share < 1.0
        {
            kind.messages = Turns::Geometric(moved(share, changes.last_answer_log_odds));
        }
    }
    changes.work.iter().for_each(|change| change_work(&mut centre, change));
    if let Some(change) = changes.interruptions {
        change_interruptions(&mut centre, change);
    }
    centre
}

fn moved(share: f64, by: f64) -> f64 {
    if by == 0.0 { share } else { 1.0 / (1.0 + libm::exp(-(log_odds(share) + by))) }
}

/// What was estimated is replaced where the scenario has it; what its author has changed keeps its form.
fn changed_times(times: &Distribution, change: &TimesChange) -> Distribution {
    let scaled = |factor: f64| match factor.is_finite() && factor > 0.0 {
        true => times.scaled(factor),
        false => times.clone(),
    };
    match *change {
        TimesChange::Factor(factor) => scaled(factor),
        TimesChange::To(law) => law.distribution().unwrap_or_else(|_| times.clone()),
        TimesChange::Law { from, to } => match to.distribution() {
            Ok(drawn) if is_of(times, &from) => drawn,
            _ => scaled(to.mean() / from.mean()),
        },
    }
}

/// Whether a distribution is a law, as far as its written digits tell.
fn is_of(times: &Distribution, law: &Law) -> bool {
    let Ok(own) = law.distribution() else { return false };
    let is_near = |one: f64, other: f64| (one - other).abs() <= 0.005 * other.abs();
    let is_kind = std::mem::discriminant(times) == std::mem::discriminant(&own);
    is_kind && is_near(times.mean(), own.mean()) && is_near(times.cv(), own.cv())
}

fn change_work(centre: &mut Centre, WorkChange { skill, change }: &WorkChange) {
    let number = skill.as_ref().and_then(|name| centre.skills.iter().position(|it| it == name));
    let is_only = centre.skills.len() == 1;
    if skill.is_some() && number.is_none() && !is_only {
        return;
    }
    let meant = number.map(|number| SkillId(number as u16)).filter(|_| !is_only);
    let is_meant = |skill: SkillId| meant.is_none_or(|meant| meant == skill);
    for (number, settings) in centre.skill_settings.iter_mut().enumerate() {
        if let Some(work) =
            settings.reply_time.as_mut().filter(|_| is_meant(SkillId(number as u16)))
        {
            *work = changed_times(work, change);
        }
    }
    for group in &mut centre.groups {
        for (skill, work) in &mut group.reply_time_by_skill {
            if is_meant(*skill) {
                *work = changed_times(work, change);
            }
        }
        let Some(meant) = meant else {
            group.reply_time = changed_times(&group.reply_time, change);
            continue;
        };
        // The group's own work is that of the skill if nothing else says it.
        let of_skill = centre.skill_settings.get(usize::from(meant.0));
        let has_own = group.reply_time_by_skill.iter().any(|(skill, _)| *skill == meant)
            || of_skill.is_some_and(|settings| settings.reply_time.is_some());
        if !has_own && group.skills.contains(&meant) {
            let work = changed_times(&group.reply_time, change);
            group.reply_time_by_skill.push((meant, work));
            group.reply_time_by_skill.sort_by_key(|(skill, _)| *skill);
        }
    }
}

fn change_interruptions(centre: &mut Centre, change: InterruptionsChange) {
    for group in &mut centre.groups {
        let is_random = |it: &Episode| {
            it.absence == Absence::Interruption && matches!(it.trigger, Trigger::Every(_))
        };
        match change {
            InterruptionsChange::Factors { every, length } => {
                for episode in group.episodes.iter_mut().filter(|episode| is_random(episode)) {
                    if let Trigger::Every(between) = &mut episode.trigger {
                        *between = changed_times(between, &TimesChange::Factor(every));
                    }
                    episode.length = changed_times(&episode.length, &TimesChange::Factor(length));
                }
            }
            InterruptionsChange::To { every, length } => {
                group.episodes.retain(|episode| !is_random(episode));
                if let (Ok(every), Ok(length)) =
                    (Distribution::exponential(every), Distribution::exponential(length))
                {
                    let trigger = Trigger::Every(every);
                    group.episodes.push(Episode {
                        absence: Absence::Interruption,
                        trigger,
                        length,
                    });
                }
            }
        }
    }
}

//! Parameters of a scenario as a log would tell them.

use crate::base::distribution::Distribution;
use crate::base::ids::SkillId;
use crate::model::settings::{Absence, Centre, Episode, Trigger, Turns};

/// Interruptions of all agents together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct InterruptionMeans {
    /// Mean time between them, seconds; infinite if there are none.
    pub(super) every: f64,
    /// Mean length, seconds.
    pub(super) length: f64,
}

/// A mean over parts of a scenario, and whether they are all alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CommonMean {
    pub(super) mean: f64,
    pub(super) are_alike: bool,
}

/// The mean of weighted distributions; none of none.
fn common(parts: &[(f64, &Distribution)]) -> Option<CommonMean> {
    let (_, first) = parts.first()?;
    let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let sum: f64 = parts.iter().map(|(weight, part)| weight * part.mean()).sum();
    let are_alike = parts.iter().all(|(_, part)| part == first);
    (weight > 0.0).then(|| CommonMean { mean: sum / weight, are_alike })
}

/// Patience for the first answer, seconds; none if somebody never leaves.
pub(super) fn patience(centre: &Centre) -> Option<CommonMean> {
    let parts = centre.kinds.iter().map(|kind| Some((1.0, kind.patience.first.as_ref()?)));
    common(&parts.collect::<Option<Vec<_>>>()?)
}

/// Think time, seconds.
pub(super) fn think(centre: &Centre) -> Option<CommonMean> {
    common(&Vec::from_iter(centre.kinds.iter().map(|kind| (1.0, &kind.think))))
}

/// The silent share, if all have the same.
pub(super) fn silent_share(centre: &Centre) -> Option<f64> {
    let first = centre.kinds.first()?.silent_share;
    centre.kinds.iter().all(|kind| kind.silent_share == first).then_some(first)
}

/// The probability that an answer is the last, if all have the same.
pub(super) fn last_answer(centre: &Centre) -> Option<f64> {
    let of = |turns: &Turns| match *turns {
        Turns::Geometric(share) => Some(share),
        Turns::Fixed(_) | Turns::Unlimited => None,
    };
    let first = of(&centre.kinds.first()?.messages)?;
    centre.kinds.iter().all(|kind| of(&kind.messages) == Some(first)).then_some(first)
}

/// Work of a reply about a skill, seconds.
pub(super) fn work(centre: &Centre, skill: SkillId) -> Option<CommonMean> {
    let of_skill = centre.skill_settings.get(usize::from(skill.0));
    let of_skill = of_skill.and_then(|settings| settings.reply_time.as_ref());
    let mut parts = Vec::new();
    for group in centre.groups.iter().filter(|group| group.skills.contains(&skill)) {
        let work = group.reply_time_for(skill, of_skill);
        parts.push((f64::from(group.count.max(1)), work));
    }
    let all = common(&parts)?;
    // Those with a speed of their own take another part of the time.
    let members = centre.groups.iter().filter(|group| group.skills.contains(&skill));
    let speeds = members.flat_map(|group| (0..group.count).map(|member| group.speed_of(member)));
    let inverse = Vec::from_iter(speeds.map(|speed| 1.0 / speed));
    let slower = match inverse.len() {
        0 => 1.0,
        count => inverse.iter().sum::<f64>() / count as f64,
    };
    let are_alike = all.are_alike && slower == 1.0;
    Some(CommonMean { mean: all.mean * slower, are_alike })
}

/// Interruptions at random.
pub(super) fn interruptions(centre: &Centre) -> InterruptionMeans {
    let (mut agents, mut rate, mut time) = (0.0, 0.0, 0.0);
    for group in &centre.groups {
        let count = f64::from(group.count);
        agents += count;
        for Episode { absence, trigger, length } in &group.episodes {
            if let (Absence::Interruption, Trigger::Every(every)) = (absence, trigger) {
                rate += count / every.mean();
                time += count * length.mean() / every.mean();
            }
        }
    }
    let length = if rate > 0.0 { time / rate } else { 0.0 };
    InterruptionMeans { every: agents / rate, length }
}

/// Whether all groups are interrupted alike.
pub(super) fn are_interrupted_alike(centre: &Centre) -> bool {
    let of = |episodes: &[Episode]| {
        let random = |episode: &&Episode| {
            episode.absence == Absence::Interruption && matches!(episode.trigger, Trigger::Every(_))
        };
        Vec::from_iter(episodes.iter().filter(random).cloned())
    };
    let mut groups = centre.groups.iter().map(|group| of(&group.episodes));
    let first = groups.next().unwrap_or_default();
    groups.all(|others| others == first)
}

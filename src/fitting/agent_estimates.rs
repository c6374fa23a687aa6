//! What agents do besides writing: absences, lost connections, late logouts; and how fast each is.

use crate::base::time::Span;
use crate::estimation::{
    AbsenceEstimate, AgentReplies, DurationBins, Family, GroupWork, LatenessEstimate,
};

use super::log_samples::LogSamples;

/// Absences and speeds of the agents of a log.
#[derive(Clone, Debug, Default)]
pub struct AgentEstimates {
    /// Times Away by number of their reason.
    pub absences: Vec<AbsenceOfReason>,
    /// Lost connections.
    pub disconnects: Option<AbsenceEstimate>,
    /// How late shifts end.
    pub lateness: Option<LatenessEstimate>,
    /// How fast agents are; none of fewer than two.
    pub speeds: Option<GroupWork>,
}

/// Times Away for one reason.
#[derive(Clone, Debug)]
pub struct AbsenceOfReason {
    /// Number of the reason; none where the log gives none.
    pub reason: Option<usize>,
    /// How often, and how long.
    pub estimate: AbsenceEstimate,
}

/// How long absences last.
const FAMILIES: [Family; 3] = [Family::Exponential, Family::Gamma, Family::Lognormal];
/// Logouts within this are on time.
const ON_TIME: Span = Span::from_secs(60);
/// Answers that are needed to know the speed of an agent.
const FEW: u64 = 30;

impl AgentEstimates {
    pub(super) fn of(samples: &LogSamples, names: &dyn Fn(usize) -> String) -> Self {
        let online = samples.agents.values().map(|agent| agent.online).sum::<Span>();
        let absences = samples.away.iter().filter_map(|(&reason, lengths)| {
            let estimate = AbsenceEstimate::of(lengths, online, &FAMILIES)?;
            Some(AbsenceOfReason { reason, estimate })
        });
        let disconnects = Some(&samples.disconnects).filter(|lengths| lengths.ended() > 0);
        let disconnects = disconnects.and_then(|it| AbsenceEstimate::of(it, online, &FAMILIES));
        let skills = samples.agents.values().flat_map(|agent| agent.replies.keys());
        let skills = std::collections::BTreeSet::from_iter(skills);
        let none = DurationBins::of_ticks(samples.tick);
        let known = samples.agents.iter().filter(|(_, own)| own.answers() >= FEW);
        let known = known.map(|(agent, own)| {
            let of_skill = skills.iter().map(|skill| own.replies.get(skill).unwrap_or(&none));
            AgentReplies { name: names(agent.0 as usize), replies: of_skill.cloned().collect() }
        });
        let known = Vec::from_iter(known);
        let speeds = (known.len() > 1).then(|| GroupWork::of(&known, &[Family::Lognormal]));
        Self {
            absences: absences.collect(),
            disconnects,
            lateness: LatenessEstimate::of(&samples.late_logouts, ON_TIME, &FAMILIES),
            speeds: speeds.flatten(),
        }
    }
}

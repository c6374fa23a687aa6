//! What faults do to the system and when. The load generator sends each action at its instant; the
//! fault injector of the shard carries it out.

use std::ops::Range;

use crate::base::ids::{AgentId, ConversationId, GroupId};
use crate::base::stream::{Purpose, Streams, uniform};
use crate::base::time::Span;
use crate::model::settings::Centre;
use crate::scenario::stress::{Death, Fault, FaultStep, Victims, Whom};

use super::clock::Moment;

/// A part of a fault that strikes one shard at one instant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FaultAction {
    pub(super) at: Moment,
    pub(super) shard: usize,
    pub(super) effect: FaultEffect,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FaultEffect {
    /// The router stands still.
    Stall(Span),
    /// The router stands still with a full mailbox.
    Fill(Span),
    /// The clock stands still.
    StopClock(Span),
    /// An agent is told so many times what changes nothing.
    Refresh(AgentId, u64),
    /// Something happens to agents.
    AffectAgents(Vec<AgentId>, AgentEffect),
    /// The actors of consumers die.
    Kill(ConsumerDraw, Death),
    /// The thread stops.
    StopThread,
}

/// Consumers, drawn by the names of their conversations.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ConsumerDraw {
    /// Names the draw.
    fault: u64,
    /// Those whose draw, from 0 to 1, lies in here.
    drawn: Range<f64>,
}

impl ConsumerDraw {
    pub(super) fn strikes(&self, streams: &Streams, id: ConversationId) -> bool {
        let mut stream = streams.stream(Purpose::Fault, id.stream_key(), self.fault);
        self.drawn.contains(&uniform(&mut stream))
    }
}

/// What happens to agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AgentEffect {
    LogOut,
    LogIn,
    Die(Death),
}

/// All actions of all faults. Who is struck and when is drawn with the streams of each shard. Floods
/// are no actions: they are arrivals.
pub(super) fn plan_faults(faults: &[FaultStep], shards: &[(&Centre, Streams)]) -> Vec<FaultAction> {
    let mut actions = Vec::new();
    for (number, step) in (0..).zip(faults) {
        for (shard, &(centre, streams)) in shards.iter().enumerate() {
            let effects = effects(step, number, |whom| struck(centre, streams, number, whom));
            actions.extend(effects.into_iter().map(|(after, effect)| {
                let at = Moment::after(step.at + after);
                FaultAction { at, shard, effect }
            }));
        }
        if let Fault::StopShards(count) = step.fault {
            actions.extend(stops(step, number, count, shards));
        }
    }
    actions
}

/// Threads of so many shards, or of all if there are fewer, stop.
fn stops(
    step: &FaultStep,
    number: u64,
    count: u32,
    shards: &[(&Centre, Streams)],
) -> impl Iterator<Item = FaultAction> {
    let drawn = shards.iter().enumerate().map(|(shard, (_, streams))| {
        let mut stream = streams.stream(Purpose::Fault, THE_SHARD, number);
        (uniform(&mut stream), shard, uniform(&mut stream))
    });
    let mut drawn = Vec::from_iter(drawn);
    drawn.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    drawn.truncate(count as usize);
    drawn.into_iter().map(|(_, shard, part)| {
        let at = Moment::after(step.at + part_of(step.over, part));
        FaultAction { at, shard, effect: FaultEffect::StopThread }
    })
}

/// What a fault does to one shard, and how long after its beginning. `number` tells it from others.
fn effects(
    step: &FaultStep,
    number: u64,
    struck: impl Fn(Whom) -> Vec<(AgentId, f64)>,
) -> Vec<(Span, FaultEffect)> {
    let over = step.over;
    let affect = |whom, effect| {
        let struck = struck(whom).into_iter();
        if over.is_zero() {
            let all = struck.map(|(agent, _)| agent).collect();
            return vec![(Span::ZERO, FaultEffect::AffectAgents(all, effect))];
        }
        let each = struck.map(|(agent, part)| {
            (part_of(over, part), FaultEffect::AffectAgents(vec![agent], effect))
        });
        each.collect()
    };
    match step.fault {
        Fault::Flood(_) | Fault::StopShards(_) => Vec::new(),
        Fault::Stall => vec![(Span::ZERO, FaultEffect::Stall(over))],
        Fault::MailboxFull => vec![(Span::ZERO, FaultEffect::Fill(over))],
        Fault::ClockStall => vec![(Span::ZERO, FaultEffect::StopClock(over))],
        Fault::HotAgent(group, messages) => {
            let agents = struck(Whom { group, share: 1.0 }).into_iter();
            let Some((agent, _)) = agents.min_by(|(_, one), (_, other)| one.total_cmp(other))
            else {
                return Vec::new();
            };
            let stretches = stretches(over);
            let until = |stretch| messages * u64::from(stretch) / u64::from(stretches);
            let refresh = |stretch| {
                let effect = FaultEffect::Refresh(agent, until(stretch + 1) - until(stretch));
                (part_of(over, part(stretch, stretches)), effect)
            };
            (0..stretches).map(refresh).collect()
        }
        Fault::LogOut(whom) => affect(whom, AgentEffect::LogOut),
        Fault::LogIn(whom) => affect(whom, AgentEffect::LogIn),
        Fault::Die(Victims::Agents(whom), death) => affect(whom, AgentEffect::Die(death)),
        Fault::Die(Victims::Consumers(share), death) => {
            let stretches = stretches(over);
            let kill = |stretch| {
                let (from, to) = (part(stretch, stretches), part(stretch + 1, stretches));
                let drawn = share * from..share * to;
                (
                    part_of(over, from),
                    FaultEffect::Kill(ConsumerDraw { fault: number, drawn }, death),
                )
            };
            (0..stretches).map(kill).collect()
        }
        Fault::Flap(whom, times) => {
            let flaps = struck(whom).into_iter().flat_map(|(agent, part)| {
                (0..times).flat_map(move |time| {
                    let (out, back) = flap(over, times, time, part);
                    let effect = |what| FaultEffect::AffectAgents(vec![agent], what);
                    [(out, effect(AgentEffect::LogOut)), (back, effect(AgentEffect::LogIn))]
                })
            });
            flaps.collect()
        }
    }
}

/// How many equal stretches a time is cut into, of which each is struck at once.
fn stretches(over: Span) -> u32 {
    (over.as_micros() / STRETCH.as_micros()).clamp(1, 1000) as u32
}

fn part(stretch: u32, of: u32) -> f64 {
    f64::from(stretch) / f64::from(of)
}

/// When an agent that flaps is logged out for the n-th time, and let in again: each time has its
/// stretch, of which half is spent logged out.
fn flap(over: Span, times: u32, time: u32, part: f64) -> (Span, Span) {
    let stretch = 1.0 / f64::from(times);
    let out = (f64::from(time) + part / 2.0) * stretch;
    (part_of(over, out), part_of(over, out + stretch / 2.0))
}

fn part_of(whole: Span, part: f64) -> Span {
    Span::from_secs_f64(whole.as_secs_f64() * part)
}

/// Who is struck, in order, and at which part of the fault's length.
fn struck(centre: &Centre, streams: Streams, fault: u64, whom: Whom) -> Vec<(AgentId, f64)> {
    let is_meant = |of: GroupId| whom.group.is_none_or(|group| group == of);
    let agents = (0..).map(AgentId).zip(centre.agents());
    let agents = agents.filter(|(_, (group, _))| is_meant(*group)).map(|(agent, _)| {
        let mut stream = streams.stream(Purpose::Fault, u64::from(agent.0), fault);
        (uniform(&mut stream), agent, uniform(&mut stream))
    });
    let mut agents = Vec::from_iter(agents);
    agents.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    agents.truncate(libm::round(whom.share * agents.len() as f64) as usize);
    agents.sort_by_key(|&(_, agent, _)| agent);
    agents.into_iter().map(|(_, agent, part)| (agent, part)).collect()
}

/// Names the draw of a shard among those of its agents.
const THE_SHARD: u64 = u64::MAX;
/// The shortest stretch.
const STRETCH: Span = Span::from_micros(10_000);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::ids::KindId;

    fn centre() -> Centre {
        let text = "agents.chat = { count = 30 }\nagents.mail = { count = 10 }\n\
                    consumers.web.arrivals = '60/h'";
        let source = crate::scenario::Source { name: String::new(), text: text.to_owned() };
        let scenario = crate::scenario::parse(source, "").unwrap();
        scenario.variants[0].plan.centre.clone()
    }

    #[test]
    fn a_share_of_a_group_is_struck_within_the_time_and_the_seed_says_who() {
        let centre = centre();
        let struck = |seed, group, share| {
            let whom = Whom { group, share };
            let (at, over) = (Span::from_secs(2), Span::from_secs(60));
            let step = FaultStep { at, over, fault: Fault::LogOut(whom) };
            plan_faults(&[step], &[(&centre, Streams::new(seed, 0))])
        };
        let actions = struck(1, Some(GroupId(1)), 0.5);
        assert_eq!(actions.len(), 5);
        for FaultAction { at, effect, .. } in &actions {
            let FaultEffect::AffectAgents(agents, AgentEffect::LogOut) = effect else {
                panic!("{effect:?}")
            };
            assert!(agents[0] >= AgentId(30) && agents.len() == 1);
            assert!(*at >= Moment::after(Span::from_secs(2)));
            assert!(*at <= Moment::after(Span::from_secs(62)));
        }
        assert_eq!(actions, struck(1, Some(GroupId(1)), 0.5));
        assert_ne!(actions, struck(2, Some(GroupId(1)), 0.5));
        assert_eq!(struck(1, None, 1.0).len(), 40);
    }

    #[test]
    fn every_consumer_is_struck_once_at_most_and_its_share_of_the_time_says_when() {
        let (at, over) = (Span::from_secs(2), Span::from_secs(1));
        let fault = Fault::Die(Victims::Consumers(0.25), Death::Stop);
        let (centre, streams) = (centre(), Streams::new(7, 0));
        let actions = plan_faults(&[FaultStep { at, over, fault }], &[(&centre, streams)]);
        let draws = actions.iter().map(|action| match &action.effect {
            FaultEffect::Kill(draw, Death::Stop) => draw,
            other => panic!("{other:?}"),
        });
        let draws = Vec::from_iter(draws);
        let consumers = (0..4_000).map(|number| ConversationId::new(KindId(0), number, 0));
        let struck = consumers.map(|id| {
            let mut struck = draws.iter().filter(|draw| draw.strikes(&streams, id));
            (struck.next().is_some(), struck.next())
        });
        let struck = Vec::from_iter(struck);
        assert!(struck.iter().all(|(_, again)| again.is_none()));
        let share = struck.iter().filter(|(once, _)| *once).count();
        assert!((900..1_100).contains(&share), "{share} of 4000");
        let (first, last) = (actions[0].at, actions[99].at);
        assert_eq!((actions.len(), first), (100, Moment::after(at)));
        assert_eq!(last, Moment::after(at + Span::from_micros(990_000)));
    }

    #[test]
    fn as_many_shards_stop_as_the_fault_says_and_the_seed_says_which() {
        let (at, over) = (Span::from_secs(2), Span::from_secs(1));
        let centre = centre();
        let stopped = |seed, count| {
            let shards = Vec::from_iter((0..8).map(|shard| (&centre, Streams::new(seed, shard))));
            let actions =
                plan_faults(&[FaultStep { at, over, fault: Fault::StopShards(count) }], &shards);
            assert!(actions.iter().all(|action| action.effect == FaultEffect::StopThread));
            BTreeSet::from_iter(actions.iter().map(|action| action.shard))
        };
        assert_eq!((stopped(1, 3).len(), stopped(1, 100).len()), (3, 8));
        assert_eq!(stopped(1, 3), stopped(1, 3));
        assert!((2..9).any(|seed| stopped(seed, 3) != stopped(1, 3)));
    }

    #[test]
    fn whoever_flaps_is_let_in_before_the_next_logout() {
        let over = Span::from_secs(10);
        let all = (0..5).flat_map(|time| {
            let (out, back) = flap(over, 5, time, 0.9);
            [out, back]
        });
        let all = Vec::from_iter(all);
        assert!(all.is_sorted_by(|one, next| one < next) && all[9] <= over, "{all:?}");
    }
}

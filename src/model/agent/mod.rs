//! An agent: comes and goes (`presence`), answers what it owns (`work`), and in pull mode takes
//! what it wants (`pull`).

mod absence_states;
mod absentees;
mod answering_speed;
mod end_of_shift;
mod episodes;
mod planned;
mod presence;
mod pull;
mod roster;
mod session;
mod slowdown;
mod turn_end;
mod work;
mod workload;

use std::sync::Arc;

use crate::base::distribution::Distribution;
use crate::base::ids::{AgentId, ConversationKey, GroupId};
use crate::base::stream::{Purpose, Streams};
use crate::base::time::{Span, Time};

use super::behaviour::{Behaviour, Outbox};
use super::event::{AgentState, Event};
use super::message::{Act, AgentMessage, AgentTimer, RouterMessage, Timer};
use super::settings::{AgentGroup, Centre};

use absentees::Absentees;
use presence::Presence;
use workload::Workload;

/// What all agents of a replication share.
#[derive(Debug)]
pub struct AgentContext {
    centre: Arc<Centre>,
    streams: Streams,
    /// By group.
    absentees: Vec<Option<Absentees>>,
}

impl AgentContext {
    /// The agents of a centre under the streams of one replication.
    pub fn new(centre: Arc<Centre>, streams: Streams) -> Self {
        let firsts = centre.groups.iter().scan(0, |next, group| {
            let first = *next;
            *next += group.count;
            Some((AgentId(first), group))
        });
        let absentees = firsts.map(|(first, group)| Absentees::draw(group, first, &streams));
        Self { absentees: absentees.collect(), streams, centre }
    }

    /// All agents of the centre, in order, each offline until it is told to start.
    pub fn agents(self) -> Vec<Agent> {
        let context = Arc::new(self);
        let mut members = vec![0; context.centre.groups.len()];
        let groups: Vec<GroupId> = context.centre.agents().map(|(group, _)| group).collect();
        groups
            .into_iter()
            .enumerate()
            .map(|(position, group)| {
                let member = members[usize::from(group.0)];
                members[usize::from(group.0)] += 1;
                Agent::new(Arc::clone(&context), AgentId(position as u32), group, member)
            })
            .collect()
    }
}

/// An agent.
#[derive(Debug)]
pub struct Agent {
    context: Arc<AgentContext>,
    id: AgentId,
    group: GroupId,
    /// What its random draws are named by.
    stream_key: u64,
    presence: Presence,
    workload: Workload,
    /// Looks at the queue so far (pull mode).
    looks: u32,
    /// What it is about to claim (pull mode).
    candidate: Option<ConversationKey>,
}

impl Agent {
    /// `member` counts the agents of the group.
    fn new(context: Arc<AgentContext>, id: AgentId, group: GroupId, member: u32) -> Self {
        let episodes = context.centre.groups[usize::from(group.0)].episodes.len();
        let presence = Presence::new(member, episodes);
        let (workload, looks, candidate) = (Workload::default(), 0, None);
        let stream_key = context.centre.stream_key(id);
        Self { context, id, group, stream_key, presence, workload, looks, candidate }
    }

    /// Its name.
    pub fn id(&self) -> AgentId {
        self.id
    }

    fn group(&self) -> &AgentGroup {
        &self.context.centre.groups[usize::from(self.group.0)]
    }

    /// A time drawn by the agent.
    fn draw(&self, purpose: Purpose, index: u64, distribution: &Distribution) -> Span {
        let mut stream = self.context.streams.stream(purpose, self.stream_key, index);
        distribution.span(&mut stream)
    }

    fn remind(&self, due: Time, timer: AgentTimer, outbox: &mut Outbox) {
        outbox.at(due, Timer::Agent(self.id, timer));
    }

    /// An agent who is unresponsive, Away or Offline does not answer; an Away agent does if
    /// `away.answers` says so.
    fn can_write(&self) -> bool {
        let goes_on = match self.presence.state() {
            AgentState::Online => true,
            AgentState::Away(_) => self.group().away_answers,
            AgentState::Offline => false,
        };
        goes_on && self.presence.is_responsive()
    }
}

impl Behaviour for Agent {
    type Message = AgentMessage;
    type Timer = AgentTimer;

    fn receive(&mut self, now: Time, message: AgentMessage, outbox: &mut Outbox) {
        match message {
            AgentMessage::Start => self.starts(now, outbox),
            AgentMessage::Restart => self.restarts(now, outbox),
            AgentMessage::LogOut => self.set_kept_out(now, true, outbox),
            AgentMessage::LogIn => self.set_kept_out(now, false, outbox),
            AgentMessage::Refresh => self.announces(now, outbox),
            AgentMessage::Rests(conversation) => self.workload.notes_resting(conversation),
            AgentMessage::Work(task) => self.gets_work(now, task, outbox),
            AgentMessage::Replied { conversation, answers_last, resolved } => {
                self.ends_reply(now, conversation, answers_last, resolved, outbox);
            }
            AgentMessage::Removed { conversation, taken, .. } => {
                self.loses(now, conversation, taken, outbox);
            }
            AgentMessage::Load { open } => self.notes_load(now, open, outbox),
            AgentMessage::SetAway { away_for } => self.goes_away(now, away_for, outbox),
            AgentMessage::Saw { conversation } => self.saw(now, conversation, outbox),
            AgentMessage::Notified { conversation, epoch } => {
                let (agent, act) = (self.id, Act::TakeUp);
                outbox.router(RouterMessage::Act { agent, conversation, epoch, act });
            }
        }
    }

    fn due(&mut self, now: Time, timer: AgentTimer, outbox: &mut Outbox) {
        match timer {
            AgentTimer::Done { generation, .. } => self.finishes(now, generation, outbox),
            AgentTimer::WrapUpDone { generation } => self.ends_wrap_up(now, generation, outbox),
            AgentTimer::Shift => self.shift_changes(now, outbox),
            AgentTimer::Leaves { shift } => self.comes_to_leave(now, shift, outbox),
            AgentTimer::MustGo { shift } => self.goes_at_latest(now, shift, outbox),
            AgentTimer::EpisodeBegins { episode, generation } => {
                self.episode_begins(now, episode, generation, outbox);
            }
            AgentTimer::EpisodeEnds { episode, generation } => {
                self.episode_ends(now, episode, generation, outbox);
            }
            AgentTimer::SessionTimeout { episode, generation } => {
                self.session_times_out(now, episode, generation, outbox);
            }
            AgentTimer::SetAwayEnds { generation } => self.set_away_ends(now, generation, outbox),
            AgentTimer::Look { login } => self.looks(login, now, outbox),
            AgentTimer::Claim { login } => self.claims(login, now, outbox),
            AgentTimer::CancelManualSla { answer } => self.cancels_manual_sla(answer, outbox),
        }
    }
}

/// Records a two-valued fact about the agent when it changes.
fn note_change(known: &mut bool, value: bool, event: Event, outbox: &mut Outbox) {
    if std::mem::replace(known, value) != value {
        outbox.record(event);
    }
}

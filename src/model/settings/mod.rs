//! What the planner decided: the settings of the centre as values, complete and valid.
//!
//! `scenario` builds them from a scenario file; nothing here is optional that the rules need, and
//! nothing is checked again. Names are those of the scenario file.

use serde::{Deserialize, Serialize};

use crate::base::distribution::Distribution;
use crate::base::ids::{GroupId, SkillId};
use crate::base::time::Span;

pub use opening_hours::{OpeningHours, SkillHours};
pub use shifts::{
    Absence, AwayBefore, DailyInstants, END_OF_SHIFT_REASON, Episode, Finish, FinishPending,
    FinishWhen, ListedPlans, Roster, Shift, Trigger, WhenLate,
};
pub use shrinkage::{IntervalShares, Shrinkage, ShrinkageDay, ShrinkageInterval};

mod backlog;
mod named_agent;
mod opening_hours;
mod shifts;
mod shrinkage;

mod consumer_kind;
mod skill_settings;
mod turn_settings;
mod work_factors;

pub use named_agent::{GroupMember, NamedAgent, UniformPart};

pub use consumer_kind::{
    BacklogConversation, Burst, ConsumerKind, Patience, PatienceUntil, Recontacts, Returns, Turns,
};
pub use skill_settings::{QueueOrder, SkillLimits, SkillSettings, SkillTime};
pub use work_factors::{SkillFactors, WorkFactors};

pub use turn_settings::{
    BoomerangThen, GroupBoomerang, HandOver, HandOverMode, HandOverTo, ManualSla,
    OfflineAssignment, Parking, ReplyBoomerang,
};

/// The whole centre: rules, people and skills.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// How conversations find agents.
    pub routing: Routing,
    /// Automatic unassignment of unresponsive agents (S0).
    pub unassign: Unassign,
    /// Removal of ownership on logout (S2).
    pub remove_ownership: RemoveOwnership,
    /// Weight of idle conversations.
    pub capacity: Capacity,
    /// When agents resolve conversations (A13, A15).
    pub resolve: Resolve,
    /// When the platform closes conversations.
    pub auto_close: AutoClose,
    /// What becomes of a message after a close (A14).
    pub after_close: AfterClose,
    /// Names of the skills; [`SkillId`] counts them.
    pub skills: Vec<String>,
    /// What each skill has of its own (A16).
    pub skill_settings: Vec<SkillSettings>,
    /// Away reasons of all groups; [`crate::base::ids::ReasonId`] counts them. The first is
    /// always [`UNASSIGNED_REASON`]; a name stands for each kind that it is given to.
    pub reasons: Vec<AwayReason>,
    /// Groups of agents; [`GroupId`] counts them. Agents are numbered group by group.
    pub groups: Vec<AgentGroup>,
    /// Kinds of consumers; [`crate::base::ids::KindId`] counts them.
    pub kinds: Vec<ConsumerKind>,
}

/// Why an agent is Away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwayReason {
    /// What the platform shows.
    pub name: String,
    /// How it comes about.
    pub kind: AwayKind,
}

/// How it comes about that an agent is Away; the rules treat all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AwayKind {
    /// At a time of the day: breaks and planned episodes.
    Planned,
    /// At random.
    AtRandom,
    /// The platform took the agent out of service (D12).
    ByPlatform,
    /// Some time before the end of the shift.
    EndOfShift,
}

/// The away reason of an agent whom `unassign.on_unassign = "set_away"` took out of service.
pub const UNASSIGNED_REASON: &str = "Unassigned by the platform";

impl Centre {
    /// The group of each agent, by [`crate::base::ids::AgentId`].
    pub fn agents(&self) -> impl Iterator<Item = (GroupId, &AgentGroup)> {
        self.groups.iter().enumerate().flat_map(|(position, group)| {
            let members = usize::try_from(group.count).unwrap_or(usize::MAX);
            std::iter::repeat_n((GroupId(position as u16), group), members)
        })
    }
}

/// How conversations find agents (semantics: *Assignment*).
#[derive(Clone, Debug, PartialEq)]
pub struct Routing {
    /// Who acts: the router or the agents.
    pub mode: RoutingMode,
    /// Which of several eligible agents gets a conversation (push mode).
    pub choose: Choose,
    /// In which order.
    pub order: QueueOrder,
}

/// Who acts on the queue.
#[derive(Clone, Debug, PartialEq)]
pub enum RoutingMode {
    /// The router gives the queue's head to an eligible agent (S0).
    Push,
    /// Agents look at the "unowned" filter and claim (S2).
    Pull(Pull),
}

/// How agents pull.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull {
    /// Time between two looks at the queue.
    pub look_every: Distribution,
    /// Time from a look to the claim.
    pub decide: Distribution,
    /// Which conversation an agent goes for.
    pub pick: Pick,
}

/// Which conversation of the queue a pulling agent goes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The first in queue order.
    Head,
    /// Any, with equal probability.
    Random,
    /// The one whose next answer takes the least work: cherry-picking.
    Shortest,
}

/// Which eligible agent gets a conversation; ties by fewest slots in use, then the longest since the
/// last assignment, then id (D22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choose {
    /// Fewest slots in use.
    LeastLoaded,
    /// Longest without a change of its work.
    LongestIdle,
    /// The next after the agent chosen last, by id.
    RoundRobin,
    /// Fewest skills, so that specialists are used before generalists.
    FewestSkills,
}

/// Automatic unassignment (S0).
#[derive(Clone, Debug, PartialEq)]
pub struct Unassign {
    /// Whether the feature is on.
    pub enabled: bool,
    /// Timeout by state of the owner.
    pub timeout: Timeouts,
    /// Which message starts the clock (D1).
    pub clock: UnassignClock,
    /// Added to `now` when an agent returns to Online (D3).
    pub return_grace: Span,
    /// Which earlier owners are passed over (D10).
    pub exclude: Exclude,
    /// After this time an excluded agent may get the conversation again (D10).
    pub same_agent_after: Span,
    /// Beyond this many auto-unassigns a conversation goes first in the queue (D11).
    pub max_per_conversation: Option<u32>,
    /// What becomes of the agent (D12).
    pub on_unassign: OnUnassign,
}

/// A timeout for each agent state; `None` = off (D4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// While the owner is Online.
    pub online: Option<Span>,
    /// While the owner is Away, whatever the reason.
    pub away: Option<Span>,
    /// While the owner is Offline.
    pub offline: Option<Span>,
}

/// Which consumer message starts the unassign clock (D1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnassignClock {
    /// The last one: writing again moves the deadline.
    LastMessage,
    /// The first unanswered one.
    FirstUnanswered,
}

/// Which agents who lost it or gave it back are passed over (D10, D21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclude {
    /// The last one.
    Last,
    /// Nobody.
    None,
    /// All of them.
    AllPrevious,
}

/// What becomes of an agent whose conversation was auto-unassigned (D12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUnassign {
    /// Nothing: the agent keeps receiving work.
    Nothing,
    /// The agent is set Away until its interruption ends, or for this time if it had none.
    SetAway {
        /// Time Away of an agent that was not interrupted.
        away_for: Span,
    },
}

/// Removal of ownership on logout (S2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoveOwnership {
    /// Whether the feature is on.
    pub enabled: bool,
    /// Longest time from logout to removal; drawn uniformly in [0, within] once a logout.
    pub within: Span,
    /// What happens to work assigned to an agent after its logout (E4).
    pub late_assignment: LateAssignment,
}

/// What happens to work assigned to an agent after its logout (E4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateAssignment {
    /// It stays.
    Keep,
    /// It is removed as if the agent logged out at the assignment (B1).
    Remove,
}

/// Weight of idle conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// A Pending conversation idle this long weighs less; `None` = never.
    pub inactive_after: Option<Span>,
    /// What it then weighs.
    pub inactive_weight: SlotWeight,
}

/// A part of a slot, in thousandths: integer, so that sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotWeight(pub u32);

impl SlotWeight {
    /// One whole slot.
    pub const FULL: Self = Self(1000);
}

/// When agents resolve conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolve {
    /// With the reply to the consumer's last message (A13).
    WithLastReply,
    /// When nobody has written for this long, whether or not the consumer means to (A15).
    After(Span),
}

/// When the platform closes conversations in which nobody writes; `None` = never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutoClose {
    /// A New one of a consumer who has left silently, this long after the consumer's last message.
    pub new: Option<Span>,
    /// A Pending one, this long after the last message or act of the agent.
    pub pending: Option<Span>,
}

/// What becomes of a message after a close (A14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterClose {
    /// It opens a new conversation of the same client.
    #[default]
    New,
    /// The closed conversation is New again, with its owner if logged in.
    Reopen,
}

/// Agents who share parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentGroup {
    /// Name.
    pub name: String,
    /// Number of agents.
    pub count: u32,
    /// Those who have a name, by number within the group; none of others.
    pub named: Vec<NamedAgent>,
    /// Skills, ascending, at least one: all that its agents have.
    pub skills: Vec<SkillId>,
    /// Slots of each agent.
    pub concurrency: u32,
    /// One reply at a time, or every conversation by itself.
    pub attention: Attention,
    /// When they work.
    pub roster: Roster,
    /// Who of them is absent for the day; `None` = nobody.
    pub shrinkage: Option<Shrinkage>,
    /// How a shift ends.
    pub finish: Finish,
    /// Absences, in the order of the file.
    pub episodes: Vec<Episode>,
    /// A disconnected agent is logged out after this long (E12).
    pub session_timeout: Span,
    /// Whether an Away agent goes on with what it owns.
    pub away_answers: bool,
    /// Work of one answer, seconds.
    pub reply_time: Distribution,
    /// Work of one answer about a skill, seconds, where the group says so.
    pub reply_time_by_skill: Vec<(SkillId, Distribution)>,
    /// What of a skill each agent may have at a time.
    pub limits: SkillLimits,
    /// By how much an answer takes longer with 1, 2, … conversations open at the agent (D26); the
    /// first is 1, the last holds beyond the list. Empty = never.
    pub slowdown: Vec<f64>,
    /// Work after a conversation, seconds.
    pub wrap_up: Distribution,
    /// Parking (B7).
    pub parking: Option<Parking>,
    /// Boomerangs set with replies (B9).
    pub boomerang: GroupBoomerang,
    /// Use of the manual SLA (D5).
    pub manual_sla: Option<ManualSla>,
    /// Handing over instead of answering (A10, B6); shares add up to at most 1 with parking.
    pub hand_overs: Vec<HandOver>,
    /// Cost of one agent for one logged-in hour, for `optimize`.
    pub cost_per_hour: f64,
}

/// Whether an agent writes one reply at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// One at a time, the longest-waiting message first.
    Serial,
    /// Every conversation independently.
    Parallel,
}

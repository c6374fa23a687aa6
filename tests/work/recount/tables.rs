//! The tables behind the figures: conversations, records, and what lies between two records.

use std::collections::BTreeMap;
use std::rc::Rc;

use shiftstorm::scenario::Plan;

use super::clocks::SkillClocks;
use super::files::{Files, Line};

/// All tables of a run.
pub(crate) struct Tables {
    pub(crate) conversations: Vec<Conversation>,
    /// What lies between two records of a conversation.
    pub(crate) stays: Vec<Stay>,
    /// One a close of a conversation that counts.
    pub(crate) closes: Vec<Close>,
    /// Of conversations that count.
    pub(crate) skill_stays: Vec<SkillStay>,
    /// Replies to conversations that count.
    pub(crate) replies: Vec<Reply>,
    /// Auto-unassigns and ownership removals of conversations that count.
    pub(crate) removals: Vec<Removal>,
    pub(crate) clocks: Rc<SkillClocks>,
}

/// A row of `conversations.csv` and its records in `audit.csv`.
pub(crate) struct Conversation {
    pub(crate) name: Name,
    pub(crate) kind: String,
    pub(crate) counts: bool,
    pub(crate) opened: i64,
    pub(crate) assigned: Option<i64>,
    pub(crate) answered: Option<i64>,
    pub(crate) abandoned: Option<i64>,
    pub(crate) is_silent: bool,
    pub(crate) ended: i64,
    pub(crate) ending: String,
    pub(crate) messages: u64,
    pub(crate) answers: u64,
    pub(crate) auto_unassigns: u64,
    pub(crate) ownership_removals: u64,
    pub(crate) owners: u64,
    pub(crate) handle_time: i64,
    pub(crate) queue_time: i64,
    pub(crate) stranded: i64,
    pub(crate) trail: Vec<Record>,
    clocks: Rc<SkillClocks>,
}

/// KIND-NUMBER.NEED.PART.
pub(crate) struct Name {
    pub(crate) client: String,
    pub(crate) need: u32,
    pub(crate) part: u32,
}

/// A record of the audit trail.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) at: i64,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) status: String,
    pub(crate) skill: String,
    pub(crate) actor: String,
    pub(crate) cause: String,
    pub(crate) state: String,
    pub(crate) waited: Option<i64>,
}

/// A time in one status, with one owner, in one skill.
pub(crate) struct Stay {
    pub(crate) status: String,
    pub(crate) owner: Option<String>,
    pub(crate) skill: String,
    pub(crate) counts: bool,
    pub(crate) begins: i64,
    /// `None`: it lasts until the run ends.
    pub(crate) ends: Option<i64>,
    /// What its skill counts of it, if it ended.
    pub(crate) lasted: Option<i64>,
}

/// From the opening, or a reopening, to the close.
pub(crate) struct Close {
    pub(crate) opened: i64,
    /// Time in New.
    pub(crate) handle: i64,
    /// Of which with an owner.
    pub(crate) owned: i64,
}

/// From the opening, or a hand-over from another skill, to the next or to the close for good.
pub(crate) struct SkillStay {
    pub(crate) skill: String,
    pub(crate) began: i64,
    pub(crate) is_handed_in: bool,
    pub(crate) is_handed_out: bool,
    /// Of the conversation, not closed when the run ended.
    pub(crate) is_open: bool,
    /// The beginning to the first answer in it.
    pub(crate) answered: Option<i64>,
    /// Whether the consumer left in it.
    pub(crate) is_left: bool,
    /// Time in New, of each part of it that a hand-over or a close ended.
    pub(crate) handle: Vec<i64>,
}

pub(crate) struct Reply {
    /// Position of its record.
    pub(crate) place: usize,
    pub(crate) at: i64,
    pub(crate) agent: String,
    pub(crate) opened: i64,
    /// The first message that it answers; the audit trail knows only those that made the conversation
    /// New, so that behind a boomerang it cannot be told.
    pub(crate) waiting_since: Since,
    /// The consumer had left.
    pub(crate) is_wasted: bool,
    /// How long after the last removal since the reply before, and from whom that was.
    pub(crate) removed: Option<(i64, String)>,
}

/// A wait, and when the reply came that ended it.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) replied: i64,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Since {
    /// So long ago.
    Message {
        counted: i64,
        by_the_wall: i64,
    },
    Unclear,
}

pub(crate) struct Removal {
    pub(crate) agent: String,
    pub(crate) is_unassign: bool,
    /// Who had it next, and after how long.
    pub(crate) next: Option<(i64, String)>,
}

impl Tables {
    pub(crate) fn of(files: &Files, plan: &Plan) -> Self {
        let clocks = Rc::new(SkillClocks::of(plan));
        let mut trails: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
        for line in files.audit.iter().filter(|line| is_change(line)) {
            trails.entry(line.text("conversation")).or_default().push(Record::of(line));
        }
        let conversation = |line| Conversation::of(line, &mut trails, &clocks);
        let conversations: Vec<_> = files.conversations.iter().map(conversation).collect();
        assert!(trails.is_empty(), "records without a conversation");
        let counted = || conversations.iter().filter(|conversation| conversation.counts);
        Self {
            stays: conversations.iter().flat_map(Conversation::stays).collect(),
            closes: counted().flat_map(Conversation::closes).collect(),
            skill_stays: counted().flat_map(Conversation::skill_stays).collect(),
            replies: counted().flat_map(Conversation::replies).collect(),
            removals: counted().flat_map(Conversation::removals).collect(),
            conversations,
            clocks,
        }
    }

    pub(crate) fn counted(&self) -> impl Iterator<Item = &Conversation> {
        self.conversations.iter().filter(|conversation| conversation.counts)
    }

    /// What of a wait was counted that ended with a reply.
    pub(crate) fn counted_of_reply(&self, conversation: &str, wait: Wait) -> i64 {
        let name = Name::of(conversation);
        let is_it = |one: &&Conversation| {
            let own = &one.name;
            (&own.client, own.need, own.part) == (&name.client, name.need, name.part)
        };
        let trail = self.conversations.iter().find(is_it).map(|one| &one.trail);
        let record = trail.and_then(|trail| trail.iter().rfind(|it| it.at <= wait.replied));
        let skill = record.map_or("", |record| &record.skill);
        self.clocks.between(skill, wait.from, wait.to)
    }

    /// Those that were open when the run began.
    pub(crate) fn before_run(&self) -> impl Iterator<Item = &Conversation> {
        self.conversations.iter().filter(|one| one.opened < 0)
    }

    /// Records of conversations that count.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.counted().flat_map(|conversation| &conversation.trail)
    }

    /// Whether it is known what came before each consumer left.
    pub(crate) fn knows_leaving(&self) -> bool {
        self.counted().all(Conversation::is_clear)
    }

    /// Whether each reply is known for what it is.
    pub(crate) fn knows_replies(&self) -> bool {
        let clear = |reply: &Reply| reply.waiting_since != Since::Unclear;
        self.replies.iter().all(clear)
            && self.replies.len() as u64 == self.counted().map(|one| one.answers).sum::<u64>()
    }
}

/// Other facts than changes may stand in the file too.
fn is_change(line: &Line) -> bool {
    !line.has("record") || line.text("record") == "change"
}

impl Record {
    fn of(line: &Line) -> Self {
        Self {
            at: line.time("time").expect("a record has a time"),
            from: line.name("from_owner"),
            to: line.name("to_owner"),
            status: line.text("status").to_owned(),
            skill: line.text("skill").to_owned(),
            actor: line.text("actor").to_owned(),
            cause: line.text("cause").to_owned(),
            state: line.text("state").to_owned(),
            waited: line.time("waited"),
        }
    }

    pub(crate) fn is(&self, causes: &[&str]) -> bool {
        causes.contains(&self.cause.as_str())
    }

    /// Somebody owns it from now on.
    pub(crate) fn gives(&self) -> Option<&String> {
        self.to.as_ref().filter(|_| self.to != self.from)
    }

    pub(crate) fn is_removal(&self) -> bool {
        self.is(&["auto_unassigned"]) || self.is(&OWNERSHIP_REMOVALS)
    }
}

pub(crate) const OWNERSHIP_REMOVALS: [&str; 3] = [
    "ownership_removed_logout",
    "ownership_removed_inbound_while_offline",
    "ownership_removed_boomerang_while_offline",
];

/// What a consumer's message makes New.
const MESSAGES: [&str; 4] =
    ["opened", "consumer_message", "ownership_removed_inbound_while_offline", "reopened"];

impl Conversation {
    fn of(line: &Line, trails: &mut BTreeMap<&str, Vec<Record>>, clocks: &Rc<SkillClocks>) -> Self {
        let name = line.text("conversation");
        let time = |head| line.time(head).unwrap_or_else(|| panic!("{name} has no {head}"));
        Self {
            kind: line.text("kind").to_owned(),
            counts: line.text("counted") == "yes",
            opened: time("opened"),
            assigned: line.time("assigned"),
            answered: line.time("answered"),
            abandoned: line.time("abandoned"),
            is_silent: line.text("silent") == "yes",
            ended: time("ended"),
            ending: line.text("ending").to_owned(),
            messages: line.count("messages"),
            answers: line.count("answers"),
            auto_unassigns: line.count("auto_unassigns"),
            ownership_removals: line.count("ownership_removals"),
            owners: line.count("owners"),
            handle_time: time("handle_time"),
            queue_time: time("queue_time"),
            stranded: time("stranded"),
            trail: trails.remove(name).unwrap_or_else(|| panic!("{name} has no records")),
            name: Name::of(name),
            clocks: Rc::clone(clocks),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.ending == "at_end"
    }

    pub(crate) fn is_first(&self) -> bool {
        (self.name.need, self.name.part) == (0, 0)
    }

    /// The records before the consumer's patience ended.
    fn before_leaving(&self) -> Option<&[Record]> {
        let left = self.abandoned?;
        let is_after = |record: &Record| record.at > left || record.is(&["abandoned"]);
        let count = self.trail.iter().position(is_after).unwrap_or(self.trail.len());
        Some(&self.trail[..count])
    }

    /// Whether it can be told what came before the consumer left: of one who left silently, not what
    /// came first in that instant.
    fn is_clear(&self) -> bool {
        let at_once = |record: &Record| Some(record.at) == self.abandoned;
        !self.is_silent || !self.trail.iter().any(at_once)
    }

    /// The wait from the opening to the first answer, as the skill counts it that answers.
    pub(crate) fn first_response(&self) -> Option<i64> {
        let at = self.answered?;
        let mut replies = self.replies().into_iter();
        let reply = replies.find(|reply| reply.at == at && !reply.is_wasted);
        let place = reply.map(|reply| reply.place);
        let last = || self.trail.iter().rposition(|record| record.at <= at);
        let skill = &self.trail[place.or_else(last).unwrap_or(0)].skill;
        Some(self.clocks.between(skill, self.opened, at))
    }

    /// The wait from the opening to the first assignment, if the consumer was still there.
    pub(crate) fn assignment(&self) -> Option<i64> {
        let before = self.before_leaving().unwrap_or(&self.trail);
        let record = before.iter().find(|record| record.gives().is_some())?;
        Some(self.clocks.between(&record.skill, self.opened, record.at))
    }

    /// The wait from the opening to the end of the consumer's patience.
    pub(crate) fn patience(&self) -> Option<i64> {
        let skill = &self.before_leaving()?.last()?.skill;
        Some(self.clocks.between(skill, self.opened, self.abandoned?))
    }

    /// Whether somebody owned it when the consumer left.
    pub(crate) fn left_while_owned(&self) -> bool {
        let last = self.before_leaving().and_then(<[Record]>::last);
        last.is_some_and(|record| record.to.is_some())
    }

    /// The first assignment, if the consumer was still there.
    pub(crate) fn assigned_in_time(&self) -> Option<i64> {
        let before = self.before_leaving().unwrap_or(&self.trail);
        before.iter().find(|record| record.gives().is_some()).map(|record| record.at)
    }

    fn stays(&self) -> Vec<Stay> {
        let mut stays: Vec<Stay> = Vec::new();
        for (position, record) in self.trail.iter().enumerate() {
            let before = position.checked_sub(1).map(|before| &self.trail[before]);
            let place = |of: &Record| (of.status.clone(), of.to.clone(), of.skill.clone());
            if record.status == "resolved" || before.map(place) == Some(place(record)) {
                continue;
            }
            let changes = |later: &&Record| place(later) != place(record);
            let next = self.trail[position + 1..].iter().find(changes);
            stays.push(Stay {
                status: record.status.clone(),
                owner: record.to.clone(),
                skill: record.skill.clone(),
                counts: self.counts,
                begins: record.at,
                ends: next.map(|next| next.at),
                lasted: next.map(|next| self.clocks.between(&record.skill, record.at, next.at)),
            });
        }
        stays
    }

    fn skill_stays(&self) -> Vec<SkillStay> {
        let trail = &self.trail;
        let begins = |place: &usize| *place == 0 || trail[*place].skill != trail[place - 1].skill;
        let begins: Vec<usize> = (0..trail.len()).filter(begins).collect();
        let replies = self.replies();
        let stay = |(number, &first): (usize, &usize)| {
            let next = begins.get(number + 1).copied();
            let places = first..next.unwrap_or(trail.len());
            let answers = |reply: &&Reply| places.contains(&reply.place) && !reply.is_wasted;
            let left = self.before_leaving().map(<[Record]>::len);
            SkillStay {
                skill: trail[first].skill.clone(),
                began: trail[first].at,
                is_handed_in: number > 0,
                is_handed_out: next.is_some(),
                is_open: next.is_none() && self.is_open(),
                answered: replies.iter().find(answers).map(|reply| {
                    self.clocks.between(&trail[first].skill, trail[first].at, reply.at)
                }),
                is_left: left
                    .is_some_and(|left| left > first && next.is_none_or(|next| left <= next)),
                handle: self.handled(first, next),
            }
        };
        begins.iter().enumerate().map(stay).collect()
    }

    /// Time in New between two records, of each part that ended.
    fn handled(&self, first: usize, next: Option<usize>) -> Vec<i64> {
        let ends = (first..self.trail.len()).filter(|&one| {
            self.trail[one].status == "resolved" && next.is_none_or(|next| one < next)
        });
        let ends: Vec<usize> = ends.chain(next).collect();
        let part = |(number, &end): (usize, &usize)| {
            let from = number.checked_sub(1).map_or(first, |before| ends[before]);
            let pairs = self.trail[from..end].iter().zip(&self.trail[from + 1..=end]);
            pairs.filter(|(one, _)| one.status == "new").map(|(one, next)| next.at - one.at).sum()
        };
        ends.iter().enumerate().map(part).collect()
    }

    fn closes(&self) -> Vec<Close> {
        let trail = &self.trail;
        let closed = (0..trail.len()).filter(|&one| trail[one].status == "resolved");
        let close = |place: usize| {
            let opens = |record: &Record| record.is(&["opened", "reopened"]);
            let from = trail[..place].iter().rposition(opens).expect("it was opened");
            let pairs = trail[from..place].iter().zip(&trail[from + 1..=place]);
            let news = pairs.filter(|(record, _)| record.status == "new");
            let news: Vec<_> =
                news.map(|(one, next)| (next.at - one.at, one.to.is_some())).collect();
            Close {
                opened: self.opened,
                handle: news.iter().map(|(time, _)| time).sum(),
                owned: news.iter().filter(|(_, is_owned)| *is_owned).map(|(time, _)| time).sum(),
            }
        };
        closed.map(close).collect()
    }

    fn replies(&self) -> Vec<Reply> {
        let status_before =
            |position: usize| position.checked_sub(1).map(|before| &self.trail[before].status);
        let is_reply = |position: usize| {
            let record = &self.trail[position];
            let resolves = record.is(&["resolved_by_agent"])
                && status_before(position).is_some_and(|status| status == "new");
            record.is(&["reply", "reply_with_boomerang"]) || resolves
        };
        let positions: Vec<usize> = (0..self.trail.len()).filter(|&one| is_reply(one)).collect();
        let reply = |(number, &position): (usize, &usize)| {
            let first = number.checked_sub(1).map_or(0, |before| positions[before] + 1);
            let wait = &self.trail[first..position];
            let record = &self.trail[position];
            let begins = wait.iter().find(|record| record.status != "resolved");
            let begins = begins.filter(|record| record.is(&MESSAGES));
            let removed = wait.iter().rev().find(|record| record.is_removal());
            let removed = removed.map(|removed| {
                let after = self.clocks.between(&record.skill, removed.at, record.at);
                (after, removed.from.clone().unwrap_or_default())
            });
            Reply {
                place: position,
                at: record.at,
                agent: record.actor.clone(),
                opened: self.opened,
                waiting_since: begins.map_or(Since::Unclear, |message| Since::Message {
                    counted: self.clocks.between(&record.skill, message.at, record.at),
                    by_the_wall: record.at - message.at,
                }),
                is_wasted: self.before_leaving().is_some_and(|before| before.len() <= position),
                removed,
            }
        };
        positions.iter().enumerate().map(reply).collect()
    }

    fn removals(&self) -> Vec<Removal> {
        let places = (0..self.trail.len()).filter(|&one| self.trail[one].is_removal());
        let removal = |position: usize| {
            let record = &self.trail[position];
            let next = self.trail[position + 1..].iter();
            let mut next = next.filter_map(|next| {
                let owner = next.gives()?.clone();
                Some((self.clocks.between(&next.skill, record.at, next.at), owner))
            });
            Removal {
                agent: record.from.clone().expect("it had an owner"),
                is_unassign: record.cause == "auto_unassigned",
                next: next.next(),
            }
        };
        places.map(removal).collect()
    }
}

impl Name {
    fn of(name: &str) -> Self {
        let (kind, numbers) = name.rsplit_once('-').unwrap_or(("", name));
        let (client, rest) = numbers.split_once('.').unwrap_or((numbers, ""));
        let rest = rest.split('.').filter(|number| !number.is_empty());
        let rest = Vec::from_iter(rest.map(|number| number.parse().expect("a number")));
        let at = |place: usize| rest.get(place).copied().unwrap_or(0);
        Self { client: format!("{kind}-{client}"), need: at(0), part: at(1) }
    }
}

impl Stay {
    /// How long of it lies between two instants.
    pub(crate) fn within(&self, from: i64, to: i64) -> i64 {
        (self.ends.unwrap_or(to).min(to) - self.begins.max(from)).max(0)
    }

    pub(crate) fn is_queued(&self) -> bool {
        self.status == "new" && self.owner.is_none()
    }

    /// Whether it is so just after an instant.
    pub(crate) fn holds_after(&self, instant: i64) -> bool {
        self.begins <= instant && self.ends.is_none_or(|ends| ends > instant)
    }
}

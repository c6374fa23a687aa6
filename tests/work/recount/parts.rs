//! Intervals, skills, agents and groups: each recounted, and added up to the whole.

use std::collections::BTreeMap;

use serde_json::Value;
use shiftstorm::ledger::settings::ServiceLevelAt;
use shiftstorm::scenario::plan::Plan;

use super::Differences;
use super::files::Files;
use super::tables::{Conversation, OWNERSHIP_REMOVALS, Record, Since, SkillStay, Stay, Tables};

pub(super) fn compare(plan: &Plan, files: &Files, tables: &Tables, report: &mut Differences) {
    let recount = Recount { plan, files, tables };
    recount.flow("/flow", |_| true, report);
    recount.skills(report);
    recount.skill_intervals(report);
    recount.intervals(report);
    recount.agents(report);
    recount.instants(report);
    recount.sums(report);
}

struct Recount<'a> {
    plan: &'a Plan,
    files: &'a Files,
    tables: &'a Tables,
}

impl Recount<'_> {
    /// How some conversations fared.
    fn flow(&self, path: &str, is_part: impl Fn(&Conversation) -> bool, report: &mut Differences) {
        let all: Vec<&Conversation> = self.tables.counted().filter(|one| is_part(one)).collect();
        let level = self.plan.measure.service_level;
        let reached = |one: &Conversation| match level.at {
            ServiceLevelAt::Answer => one.first_response(),
            ServiceLevelAt::Assignment => one.assignment(),
        };
        let is_short =
            |wait: Option<i64>| wait.is_some_and(|wait| wait <= level.within.as_micros());
        let is_answered = |one: &Conversation| one.answered.is_some();
        let leaves = |one: &Conversation, silently: bool| {
            one.abandoned.is_some() && one.is_silent == silently
        };
        let mut count = |name: &str, is_such: &dyn Fn(&Conversation) -> bool| {
            if BY_LEAVING.iter().any(|of| name.starts_with(of)) && !self.tables.knows_leaving() {
                report.unclear += 1;
                return;
            }
            let counted = all.iter().filter(|one| is_such(one)).count() as u64;
            report.exact(
                &format!("{path}/{name}"),
                counted,
                self.files.number(&format!("{path}/{name}")),
            );
        };
        count("offered", &|_| true);
        count("first_contacts", &Conversation::is_first);
        count("answered", &is_answered);
        for (word, silently) in [("open", false), ("silent", true)] {
            count(&format!("abandoned_in_queue/{word}"), &|one| {
                leaves(one, silently) && !is_answered(one) && !one.left_while_owned()
            });
            count(&format!("abandoned_while_owned/{word}"), &|one| {
                leaves(one, silently) && !is_answered(one) && one.left_while_owned()
            });
            count(&format!("abandoned_mid_conversation/{word}"), &|one| {
                leaves(one, silently) && is_answered(one)
            });
        }
        let is_left = |one: &Conversation| !is_answered(one) && one.abandoned.is_none();
        count("closed_unanswered", &|one| is_left(one) && !one.is_open());
        count("unanswered_at_end", &|one| is_left(one) && one.is_open());
        count("open_at_end", &Conversation::is_open);
        count("assigned", &|one| one.assignment().is_some());
        count("reached", &|one| reached(one).is_some());
        count("within", &|one| is_short(reached(one)));
        count("abandoned_within", &|one| reached(one).is_none() && is_short(one.patience()));
        let times = |of: &dyn Fn(&Conversation) -> Option<i64>| -> Vec<i64> {
            all.iter().filter_map(|one| of(one)).collect()
        };
        self.total(
            &format!("{path}/first_response"),
            &times(&Conversation::first_response),
            report,
        );
        if self.tables.knows_leaving() {
            let waits = times(&Conversation::assignment);
            self.total(&format!("{path}/assignment"), &waits, report);
        }
        let messages = all.iter().map(|one| one.messages).sum();
        report.exact(path, messages, self.files.number(&format!("{path}/messages")));
    }

    /// Number and sum of some times.
    fn total(&self, path: &str, times: &[i64], report: &mut Differences) {
        let said = |what: &str| self.files.number(&format!("{path}/{what}"));
        report.exact(path, times.len() as u64, said("count"));
        report.exact(path, times.iter().sum::<i64>() as u64, said("micros"));
    }

    fn responses(&self, is_part: impl Fn(&super::tables::Reply) -> bool) -> Vec<i64> {
        let replies = self.tables.replies.iter().filter(|one| !one.is_wasted && is_part(one));
        let waited = replies.filter_map(|reply| match reply.waiting_since {
            Since::Message { counted, .. } => Some(counted),
            Since::Unclear => None,
        });
        waited.collect()
    }

    /// Figures by skill are those of stays with it, stays in a queue those of the queue.
    fn skills(&self, report: &mut Differences) {
        for (position, skill) in self.plan.centre.skills.iter().enumerate() {
            let path = |what: &str| format!("/skills/{position}/{what}");
            let said = |what: &str| self.files.number(&path(what));
            let of_skill = || self.tables.skill_stays.iter().filter(|stay| stay.skill == *skill);
            let mut count = |what: &str, is_such: &dyn Fn(&SkillStay) -> bool| {
                let counted = of_skill().filter(|stay| is_such(stay)).count() as u64;
                report.exact(&path(what), counted, said(what));
            };
            count("flow/offered", &|_| true);
            count("handed_in", &|stay| stay.is_handed_in);
            count("handed_out", &|stay| stay.is_handed_out);
            count("flow/open_at_end", &|stay| stay.is_open);
            if self.tables.knows_replies() && self.tables.knows_leaving() {
                let is_left = |stay: &SkillStay| stay.answered.is_none() && !stay.is_left;
                count("flow/answered", &|stay| stay.answered.is_some());
                count("handed_out_unanswered", &|stay| is_left(stay) && stay.is_handed_out);
                count("flow/unanswered_at_end", &|stay| is_left(stay) && stay.is_open);
                count("flow/closed_unanswered", &|stay| {
                    is_left(stay) && !stay.is_open && !stay.is_handed_out
                });
                let waits: Vec<i64> = of_skill().filter_map(|stay| stay.answered).collect();
                self.total(&path("flow/first_response"), &waits, report);
            }
            let of_cause = |causes: &[&str]| {
                let such = self.tables.records().filter(|record| record.is(causes));
                such.filter(|record| record.skill == *skill).count() as u64
            };
            report.exact("unassigns", of_cause(&["auto_unassigned"]), said("auto_unassigned"));
            report.exact("removals", of_cause(&OWNERSHIP_REMOVALS), said("ownership_removed"));
            let queued = |stay: &&Stay| stay.is_queued() && stay.skill == *skill;
            let stays = self.tables.stays.iter().filter(queued);
            let ended = stays.clone().filter(|stay| stay.counts);
            let ended: Vec<i64> = ended.filter_map(|stay| stay.lasted).collect();
            self.total(&path("queue/total"), &ended, report);
            let (from, to) = self.measured();
            let area: i64 = stays.map(|stay| stay.within(from, to)).sum();
            report.exact("queue by skill", area as u64, said("queue_length/horizon"));
            let handle: Vec<i64> = of_skill().flat_map(|stay| stay.handle.clone()).collect();
            self.total(&path("handle/total"), &handle, report);
        }
    }

    /// A stay belongs to the interval of its beginning, removals and the queue to theirs. A number is known
    /// by its place in the row.
    fn skill_intervals(&self, report: &mut Differences) {
        let length = self.plan.measure.interval.as_micros();
        let knows_answers = self.tables.knows_replies() && self.tables.knows_leaving();
        for (position, skill) in self.plan.centre.skills.iter().enumerate() {
            let intervals = self.files.skill_intervals(position);
            assert_eq!(intervals.is_empty(), self.plan.centre.skills.len() == 1);
            for (number, said) in intervals.iter().enumerate() {
                let is_in = |at: i64| at / length == number as i64;
                let mut compare = |what: &str, counted: i64, place: usize| {
                    let what = format!("{skill}, interval {number}, {what}");
                    report.exact(&what, counted as u64, said[place]);
                };
                let stays = self.tables.skill_stays.iter();
                let stays = stays.filter(|stay| stay.skill == *skill && is_in(stay.began));
                let stays = Vec::from_iter(stays);
                compare("offered", stays.len() as i64, 0);
                let open = stays.iter().filter(|stay| stay.is_open).count();
                compare("open at the end", open as i64, 11);
                if knows_answers {
                    let answered = stays.iter().filter_map(|stay| stay.answered);
                    compare("answered", answered.clone().count() as i64, 2);
                    compare("first responses", answered.sum(), 17);
                }
                let handled = stays.iter().flat_map(|stay| &stay.handle);
                compare("handled", handled.clone().count() as i64, 35);
                compare("handle times", handled.sum(), 36);
                let of_cause = |causes: &[&str]| {
                    let such = self.tables.records().filter(|record| record.is(causes));
                    such.filter(|one| one.skill == *skill && is_in(one.at)).count() as i64
                };
                compare("unassigns", of_cause(&["auto_unassigned"]), 37);
                compare("removals", of_cause(&OWNERSHIP_REMOVALS), 38);
                let (from, to) = (self.measured().0, (number as i64 + 1) * length);
                let from = from.max(number as i64 * length);
                let to = self.ended().map_or(to, |ended| to.min(ended));
                let queued = self.tables.stays.iter();
                let queued = queued.filter(|stay| stay.is_queued() && stay.skill == *skill);
                compare("queue", queued.map(|stay| stay.within(from, to)).sum(), 39);
            }
        }
    }

    /// When the run ended, if conversations were open then.
    fn ended(&self) -> Option<i64> {
        let all = self.tables.conversations.iter();
        all.filter(|one| one.is_open()).map(|one| one.ended).max()
    }

    /// From the end of the warm-up to the horizon.
    fn measured(&self) -> (i64, i64) {
        (self.plan.run.warm_up.as_micros(), self.plan.run.until.as_micros())
    }

    /// Conversations belong to the interval of their opening, removals and levels to theirs.
    fn intervals(&self, report: &mut Differences) {
        let length = self.plan.measure.interval.as_micros();
        let count = self.files.outcome("/intervals").as_array().map_or(0, Vec::len);
        let ended = self.ended();
        for number in 0..count {
            let path = |what: &str| format!("/intervals/{number}/{what}");
            let said = |what: &str| self.files.number(&path(what));
            let is_in = |at: i64| at / length == number as i64;
            self.flow(&path("flow"), |one| is_in(one.opened), report);
            let of_cause = |causes: &[&str]| {
                let such = self.tables.records().filter(|record| record.is(causes));
                such.filter(|record| is_in(record.at)).count() as u64
            };
            report.exact("unassigns", of_cause(&["auto_unassigned"]), said("auto_unassigned"));
            report.exact("removals", of_cause(&OWNERSHIP_REMOVALS), said("ownership_removed"));
            let closes = self.tables.closes.iter().filter(|close| is_in(close.opened));
            self.total(
                &path("handle"),
                &closes.map(|close| close.handle).collect::<Vec<_>>(),
                report,
            );
            if self.tables.knows_replies() {
                let responses = self.responses(|reply| is_in(reply.opened));
                self.total(&path("response/total"), &responses, report);
            }
            let from = (number as i64 * length).max(self.measured().0);
            let to = (number as i64 + 1) * length;
            let to = ended.map_or(to, |ended| to.min(ended));
            let levels: [fn(&Stay) -> bool; 3] =
                [Stay::is_queued, |_| true, |stay| stay.owner.is_none()];
            for (gauge, is_such) in levels.into_iter().enumerate() {
                let stays = self.tables.stays.iter().filter(|stay| is_such(stay));
                let area: i64 = stays.map(|stay| stay.within(from, to)).sum();
                report.exact(&path("levels"), area as u64, said(&format!("levels/{gauge}/area")));
            }
        }
    }

    fn agents(&self, report: &mut Differences) {
        let groups = self.plan.centre.groups.iter();
        let names =
            groups.flat_map(|group| (1..=group.count).map(|one| format!("{} {one}", group.name)));
        for (number, name) in names.enumerate() {
            let path = |what: &str| format!("/agents/{number}/work/{what}");
            let mut count = |what: &str, is_such: &dyn Fn(&Record) -> bool| {
                let counted = self.tables.records().filter(|record| is_such(record)).count();
                report.exact(&path(what), counted as u64, self.files.number(&path(what)));
            };
            let from = |record: &Record| record.from.as_ref() == Some(&name);
            count("conversations", &|record| record.gives() == Some(&name));
            count("auto_unassigned", &|one| from(one) && one.is(&["auto_unassigned"]));
            count("ownership_removed", &|one| from(one) && one.is(&OWNERSHIP_REMOVALS));
            count("parked", &|one| from(one) && one.is(&["parked"]));
            count("handed_over", &|one| from(one) && one.is(&HAND_OVERS));
            if self.tables.knows_replies() {
                let replies = self.tables.replies.iter().filter(|reply| reply.agent == name);
                report.exact(
                    &path("answers"),
                    replies.count() as u64,
                    self.files.number(&path("answers")),
                );
                let responses = self.responses(|reply| reply.agent == name);
                self.total(&path("response"), &responses, report);
            }
        }
    }

    /// What is so just after an instant.
    fn instants(&self, report: &mut Differences) {
        for (number, at) in self.plan.measure.at.iter().enumerate() {
            let held = |is_such: fn(&Stay) -> bool| {
                let stays = self.tables.stays.iter().filter(|stay| is_such(stay));
                stays.filter(|stay| stay.holds_after(at.as_micros())).count() as u64
            };
            let said = |what: &str| self.files.number(&format!("/instants/{number}/{what}/sum"));
            report.exact("open at an instant", held(|_| true), said("open"));
            report.exact("queued at an instant", held(Stay::is_queued), said("queued"));
        }
    }

    /// The parts come to the whole, also in what the files do not tell.
    fn sums(&self, report: &mut Differences) {
        let whole = leaves(self.files.outcome("/flow"));
        let parts = sum(self.files.outcome("/intervals"), |part| leaves(&part["flow"]));
        same_sums("intervals", &parts, &whole, report);
        let by_skill = sum(self.files.outcome("/skills"), leaves);
        let (offered, messages) = (whole["offered/"], whole["messages/"]);
        report.exact("handed over", by_skill["handed_in/"], by_skill["handed_out/"]);
        report.exact("stays", by_skill["flow/offered/"], offered + by_skill["handed_in/"]);
        report.exact("messages by skill", by_skill["flow/messages/"], messages);
        let groups = self.files.outcome("/groups").as_array().expect("a list");
        for (number, group) in groups.iter().enumerate() {
            for what in ["work", "horizon", "drain", "away"] {
                let of_group = |agent: &Value| match agent["group"] == number {
                    true => leaves(&agent[what]),
                    false => BTreeMap::new(),
                };
                let sum = sum(self.files.outcome("/agents"), of_group);
                same_sums(what, &sum, &leaves(&group[what]), report);
            }
        }
    }
}

/// What hangs on what came before a consumer left.
const BY_LEAVING: [&str; 6] = [
    "abandoned_in_queue",
    "abandoned_while_owned",
    "assigned",
    "reached",
    "within",
    "abandoned_within",
];

const HAND_OVERS: [&str; 5] = [
    "manual_return",
    "transferred_to_skill",
    "transferred_to_agent",
    "assigned_offline",
    "reserved",
];

/// All numbers in a value, by their path.
fn leaves(value: &Value) -> BTreeMap<String, u64> {
    let inner = |name: String, value: &Value| {
        let below = leaves(value).into_iter();
        below.map(move |(path, number)| (format!("{name}/{path}"), number)).collect::<Vec<_>>()
    };
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| inner(name.clone(), value)).collect()
        }
        Value::Array(items) => (0..)
            .zip(items)
            .flat_map(|(place, value): (u32, _)| inner(place.to_string(), value))
            .collect(),
        other => BTreeMap::from([(String::new(), other.as_u64().expect("a whole number"))]),
    }
}

fn sum(parts: &Value, of: impl Fn(&Value) -> BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let mut sum = BTreeMap::new();
    for (path, number) in parts.as_array().expect("a list").iter().flat_map(of) {
        *sum.entry(path).or_default() += number;
    }
    sum
}

fn same_sums(
    what: &str,
    sum: &BTreeMap<String, u64>,
    whole: &BTreeMap<String, u64>,
    report: &mut Differences,
) {
    for (path, &whole) in whole {
        let sum = sum.get(path).copied().unwrap_or(0);
        report.exact(&format!("sum of {what} in {path}"), sum, whole);
    }
}

//! The figures of the catalogue, each from a question to the tables.

use std::collections::{BTreeMap, BTreeSet};

use shiftstorm::base::time::{Span, Time};
use shiftstorm::ledger::settings::{ServiceLevelAt, ServiceLevelOf};
use shiftstorm::scenario::plan::Plan;

use super::files::Files;
use super::tables::{Conversation, OWNERSHIP_REMOVALS, Reply, Since, Stay, Tables};
use super::{Differences, all_are_treated, people};

/// What the files do not tell: what was still to come at the end. The service level with the backlog is that
/// of the run where there is none; where there is one it has a test of its own.
pub(super) const NOT_IN_THE_FILES: [&str; 2] = ["still_to_write", "service_level_with_before_run"];

/// A value, and by how much it may differ.
pub(super) type Recounted = BTreeMap<&'static str, (Option<f64>, f64)>;

pub(super) fn compare(plan: &Plan, files: &Files, tables: &Tables, report: &mut Differences) {
    let recount = Recount { plan, tables, start: (Time::ZERO + plan.run.warm_up).as_micros() };
    let mut recounted = Recounted::new();
    let parts = [
        recount.conversations(),
        recount.shares(),
        recount.waits(),
        recount.replies(),
        recount.removals(),
        recount.records(),
        recount.clients(),
        recount.levels(),
        people::recount(plan, files, tables),
        recount.backlog(&recount.conversations()),
        recount.by_the_wall(),
    ];
    let names = parts.iter().flat_map(Recounted::keys).copied();
    all_are_treated(&names.collect::<BTreeSet<_>>());
    parts.into_iter().for_each(|part| recounted.extend(part));
    for (name, (value, slack)) in recounted {
        let is_unclear = (BY_REPLIES.contains(&name) && !tables.knows_replies())
            || (BY_LEAVING.contains(&name) && !tables.knows_leaving());
        if is_unclear {
            report.unclear += 1;
        } else {
            report.compare(name, value, files.figure(name), slack);
        }
    }
    recount.rows_hold_the_trail(files, report);
}

/// What hangs on which reply answers what.
const BY_REPLIES: [&str; 12] = [
    "response_wall_mean",
    "answers",
    "follow_ups",
    "wasted_answers",
    "response_mean",
    "response_p50",
    "response_p90",
    "response_p99",
    "response_in_time",
    "rescues",
    "rescue_mean",
    "rescue_p90",
];

/// What hangs on what came before a consumer left.
const BY_LEAVING: [&str; 12] = [
    "assignment_wall_mean",
    "abandoned_in_queue",
    "abandoned_while_owned",
    "assignment_mean",
    "assignment_p90",
    "assigned_at_once",
    "service_level",
    "service_level_of_offered",
    "service_level_of_answered",
    "service_level_without_short_abandons",
    "service_level_with_short_abandons",
    "wasted_answers",
];

struct Recount<'a> {
    plan: &'a Plan,
    tables: &'a Tables,
    /// From when on things count.
    start: i64,
}

impl Recount<'_> {
    fn count(&self, is_such: impl Fn(&Conversation) -> bool) -> (Option<f64>, f64) {
        exact(self.tables.counted().filter(|one| is_such(one)).count())
    }

    fn conversations(&self) -> Recounted {
        let unanswered = |one: &Conversation| one.answered.is_none();
        let left = |one: &Conversation| one.abandoned.is_some();
        let early = move |one: &Conversation| unanswered(one) && left(one);
        let at_rates = |one: &Conversation| {
            let kind = self.plan.centre.kinds.iter().find(|kind| kind.name == one.kind);
            kind.expect("a kind of the plan").arrivals.is_at_rates()
        };
        let sum = |of: fn(&Conversation) -> u64| exact(self.tables.counted().map(of).sum::<u64>());
        Recounted::from([
            ("offered", self.count(|_| true)),
            ("first_contacts", self.count(Conversation::is_first)),
            ("later_contacts", self.count(|one| !one.is_first())),
            ("arrivals", self.count(|one| one.is_first() && at_rates(one))),
            ("answered", self.count(|one| !unanswered(one))),
            ("abandoned", self.count(early)),
            ("abandoned_in_queue", self.count(|one| early(one) && !one.left_while_owned())),
            ("abandoned_while_owned", self.count(|one| early(one) && one.left_while_owned())),
            ("abandoned_mid_conversation", self.count(|one| !unanswered(one) && left(one))),
            ("abandoned_silently", self.count(|one| one.is_silent)),
            (
                "closed_unanswered",
                self.count(|one| unanswered(one) && !left(one) && !one.is_open()),
            ),
            ("unanswered_at_end", self.count(|one| unanswered(one) && !left(one) && one.is_open())),
            ("open_at_end", self.count(Conversation::is_open)),
            ("messages", sum(|one| one.messages)),
            ("auto_unassigned", sum(|one| one.auto_unassigns)),
            ("ownership_removed", sum(|one| one.ownership_removals)),
            ("assignments", sum(|one| one.owners)),
        ])
    }

    /// Where some skill counts opening hours only.
    fn by_the_wall(&self) -> Recounted {
        let counted = || self.tables.counted();
        let first = counted().filter_map(|one| Some(one.answered? - one.opened));
        let assigned = counted().filter_map(|one| Some(one.assigned_in_time()? - one.opened));
        let stays = self.tables.stays.iter().filter(|stay| stay.counts && stay.is_queued());
        let queued = stays.filter_map(|stay| Some(stay.ends? - stay.begins));
        let replies = self.tables.replies.iter().filter(|reply| !reply.is_wasted);
        let responses = replies.filter_map(|reply| match reply.waiting_since {
            Since::Message { by_the_wall, .. } => Some(by_the_wall),
            Since::Unclear => None,
        });
        let none_else = |waits: Vec<i64>| {
            if self.tables.clocks.are_on_the_wall() { (None, 0.0) } else { mean(&waits) }
        };
        Recounted::from([
            ("first_response_wall_mean", none_else(first.collect())),
            ("assignment_wall_mean", none_else(assigned.collect())),
            ("response_wall_mean", none_else(responses.collect())),
            ("queue_time_wall_mean", none_else(queued.collect())),
        ])
    }

    /// What waited for its first answer when the run began, by itself and with the rest.
    fn backlog(&self, of_run: &Recounted) -> Recounted {
        let rows = Vec::from_iter(self.tables.before_run());
        let number = |is_such: &dyn Fn(&Conversation) -> bool| {
            rows.iter().filter(|one| is_such(one)).count() as f64
        };
        let early = |one: &Conversation| one.answered.is_none() && one.abandoned.is_some();
        let waits = rows.iter().filter_map(|one| Some(one.first_response()? as f64 / 1e6));
        let waited: f64 = waits.sum();
        let answered = number(&|one| one.answered.is_some());
        let run = |name: &str| of_run[name].0.unwrap_or_default();
        let offered = run("offered") + rows.len() as f64;
        let of_run = self.tables.counted().filter_map(Conversation::first_response);
        let waited_in_run = of_run.sum::<i64>() as f64 / 1e6;
        let value = |value: f64| (Some(value), 0.0);
        let share = |part: f64, whole: f64| ((whole > 0.0).then(|| part / whole), 1e-9);
        let abandoned = run("abandoned") + number(&early);
        Recounted::from([
            ("before_run", value(rows.len() as f64)),
            ("before_run_answered", value(answered)),
            ("before_run_abandoned", value(number(&early))),
            ("before_run_first_response_mean", share(waited, answered)),
            ("offered_with_before_run", value(offered)),
            ("abandonment_with_before_run", share(abandoned, offered)),
            (
                "first_response_with_before_run_mean",
                share(waited + waited_in_run, run("answered") + answered),
            ),
        ])
    }

    /// The wait of the service level, if what ends it came before the consumer left.
    fn reached(&self, one: &Conversation) -> Option<i64> {
        match self.plan.measure.service_level.at {
            ServiceLevelAt::Answer => one.first_response(),
            ServiceLevelAt::Assignment => one.assignment(),
        }
    }

    fn shares(&self) -> Recounted {
        let threshold = self.plan.measure.service_level.within.as_micros();
        let all: Vec<&Conversation> = self.tables.counted().collect();
        let number = |is_such: &dyn Fn(&Conversation) -> bool| {
            all.iter().filter(|one| is_such(one)).count() as f64
        };
        let offered = all.len() as f64;
        let reached = number(&|one| self.reached(one).is_some());
        let within = number(&|one| self.reached(one).is_some_and(|wait| wait <= threshold));
        let short = number(&|one| {
            let left = one.patience().is_some_and(|wait| wait <= threshold);
            left && self.reached(one).is_none()
        });
        let of = |way: ServiceLevelOf| match way {
            ServiceLevelOf::Offered => share(within, offered),
            ServiceLevelOf::Answered => share(within, reached),
            ServiceLevelOf::OfferedWithoutShortAbandons => share(within, offered - short),
            ServiceLevelOf::ShortAbandonsCountAsServed => share(within + short, offered),
        };
        let abandoned = number(&|one| one.answered.is_none() && one.abandoned.is_some());
        let sum = |of: fn(&Conversation) -> u64| all.iter().map(|one| of(one)).sum::<u64>() as f64;
        let unassigned = sum(|one| one.auto_unassigns);
        let removed = sum(|one| one.ownership_removals);
        Recounted::from([
            ("abandonment", share(abandoned, offered)),
            ("service_level", of(self.plan.measure.service_level.of)),
            ("service_level_of_offered", of(ServiceLevelOf::Offered)),
            ("service_level_of_answered", of(ServiceLevelOf::Answered)),
            (
                "service_level_without_short_abandons",
                of(ServiceLevelOf::OfferedWithoutShortAbandons),
            ),
            ("service_level_with_short_abandons", of(ServiceLevelOf::ShortAbandonsCountAsServed)),
            ("auto_unassigned_per_conversation", share(unassigned, offered)),
            ("reassignments", share(unassigned + removed, offered)),
        ])
    }

    fn waits(&self) -> Recounted {
        let counted = || self.tables.counted();
        let first: Vec<i64> = counted().filter_map(Conversation::first_response).collect();
        let assigned: Vec<i64> = counted().filter_map(Conversation::assignment).collect();
        let queued: Vec<i64> = self
            .tables
            .stays
            .iter()
            .filter(|stay| stay.counts && stay.is_queued())
            .filter_map(|stay| stay.lasted)
            .collect();
        let at_once = assigned.iter().filter(|&&wait| wait == 0).count() as f64;
        let handle: Vec<i64> = self.tables.closes.iter().map(|close| close.handle).collect();
        let owned: Vec<i64> = self.tables.closes.iter().map(|close| close.owned).collect();
        let mut waits = Recounted::from([
            ("first_response_mean", mean(&first)),
            ("first_response_p50", quantile(&first, 0.5)),
            ("first_response_p90", quantile(&first, 0.9)),
            ("first_response_p99", quantile(&first, 0.99)),
            ("assignment_mean", mean(&assigned)),
            ("assignment_p90", quantile(&assigned, 0.9)),
            ("assigned_at_once", share(at_once, assigned.len() as f64)),
            ("queue_time_mean", mean(&queued)),
            ("queue_time_p90", quantile(&queued, 0.9)),
            ("queue_stays", exact(queued.len())),
            ("handle_time_mean", mean(&handle)),
            ("handle_time_owned_mean", mean(&owned)),
        ]);
        waits.insert("handle_time_without_offline_mean", self.handled_without_offline(&handle));
        waits
    }

    /// What was stranded is known by conversation, not by close.
    fn handled_without_offline(&self, handle: &[i64]) -> (Option<f64>, f64) {
        let stranded = |is_such: fn(&Conversation) -> bool| -> i64 {
            self.tables.counted().filter(|one| is_such(one)).map(|one| one.stranded).sum()
        };
        let at_most =
            stranded(|one| one.is_open() && one.trail.iter().any(|of| of.is(&["reopened"])));
        let all = handle.iter().sum::<i64>() - stranded(|one| !one.is_open());
        let count = handle.len() as f64;
        let mean = (count > 0.0).then(|| all as f64 / 1e6 / count);
        (mean, if count > 0.0 { at_most as f64 / 1e6 / count } else { 0.0 })
    }

    fn replies(&self) -> Recounted {
        let replies = &self.tables.replies;
        let response = |reply: &Reply| match reply.waiting_since {
            Since::Message { counted, .. } if !reply.is_wasted => Some(counted),
            _ => None,
        };
        let responses: Vec<i64> = replies.iter().filter_map(response).collect();
        let in_time = self.plan.measure.response_within.as_micros();
        let in_time = responses.iter().filter(|&&time| time <= in_time).count() as f64;
        let wasted = replies.iter().filter(|reply| reply.is_wasted).count();
        let rescues: Vec<i64> = replies
            .iter()
            .filter(|reply| !reply.is_wasted)
            .filter_map(|reply| {
                let (after, from) = reply.removed.as_ref()?;
                (*from != reply.agent).then_some(*after)
            })
            .collect();
        Recounted::from([
            ("answers", exact(responses.len())),
            ("wasted_answers", exact(wasted)),
            ("follow_ups", exact(replies.len() - responses.len() - wasted)),
            ("response_mean", mean(&responses)),
            ("response_p50", quantile(&responses, 0.5)),
            ("response_p90", quantile(&responses, 0.9)),
            ("response_p99", quantile(&responses, 0.99)),
            ("response_in_time", share(in_time, responses.len() as f64)),
            ("rescues", exact(rescues.len())),
            ("rescue_mean", mean(&rescues)),
            ("rescue_p90", quantile(&rescues, 0.9)),
        ])
    }

    fn removals(&self) -> Recounted {
        let removals = &self.tables.removals;
        let next: Vec<i64> = removals.iter().filter_map(|one| Some(one.next.as_ref()?.0)).collect();
        let to_same = removals.iter().filter(|one| {
            one.is_unassign && one.next.as_ref().is_some_and(|(_, next)| *next == one.agent)
        });
        let again = self.tables.counted().map(|one| one.auto_unassigns.saturating_sub(1));
        let waited: Vec<i64> = self.tables.records().filter_map(|record| record.waited).collect();
        let from = |state: &str| {
            let such = self.tables.records().filter(|record| {
                record.cause == "auto_unassigned" && record.state.starts_with(state)
            });
            exact(such.count())
        };
        Recounted::from([
            ("next_owner_mean", mean(&next)),
            ("back_to_same_agent", exact(to_same.count())),
            ("bounces", exact(again.sum::<u64>())),
            ("unassign_delay_mean", mean(&waited)),
            ("unassign_delay_p99", quantile(&waited, 0.99)),
            ("auto_unassigned_online", from("Online")),
            ("auto_unassigned_away", from("Away")),
            ("auto_unassigned_offline", from("Offline")),
        ])
    }

    fn records(&self) -> Recounted {
        let [logout, inbound, boomerang] = OWNERSHIP_REMOVALS;
        let count = |causes: &[&str]| {
            exact(self.tables.records().filter(|record| record.is(causes)).count())
        };
        let again = self.tables.records().filter(|record| record.is(&["reopened"])).count();
        let parts = self.tables.counted().filter(|one| one.name.part > 0).count();
        Recounted::from([
            ("claims", count(&["claimed"])),
            ("ownership_removed_on_logout", count(&[logout])),
            ("ownership_removed_on_message", count(&[inbound])),
            ("ownership_removed_on_boomerang", count(&[boomerang])),
            ("boomerangs", count(&["boomerang", boomerang])),
            ("parked", count(&["parked"])),
            ("replies_with_boomerang", count(&["reply_with_boomerang"])),
            ("manual_returns", count(&["manual_return"])),
            ("transfers_to_skill", count(&["transferred_to_skill"])),
            ("transfers_to_agent", count(&["transferred_to_agent"])),
            ("assigned_offline", count(&["assigned_offline"])),
            ("taken_up", count(&["taken_up"])),
            ("reserved", count(&["reserved"])),
            ("fell_back", count(&["fell_back"])),
            ("resolved_by_agent", count(&["resolved_by_agent"])),
            ("resolved_by_consumer", count(&["resolved_by_consumer"])),
            ("resolved_by_abandonment", count(&["abandoned"])),
            ("auto_closed", count(&["auto_closed"])),
            ("reopened", count(&["reopened"])),
            ("after_close", exact(again + parts)),
        ])
    }

    fn clients(&self) -> Recounted {
        let first = self.tables.counted().filter(|one| one.is_first());
        let clients: BTreeSet<&str> = first.map(|one| one.name.client.as_str()).collect();
        let contacts: Vec<&Conversation> = self
            .tables
            .counted()
            .filter(|one| clients.contains(one.name.client.as_str()))
            .collect();
        let served = contacts.iter().filter(|one| one.answered.is_some());
        let served: BTreeSet<&str> = served.map(|one| one.name.client.as_str()).collect();
        Recounted::from([
            ("clients", exact(clients.len())),
            ("clients_served", exact(served.len())),
            ("clients_served_share", share(served.len() as f64, clients.len() as f64)),
            ("contacts_per_client", share(contacts.len() as f64, clients.len() as f64)),
        ])
    }

    fn levels(&self) -> Recounted {
        let until = self.plan.run.until.as_micros();
        let mean = |is_such: fn(&Stay) -> bool| {
            let stays = self.tables.stays.iter().filter(|stay| is_such(stay));
            let area: i64 = stays.map(|stay| stay.within(self.start, until)).sum();
            share(area as f64, (until - self.start) as f64)
        };
        Recounted::from([
            ("queue_length", mean(Stay::is_queued)),
            ("open", mean(|_| true)),
            ("unowned", mean(|stay| stay.owner.is_none())),
            ("queue_length_max", self.highest(Stay::is_queued)),
            ("open_max", self.highest(|_| true)),
            ("unowned_max", self.highest(|stay| stay.owner.is_none())),
        ])
    }

    /// The highest number that was held for some time: that after one of the instants at which
    /// something changed, if the run went on after it.
    fn highest(&self, is_such: fn(&Stay) -> bool) -> (Option<f64>, f64) {
        let ended = self.tables.conversations.iter().map(|one| one.ended).max().unwrap_or(0);
        let ended = ended.max(self.plan.run.until.as_micros());
        let stays: Vec<&Stay> = self.tables.stays.iter().filter(|stay| is_such(stay)).collect();
        let begins = stays.iter().map(|stay| stay.begins.max(self.start));
        let instants: BTreeSet<i64> = begins.filter(|&at| at < ended).collect();
        let held = |&at: &i64| stays.iter().filter(|stay| stay.holds_after(at)).count();
        exact(instants.iter().map(held).max().unwrap_or(0))
    }

    /// The two files say the same of each conversation.
    fn rows_hold_the_trail(&self, files: &Files, report: &mut Differences) {
        for one in &self.tables.conversations {
            let count = |is_such: &dyn Fn(&super::tables::Record) -> bool| {
                one.trail.iter().filter(|record| is_such(record)).count() as u64
            };
            let what = |what: &str| format!("{what} of {}", one.name.client);
            report.exact(&what("owners"), count(&|record| record.gives().is_some()), one.owners);
            let unassigned = count(&|record| record.is(&["auto_unassigned"]));
            report.exact(&what("auto-unassigns"), unassigned, one.auto_unassigns);
            let removed = count(&|record| record.is(&OWNERSHIP_REMOVALS));
            report.exact(&what("ownership removals"), removed, one.ownership_removals);
            let first = one.trail.iter().find(|record| record.gives().is_some());
            let first = first.map(|record| record.at as f64);
            report.compare(&what("assigned"), first, one.assigned.map(|at| at as f64), 0.0);
            let ends = one.trail.iter().skip(1).map(|next| next.at).chain([one.ended]);
            let spells = one.trail.iter().zip(ends).filter(|(record, _)| record.status == "new");
            let spells: Vec<_> =
                spells.map(|(record, ends)| (ends - record.at, record.to.is_none())).collect();
            let handle: i64 = spells.iter().map(|(time, _)| time).sum();
            let queue: i64 =
                spells.iter().filter(|(_, is_queued)| *is_queued).map(|(time, _)| time).sum();
            report.exact(&what("handle time"), handle as u64, one.handle_time as u64);
            report.exact(&what("queue time"), queue as u64, one.queue_time as u64);
        }
        // Told apart only where replies are known for what they are; together they are known.
        let delivered = ["answers", "follow_ups", "wasted_answers"].map(|name| files.figure(name));
        let delivered = delivered.into_iter().flatten().sum();
        let answers = self.tables.counted().map(|one| one.answers).sum::<u64>();
        report.compare("replies", Some(answers as f64), Some(delivered), 0.0);
        let stranded: i64 = self.tables.counted().map(|one| one.stranded).sum();
        report.exact("stranded", stranded as u64, files.number("/times/stranded/total/micros"));
    }
}

fn number(value: f64) -> (Option<f64>, f64) {
    (Some(value), 0.0)
}

pub(super) fn exact(value: impl TryInto<u64>) -> (Option<f64>, f64) {
    let value = value.try_into().unwrap_or_else(|_| panic!("no such number"));
    number(value as f64)
}

pub(super) fn share(part: f64, whole: f64) -> (Option<f64>, f64) {
    ((whole > 0.0).then(|| part / whole), 0.0)
}

/// Seconds.
pub(super) fn mean(times: &[i64]) -> (Option<f64>, f64) {
    share(times.iter().sum::<i64>() as f64 / 1e6, times.len() as f64)
}

/// Seconds that this share does not exceed; the summary reads it from a histogram of three digits over
/// milliseconds.
fn quantile(times: &[i64], share: f64) -> (Option<f64>, f64) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let place = ((share * times.len() as f64).ceil() as usize).max(1) - 1;
    let seconds = times.get(place).map(|&time| Span::from_micros(time).as_secs_f64());
    (seconds, seconds.map_or(0.0, |seconds| seconds * 1e-3 + 1e-3))
}

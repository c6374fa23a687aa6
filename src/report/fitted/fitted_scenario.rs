//! The scenario that a log comes to, commented.

use std::fmt::Write as _;

use jiff::civil::{Date, Weekday};

use crate::base::calendar::date_of_day;
use crate::estimation::{BusynessFinding, Estimated, PatienceFinding, SilentFinding};
use crate::fitting::{SilentOutcome, SkillEstimates, TimesEstimate, TurnCount, is_told_apart};
use crate::log::LoggedSkill;
use crate::log::form::LoggedState;

use super::fitted_findings::findings;
use super::fitted_log::{FittedLog, MOST_TEAMS};
use super::fitted_tables::{VOLUMES, staffing, staffing_name};
use super::fitted_words::mean_time;
use super::toml_words::{empirical, interruption, law, number, quoted, seconds};

/// The text; none where the log has no arrivals to simulate.
pub(super) fn scenario(log: &FittedLog<'_>) -> Option<String> {
    let arrivals = log.arrivals()?;
    let mut text = String::new();
    head(log, &mut text);
    let first = first_monday(arrivals.first_day?)?;
    let days = if arrivals.is_by_weekday { 7 } else { 1 };
    let _ =
        writeln!(text, "name = {}\n\n[run]\nfrom = \"{first}\"\ndays = {days}", quoted(log.name));
    if let Some(zone) = log.zone {
        let _ = writeln!(text, "time_zone = {}", quoted(zone));
    }
    platform(log, &mut text);
    consumers(log, &mut text);
    skills(log, &mut text);
    agents(log, &mut text);
    speeds(log, &mut text);
    Some(text)
}

/// What the log says and cannot say.
fn head(log: &FittedLog<'_>, text: &mut String) {
    text.push_str("# Fitted to a log of messages by `shiftstorm fit`. What the log says, with 95 % intervals:\n#\n");
    for finding in findings(log) {
        let mark = if finding.is_known { "" } else { "NOT KNOWN. " };
        let line = format!("{}: {mark}{}", finding.topic, finding.text);
        for folded in crate::report::terminal::wrapped(&line, 2).lines() {
            let _ = writeln!(text, "# {folded}");
        }
    }
    text.push('\n');
}

/// The first Monday at or after a day since 1970-01-01.
fn first_monday(day: i32) -> Option<Date> {
    let mut date = date_of_day(day)?;
    while date.weekday() != Weekday::Monday {
        date = date.tomorrow().ok()?;
    }
    Some(date)
}

fn platform(log: &FittedLog<'_>, text: &mut String) {
    let estimates = log.estimates;
    match estimates.closes_after {
        Some(after) if after >= 1.0 => {
            let _ = writeln!(
                text,
                "\n[resolve]   # agents close what has been silent for so long\nafter = {}",
                seconds(after)
            );
        }
        _ => {}
    }
    if let Some(after) = estimates.auto_closes_after.filter(|after| *after >= 1.0) {
        let _ = writeln!(text, "\n[auto_close]\nafter = {}", seconds(after));
    }
    if let Some(within) = &estimates.removal_within {
        text.push_str("\n[remove_ownership]\nenabled = true\n");
        // A timeout while Offline comes before longer delays, which are not seen then.
        let is_cut = estimates.unassigns.iter().any(|it| it.state == Some(LoggedState::Offline));
        if !is_cut {
            let _ = writeln!(text, "within = {}", seconds(within.value.min(120.0)));
        }
    }
    if estimates.unassigns.iter().any(|unassigns| unassigns.timeout.is_some()) {
        let of = |state| {
            let of_state = estimates.unassigns.iter().find(|it| it.state == Some(state));
            of_state.and_then(|it| it.timeout).map_or_else(|| "\"off\"".to_owned(), seconds)
        };
        let _ = writeln!(
            text,
            "\n[unassign]\nenabled = true\ntimeout = {{ online = {}, away = {}, offline = {} }}",
            of(LoggedState::Online),
            of(LoggedState::Away),
            of(LoggedState::Offline)
        );
    }
}

fn consumers(log: &FittedLog<'_>, text: &mut String) {
    let Some(arrivals) = log.arrivals() else { return };
    for skill in &arrivals.skills {
        let name = quoted(log.skill(skill.skill));
        let busyness = match &skill.busyness {
            BusynessFinding::Estimated { variance, is_none: false } => {
                format!(", busyness = {{ shape = {} }}", number(1.0 / variance.value))
            }
            _ => String::new(),
        };
        let table = quoted(VOLUMES);
        let _ = writeln!(
            text,
            "\n[consumers.{name}]\nskill = {name}\narrivals = {{ table = {table}{busyness} }}   # n = {}",
            skill.count
        );
        behaviour(log, skill.skill, text);
    }
}

/// What consumers do who ask for a skill: its own estimates where it has them, else those of all.
fn behaviour(log: &FittedLog<'_>, skill: Option<LoggedSkill>, text: &mut String) {
    let estimates = log.estimates;
    let own = estimates.of_skill(skill);
    // Says so where a skill has none of its own.
    let shared = |has_own: bool| if own.is_some() && !has_own { ", all skills" } else { "" };
    let own_turns = own.and_then(|own| own.turns.as_ref());
    if let Some(turns) = own_turns.or(estimates.turns.as_ref()) {
        let messages = match turns.form {
            TurnCount::Fixed(turns) => turns.to_string(),
            TurnCount::Geometric(share) => {
                format!("{{ geometric = {} }}", number(share.value.clamp(0.001, 1.0)))
            }
        };
        let of = shared(own_turns.is_some());
        let _ = writeln!(text, "messages = {messages}   # n = {}{of}", turns.conversations);
        if turns.has_bursts() && estimates.burst_gaps.ended > 0 {
            let _ = writeln!(
                text,
                "burst = {{ size = {}, gap = {} }}",
                sizes(turns),
                times(&estimates.burst_gaps, "5s")
            );
        }
    }
    let own_think = own.and_then(|own| own.think.as_ref());
    let think = own_think.unwrap_or(&estimates.think);
    if think.ended > 0 {
        let mean = think.mean().map_or(String::new(), |mean| mean_time(&mean));
        let of = shared(own_think.is_some());
        let _ = writeln!(text, "think = {}   # mean {mean}{of}", times(think, "60s"));
    }
    match own.filter(|own| own.patience_law().is_some()) {
        Some(own) => own_patience(log, own, text),
        None => patience(log, shared(false), text),
    }
}

fn until(log: &FittedLog<'_>) -> &'static str {
    if log.estimates.is_patience_until_assignment { ", until = \"assignment\"" } else { "" }
}

fn own_patience(log: &FittedLog<'_>, own: &SkillEstimates, text: &mut String) {
    if let Some(share) = own.silent_share() {
        let _ = writeln!(text, "silent_share = {}", number(share));
    }
    if let Some((found, mean)) = own.patience_law().zip(own.mean_patience()) {
        let (found, mean) = (law(&found), mean_time(&mean));
        let _ = writeln!(text, "patience = {{ first = {found}{} }}   # mean {mean}", until(log));
    }
}

/// Of all skills together.
fn patience(log: &FittedLog<'_>, of: &str, text: &mut String) {
    let (estimates, until) = (log.estimates, until(log));
    let found = match (&estimates.silent.finding, estimates.silent_outcome()) {
        (SilentFinding::Identified(fit), SilentOutcome::Known(share)) => {
            let _ = writeln!(text, "silent_share = {}", number(share));
            Some((fit.patience, fit.mean_patience))
        }
        _ => match &estimates.patience.finding {
            PatienceFinding::Fitted { chosen, .. } => Some((chosen.best().law, chosen.best().mean)),
            _ => None,
        },
    };
    match (found, &estimates.rough_patience) {
        (Some((found, mean)), _) => {
            let (found, mean) = (law(&found), mean_time(&mean));
            let _ = writeln!(text, "patience = {{ first = {found}{until} }}   # mean {mean}{of}");
        }
        (None, Some(mean)) => {
            let first = format!("{{ exponential = {{ mean = {} }} }}", seconds(mean.value));
            let mean = mean_time(mean);
            let _ = writeln!(text, "patience = {{ first = {first}{until} }}   # rough: {mean}{of}");
        }
        (None, None) => text.push_str("# patience: not known; without it nobody leaves\n"),
    }
}

fn sizes(turns: &crate::fitting::TurnsEstimate) -> String {
    let parts = turns.turn_sizes.iter().filter(|size| size.share >= 5e-4);
    let parts = Vec::from_iter(parts.map(|size| (size.messages, libm::round(size.share * 1e4))));
    let sum: f64 = parts.iter().map(|(_, share)| share).sum();
    let mut left = 10_000.0;
    let mut written = Vec::new();
    for (position, (messages, share)) in parts.iter().enumerate() {
        let is_last = position + 1 == parts.len();
        let share = if is_last { left } else { libm::round(share * 1e4 / sum) };
        left -= share;
        written.push(format!("{{ share = {}, of = {messages} }}", share / 1e4));
    }
    format!("{{ mixture = [{}] }}", written.join(", "))
}

/// A fitted distribution, or the values of the log.
fn times(estimate: &TimesEstimate, otherwise: &str) -> String {
    if let Some(constant) = estimate.constant() {
        return seconds(constant);
    }
    match (&estimate.chosen, &estimate.empirical) {
        (Some(chosen), _) if estimate.has_fit() => law(&chosen.best().law),
        (_, Some(values)) => empirical(values),
        (Some(chosen), None) => law(&chosen.best().law),
        (None, None) => match estimate.median {
            Some(median) => seconds(median),
            None => quoted(otherwise),
        },
    }
}

/// Work of replies, by skill.
fn skills(log: &FittedLog<'_>, text: &mut String) {
    if log.estimates.work.is_empty() {
        text.push_str("\n# Work of a reply: not known; the default of 60 s stands for it.\n");
    }
    for work in &log.estimates.work {
        let found = match &work.law {
            Some(found) => law(found),
            None if work.gaps.ended > 0 => times(&work.gaps, "60s"),
            None => continue,
        };
        let mean =
            work.mean.map_or(String::new(), |mean| format!("   # mean {}", mean_time(&mean)));
        let name = quoted(log.skill(work.skill));
        let _ = writeln!(text, "\n[skills.{name}]\nreply_time = {found}{mean}");
    }
}

fn agents(log: &FittedLog<'_>, text: &mut String) {
    let teams = log.staffed_teams();
    let slots = slots(log);
    for team in 0..teams {
        let name = log.teams.get(team).filter(|name| !name.is_empty());
        let _ = writeln!(text, "\n[agents.{}]", quoted(name.map_or("agents", String::as_str)));
        let is_there = staffing(log, team).iter().any(|interval| interval.agents() > 0);
        if is_there {
            let _ = writeln!(text, "staffing = {{ table = {} }}", quoted(&staffing_name(team)));
        }
        if team + 1 == MOST_TEAMS && log.teams.len() > MOST_TEAMS {
            let _ = writeln!(text, "# {} more teams are left out", log.teams.len() - MOST_TEAMS);
        }
        let _ = writeln!(text, "concurrency = {}", slots_of_team(log, team).unwrap_or(slots));
        team_skills(log, team, text);
        absences(log, text);
    }
    if teams == 0 {
        let count = log.samples.agents.len().max(1);
        let _ = writeln!(
            text,
            "\n[agents.agents]   # when they are there is not known: always\ncount = {count}\nconcurrency = {slots}"
        );
        absences(log, text);
    }
}

fn slots(log: &FittedLog<'_>) -> u32 {
    log.samples.agents.values().map(|agent| agent.slots).max().unwrap_or(3).clamp(1, 100)
}

/// As the log says, or as many as any of its agents had.
fn slots_of_team(log: &FittedLog<'_>, team: usize) -> Option<u32> {
    let own = log.agent_rows.iter().filter(|row| Some(&row.team) == log.teams.get(team));
    own.filter_map(|row| row.slots).max()
}

fn team_skills(log: &FittedLog<'_>, team: usize, text: &mut String) {
    let own = log.agent_rows.iter().filter(|row| Some(&row.team) == log.teams.get(team));
    let skills = std::collections::BTreeSet::from_iter(own.flat_map(|row| row.skills.iter()));
    let is_asked_for = |skill: &&&String| {
        let arrivals = log.arrivals();
        arrivals.is_some_and(|it| it.skills.iter().any(|of| log.skill(of.skill) == skill.as_str()))
    };
    let skills = Vec::from_iter(skills.iter().filter(is_asked_for).map(|skill| quoted(skill)));
    if !skills.is_empty() {
        let _ = writeln!(text, "skills = [{}]", skills.join(", "));
    }
}

/// Speeds of agents against the group, where they differ: those of a roster that is put in place of the
/// staffing.
fn speeds(log: &FittedLog<'_>, text: &mut String) {
    let Some(group) = &log.estimates.agents.speeds else { return };
    if group.alike_probability >= 0.05 {
        return;
    }
    text.push_str(
        "# Speeds of agents, for the column `speed` of a roster in place of the staffing:\n",
    );
    for agent in &group.speeds {
        let Estimated { value, interval, observations } = &agent.speed;
        let _ = writeln!(
            text,
            "#   {} = {value:.3}   # {:.3} to {:.3}, n = {observations}",
            quoted(&agent.name),
            interval.low,
            interval.high
        );
    }
}

/// Absences begin at random, after so much time Online.
fn absences(log: &FittedLog<'_>, text: &mut String) {
    let samples = log.samples;
    let online: f64 = samples.agents.values().map(|agent| agent.online.as_secs_f64()).sum();
    let every = |count: u64| seconds(online / count as f64);
    let exponential = |mean: String| format!("{{ exponential = {{ mean = {mean} }} }}");
    let mut episodes = Vec::new();
    for (&cause, bins) in samples.away.iter().filter(|(_, bins)| bins.ended() > 0 && online > 0.0) {
        let names = log.agents.presence.causes.names();
        let reason = cause.and_then(|cause| names.get(cause)).map_or("Away", String::as_str);
        let length = times(&TimesEstimate::of(bins), "5m");
        episodes.push(format!(
            "  {{ reason = {}, every = {}, for = {length} }},\n",
            quoted(reason),
            exponential(every(bins.ended()))
        ));
    }
    if !episodes.is_empty() {
        let _ = writeln!(text, "away.episodes = [\n{}]", episodes.concat());
    }
    if samples.disconnects.ended() > 0 && online > 0.0 {
        let length = times(&TimesEstimate::of(&samples.disconnects), "5m");
        let every = exponential(every(samples.disconnects.ended()));
        let _ = writeln!(text, "disconnects = {{ every = {every}, for = {length} }}");
    }
    if let Some(late) = log.estimates.agents.lateness.as_ref().filter(|it| it.share.value >= 0.5)
        && let Some(by) = &late.by
    {
        let _ = writeln!(text, "finish.when = {{ late = {} }}", law(&by.best().law));
    }
    if let Some(found) = log.estimates.interruptions.as_ref().filter(|found| is_told_apart(found)) {
        let every = exponential(seconds(found.fit.every.value));
        let length = interruption(&found.fit.lengths);
        let _ = writeln!(text, "interruptions = {{ every = {every}, for = {length} }}");
    }
}

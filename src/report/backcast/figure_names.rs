//! What figures of a backcast are called, and how their values are written.

use crate::base::calendar::date_of_day;
use crate::fitting::{LogPart, MeasuredFigure, MeasuredKind};
use crate::ledger::definitions::Unit;
use crate::log::LogNames;
use crate::log::form::LoggedState;
use crate::report::format;
use crate::report::table::{NumberUnit, ReportCell};

/// What is known of a kind of figure.
pub(super) struct FigureName {
    /// In files.
    pub(super) name: &'static str,
    /// For people.
    pub(super) label: &'static str,
    /// What it tells a planner of.
    pub(super) unit: FigureUnit,
}

/// In what a figure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureUnit {
    Share,
    Seconds,
    Count,
    Hours,
    PerHour,
}

/// The names of a kind of figure.
pub(super) fn name_of(kind: MeasuredKind) -> FigureName {
    use FigureUnit::{Count, Hours, PerHour, Seconds, Share};
    let (name, label, unit) = match kind {
        MeasuredKind::ServiceLevel => ("service_level", "service level", Share),
        MeasuredKind::Abandonment => ("abandonment", "abandonment", Share),
        MeasuredKind::MeanFirstWait => {
            ("mean_first_wait", "wait for the first answer, mean", Seconds)
        }
        MeasuredKind::MedianReply => ("median_reply", "reply time, median", Seconds),
        MeasuredKind::SlowReply => ("slow_reply", "reply time, 90 %", Seconds),
        MeasuredKind::Unassigns(LoggedState::Online) => {
            ("unassigns_online", "unassigned while Online", Count)
        }
        MeasuredKind::Unassigns(LoggedState::Away) => {
            ("unassigns_away", "unassigned while Away", Count)
        }
        MeasuredKind::Unassigns(LoggedState::Offline) => {
            ("unassigns_offline", "unassigned while Offline", Count)
        }
        MeasuredKind::Removals => ("removals", "removed after logout", Count),
        MeasuredKind::StrandedHours => ("stranded_hours", "stranded, in all", Hours),
        MeasuredKind::Occupancy => ("occupancy", "occupancy", Share),
        MeasuredKind::LeavingPerHour => ("leaving_per_hour", "leaving an hour of waiting", PerHour),
        MeasuredKind::MedianWork => ("median_work", "gap of a reply, median", Seconds),
        MeasuredKind::LongWork => ("long_work", "gap of a reply, 90 %", Seconds),
        MeasuredKind::LongGaps => ("long_gaps", "long gaps", Count),
        MeasuredKind::MedianThink => ("median_think", "think time, median", Seconds),
        MeasuredKind::MeanTurns => ("mean_turns", "turns of a conversation", PerHour),
        MeasuredKind::OneTurnShare => ("one_turn_share", "with one turn", Share),
    };
    FigureName { name, label, unit }
}

impl FigureUnit {
    /// In files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Seconds => "seconds",
            Self::Hours => "hours",
            Self::Count | Self::PerHour => "number",
        }
    }

    /// A value for people.
    pub(super) fn written(self, value: f64) -> String {
        match self {
            Self::Share => format::percent(value),
            Self::Seconds => format::seconds(value),
            Self::Hours => format!("{value:.2} h"),
            Self::Count => format::whole(libm::round(value) as u64),
            Self::PerHour => format!("{value:.2}"),
        }
    }

    /// A value in a table.
    pub(super) fn cell(self, value: f64) -> ReportCell {
        match self {
            Self::Share => ReportCell::share(value),
            Self::Seconds => ReportCell::number(value, NumberUnit::Of(Unit::Seconds)),
            Self::Hours | Self::PerHour => ReportCell::fixed(2, value),
            Self::Count => ReportCell::fixed(0, value),
        }
    }
}

/// A part for people; empty for the whole.
pub(super) fn part(part: LogPart, skills: &LogNames) -> String {
    match part {
        LogPart::Whole => String::new(),
        LogPart::Day(day) => date_of(day),
        LogPart::Hour(hour) => format!("{hour:02}:00–{:02}:00", hour + 1),
        LogPart::Skill(skill) => {
            let name = skill.and_then(|skill| skills.names().get(usize::from(skill.0)));
            name.map_or("general", String::as_str).to_owned()
        }
    }
}

/// What a part is: for files.
pub(super) fn kind_of_part(part: LogPart) -> &'static str {
    match part {
        LogPart::Whole => "whole",
        LogPart::Day(_) => "day",
        LogPart::Hour(_) => "hour",
        LogPart::Skill(_) => "skill",
    }
}

/// The date of a day since 1970-01-01.
pub(super) fn date_of(day: i32) -> String {
    date_of_day(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

/// A figure in one word: the head of a column.
pub(super) fn column(figure: &MeasuredFigure, skills: &LogNames) -> String {
    let MeasuredFigure { part: place, kind } = *figure;
    let name = name_of(kind).name;
    match place {
        LogPart::Whole => name.to_owned(),
        LogPart::Hour(hour) => format!("{name} hour {hour:02}"),
        LogPart::Day(_) | LogPart::Skill(_) => {
            format!("{name} {} {}", kind_of_part(place), part(place, skills))
        }
    }
}

/// A figure for people.
pub(super) fn label(figure: &MeasuredFigure, skills: &LogNames) -> String {
    let name = name_of(figure.kind).label;
    match figure.part {
        LogPart::Whole => name.to_owned(),
        place => format!("{name}, {}", part(place, skills)),
    }
}

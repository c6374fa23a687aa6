//! A roster from a table: who works when, with which skills, and which breaks.

use std::collections::BTreeSet;

use super::by_day::{ByDay, DayRule};
use super::characters::forbidden;
use super::clock_shifts::{ClockShift, between, clocks, overlap, roster_of};
use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::reader::compound::NamedForm;
use super::reader::forms::TextForm;
use super::table_days::{TableDays, warn};
use super::table_file::{TableFileForm, table_options};
use crate::base::ids::SkillId;
use crate::base::time::{Span, Time};
use crate::model::settings::{NamedAgent, Roster, Shift};
use crate::tables::{
    AgentDay, BreakKind, DayTime, Meaning, NamedColumn, PlannedStretch, Sheet, ShiftTable,
    TableAgent, TableFinding, TableOptions, choose, read_shifts,
};

/// The agents of a group as a table lists them.
pub(super) struct ListedAgents {
    pub(super) roster: Roster,
    pub(super) named: Vec<NamedAgent>,
    /// By kind, of each agent.
    pub(super) breaks: Vec<ListedBreaks>,
}

/// Breaks of one kind.
pub(super) struct ListedBreaks {
    pub(super) kind: BreakKind,
    /// Of each agent, in order.
    pub(super) agents: Vec<Vec<Shift>>,
    pub(super) are_daily: bool,
}

/// `roster`.
pub(super) fn roster_table(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
    group: &str,
) -> Option<ListedAgents> {
    let mut options = table_options(section);
    let activities = section.optional(
        "activities",
        NamedForm { form: TextForm, at_most: 64 },
        "what words of the table say an agent does, such as { Projekt = \"work\" }: work, break, lunch, \
         training, meeting or off",
    );
    let activities = activities.into_iter().flatten();
    options.activities = activities
        .map(|(heading, meaning)| NamedColumn { meaning, heading: heading.text })
        .collect();
    let form = TableFileForm { options: &options };
    let documentation = "CSV file or workbook with a row a shift, a row an activity, or a row an agent \
                         with a column a day; relative to the scenario";
    let table = section.optional("table", form, documentation);
    let csv = section.optional("csv", TableFileForm { options: &options }, "the same as `table`");
    let mut named = Vec::new();
    for (key, meaning, documentation) in COLUMNS {
        let heading = section.optional(key, TextForm, documentation);
        named.extend(heading.map(|heading| NamedColumn { meaning: meaning.to_owned(), heading }));
    }
    options.columns.extend(named);
    if !section.one_of(&["table", "csv"], true) {
        return None;
    }
    let key = if section.has("table") { "table" } else { "csv" };
    let sheet = table.or(csv)?;
    let mut listing = Listing { section, run, key, sheet: &sheet };
    let agents = listing.agents(&options, group)?;
    listing.resolve(agents)
}

/// Older names of columns.
const COLUMNS: [(&str, &str, &str); 4] = [
    ("agent", "agent", "heading of the column with the agent's name"),
    ("start", "time", "heading of the column with the clock time at which the shift starts"),
    ("end", "end", "heading of the column with the clock time at which it ends"),
    ("day", "date", "heading of the column with the date or weekday on which the shift starts"),
];

struct Listing<'a, 'b> {
    section: &'a ReaderSection<'b>,
    run: &'a RunSettings,
    key: &'a str,
    sheet: &'a Sheet,
}

impl Listing<'_, '_> {
    fn report(&self, finding: TableFinding) {
        self.section.report_table(self.key, self.sheet, finding);
    }

    /// The agents of the table that belong to the group.
    fn agents(&mut self, options: &TableOptions, group: &str) -> Option<Vec<TableAgent>> {
        let ShiftTable { mut agents, echo, findings } = match read_shifts(self.sheet, options) {
            Ok(read) => read,
            Err(findings) => {
                findings.into_iter().for_each(|finding| self.report(finding));
                return None;
            }
        };
        findings.into_iter().for_each(|finding| self.report(finding));
        self.section.context.note_table(echo);
        if let Some(agent) = agents.iter().find(|agent| forbidden(&agent.name).is_some()) {
            let finding = TableFinding::error("a name with a control character").at(&agent.place);
            self.report(finding.allowed("characters that can be seen, and spaces"));
            return None;
        }
        let mut teams = Vec::new();
        for agent in &agents {
            if let Some(team) = agent.group.as_ref().filter(|team| !teams.contains(*team)) {
                teams.push(team.clone());
            }
        }
        let is_chosen = options
            .only
            .iter()
            .any(|it| agents.len() == 1 || Meaning::of(&it.column) == Some(Meaning::Team));
        if !teams.is_empty() && !is_chosen {
            match choose(&teams, &[group.to_owned()]).map(|team| team.map(str::to_owned)) {
                Ok(team) => agents.retain(|agent| agent.group == team),
                Err(finding) => {
                    let help = "choose a team: `where = { team = \"…\" }`, or take all: `columns = { team = \"\" }`";
                    self.report(finding.help(help));
                    return None;
                }
            }
        }
        let days = agents.iter().flat_map(|agent| agent.days.iter().map(|day| day.day));
        let days = TableDays {
            key: self.key,
            file: &self.sheet.file,
            rows: "shifts",
            days: days.collect(),
            has_nights: true,
        };
        days.outside(self.section, self.run).map(|_| agents)
    }

    fn resolve(&self, agents: Vec<TableAgent>) -> Option<ListedAgents> {
        let mut unknown = BTreeSet::new();
        let mut idle = Vec::new();
        let mut kept = Vec::new();
        for agent in agents {
            match self.skills(&agent, &mut unknown) {
                Some(skills) if skills.is_empty() => idle.push(agent.name),
                skills => kept.push((agent, skills)),
            }
        }
        let file = &self.sheet.file;
        if !unknown.is_empty() {
            let skills = Vec::from_iter(unknown).join("`, `");
            let message = format!("`{file}`: nobody asks for `{skills}`");
            warn(self.section, self.key, message);
        }
        if !idle.is_empty() {
            let count = idle.len();
            let message = format!(
                "`{file}`: {count} agents have no skill that anybody asks for and are left out, the first is `{}`",
                idle[0]
            );
            warn(self.section, self.key, message);
        }
        if kept.is_empty() {
            let message = format!("`{file}`: no agent is left");
            let allowed = self.section.context.skills.join(", ");
            self.section.context.report(self.section.error(self.key, message).allowed(allowed));
            return None;
        }
        let shifts = kept.iter().map(|(agent, _)| by_day(agent, |day| day.presence.clone()));
        let roster = roster_of(&Vec::from_iter(shifts), self.run);
        for (position, (agent, _)) in kept.iter().enumerate() {
            self.refuse_overlap(&roster, position, &agent.name);
        }
        let breaks = Vec::from_iter(KINDS.iter().filter_map(|&kind| self.breaks(&kept, kind)));
        let named = kept.into_iter().map(|(agent, skills)| NamedAgent {
            name: agent.name,
            skills,
            concurrency: agent.slots,
            speed: agent.speed.unwrap_or(1.0),
        });
        Some(ListedAgents { roster, named: named.collect(), breaks })
    }

    /// The skills of an agent that are known; none if the table does not say.
    fn skills(&self, agent: &TableAgent, unknown: &mut BTreeSet<String>) -> Option<Vec<SkillId>> {
        let known = &self.section.context.skills;
        let mut skills = Vec::new();
        for word in agent.skills.as_ref()? {
            let is_same = |skill: &String| skill.to_lowercase() == word.to_lowercase();
            match known.iter().position(is_same).and_then(|it| u16::try_from(it).ok()) {
                Some(position) => skills.push(SkillId(position)),
                None => {
                    unknown.insert(word.clone());
                }
            }
        }
        skills.sort_unstable();
        skills.dedup();
        Some(skills)
    }

    fn refuse_overlap(&self, roster: &Roster, position: usize, name: &str) {
        if let Some((one, other)) = overlap(roster, position) {
            let message = format!(
                "contradictory shifts of `{name}`: {} and {} overlap",
                clocks(one, self.run),
                clocks(other, self.run)
            );
            self.section.context.report(self.section.error(self.key, message));
        }
    }

    /// The breaks of one kind; none if there are none.
    fn breaks(
        &self,
        agents: &[(TableAgent, Option<Vec<SkillId>>)],
        kind: BreakKind,
    ) -> Option<ListedBreaks> {
        let own = |day: &AgentDay| {
            let own = day.breaks.iter().filter(|it| it.kind == kind);
            own.map(|it| it.stretch).collect()
        };
        let days = Vec::from_iter(agents.iter().map(|(agent, _)| by_day(agent, own)));
        if days.iter().all(|days| days.values().all(Vec::is_empty)) {
            return None;
        }
        let roster = roster_of(&days, self.run);
        let mut lists = roster.lists()?.to_vec();
        for list in &mut lists {
            list.retain(|it| it.start >= Time::ZERO);
            list.sort_by_key(|it| it.start);
        }
        Some(ListedBreaks { kind, agents: lists, are_daily: roster.is_daily() })
    }
}

/// The stretches of the days of an agent.
fn by_day(
    agent: &TableAgent,
    stretches: impl Fn(&AgentDay) -> Vec<PlannedStretch>,
) -> ByDay<Vec<ClockShift>> {
    let of_day = |day: &AgentDay| {
        let span = |time: DayTime| Span::from_secs(i64::from(time.seconds()));
        let shift = |it: &PlannedStretch| between(span(it.start), span(it.end));
        (DayRule::of_planned(day.day), stretches(day).iter().map(shift).collect())
    };
    ByDay::of_rules(agent.days.iter().map(of_day).collect())
}

const KINDS: [BreakKind; 4] =
    [BreakKind::Break, BreakKind::Lunch, BreakKind::Training, BreakKind::Meeting];

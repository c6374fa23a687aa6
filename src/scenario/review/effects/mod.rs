//! Settings that are written but change nothing: tables of them by place in the file.
//!
//! A setting counts if one of the plans that contain it, the base or a variant, feels it.

mod numbers;
mod of_people;
mod of_platform;
mod of_skills;
mod planned_absences;

use super::Review;
use crate::base::ids::SkillId;
use crate::scenario::reader::diagnostic::Diagnostic;
use crate::scenario::reader::tree::Node;

/// When a setting counts.
struct SettingEffect<T: 'static> {
    key: &'static str,
    /// Completes "`key` has no effect …".
    without: &'static str,
    /// Completes "leave it out, or …".
    remedy: &'static str,
    counts: fn(&Review<'_>, &T) -> bool,
}

const fn effect<T>(
    key: &'static str,
    without: &'static str,
    remedy: &'static str,
    counts: fn(&Review<'_>, &T) -> bool,
) -> SettingEffect<T> {
    SettingEffect { key, without, remedy, counts }
}

impl Review<'_> {
    pub(super) fn effects(&self) {
        let centre = &self.plan.centre;
        self.weigh(&[], of_platform::EFFECTS, centre);
        for (skill, name) in (0..).map(SkillId).zip(&centre.skills) {
            self.weigh(&["skills", name], of_skills::EFFECTS, &skill);
            self.weigh_shares(&["skills", name]);
        }
        for group in centre.groups.iter().filter(|group| group.count > 0) {
            self.weigh(&["agents", &group.name], of_people::OF_AGENTS, group);
            self.weigh_absences(group);
            self.weigh_shares(&["agents", &group.name]);
            self.weigh_limits(group);
        }
        for kind in &centre.kinds {
            self.weigh(&["consumers", &kind.name], of_people::OF_CONSUMERS, kind);
            self.weigh_shares(&["consumers", &kind.name]);
        }
    }

    /// Notes whether this plan feels the settings written in a table; of a part of what is without
    /// effect, nothing.
    fn weigh<T>(&self, table: &[&str], effects: &[SettingEffect<T>], of: &T) {
        let mut idle: Vec<&str> = Vec::new();
        let mut felt = Vec::new();
        for effect in effects {
            let path: Vec<_> = table.iter().copied().chain(effect.key.split('.')).collect();
            let is_known = idle.iter().any(|whole| is_part(effect.key, whole));
            let Some(node) = self.written(&path).filter(|_| !is_known) else { continue };
            let finding = self.without_effect(&path, node, effect.without, effect.remedy);
            if (effect.counts)(self, of) {
                felt.push((effect.key, finding));
            } else {
                idle.push(effect.key);
                self.context.note_effect(finding, false);
            }
        }
        // The key of an early entry may be that of a later one too.
        for (key, finding) in felt {
            if !idle.iter().any(|whole| is_part(key, whole)) {
                self.context.note_effect(finding, true);
            }
        }
    }

    fn without_effect(
        &self,
        path: &[&str],
        node: &Node,
        without: &str,
        remedy: &str,
    ) -> Diagnostic {
        let in_section = if matches!(path[0], "agents" | "consumers" | "skills") { 2 } else { 0 };
        let message = format!("`{}` has no effect {without}", path[in_section..].join("."));
        let finding = Diagnostic::error(&self.context.source, message).key(path.join("."));
        finding.at(node.span.clone()).help(format!("leave it out, or {remedy}")).warning()
    }
}

fn is_part(key: &str, whole: &str) -> bool {
    key.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

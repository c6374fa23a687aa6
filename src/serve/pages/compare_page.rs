//! Two runs against each other: first the settings that differ.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use super::{PlannerFrame, shown};
use crate::report::terminal::shell_words;
use crate::report::written_source;
use crate::serve::api_refusal::ApiRefusal;
use crate::serve::planner_run::{PlannerRun, PlannerRunState};
use crate::serve::planner_state::PlannerState;
use crate::serve::safe_name::RunId;
use crate::serve::scenario_edit::parsed;

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage {
    frame: PlannerFrame,
    runs: Vec<PlannerRun>,
    /// Ids of those that are chosen.
    base: String,
    other: String,
    unlike: Vec<UnlikeSetting>,
    /// What does the same in a terminal; empty until two are chosen.
    command: String,
    frame_address: String,
}

/// A setting that is not the same in both.
#[derive(Debug, PartialEq, Eq)]
struct UnlikeSetting {
    setting: String,
    base: String,
    other: String,
}

pub(super) async fn page(
    State(state): State<PlannerState>,
    uri: Uri,
) -> Result<Response, ApiRefusal> {
    let has_report =
        |run: &PlannerRun| matches!(run.state, PlannerRunState::Ended | PlannerRunState::Stopped);
    let runs = Vec::from_iter(state.queue.runs().into_iter().filter(has_report));
    let asked = |key: &str| {
        let pairs = uri.query().unwrap_or_default().split('&');
        let found = pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key);
        RunId::new(found?.1)
    };
    let (base, other) = (asked("base"), asked("other"));
    let chosen = |id: &Option<RunId>| runs.iter().find(|run| Some(&run.id) == id.as_ref());
    let (mut unlike, mut command, mut frame_address) = (Vec::new(), String::new(), String::new());
    if let (Some(one), Some(two)) = (chosen(&base), chosen(&other)) {
        let folders = [one.report_folder(), two.report_folder()];
        let settings = folders.each_ref().map(|folder| {
            let text = written_source(&state.project.path().join(folder)).unwrap_or_default();
            settings(&text)
        });
        unlike = unlike_settings(&settings[0], &settings[1]);
        command = shell_words(&["shiftstorm", "compare", &folders[0], &folders[1]]);
        frame_address = format!("/compare/{}/{}", one.id, two.id);
    }
    // Until somebody chooses: the last against the one before.
    let latest = |at: usize| runs.get(at).map(|run| run.id.clone());
    shown(&ComparePage {
        frame: PlannerFrame::new(&state, "compare", "Compare"),
        base: base.or_else(|| latest(1)).map(String::from).unwrap_or_default(),
        other: other.or_else(|| latest(0)).map(String::from).unwrap_or_default(),
        runs,
        unlike,
        command,
        frame_address,
    })
}

/// Every value of a text by its key, all of it whether planners often move it or not.
fn settings(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Ok(document) = parsed(text) else { return found };
    if let Ok(value) = document.to_string().parse::<toml::Table>() {
        flatten("", &toml::Value::Table(value), &mut found);
    }
    found
}

fn flatten(path: &str, value: &toml::Value, found: &mut BTreeMap<String, String>) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path} › {key}"),
    };
    match value {
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, value)| flatten(&below(key), value, found));
        }
        toml::Value::Array(values) if values.iter().any(toml::Value::is_table) => {
            for (at, value) in values.iter().enumerate() {
                let name = value.get("name").and_then(toml::Value::as_str);
                let key = name.map_or_else(|| (at + 1).to_string(), str::to_owned);
                flatten(&below(&key), value, found);
            }
        }
        value => {
            found.insert(path.to_owned(), value.to_string());
        }
    }
}

fn unlike_settings(
    base: &BTreeMap<String, String>,
    other: &BTreeMap<String, String>,
) -> Vec<UnlikeSetting> {
    let keys = BTreeSet::from_iter(base.keys().chain(other.keys()));
    let value = |of: &BTreeMap<String, String>, key: &str| {
        of.get(key).cloned().unwrap_or_else(|| "–".to_owned())
    };
    let rows = keys.into_iter().map(|key| UnlikeSetting {
        setting: key.clone(),
        base: value(base, key),
        other: value(other, key),
    });
    rows.filter(|row| row.base != row.other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_differ_are_found_wherever_they_stand() {
        let base = "a = 1\nb.c = { d = \"x\" }\n[[variant]]\nname = \"v\"\ne = [1, 2]\n";
        let other = "a = 1 # same\n[b.c]\nd = \"y\"\n[[variant]]\nname = \"v\"\ne = [1, 3]\n[[variant]]\nname = \"w\"\n";
        let found = unlike_settings(&settings(base), &settings(other));
        let rows = found.iter().map(|it| format!("{}: {} {}", it.setting, it.base, it.other));
        assert_eq!(
            Vec::from_iter(rows),
            [
                "b › c › d: \"x\" \"y\"",
                "variant › v › e: [1, 2] [1, 3]",
                "variant › w › name: – \"w\""
            ]
        );
    }
}

//! The table of cases. The sources of the values are in the scenario files.

/// A file of `scenarios/reference`.
macro_rules! file {
    ($stem:literal) => {
        $crate::experiment::validate::case::ScenarioFile {
            path: concat!("scenarios/reference/", $stem, ".toml"),
            text: include_str!(concat!("../../../../scenarios/reference/", $stem, ".toml")),
        }
    };
}

mod contacts;
mod days;
mod hand_overs;
mod messages;
mod method;
mod owners;
mod patience;
mod read;
mod sharing;
mod waiting;

use super::case::ValidationCase;

/// All cases, in the order of their numbers.
pub fn all() -> Vec<ValidationCase> {
    let parts = [
        waiting::V1,
        waiting::V2,
        patience::V3,
        patience::V4,
        waiting::V5,
        waiting::V6,
        patience::V7,
        days::V9,
        days::V10,
        days::V11,
        messages::V13,
        owners::V15,
        owners::V16,
        waiting::V18,
        method::V19,
        method::V20,
        method::V21,
        days::V22,
        sharing::V23,
        contacts::V24,
        contacts::V25,
        hand_overs::V26,
        waiting::V27,
        days::V28,
    ];
    parts.concat()
}

/// The cases that names mean, in the order of the table; without names all.
///
/// # Errors
///
/// A name that means no case.
pub fn chosen(names: &[String]) -> Result<Vec<ValidationCase>, String> {
    let all = all();
    if let Some(name) = names.iter().find(|name| !all.iter().any(|case| case.is_meant_by(name))) {
        let mut numbers = Vec::from_iter(all.iter().map(ValidationCase::number));
        numbers.dedup();
        return Err(format!("there is no case `{name}`; there are {}", numbers.join(", ")));
    }
    let is_chosen =
        |case: &ValidationCase| names.is_empty() || names.iter().any(|name| case.is_meant_by(name));
    Ok(all.into_iter().filter(is_chosen).collect())
}

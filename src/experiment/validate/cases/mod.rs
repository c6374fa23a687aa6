//! The table of cases. The sources of the values are in the scenario files.

/// A file of `scenarios/reference`.
macro_rules! file {
    ($stem:literal) => {
        $crate::experiment::validate::File {
            path: concat!("scenarios/reference/", $stem, ".toml"),
            text: include_str!(concat!("../../../../scenarios/reference/", $stem, ".toml")),
        }
    };
}

mod days;
mod messages;
mod method;
mod owners;
pub(super) mod patience;
mod read;
mod waiting;

use super::Case;

/// All cases, in the order of their numbers.
pub fn all() -> Vec<Case> {
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
    ];
    parts.concat()
}

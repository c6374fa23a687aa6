//! The simulator against queueing theory: the scenarios of `scenarios/reference` have exact
//! solutions, named with their sources in each file, and every figure must agree with its own.
//!
//! The rule (`harness`): over independent replications, an estimate is at most four standard errors
//! and one part in a thousand away from the exact value, and the standard error is at most 1 % of
//! it (of a probability: at most .005). The seed is the hash of the case's name. The ordinary run
//! takes one seed, the full run ten:
//!
//! ```text
//! THEORY_SEEDS=10 cargo test --release --test theory
//! ```

mod cases;
mod harness;
mod laws;

use harness::validate;

#[test]
fn v1_m_m_1() {
    validate(cases::V1);
}

#[test]
fn v2_erlang_c() {
    validate(cases::V2);
}

#[test]
fn v3_erlang_a() {
    validate(cases::V3);
}

#[test]
fn v4_general_patience() {
    validate(cases::V4);
}

#[test]
fn v5_m_g_1() {
    validate(cases::V5);
}

#[test]
fn v7_erlang_b() {
    validate(cases::V7);
}

#[test]
fn v9_infinite_servers() {
    validate(cases::V9);
}

#[test]
fn v13_messages() {
    validate(cases::V13);
}

#[test]
fn v15_automatic_unassignment() {
    validate(cases::V15);
}

#[test]
fn v16_ownership_removal() {
    validate(cases::V16);
}

#[test]
fn v18_priorities() {
    validate(cases::V18);
}

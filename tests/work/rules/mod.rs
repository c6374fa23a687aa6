//! The rules of the platform, each pinned by a test that names it: `a6_…` pins A6.

mod assignment;
mod consumers;
mod decisions;
mod end_of_shift;
mod ids;
mod invariants;
mod lost_answers;
mod order;
mod ownership;
mod people;
mod planned;
mod presence;
mod router;
mod sessions;
mod shares;
mod slowdown;
mod unassign;

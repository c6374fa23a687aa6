//! The rules of the platform, each pinned by a test that names it: `a6_…` pins A6.

mod assignment;
mod boomerangs;
mod closes;
mod consumers;
mod decisions;
mod end_of_shift;
mod hand_overs;
mod ids;
mod invariants;
mod lost_answers;
mod opening_hours;
mod order;
mod ownership;
mod people;
mod planned;
mod presence;
mod returns;
mod router;
mod sessions;
mod shares;
mod skill_stays;
mod skills;
mod slowdown;
mod ties;
mod unassign;

//! The rules of the platform, each pinned by a test that names it: `a6_…` pins A6.

mod assignment;
mod boomerangs;
mod closes;
mod consumers;
mod decisions;
mod hand_overs;
mod ids;
mod invariants;
mod order;
mod ownership;
mod people;
mod presence;
mod returns;
mod router;
mod sessions;
mod shares;
mod ties;
mod unassign;

//! Which build of Shiftstorm this is. It goes into what a run saves to go on from, never into a report:
//! reports of builds that decide alike have the same bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A build: its sources, and what made a program of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildIdentity {
    /// SHA-256 of the sources and of what their dependencies are, in hexadecimal.
    pub source: String,
    /// The compiler, such as `rustc 1.95.0`.
    pub compiler: String,
    /// The kind of machine, such as `x86_64-unknown-linux-gnu`.
    pub target: String,
    /// How much it was optimized: `release` or `debug`.
    pub profile: String,
}

impl BuildIdentity {
    /// That of this program.
    pub fn current() -> Self {
        Self {
            source: env!("SHIFTSTORM_SOURCE").to_owned(),
            compiler: env!("SHIFTSTORM_COMPILER").to_owned(),
            target: env!("SHIFTSTORM_TARGET").to_owned(),
            profile: env!("SHIFTSTORM_PROFILE").to_owned(),
        }
    }

    /// The source, short enough for a message.
    pub fn short(&self) -> &str {
        self.source.get(..12).unwrap_or(&self.source)
    }
}

impl fmt::Display for BuildIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { compiler, target, profile, .. } = self;
        write!(f, "source {} ({compiler}, {target}, {profile})", self.short())
    }
}

//! Conversations counted a second time.

/// Conversations counted independently of the measures (rule 2).
#[derive(Clone, Copy, Default)]
pub(super) struct Balance {
    pub(super) offered: u64,
    pub(super) answered: u64,
    pub(super) abandoned: u64,
    pub(super) closed_unanswered: u64,
    pub(super) open: u64,
    /// Come from another ledger, neither answered nor abandoned until then.
    pub(super) came: u64,
    /// Gone to another ledger in the same way.
    pub(super) went: u64,
}

//! What the observer finds wrong.

/// What is wrong.
pub(super) struct Wrong {
    /// The number of the rule.
    pub(super) rule: u8,
    /// What was found.
    pub(super) detail: String,
}

impl Wrong {
    pub(super) fn new(rule: u8, detail: impl Into<String>) -> Self {
        Self { rule, detail: detail.into() }
    }
}

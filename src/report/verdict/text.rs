//! Sentences in the making.

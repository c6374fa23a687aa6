//! Reading a file by declarations: each key is declared once, with its form, its default and its
//! documentation, and that declaration reads the key, checks it and describes it in the schema.
//!
//! Nothing stops at the first error: a value that cannot be read is reported and replaced by its
//! default, so that one pass finds everything.

pub(crate) mod compound;
mod context;
pub(crate) mod diagnostic;
pub(crate) mod forms;
mod input;
mod section;
mod side_table;
pub(crate) mod tree;

pub(crate) use self::context::{Context, KnownSheet};
pub(crate) use self::input::{Form, Input, join};
pub(crate) use self::section::{ReaderSection, describe};
pub(crate) use self::side_table::SideTable;

//! Which file defines what a path names, and which names are defined more than once.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Sources;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    Module(usize),
    /// An item, by the file that defines it.
    Item(usize),
}

/// Looks up paths as the compiler does, through re-exports and `*`.
pub(super) struct Names<'a> {
    sources: &'a Sources,
}

impl<'a> Names<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources }
    }

    /// What a path that is written in a module names; nothing if it is of another crate.
    pub(super) fn find(&self, module: usize, path: &[String]) -> Option<Found> {
        self.follow(module, path, &mut BTreeSet::new())
    }

    /// The file of what a path names.
    pub(super) fn file(&self, module: usize, path: &[String]) -> Option<usize> {
        Some(match self.find(module, path)? {
            Found::Module(found) => self.sources.modules[found].file,
            Found::Item(file) => file,
        })
    }

    fn follow(&self, module: usize, path: &[String], seen: &mut Seen) -> Option<Found> {
        let parent = |module: usize| self.sources.modules[module].parent;
        let (first, mut rest) = path.split_first()?;
        let mut start = match first.as_str() {
            "crate" => self.root(module),
            // The library, as the program next to it knows it.
            "shiftstorm" => 0,
            "self" => module,
            "super" => parent(module)?,
            _ => return self.within(module, path, seen),
        };
        while let Some((first, after)) = rest.split_first()
            && first == "super"
        {
            start = parent(start)?;
            rest = after;
        }
        self.within(start, rest, seen)
    }

    /// What a path names whose first name is one of a module.
    fn within(&self, module: usize, path: &[String], seen: &mut Seen) -> Option<Found> {
        let Some((first, rest)) = path.split_first() else { return Some(Found::Module(module)) };
        let here = &self.sources.modules[module];
        let item =
            here.items.iter().any(|item| item.name == *first).then_some(Found::Item(here.file));
        if rest.is_empty() && item.is_some() {
            return item;
        }
        let child = here.children.get(first).and_then(|&child| self.within(child, rest, seen));
        let imported = self.imported(module, path, seen);
        // The last name of a path is rather an item than a module of the same name.
        let is_item = matches!(imported, Some(Found::Item(_)));
        if rest.is_empty() && is_item { imported } else { child.or(imported).or(item) }
    }

    fn imported(&self, module: usize, path: &[String], seen: &mut Seen) -> Option<Found> {
        let (first, rest) = path.split_first()?;
        let mut through = None;
        for (position, import) in self.sources.modules[module].imports.iter().enumerate() {
            let is_meant = import.name.as_ref().is_none_or(|name| name == first);
            if !is_meant || !seen.insert((module, position)) {
                continue;
            }
            let after = if import.name.is_none() { path } else { rest };
            let found = match self.follow(module, &import.path, seen) {
                Some(Found::Module(start)) => self.within(start, after, seen),
                // What belongs to a type is where the type is; what `*` takes of it is not known.
                found => found.filter(|_| import.name.is_some()),
            };
            seen.remove(&(module, position));
            match found {
                Some(Found::Item(_)) => return found,
                _ => through = through.or(found),
            }
        }
        through
    }

    fn root(&self, mut module: usize) -> usize {
        while let Some(parent) = self.sources.modules[module].parent {
            module = parent;
        }
        module
    }
}

/// Imports that are being followed, by module and position: they may go round in a circle.
type Seen = BTreeSet<(usize, usize)>;

/// Paths into the crate that lead nowhere: without them, the graph of uses would have gaps.
pub(super) fn lost(sources: &Sources) -> Vec<String> {
    let names = Names::new(sources);
    let mut lost = Vec::new();
    for (id, module) in sources.modules.iter().enumerate() {
        let is_own = |path: &[String]| {
            let first = path.first().map_or("", String::as_str);
            let is_start = ["crate", "super", "self"].contains(&first) && path.len() > 1;
            is_start || module.children.contains_key(first)
        };
        for written in module.paths.iter().filter(|written| is_own(&written.path)) {
            if names.find(id, &written.path).is_none() {
                let path = written.path.join("::");
                lost.push(format!("{}:{} {path}", sources.path(module.file), written.line));
            }
        }
    }
    lost
}

/// Names of types that two or more modules define, with the files.
pub(super) fn doubled_types(sources: &Sources) -> Vec<String> {
    let modules = sources.modules.iter();
    doubled(modules.flat_map(|module| {
        let types = module.items.iter().filter(|item| item.is_type);
        types.map(|item| (item.name.as_str(), sources.path(module.file)))
    }))
}

/// Names of files that two or more folders hold; `mod.rs` is the folder itself.
pub(super) fn doubled_files(sources: &Sources) -> Vec<String> {
    let paths = sources.files.iter().map(|file| file.path.as_str());
    let names = paths.map(|path| (path.rsplit('/').next().unwrap_or(path), path));
    doubled(names.filter(|(name, _)| *name != "mod.rs"))
}

fn doubled<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut files = BTreeMap::<_, Vec<_>>::new();
    for (name, file) in names {
        files.entry(name).or_default().push(file);
    }
    let doubled = files.into_iter().filter(|(_, files)| files.len() > 1);
    doubled.map(|(name, files)| format!("{name}: {}", files.join(" "))).collect()
}

#[test]
fn finds_the_file_that_defines_a_name() {
    let sources = Sources::of([
        ("lib.rs", "pub mod a; mod d; pub use a::*; use std::fmt::Debug;"),
        ("a/mod.rs", "mod b; pub mod c; pub use b::{B as Renamed, self}; pub use self::c::c;"),
        ("a/b.rs", "pub enum B { X } pub use super::super::a::*;"),
        ("a/c.rs", "pub fn c() {} made! { In {} } mod inner { pub struct Inner; }"),
        ("d.rs", ""),
        ("main.rs", ""),
    ]);
    let names = Names::new(&sources);
    let module = |path: &str| {
        let is_meant = |module: &super::sources::Module| sources.path(module.file) == path;
        sources.modules.iter().position(is_meant).unwrap()
    };
    let file = |from: &str, path: &str| {
        let path = Vec::from_iter(path.split("::").map(str::to_owned));
        names.file(module(from), &path).map(|file| sources.path(file))
    };
    for (from, path, expected) in [
        ("d.rs", "crate::a::Renamed", Some("a/b.rs")),
        ("d.rs", "crate::Renamed::X", Some("a/b.rs")),
        ("d.rs", "super::a::b::B", Some("a/b.rs")),
        ("d.rs", "crate::c", Some("a/c.rs")),
        ("d.rs", "crate::c::c", Some("a/c.rs")),
        ("d.rs", "crate::c::In", Some("a/c.rs")),
        ("a/c.rs", "inner::Inner", Some("a/c.rs")),
        ("a/c.rs", "self::super::super::d", Some("d.rs")),
        ("main.rs", "shiftstorm::Renamed", Some("a/b.rs")),
        ("d.rs", "crate::Missing", None),
        ("lib.rs", "Debug", None),
    ] {
        assert_eq!(file(from, path), expected, "{path} in {from}");
    }
}

#[test]
fn finds_paths_that_lead_nowhere() {
    let sources = Sources::of([("lib.rs", "mod a;\nuse a::{A, B};"), ("a.rs", "pub struct A;")]);
    assert_eq!(lost(&sources), ["lib.rs:2 a::B"]);
}

#[test]
fn finds_doubled_names() {
    let sources = Sources::of([
        ("lib.rs", "mod a; mod b; mod c; struct Other; fn f() { struct One; }"),
        ("a/mod.rs", "mod d; struct One; fn two() {}"),
        ("a/d.rs", "trait Two {}"),
        ("b/mod.rs", "mod d; enum One {} #[cfg(test)] mod tests { struct Other; }"),
        ("b/d.rs", "type Two = u8; #[cfg(test)] struct Other;"),
        ("c.rs", "made! { struct One; }"),
    ]);
    assert_eq!(doubled_types(&sources), ["One: a/mod.rs b/mod.rs", "Two: a/d.rs b/d.rs"]);
    assert_eq!(doubled_files(&sources), ["d.rs: a/d.rs b/d.rs"]);
}

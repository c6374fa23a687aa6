//! Files that know each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use super::names::{Found, Names};
use super::sources::Sources;

/// Which file uses which: the names with their lines, by user and used.
pub(super) type Uses = BTreeMap<(usize, usize), BTreeMap<String, usize>>;

/// Files each of which leads to each of the others.
pub(super) struct Circle {
    pub(super) files: BTreeSet<usize>,
    /// Uses within the circle.
    pub(super) uses: Uses,
    /// Uses in the circle that are not between a parent and its direct child.
    pub(super) forbidden: Vec<(usize, usize)>,
}

/// Every use of one file by another; a re-exported name counts as a use of the file that defines it.
pub(super) fn uses(sources: &Sources) -> Uses {
    let names = Names::new(sources);
    let mut uses = Uses::new();
    for (id, module) in sources.modules.iter().enumerate() {
        for written in &module.paths {
            let Some(Found::Item(used)) = names.find(id, &written.path) else { continue };
            if used != module.file {
                let names = uses.entry((module.file, used)).or_default();
                names.entry(written.path.join("::")).or_insert(written.line);
            }
        }
    }
    uses
}

/// The circles that are more than a parent and its direct children, largest first.
///
/// Between parent and child a circle is allowed, because a parent that is made of its parts is
/// their common ground. A circle with any other use in it goes through siblings or across folders.
pub(super) fn circles(sources: &Sources) -> Vec<Circle> {
    let uses = uses(sources);
    let reached = Vec::from_iter((0..sources.files.len()).map(|file| reach(&uses, file)));
    let is_round = |&(from, to): &(usize, usize)| reached[to].contains(&from);
    let is_family = |from, to| {
        sources.parent_of_file(from) == Some(to) || sources.parent_of_file(to) == Some(from)
    };
    let mut circles = BTreeMap::<BTreeSet<usize>, Circle>::new();
    for (&(from, to), names) in uses.iter().filter(|(edge, _)| is_round(edge)) {
        let files = BTreeSet::from_iter(
            reached[from].iter().copied().filter(|&file| reached[file].contains(&from)),
        );
        let circle = circles.entry(files.clone()).or_insert_with(|| Circle {
            files,
            uses: Uses::new(),
            forbidden: Vec::new(),
        });
        circle.uses.insert((from, to), names.clone());
        if !is_family(from, to) {
            circle.forbidden.push((from, to));
        }
    }
    let mut circles = Vec::from_iter(circles.into_values());
    circles.retain(|circle| !circle.forbidden.is_empty());
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.files.len()));
    circles
}

/// Files that a file leads to, in one or more steps.
fn reach(uses: &Uses, file: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![file];
    while let Some(from) = open.pop() {
        for (&(_, to), _) in uses.range((from, 0)..=(from, usize::MAX)) {
            if reached.insert(to) {
                open.push(to);
            }
        }
    }
    reached
}

impl Circle {
    /// Files, every use with its names, and the shortest way back for each forbidden use.
    pub(super) fn describe(&self, sources: &Sources) -> String {
        let mut text = String::new();
        writeln!(
            text,
            "circle of {} files, {} uses not between parent and child:",
            self.files.len(),
            self.forbidden.len()
        )
        .unwrap();
        for &file in &self.files {
            writeln!(text, "  {}", sources.path(file)).unwrap();
        }
        for (&(from, to), names) in &self.uses {
            let mark =
                if self.forbidden.contains(&(from, to)) { "" } else { "  (parent and child)" };
            writeln!(text, " {} → {}{mark}", sources.path(from), sources.path(to)).unwrap();
            let names = Vec::from_iter(names.iter().map(|(name, line)| format!("{name}:{line}")));
            writeln!(text, "    {}", names.join("  ")).unwrap();
        }
        writeln!(text, " shortest circle through each forbidden use:").unwrap();
        let ways = BTreeSet::from_iter(self.forbidden.iter().map(|&(from, to)| {
            let mut way = self.way(to, from);
            // The same circle is the same line wherever it begins.
            let first = (0..way.len()).min_by_key(|&position| way[position]).unwrap_or(0);
            way.rotate_left(first);
            way
        }));
        for way in ways {
            let paths = Vec::from_iter(way.iter().map(|&file| sources.path(file)));
            writeln!(text, "  {} → {}", paths.join(" → "), paths[0]).unwrap();
        }
        text
    }

    /// The shortest way from one file to another within the circle.
    fn way(&self, from: usize, to: usize) -> Vec<usize> {
        let mut before = BTreeMap::new();
        let mut open = VecDeque::from([from]);
        while let Some(file) = open.pop_front()
            && file != to
        {
            for &(_, next) in self.uses.keys().filter(|(user, _)| *user == file) {
                if next != from && !before.contains_key(&next) {
                    before.insert(next, file);
                    open.push_back(next);
                }
            }
        }
        let mut way =
            Vec::from_iter(std::iter::successors(Some(to), |file| before.get(file).copied()));
        way.reverse();
        way
    }
}

#[cfg(test)]
fn found<const N: usize>(texts: [(&str, &str); N]) -> Vec<String> {
    let sources = Sources::of(texts);
    let circles = circles(&sources);
    let paths = |circle: &Circle| {
        let paths = circle.files.iter().map(|&file| sources.path(file));
        Vec::from_iter(paths).join(" ")
    };
    circles.iter().map(paths).collect()
}

#[test]
fn parent_and_child_may_know_each_other() {
    let parent = ("a/mod.rs", "mod b; mod c; pub use b::B; use c::C; pub struct A; type D = B;");
    let b = ("a/b.rs", "use super::A; pub struct B(A);");
    let c = ("a/c.rs", "pub struct C(super::A);");
    assert_eq!(found([("lib.rs", "mod a;"), parent, b, c]), Vec::<String>::new());
    let c = ("a/c.rs", "pub struct C(super::A, super::B);");
    assert_eq!(found([("lib.rs", "mod a;"), parent, b, c]), ["a/mod.rs a/b.rs a/c.rs"]);
}

#[test]
fn siblings_may_not_know_each_other_in_whatever_way() {
    for b in [
        "use super::a::A;",
        "use crate::{a::{self, A as _}};",
        "use super::A;",
        "use super::*; fn f(_: A) {}",
        "use super::a; fn f(_: a::A) {}",
        "fn f() { use crate::A; }",
        "fn f() { crate::a::A::new(); }",
        "fn f() { format!(\"{}\", vec![crate::A { x: 1 }]); }",
        "macro_rules! m { ($x:expr) => { $crate::a::A($x) } }",
        "#[arg(default_value_t = super::a::A)] struct S;",
        "mod inner { pub use super::super::a::A; }",
        "impl Iterator<Item = super::A> for B {}",
    ] {
        let b = format!("{b} pub struct B;");
        let texts = [
            ("lib.rs", "mod a; mod b; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", &b),
        ];
        assert_eq!(found(texts), ["a.rs b.rs"], "{b}");
    }
    for b in
        ["#[cfg(test)] use super::A;", "#[cfg(test)] mod tests { use crate::A; }", "use a::A;", ""]
    {
        let b = format!("{b} pub struct B;");
        let texts = [
            ("lib.rs", "mod a; mod b; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", &b),
        ];
        assert_eq!(found(texts), Vec::<String>::new(), "{b}");
    }
}

#[test]
fn folders_may_not_know_each_other() {
    let texts = [
        ("lib.rs", "mod x; mod y;"),
        ("x/mod.rs", "pub mod a; pub mod b;"),
        ("x/a.rs", "use crate::y::Y;"),
        ("x/b.rs", "use super::a; pub struct B; fn f() { a::f(); }"),
        ("y.rs", "use crate::x::b::B; pub struct Y;"),
    ];
    assert_eq!(found(texts), Vec::<String>::new());
    let texts = texts.map(|(path, text)| match path {
        "x/a.rs" => (path, "use crate::y::Y; pub fn f() {}"),
        _ => (path, text),
    });
    let sources = Sources::of(texts);
    let [circle] = &*circles(&sources) else { panic!("one circle") };
    let text = circle.describe(&sources);
    assert!(text.contains("x/a.rs → y.rs\n    crate::y::Y:1"), "{text}");
    assert!(text.contains("\n  x/a.rs → y.rs → x/b.rs → x/a.rs\n"), "{text}");
}

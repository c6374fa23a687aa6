//! The findings as lists, for whoever works them off.

use std::fs;
use std::path::Path;

use super::circles::circles;
use super::sources::Sources;
use super::{functions, names};

/// Writes one list a file into a directory.
pub(super) fn write(sources: &Sources, directory: &Path, lines: usize, arguments: usize) {
    fs::create_dir_all(directory).unwrap();
    let circles = circles(sources);
    let circles = Vec::from_iter(circles.iter().map(|circle| circle.describe(sources)));
    let lists = [
        ("circles.txt", circles),
        ("tuple_params.txt", functions::with_tuple_patterns(sources)),
        ("predicates.txt", functions::predicates_without_answer(sources)),
        ("long_functions.txt", functions::longer_than(sources, lines)),
        ("many_arguments.txt", functions::with_more_arguments_than(sources, arguments)),
        ("doubled_types.txt", names::doubled_types(sources)),
        ("doubled_files.txt", names::doubled_files(sources)),
    ];
    for (name, list) in lists {
        let text = list.into_iter().map(|line| line + "\n").collect::<String>();
        fs::write(directory.join(name), text).unwrap();
    }
}

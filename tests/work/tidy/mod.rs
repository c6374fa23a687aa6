//! House rules that the compiler does not know: floors, words, size, names, and who knows whom.
//!
//! Every file of `src` is parsed; what is compiled only for tests is left out. A rule that does not
//! hold yet has a ratchet: the number of places where it is broken, which may only become smaller.
//! `TIDY_LIST=directory cargo test --test work tidy:: -- --ignored` writes the places down, and
//! `TIDY_ROOT` names another checkout to look at.

mod circles;
mod functions;
mod lists;
mod names;
mod patches;
mod reading;
mod sources;
mod words;

use self::sources::Sources;

/// Files longer than this are named below with their length.
const LINES_A_FILE: usize = 400;

/// A ratchet: these are longer than they should be, and may only get shorter.
const LONGER_FILES: [(&str, usize); 1] = [("model/settings.rs", 491)];

/// Functions longer than this are a sign that something wants out.
const LINES_A_FUNCTION: usize = 70;

/// More than this, and what is handed over wants to be one thing.
const ARGUMENTS: usize = 5;

/// A ratchet: names of files that more than one folder has.
const DOUBLED_FILES: usize = 16;

#[test]
fn a_floor_knows_only_lower_floors() {
    none(&words::upward(Sources::of_project()), "a floor must not know this");
}

#[test]
fn below_simulation_nothing_depends_on_the_machine() {
    none(&words::machine_words(Sources::of_project()), "forbidden below simulation");
}

#[test]
fn only_main_and_cli_print() {
    none(&words::printing(Sources::of_project()), "only main and cli print");
}

#[test]
fn all_writing_goes_through_one_value() {
    none(&words::writing(Sources::of_project()), "only the storage writes to a disk");
}

#[test]
fn a_bug_is_planted_for_each_row_and_every_patch_still_applies() {
    none(&patches::faults(&sources::root()), "planted bugs");
}

#[test]
fn files_are_of_readable_size() {
    let allowed = |path: &str| {
        let longer = LONGER_FILES.iter().find(|(longer, _)| *longer == path);
        longer.map_or(LINES_A_FILE, |&(_, lines)| lines)
    };
    let files = Sources::of_project().files.iter().filter(|file| file.lines > allowed(&file.path));
    let files = Vec::from_iter(files.map(|file| format!("{} {}", file.path, file.lines)));
    none(&files, "files with too many lines");
}

#[test]
fn functions_are_of_readable_size() {
    let sources = Sources::of_project();
    none(&functions::longer_than(sources, LINES_A_FUNCTION), "functions with too many lines");
    none(&functions::with_more_arguments_than(sources, ARGUMENTS), "too many arguments");
}

#[test]
fn a_parameter_has_a_name() {
    let found = functions::with_tuple_patterns(Sources::of_project());
    none(&found, "tuple patterns in signatures");
}

#[test]
fn a_question_is_answered_with_yes_or_no() {
    let found = functions::predicates_without_answer(Sources::of_project());
    none(&found, "questions without an answer");
}

#[test]
fn a_name_means_one_thing() {
    let sources = Sources::of_project();
    none(&names::doubled_types(sources), "types of the same name");
    at_most(DOUBLED_FILES, &names::doubled_files(sources), "files of the same name");
}

#[test]
fn no_files_know_each_other_in_a_circle() {
    let sources = Sources::of_project();
    let circles = circles::circles(sources);
    let circles = Vec::from_iter(circles.iter().map(|circle| circle.describe(sources)));
    none(&circles, "circles of files, apart from those of a parent and its direct children");
}

#[test]
fn every_path_leads_to_a_file() {
    none(
        &names::lost(Sources::of_project()),
        "paths that the look-up of names does not understand",
    );
}

#[test]
#[ignore = "writes the findings into the directory TIDY_LIST"]
fn findings_are_written_down() {
    let directory = std::env::var_os("TIDY_LIST").expect("TIDY_LIST names a directory");
    lists::write(Sources::of_project(), directory.as_ref(), LINES_A_FUNCTION, ARGUMENTS);
}

fn none(found: &[String], rule: &str) {
    at_most(0, found, rule);
}

fn at_most(allowed: usize, found: &[String], rule: &str) {
    let number = found.len();
    assert!(number <= allowed, "{rule}: {number}, more than {allowed}:\n{}", found.join("\n"));
}

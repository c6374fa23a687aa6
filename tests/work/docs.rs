//! The documents say what is so: what they show loads and is printed, commands and files exist, links
//! lead somewhere, and every rule that the program names is explained.
//!
//! A fenced block of TOML says what it is: ```` ```toml scenario ```` is a whole file, `toml part` goes
//! into one, `toml wrong` is refused with the text block that follows it. A block
//! ```` ```text shiftstorm … ```` shows what that command prints; `…` stands for lines left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt as _;
use serde_json::Value as Json;
use shiftstorm::scenario::{self, Source};
use unicode_width::UnicodeWidthStr as _;

/// A document.
struct Page {
    /// From the root of the project.
    path: PathBuf,
    text: String,
}

/// A fenced block.
struct Block {
    /// Page and line, for people.
    place: String,
    /// The words behind the fence.
    info: String,
    text: String,
}

/// What a part of a scenario is laid over.
const REST: &str = "
run = { starts_at = '09:00', until = '17:00' }
[agents.chat]
[consumers.web]
arrivals = '6/h'
";

#[test]
fn scenarios_in_documents_load() {
    let folder = std::env::temp_dir().join(format!("shiftstorm-docs-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("volumes.csv"), "volume\n10\n12\n").unwrap();
    fs::write(folder.join("roster.csv"), "agent,start,end\nAnn,09:00,17:00\n").unwrap();
    fs::copy("tests/scenario_files/week.xlsx", folder.join("plan.xlsx")).unwrap();
    fs::copy("tests/scenario_files/handle_times.xlsx", folder.join("calls.xlsx")).unwrap();
    let mut kinds = BTreeSet::new();
    for page in pages() {
        let blocks = page.blocks();
        for (position, block) in blocks.iter().enumerate() {
            let Some(kind) = block.info.strip_prefix("toml") else { continue };
            let place = &block.place;
            let load = |text: &str| {
                let source = Source { name: "mine.toml".to_owned(), text: text.to_owned() };
                scenario::parse(source, &folder)
            };
            let is_sound = |text: &str| {
                let scenario = load(text).unwrap_or_else(|findings| panic!("{place}: {findings}"));
                assert!(scenario.warnings.is_empty(), "{place}: {}", scenario.warnings);
            };
            match kind.trim() {
                "scenario" => is_sound(&block.text),
                "part" => is_sound(&laid_over(&block.text, REST)),
                "wrong" => {
                    let findings = load(&block.text).expect_err(place).render(false);
                    let shown = &blocks[position + 1].text;
                    assert!(shown.starts_with(&findings), "{place} is refused with\n{findings}");
                }
                other => panic!("{place}: neither a scenario nor a part of one: `{other}`"),
            }
            kinds.insert(kind.trim().to_owned());
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in pages() {
        for link in page.links() {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let path = match file {
                "" => page.path.clone(),
                file => page.path.parent().unwrap().join(file),
            };
            assert!(root().join(&path).exists(), "{}: no file {link}", page.path.display());
            if !anchor.is_empty() {
                let anchors = Page::read(&path).anchors();
                let found = anchors.iter().any(|known| known == anchor);
                assert!(found, "{}: no heading {link}, of {anchors:?}", page.path.display());
            }
            count += 1;
        }
    }
    assert!(count > 50, "{count} links");
}

#[test]
fn paths_in_documents_exist() {
    let mut count = 0;
    for page in pages() {
        for code in page.codes() {
            let first = code.split('/').next().unwrap_or_default();
            let is_path = ["scenarios", "src", "tests", "reports", "docs"].contains(&first);
            if is_path && code.contains('/') && !code.contains(['*', '…', ' ']) {
                let found = root().join(&code).exists();
                assert!(found, "{}: there is no `{code}`", page.path.display());
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count} paths");
}

#[test]
fn test_binaries_in_documents_exist() {
    let mut count = 0;
    for page in pages() {
        for code in page.codes() {
            let Some((_, rest)) = code.split_once("--test ") else { continue };
            let name = rest.split(' ').next().unwrap_or_default();
            let file = root().join("tests").join(name).join("main.rs");
            assert!(file.exists(), "{}: no test binary in `{code}`", page.path.display());
            count += 1;
        }
    }
    assert!(count > 3, "{count} commands");
}

#[test]
fn commands_in_documents_exist() {
    let mut count = 0;
    for page in pages() {
        let mut made = BTreeSet::new();
        for block in page.blocks().iter().filter(|block| block.info == "sh") {
            for line in block.text.replace("\\\n", " ").lines() {
                let words = shell_words(line);
                if let [copy, from, to] = words.as_slice()
                    && copy == "cp"
                {
                    assert!(root().join(from).exists(), "{}: {line}", block.place);
                    made.insert(to.clone());
                }
                let Some(arguments) = arguments_of(&words) else { continue };
                if arguments.first().is_some_and(|command| command == "new") {
                    made.extend(arguments.iter().filter(|word| word.ends_with(".toml")).cloned());
                }
                let parsed = shiftstorm::cli::command().try_get_matches_from(
                    std::iter::once("shiftstorm").chain(arguments.iter().map(String::as_str)),
                );
                if let Err(error) = parsed {
                    assert!(!error.use_stderr(), "{}: {line}\n{error}", block.place);
                }
                for file in arguments.iter().filter(|word| word.ends_with(".toml")) {
                    let found = made.contains(file) || root().join(file).exists();
                    assert!(found, "{}: there is no {file}", block.place);
                }
                count += 1;
            }
        }
    }
    assert!(count > 25, "{count} commands");
}

/// Such as `run … --resume` in a table.
#[test]
fn options_in_running_text_exist() {
    let command = shiftstorm::cli::command();
    let mut count = 0;
    for page in pages() {
        for code in page.codes() {
            let mut words = code.split_whitespace();
            let name = words.next().unwrap_or_default();
            let Some(command) = command.find_subcommand(name) else { continue };
            for word in words.filter(|word| word.starts_with("--")) {
                let known = command.get_arguments().any(|found| {
                    let names = found.get_long_and_visible_aliases().unwrap_or_default();
                    names.contains(&word[2..].split('=').next().unwrap_or_default())
                });
                assert!(known, "{}: `{name}` has no {word}", page.path.display());
                count += 1;
            }
        }
    }
    assert!(count > 10, "{count} options");
}

#[test]
fn what_is_shown_is_what_is_printed() {
    let mut count = 0;
    for page in pages() {
        for block in page.blocks() {
            let Some(command) = block.info.strip_prefix("text shiftstorm ") else { continue };
            let arguments = shell_words(command);
            let printed = text_of(&run(&Vec::from_iter(arguments.iter().map(String::as_str))));
            let mut rest = printed.lines();
            for line in block.text.lines().filter(|line| *line != "…") {
                let found = rest.any(|printed| printed == line);
                assert!(found, "{}: not printed, or not here: {line}\n{printed}", block.place);
            }
            count += 1;
        }
    }
    assert!(count > 1, "{count} blocks");
}

#[test]
fn every_rule_that_the_program_names_is_explained() {
    let explained = rules();
    let mut named = BTreeSet::new();
    for file in files_of(&root().join("src"), &["rs", "html"]) {
        let text = fs::read_to_string(&file).unwrap();
        for id in ids_of(&text).filter(|id| !id.starts_with('M')) {
            assert!(explained.contains(id), "{}: {id} is not explained", file.display());
            named.insert(id.to_owned());
        }
    }
    assert!(named.len() > 40, "{named:?}");
}

#[test]
fn every_rule_that_a_test_pins_is_explained_and_no_other() {
    let lists = files_of(&root().join("tests"), &["txt"]);
    let list = lists.iter().find(|file| file.ends_with("ids.txt")).expect("the list of rules");
    let list = fs::read_to_string(list).unwrap();
    let pinned: BTreeSet<_> = list.split_whitespace().map(str::to_owned).collect();
    assert_eq!(pinned, rules());
}

#[test]
fn settings_of_rules_are_keys_of_scenarios() {
    let schema = scenario::schema();
    let page = Page::read(Path::new("docs/rules.md"));
    let mut count = 0;
    for line in page.text.lines().filter_map(|line| line.strip_prefix("- Settings: ")) {
        for key in codes_in(line) {
            let known =
                key.split('.').try_fold(vec![&schema], |at, word| inside(&schema, at, word));
            assert!(known.is_some(), "there is no key `{key}`");
            count += 1;
        }
    }
    assert!(count > 50, "{count} keys");
}

#[test]
fn sentences_shown_with_rules_name_the_rules_that_explain_names() {
    let sources = files_of(&root().join("src/report"), &["rs"]);
    let sources = sources.iter().map(|file| fs::read_to_string(file).unwrap());
    let sources = Vec::from_iter(sources).concat();
    let page = Page::read(Path::new("docs/rules.md"));
    let sections = page.text.split("\n### ").skip(1);
    let mut count = 0;
    for (id, section) in sections.filter_map(|section| section.split_once('\n')) {
        let shown = section.lines().filter_map(|line| line.strip_prefix("- `explain`: "));
        for quote in shown.flat_map(|line| line.split('"').skip(1).step_by(2)) {
            let ids = quote.split('(').skip(1).filter_map(|rest| rest.split_once(')'));
            let ids = Vec::from_iter(ids.map(|(ids, _)| ids).filter(|ids| ids_of(ids).count() > 0));
            assert!(ids.iter().any(|ids| ids_of(ids).any(|named| named == id)), "{id}: {quote}");
            for ids in ids {
                assert!(sources.contains(&format!("({ids})")), "{id}: nothing says ({ids})");
            }
            count += 1;
        }
    }
    assert!(count > 20, "{count} sentences");
}

#[test]
fn explain_prints_rules_from_the_page() {
    let says = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success(), "{}", text_of(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let page = Page::read(Path::new("docs/rules.md"));
    let one = says(&["explain", "--rules", "A6"]);
    assert!(one.starts_with("A6   The deadline passes: the owner is unassigned."), "{one}");
    assert!(one.contains("\n     - Settings: `unassign.enabled`, `unassign.timeout`\n"), "{one}");
    for mark in ["**", "](", "#"] {
        assert!(page.text.contains(mark) && !one.contains(mark), "{one}");
    }
    let two = says(&["explain", "--rules", "a6,D14"]);
    assert!(two.starts_with(&one) && two.contains("\n\nD14  A reply at its deadline"), "{two}");
    let all = says(&["explain", "--rules"]);
    let widest = all.lines().map(|line| line.width()).max();
    assert!(widest.is_some_and(|widest| (70..=80).contains(&widest)), "{widest:?}");
    let heads = all.lines().filter(|line| !line.starts_with(' ') && !line.is_empty());
    let heads: BTreeSet<_> = heads.filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(heads, rules().iter().map(String::as_str).collect());
    // Every word of the page is there, in its order.
    let words = |text: &str| Vec::from_iter(text.split_whitespace().map(str::to_owned));
    let section = page.text.split("\n### E13\n").nth(1).unwrap().split("\n### ").next().unwrap();
    let printed = words(&says(&["explain", "--rules", "E13"]));
    assert_eq!(printed[1..], words(&section.replace("**", "")));
}

#[test]
fn explain_refuses_a_rule_that_there_is_not() {
    let refused = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text_of(&output));
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let text = refused(&["explain", "--rules", "A66"]);
    assert!(
        text.starts_with("error: there is no rule `A66`. Did you mean A6? There are A1, A2,"),
        "{text}"
    );
    assert!(refused(&["explain", "--rules", "A6,", "D14"]).contains("there is no rule ``"));
    let text = refused(&["explain", "--rules", "A6", "--variant", "off"]);
    assert!(text.contains("cannot be used with"), "{text}");
    assert!(refused(&["explain"]).contains("<FILE>"));
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap();
        Self { path: path.to_owned(), text }
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        for (number, line) in self.text.lines().enumerate() {
            match (line.strip_prefix("```"), blocks.last_mut().filter(|_| is_open)) {
                (Some(""), Some(_)) => is_open = false,
                (Some(info), None) => {
                    let place = format!("{}:{}", self.path.display(), number + 1);
                    blocks.push(Block { place, info: info.to_owned(), text: String::new() });
                    is_open = true;
                }
                (_, Some(block)) => block.text += &format!("{line}\n"),
                (None, None) => {}
            }
        }
        assert!(!is_open, "{}: a block has no end", self.path.display());
        let empty = blocks.iter().find(|block| block.text.is_empty());
        assert!(empty.is_none(), "{}: an empty block", empty.unwrap().place);
        blocks
    }

    /// The page without its blocks.
    fn prose(&self) -> String {
        let parts = self.text.split("\n```").step_by(2);
        Vec::from_iter(parts).join("\n")
    }

    fn links(&self) -> Vec<String> {
        let prose = self.prose();
        let targets = prose.split("](").skip(1);
        targets.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
    }

    /// What stands between single backticks.
    fn codes(&self) -> Vec<String> {
        self.prose().lines().flat_map(codes_in).collect()
    }

    /// The anchors of the headings, as a forge makes them.
    fn anchors(&self) -> Vec<String> {
        let prose = self.prose();
        let heads = prose.lines().filter(|line| line.starts_with('#'));
        heads.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn codes_in(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn pages() -> Vec<Page> {
    let mut paths =
        vec![PathBuf::from("README.md"), "CONTRIBUTING.md".into(), "CHANGELOG.md".into()];
    let documents = files_of(&root().join("docs"), &["md"]);
    paths.extend(documents.iter().map(|path| path.strip_prefix(root()).unwrap().to_owned()));
    paths.iter().map(|path| Page::read(path)).collect()
}

/// The ids of the rules that the page explains.
fn rules() -> BTreeSet<String> {
    let page = Page::read(Path::new("docs/rules.md"));
    let ids = page.text.lines().filter_map(|line| line.strip_prefix("### "));
    ids.map(str::to_owned).collect()
}

/// Words such as `A6`, `(D12)` or `B3:` of a text.
fn ids_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric());
    words.filter(|word| {
        let number = word.strip_prefix(['A', 'B', 'D', 'E', 'M']).unwrap_or_default();
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// One table over another, key by key.
fn laid_over(upper: &str, lower: &str) -> String {
    fn lay(upper: toml::Table, lower: &mut toml::Table) {
        for (key, value) in upper {
            match (value, lower.get_mut(&key)) {
                (toml::Value::Table(upper), Some(toml::Value::Table(lower))) => lay(upper, lower),
                (value, _) => drop(lower.insert(key, value)),
            }
        }
    }
    let mut whole: toml::Table = lower.parse().unwrap();
    lay(upper.parse().unwrap(), &mut whole);
    whole.to_string()
}

/// The schemas of a key within those of what is around it.
fn inside<'a>(root: &'a Json, around: Vec<&'a Json>, key: &str) -> Option<Vec<&'a Json>> {
    let mut found = Vec::new();
    let mut open = around;
    while let Some(schema) = open.pop() {
        if let Some(name) = schema["$ref"].as_str() {
            open.extend(root.pointer(name.trim_start_matches('#')));
        }
        let parts = ["anyOf", "oneOf"].iter().filter_map(|key| schema[key].as_array());
        open.extend(parts.flatten());
        open.extend(schema.get("items"));
        found.extend(match key {
            "NAME" => schema.get("additionalProperties").filter(|any| any.is_object()),
            key => schema["properties"].get(key),
        });
    }
    (!found.is_empty()).then_some(found)
}

/// The arguments of a line that runs the program.
fn arguments_of(words: &[String]) -> Option<&[String]> {
    match words.first()?.as_str() {
        "shiftstorm" => Some(&words[1..]),
        "cargo" if words.get(1).is_some_and(|word| word == "run") => {
            Some(&words[words.iter().position(|word| word == "--")? + 1..])
        }
        _ => None,
    }
}

/// The words of a line of a shell, without comments.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (character, Some(open)) if character == open => quote = None,
            ('#', None) if words.last().is_some_and(String::is_empty) => break,
            (' ', None) => words.push(String::new()),
            (character, _) => words.last_mut().unwrap().push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("shiftstorm").unwrap();
    command.current_dir(root()).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn text_of(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// The files below a folder whose names end so, in order.
fn files_of(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_of(&path, endings));
        } else if path.extension().is_some_and(|found| endings.iter().any(|end| found == *end)) {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

//! What the checks know of the sources: files, modules, and the facts that are read from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::reading;

/// Texts of files by path below `src`, with `/`.
pub(super) type Texts = BTreeMap<String, String>;

/// The sources below `src`; what is compiled only for tests is left out.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) files: Vec<File>,
    pub(super) modules: Vec<Module>,
}

pub(super) struct File {
    /// Below `src`, with `/`.
    pub(super) path: String,
    /// Lines of code with their numbers, without comment lines and without tests.
    pub(super) code: Vec<(usize, String)>,
    /// Number of lines without tests.
    pub(super) lines: usize,
    pub(super) functions: Vec<Function>,
}

/// A module: its own file, or one of several in a file.
pub(super) struct Module {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) name: String,
    pub(super) children: BTreeMap<String, usize>,
    /// Names of what is defined here, apart from modules.
    pub(super) items: Vec<Item>,
    pub(super) imports: Vec<Import>,
    /// Every path that is written here, imports included.
    pub(super) paths: Vec<Written>,
}

pub(super) struct Item {
    pub(super) name: String,
    pub(super) is_type: bool,
}

pub(super) struct Import {
    /// The name under which it is known here; nothing for `*`.
    pub(super) name: Option<String>,
    pub(super) path: Vec<String>,
}

pub(super) struct Written {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) lines: usize,
    /// Without `self`.
    pub(super) arguments: usize,
    pub(super) has_tuple_pattern: bool,
    pub(super) answer: Answer,
}

/// What a function returns, as far as the check of predicates has to know.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Bool,
    /// A condition to be asked later: `impl Fn(…) -> bool`.
    Condition,
    Other,
}

impl Sources {
    /// All that the roots of the crate declare.
    pub(super) fn of_project() -> &'static Self {
        static PROJECT: LazyLock<Sources> = LazyLock::new(|| {
            let mut texts = Texts::new();
            collect(&root().join("src"), "", &mut texts);
            Sources::from_texts(&texts)
        });
        &PROJECT
    }

    /// Small sources to try a check with.
    pub(super) fn of<const N: usize>(texts: [(&str, &str); N]) -> Self {
        Self::from_texts(&texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into())
    }

    fn from_texts(texts: &Texts) -> Self {
        let mut sources = Self::default();
        for root in ["lib.rs", "main.rs"].into_iter().filter(|root| texts.contains_key(*root)) {
            reading::read_module(&mut sources, texts, root, None);
        }
        sources
    }

    pub(super) fn path(&self, file: usize) -> &str {
        &self.files[file].path
    }

    /// The file of the parent of the module that the whole of a file is.
    pub(super) fn parent_of_file(&self, file: usize) -> Option<usize> {
        let module = self.modules.iter().find(|module| module.file == file)?;
        Some(self.modules[module.parent?].file)
    }
}

/// Where the project is; another checkout if `TIDY_ROOT` names it.
pub(super) fn root() -> PathBuf {
    std::env::var_os("TIDY_ROOT").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

fn collect(directory: &Path, below: &str, texts: &mut Texts) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), texts);
        } else if name.ends_with(".rs") {
            texts.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn tests_are_left_out() {
    let text = "// What it is.\nmod a;\n#[cfg(test)]\nmod tests {\n    struct X;\n}\n";
    let sources = Sources::of([("lib.rs", text), ("a.rs", "#[cfg(test)]\nmod tests;\n")]);
    let [root, a] = &*sources.files else { panic!("{}", sources.files.len()) };
    assert_eq!((root.lines, &*root.code), (2, &[(2, "mod a;".to_owned())][..]));
    assert_eq!((&*a.path, a.lines), ("a.rs", 0));
    assert_eq!(sources.modules.len(), 2);
}

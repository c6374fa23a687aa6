//! Gives the program the identity of its sources: two builds of one version may decide differently,
//! and what one of them has saved is not to be mixed with what the other makes.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

/// What a build is made of.
const SOURCES: [&str; 6] =
    ["Cargo.lock", "Cargo.toml", "askama.toml", "build.rs", "rust-toolchain.toml", "src"];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let bytes = fs::read(&file)?;
        let name = file.to_string_lossy().replace('\\', "/");
        hash.update(format!("{name}\n{}\n", bytes.len()));
        hash.update(bytes);
    }
    let mut source = String::new();
    for byte in hash.finalize() {
        let _ = write!(source, "{byte:02x}");
    }
    println!("cargo::rustc-env=SHIFTSTORM_SOURCE={source}");
    println!("cargo::rustc-env=SHIFTSTORM_COMPILER={}", compiler());
    for (name, of) in [("SHIFTSTORM_TARGET", "TARGET"), ("SHIFTSTORM_PROFILE", "PROFILE")] {
        println!("cargo::rustc-env={name}={}", std::env::var(of).unwrap_or_default());
    }
    Ok(())
}

/// All files of a folder, or the one file. Those that are missing, as in a package, count for nothing.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Such as `rustc 1.95.0`.
fn compiler() -> String {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let printed = Command::new(rustc).arg("--version").output();
    let printed = printed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let words = printed.unwrap_or_default();
    Vec::from_iter(words.split_whitespace().take(2)).join(" ")
}

//! What the machine has: memory and processors.

use std::fs;
use std::path::Path;
use std::thread;

/// Bytes of memory that can be had without swapping, if the system tells; of a container no more than it
/// is allowed.
pub(super) fn free_memory() -> Option<f64> {
    free_below(Path::new("/"))
}

/// The same by the files below a folder.
fn free_below(root: &Path) -> Option<f64> {
    let available = fs::read_to_string(root.join("proc/meminfo")).ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes * 1024.0)
    });
    let limits = free_in_groups(root);
    available.into_iter().chain(limits).reduce(f64::min)
}

/// What each limit of the group of processes leaves, and of the groups around it.
fn free_in_groups(root: &Path) -> Vec<f64> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let mut free = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, group) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let (mounted, names) = match controllers {
            "" => ("sys/fs/cgroup", ["memory.max", "memory.current"]),
            _ if controllers.split(',').any(|controller| controller == "memory") => {
                ("sys/fs/cgroup/memory", ["memory.limit_in_bytes", "memory.usage_in_bytes"])
            }
            _ => continue,
        };
        let mounted = root.join(mounted);
        let group = mounted.join(group.trim_start_matches('/'));
        // A container may see its own group as the root of all.
        let groups = group.ancestors().take_while(|path| path.starts_with(&mounted));
        free.extend(groups.filter_map(|group| free_in_group(group, names)));
    }
    free
}

/// What a limit leaves; without a limit nothing is known.
fn free_in_group(group: &Path, [limit, used]: [&str; 2]) -> Option<f64> {
    let number = |name: &str| -> Option<f64> {
        fs::read_to_string(group.join(name)).ok()?.trim().parse().ok()
    };
    let (limit, used) = (number(limit)?, number(used)?);
    // What files left in memory is given back when it is needed.
    let statistics = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
    let files = statistics.lines().find_map(|line| line.strip_prefix("inactive_file "));
    let files: f64 = files.and_then(|text| text.trim().parse().ok()).unwrap_or(0.0);
    Some((limit - used + files).max(0.0))
}

/// Processors that may be used.
pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_has_no_more_memory_than_its_groups_allow() {
        let root = std::env::temp_dir().join(format!("shiftstorm-memory-{}", std::process::id()));
        let put = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert_eq!(free_below(&root), None);
        put("proc/meminfo", "MemTotal: 2000 kB\nMemAvailable:    1000 kB\n");
        assert_eq!(free_below(&root), Some(1_024_000.0));
        put("proc/self/cgroup", "0::/a/b\n");
        put("sys/fs/cgroup/a/b/memory.max", "max\n");
        put("sys/fs/cgroup/a/b/memory.current", "100000\n");
        assert_eq!(free_below(&root), Some(1_024_000.0), "no limit");
        put("sys/fs/cgroup/a/memory.max", "500000\n");
        put("sys/fs/cgroup/a/memory.current", "200000\n");
        assert_eq!(free_below(&root), Some(300_000.0), "that of the group around it");
        put("sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 50000\n");
        assert_eq!(free_below(&root), Some(350_000.0));
        put("proc/self/cgroup", "3:cpu:/x\n2:hugetlb,memory:/y\n");
        put("sys/fs/cgroup/memory/y/memory.limit_in_bytes", "90000");
        put("sys/fs/cgroup/memory/y/memory.usage_in_bytes", "100000");
        assert_eq!(free_below(&root), Some(0.0));
        fs::remove_dir_all(&root).unwrap();
    }
}

"""The driver for Dask against the real scheduler and workers: what machines that go away leave undone."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SHIFTSTORM", str(ROOT / "target/debug/shiftstorm"))
DRIVER = ROOT / "dist/dask_shards.py"
SHARDS = 40
# Slow enough that a worker is killed in the middle of a shard.
SCENARIO = """
name = "Day"
run.until = "8h"
agents.chat = { count = 6, reply_time = "50s" }
consumers.web = { arrivals = "90/h", patience = { exponential = { mean = "4m" } } }
[[variant]]
name = "more"
agents.chat.count = 7
"""


class Cluster:
    """A scheduler and two workers, each a process of its own, in a group of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.address_file = folder / "scheduler.json"
        self.workers = []
        self.start_scheduler()

    def start_scheduler(self):
        self.address_file.unlink(missing_ok=True)
        self.scheduler = self.started(
            "scheduler", "--port", "0", "--scheduler-file", self.address_file, "--no-dashboard"
        )
        self.workers = [self.started_worker(), self.started_worker()]
        while not self.address_file.exists():
            time.sleep(0.05)
        self.address = json.loads(self.address_file.read_text())["address"]

    def started(self, what, *arguments):
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *map(str, arguments)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=self.folder, start_new_session=True, **quiet)

    def started_worker(self):
        return self.started(
            "worker", "--scheduler-file", self.address_file, "--nthreads", 1, "--no-dashboard",
            "--no-nanny",
        )

    def kill_worker(self):
        kill(self.workers.pop(0))
        self.workers.append(self.started_worker())

    def kill_all(self):
        for process in [self.scheduler, *self.workers]:
            kill(process)


def kill(process):
    """SIGKILL of the process alone: what it has started is on its own then."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def shiftstorm(folder, *arguments):
    subprocess.run([PROGRAM, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def there(folder):
    return len(list((folder / "work/shards").glob("*.shard")))


def wait_for(what, seconds=120):
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise AssertionError("it does not come")
        time.sleep(0.02)


def orphans(folder):
    """Processes that run a shard of this folder."""
    wanted = f"shard\0{folder / 'work'}\0"
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if wanted in entry.read_text():
                found.append(entry.parent.name)
        except OSError:
            pass
    return found


def files(folder):
    # The lock says who has written last.
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.name[0] != "."}


class Dask(unittest.TestCase):
    def test_machines_that_go_away_leave_nothing_behind_and_change_no_byte(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            (folder / "day.toml").write_text(SCENARIO)
            run = ["run", "day.toml", "-n", str(SHARDS * 2)]
            shiftstorm(folder, *run, "--plan", "work", "--shard-replications", "2")
            shiftstorm(folder, *run, "--out", "whole", "--quiet")
            cluster = Cluster(folder)
            try:
                driver = self.driver(folder, cluster)
                wait_for(lambda: there(folder) >= 10)
                cluster.kill_worker()
                wait_for(lambda: there(folder) >= 24)
                cluster.kill_all()
                driver.kill()
                driver.wait()
                wait_for(lambda: not orphans(folder), seconds=2)
                written = {path: path.stat().st_mtime_ns for path in (folder / "work/shards").glob("*.shard")}
                self.assertGreaterEqual(len(written), 24)
                cluster.start_scheduler()
                driver = self.driver(folder, cluster, "--out", "merged")
                self.assertEqual(driver.wait(timeout=240), 0)
                again = [path for path, at in written.items() if path.stat().st_mtime_ns != at]
                self.assertEqual(again, [], "only what is missing is run")
                self.assertEqual(files(folder / "merged"), files(folder / "whole"))
            finally:
                cluster.kill_all()

    def driver(self, folder, cluster, *more):
        command = [sys.executable, DRIVER, "work", "--scheduler", cluster.address, "--program", PROGRAM]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([*map(str, command), *more], cwd=folder, **quiet)


if __name__ == "__main__":
    unittest.main()

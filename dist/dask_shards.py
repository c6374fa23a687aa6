#!/usr/bin/env python3
"""Runs all shards of a plan on Dask, then puts them together.

    python dist/dask_shards.py work/ --local 4 --out out/day
    python dist/dask_shards.py work/ --scheduler tcp://head:8786 --out out/day

Each shard is one task that runs `shiftstorm shard`; all machines must see the folder under the same
path. A shard that is there is not run again, so this may be stopped and started at any time.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from distributed import Client, LocalCluster, as_completed


def run_shard(program, folder, index):
    """Runs a shard; its standard input ends with this process, and then it ends too."""
    command = [program, "shard", folder, str(index), "--quiet", "--with-stdin"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as shard:
        # Read without closing standard input, which would end the shard.
        told = shard.stdout.read() + shard.stderr.read()
        code = shard.wait()
    return index, code, told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", help="folder with the plan")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--scheduler", help="address of a scheduler that runs")
    where.add_argument("--local", type=int, metavar="N", help="N workers on this machine")
    parser.add_argument("--program", default="shiftstorm", help="the program, as workers find it")
    parser.add_argument("--retries", type=int, default=3, help="tries more of a shard that failed")
    parser.add_argument("--out", help="put the shards together into this report folder")
    options = parser.parse_args()

    folder = str(Path(options.folder).resolve())
    count = len(json.loads(Path(folder, "plan.json").read_text())["shards"])
    if options.local:
        client = Client(LocalCluster(n_workers=options.local, threads_per_worker=1))
    else:
        client = Client(options.scheduler)
    with client:
        # Machines may be taken away: a shard that loses its worker goes to another.
        submit = lambda index: client.submit(
            run_shard, options.program, folder, index, retries=options.retries, pure=False,
            key=f"shard-{index}-of-{folder}",
        )
        tasks = as_completed([submit(index) for index in range(count)], with_results=True)
        failed = []
        for done, (_, (index, code, told)) in enumerate(tasks, start=1):
            if code != 0:
                failed.append(index)
                print(f"\nshard {index} ended with {code}: {told.strip()}", file=sys.stderr)
            print(f"\r{done} of {count} shards", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    if failed:
        sys.exit(f"{len(failed)} of {count} shards failed: start this again, or see above why")
    if options.out:
        sys.exit(subprocess.run([options.program, "merge", folder, "--out", options.out]).returncode)


if __name__ == "__main__":
    main()

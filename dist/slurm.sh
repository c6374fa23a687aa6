#!/usr/bin/env bash
# One task of a Slurm array runs every so-many-th shard of a plan:
#
#     sbatch --array=0-49 --requeue dist/slurm.sh work/
#
# Any size of the array will do; shards that are there are not run again, so a task that is queued
# again, and an array that is sent again, goes on where it was. When all are there:
#
#     shiftstorm merge work/ --out out/day
#SBATCH --job-name=shiftstorm
#SBATCH --cpus-per-task=1
#SBATCH --requeue
set -euo pipefail

folder=${1:?the folder with the plan}
program=${SHIFTSTORM:-shiftstorm}
shards=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1] + "/plan.json"))["shards"]))' "$folder")
first=$((SLURM_ARRAY_TASK_ID - ${SLURM_ARRAY_TASK_MIN:-0}))
for ((index = first; index < shards; index += ${SLURM_ARRAY_TASK_COUNT:-1})); do
  "$program" shard "$folder" "$index"
done

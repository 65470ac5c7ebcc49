#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: Markscheme from the wheel beside this file, in an environment of its own.
set -euo pipefail
cd "$(dirname "$0")"

apt-get update
apt-get install -y python3 python3-venv
apt-get install -y bubblewrap || echo "no bubblewrap: student code runs at the next lower level of confinement"

python3 -m venv /autograder/venv
/autograder/venv/bin/pip install --quiet "$(ls ./*.whl)[sandbox]" -r requirements.txt

#!/bin/sh
# Makes every file of test/core/golden anew with PyTorch 1.13 (Debian: python3-torch). Takes a minute on two cores.
set -e
cd "$(dirname "$0")"
for script in ops optimisers nets mobilenets heat pth; do /usr/bin/python3 "$script.py"; done

# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of python-cryptography's tests (Debian: python3-cryptography-vectors), and our readers."""
import json
import os
import pathlib
import subprocess

import cryptography_vectors

FOLDER = pathlib.Path(cryptography_vectors.__path__[0])
TELL = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "tests" / "vectors" / "tell"

# The error codes that tell.c writes, in the order of core/base/error.h.
MALFORMED = 1
TOO_LARGE = 2
TOO_COSTLY = 3
WRONG_PASSWORD = 4
UNSUPPORTED = 5


def tell(*arguments):
    """One object for each file named in the arguments."""
    run = subprocess.run([TELL, *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise AssertionError(f"tell {arguments[0]}: {run.returncode}\n{run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]

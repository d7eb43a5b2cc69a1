# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs took for ten times as many, side by side."""
import subprocess
import sys
import time


def run(*words):
    """What a program prints; it must end well."""
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{words}: {done.stderr.decode()}")
    return done.stdout.decode(errors="replace")


def clock(function, *arguments):
    start = time.monotonic()
    function(*arguments)
    return time.monotonic() - start


def print_times(what, sizes, rows):
    """rows: [(who, seconds for each of sizes)...]; the first is what the others are compared
    with. Growth is what each step of sizes made of the time."""
    print(f"{what:34}" + "".join(f" {size:>9,}" for size in sizes)
          + f" {'ms each':>8} {'ratio':>6}  growth")
    for who, times in rows:
        growth = ", ".join(f"{after / before:.1f}" for before, after in zip(times, times[1:]))
        print(f"{who:34}" + "".join(f" {one:8.3f}s" for one in times)
              + f" {times[-1] * 1000 / sizes[-1]:8.3f} {times[-1] / rows[0][1][-1]:6.2f}  {growth}")
    print()

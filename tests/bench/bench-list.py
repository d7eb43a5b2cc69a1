#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same certificates listed by openssl storeutl, certtool, and us. Not a test; tests/bench/run
starts it: bench-list.py BUILD [N]

N certificates, 10,000 unless told. Theirs are all in one file, ours in a store, a file each; each
program tells the names and dates of all of them.
"""
import pathlib
import re
import sys
import tempfile

from table import clock, print_times, run

TOPOLOGY = """[pool pool.example]

[server fe01.example]
pool=pool.example
connection=local://{folder}/server
"""


def main():
    build = pathlib.Path(sys.argv[1])
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    sizes = [max(n // 100, 1), max(n // 10, 1), n]
    rows = {"openssl storeutl": [], "certtool": [], "issuantctl get-store": [],
            "we, without a process": []}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="issuant-bench-") as place:
            folder = pathlib.Path(place)
            told = run(build / "tests" / "bench" / "bench-list", size, folder)
            times = [sum(map(float, re.findall(r"([0-9.]+) ms", line)))
                     for line in told.splitlines()[1:]]
            topology = folder / "topology.conf"
            topology.write_text(TOPOLOGY.format(folder=folder))
            found = {}

            def by(who, *words):
                found[who] = run(*words)

            for who, count, words in (
                    ("openssl storeutl", "Subject: ",
                     ("openssl", "storeutl", "-noout", "-text", "-certs", folder / "all.pem")),
                    ("certtool", "Subject: ",
                     ("certtool", "--certificate-info", "--infile", folder / "all.pem")),
                    ("issuantctl get-store", '"thumbprint"',
                     (build / "app" / "ctl" / "issuantctl", "--topology", topology, "get-store",
                      "--server", "fe01.example", "--json"))):
                rows[who].append(clock(by, who, *words))
                if found[who].count(count) < size:
                    sys.exit(f"{who} lists {found[who].count(count)} of {size}")
            rows["we, without a process"].append(sorted(times)[len(times) // 2] / 1000)

    print_times("Certificates listed", sizes, list(rows.items()))


main()

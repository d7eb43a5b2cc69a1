#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same PFX files opened by openssl pkcs12 and by us, and hostile ones refused. Not a test;
tests/bench/run starts it: bench-pfx.py BUILD [N]

A hostile file is refused within 50 ms of the processor's time where nothing is derived, within 2 s
in all, and in less than 64 MiB. That is asserted here, of a release, as it is of a build with
sanitizers, which take three times as long, by tests/vectors/test-hostile.py.

N files, 1,000 unless told: a third each as openssl writes them, with -legacy, and with TripleDES.
"""
import os
import pathlib
import sys
import tempfile

from table import clock, print_times, run

PASSWORD = "secret"

# Milliseconds of the processor, and MiB.
AT_ONCE = 50
AT_ALL = 2000
MEMORY = 64


def make(folder, n):
    key, crt = folder / "a.key", folder / "a.crt"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bench", "-keyout",
        key, "-out", crt)
    kinds = ((), ("-legacy",), ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg",
                                "sha1"))
    for i in range(n):
        path = folder / f"{i:05}.p12"
        run("openssl", "pkcs12", "-export", "-inkey", key, "-in", crt, "-passout",
            f"pass:{PASSWORD}", "-out", path, *kinds[i % 3])
        yield path


def make_hostile(folder, sound):
    """Counts that would take minutes, a size that is a lie, a file that is cut."""
    key, crt = folder / "a.key", folder / "a.crt"
    path = folder / "costly.bin"

    def counts(rounds, *arguments):
        run("openssl", "pkcs12", "-export", "-inkey", key, "-in", crt, "-passout",
            f"pass:{PASSWORD}", "-iter", rounds, *arguments, "-out", path)
        return path.read_bytes()

    # DER of an INTEGER: with four bytes, and with three.
    clear = counts(0x01020304, "-keypbe", "NONE", "-certpbe", "NONE")
    sealed = counts(0x010001, "-keypbe", "NONE", "-certpbe", "NONE")
    derived = counts(0x010001, "-nomac", "-keypbe", "NONE", "-certpbe", "AES-256-CBC")
    files = {
        "2**31 - 1 rounds":
            (AT_ONCE, clear.replace(b"\2\4\1\2\3\4", b"\2\4\x7f\xff\xff\xff")),
        "5,000,001 rounds": (AT_ONCE, sealed.replace(b"\2\3\1\0\1", b"\2\3\x4c\x4b\x41")),
        "5,000,000 rounds, MAC": (AT_ALL, sealed.replace(b"\2\3\1\0\1", b"\2\3\x4c\x4b\x40")),
        "5,000,000 rounds, AES": (AT_ALL, derived.replace(b"\2\3\1\0\1", b"\2\3\x4c\x4b\x40")),
        "a length that is a lie": (AT_ONCE, b"\x30\x84\x7f\xff\xff\xff" + sound[4:]),
        "cut": (AT_ONCE, sound[:len(sound) // 2]),
        "8 MiB of zeros": (AT_ONCE, bytes(8 * 1024 * 1024)),
        "nested without end": (AT_ONCE, b"\x30\x80" * (2 * 1024 * 1024)),
    }
    for name, (limit, content) in files.items():
        path = folder / "hostile.bin"
        path.write_bytes(content)
        yield name, limit, path


def main():
    build = pathlib.Path(sys.argv[1])
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    bench = build / "tests" / "bench" / "bench-pfx"
    ctl = build / "app" / "ctl" / "issuantctl"
    with tempfile.TemporaryDirectory(prefix="issuant-bench-") as place:
        folder = pathlib.Path(place)
        password = folder / "password"
        password.write_text(PASSWORD)
        files = list(make(folder, n))

        def by_openssl(some):
            for path in some:
                run("openssl", "pkcs12", "-legacy", "-in", path, "-passin", f"file:{password}",
                    "-nodes", "-out", os.devnull)

        def by_ctl(some):
            for path in some:
                run(ctl, "inspect-pfx", path, "--password-file", password, "--json")

        sizes = [max(n // 100, 1), max(n // 10, 1), n]
        ours = [run(bench, PASSWORD, *files[:size]).split() for size in sizes]
        if int(ours[-1][0]) != n:
            sys.exit(f"only {ours[-1][0]} of {n} files were opened by us")
        print_times("PFX files opened", sizes, [
            ("openssl pkcs12, a process each", [clock(by_openssl, files[:size]) for size in sizes]),
            ("issuantctl, a process each", [clock(by_ctl, files[:size]) for size in sizes]),
            ("we, all in one process", [float(one[1]) for one in ours])])
        print(f"The slowest took us {ours[-1][2]} ms; peak of memory {ours[-1][3]} MiB.\n")

        failed = []
        print(f"{'hostile PFX file, refused':26} {'ms':>8} {'CPU ms':>8} {'at most':>8} "
              f"{'peak MiB':>8}")
        for name, limit, path in make_hostile(folder, files[0].read_bytes()):
            opened, _, slowest, peak, hardest = run(bench, "wrong", path).split()
            print(f"{name:26} {float(slowest):8.2f} {float(hardest):8.2f} {limit:8} "
                  f"{float(peak):8.1f}")
            if opened != "0":
                failed.append(f"{name} was opened")
            if float(hardest) >= limit:
                failed.append(f"{name} took {hardest} ms of the processor, not below {limit}")
            if float(peak) >= MEMORY:
                failed.append(f"{name} took {peak} MiB, not below {MEMORY}")
        print()
        if failed:
            sys.exit("\n".join(failed))


main()

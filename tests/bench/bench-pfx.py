#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same PFX files opened by us and by openssl pkcs12, and hostile ones refused. Not a test.

    meson setup build-bench -Dconsole=false --buildtype=release
    ninja -C build-bench app/ctl/issuantctl tests/bench/bench-pfx
    tests/bench/bench-pfx.py build-bench [N]

N files, 1,000 unless told: a third each as openssl writes them, with -legacy, and with TripleDES.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PASSWORD = "secret"


def run(*words, status=0):
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False)
    if status is not None and done.returncode != status:
        sys.exit(f"{words}: {done.stderr.decode()}")
    return done.stdout.decode()


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
    run("openssl", "pkcs12", "-export", "-inkey", key, "-in", crt, "-passout", f"pass:{PASSWORD}",
        "-iter", "16909060", "-keypbe", "NONE", "-certpbe", "NONE", "-out", path)
    data = path.read_bytes()
    files = {
        "2**31 - 1 rounds": data.replace(b"\2\4\1\2\3\4", b"\2\4\x7f\xff\xff\xff"),
        "10,000,001 rounds": data.replace(b"\2\4\1\2\3\4", b"\2\4\0\x98\x96\x81"),
        "a length that is a lie": b"\x30\x84\x7f\xff\xff\xff" + sound[4:],
        "cut": sound[:len(sound) // 2],
        "8 MiB of zeros": bytes(8 * 1024 * 1024),
        "nested without end": b"\x30\x80" * (2 * 1024 * 1024),
    }
    for name, content in files.items():
        path = folder / "hostile.bin"
        path.write_bytes(content)
        yield name, path


def clock(function, *arguments):
    start = time.monotonic()
    function(*arguments)
    return time.monotonic() - start


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

        def by_openssl():
            for path in files:
                run("openssl", "pkcs12", "-legacy", "-in", path, "-passin", f"file:{password}",
                    "-nodes", "-out", os.devnull)

        def by_ctl():
            for path in files:
                run(ctl, "inspect-pfx", path, "--password-file", password, "--json")

        theirs = clock(by_openssl)
        ours = clock(by_ctl)
        opened, total, slowest, peak = run(bench, PASSWORD, *files).split()
        rows = [("openssl pkcs12, a process each", theirs), ("issuantctl, a process each", ours),
                ("we, in one process", float(total))]
        print(f"{n} files, {opened} opened by us, the slowest in {slowest} ms, peak {peak} MiB\n")
        print(f"{'':34} {'seconds':>8} {'ms each':>8} {'ratio':>6}")
        for name, seconds in rows:
            print(f"{name:34} {seconds:8.2f} {seconds * 1000 / n:8.2f} {seconds / theirs:6.2f}")

        print(f"\n{'hostile':34} {'ms':>8} {'peak MiB':>8}")
        for name, path in make_hostile(folder, files[0].read_bytes()):
            opened, _, slowest, peak = run(bench, "wrong", path).split()
            if opened != "0":
                sys.exit(f"{name} was opened")
            print(f"{name:34} {float(slowest):8.2f} {float(peak):8.1f}")


main()

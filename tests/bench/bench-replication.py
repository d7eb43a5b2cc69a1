#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One global assignment to many servers, beside what cannot be cheaper. Not a test;
tests/bench/replication starts it: bench-replication.py BUILD [SERVERS...]

Each server is an agent on this machine with a folder of its own; at most eight run at once, as
over ssh. Time is from the command to the last acknowledgement. Processor and memory are those of
issuantctl; the agents are not its own. The loop of copies knows one server at a time, so that it
looks at no other; it is made for the first of them, and the rest is reckoned.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

POOL = "pool.example"
TYPE = "OAuthTokenIssuer"
COPIES = 50


class Bench:
    def __init__(self, build, n, place):
        self.build = pathlib.Path(build).resolve()
        self.n = n
        self.home = pathlib.Path(place)
        self.names = [f"fe{i:05}.example" for i in range(n)]
        (self.home / "password").write_text("correct horse\n")
        (self.home / "passphrase").write_text("battery staple, correct\n")
        self.make_certificate()
        for name in self.names:
            (self.home / "servers" / name).mkdir(parents=True)
        path = self.home / "config" / "issuant" / "topology.conf"
        path.parent.mkdir(parents=True)
        self.write_topology(path, self.names)

    def openssl(self, *words):
        subprocess.run(["openssl", *(str(word) for word in words)], check=True, cwd=self.home,
                       capture_output=True)

    def make_certificate(self):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key",
                     "-out", "ca.pem", "-days", "3650", "-subj", "/CN=Bench CA")
        (self.home / "extensions").write_text("subjectAltName=DNS:contoso.example\n"
                                              "keyUsage=digitalSignature\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out",
                     "auth.csr", "-subj", "/CN=auth.contoso.example")
        self.openssl("x509", "-req", "-in", "auth.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-days", "700", "-extfile", "extensions", "-out",
                     "cert.pem")
        self.openssl("pkcs12", "-export", "-in", "cert.pem", "-inkey", "key.pem", "-certfile",
                     "ca.pem", "-out", "auth.pfx", "-passout", "file:password")

    def write_topology(self, path, names):
        lines = [f"[pool {POOL}]", "sip-domains=contoso.example;", ""]
        for name in names:
            lines += [f"[server {name}]", f"pool={POOL}",
                      f"connection=local://{self.home}/servers/{name}", ""]
        path.write_text("\n".join(lines))

    def measure(self, *words, good=(0,)):
        """Seconds, seconds of the processor, and MiB, of one command."""
        env = dict(os.environ, XDG_CONFIG_HOME=str(self.home / "config"),
                   XDG_DATA_HOME=str(self.home / "data"), XDG_CACHE_HOME=str(self.home / "cache"),
                   XDG_STATE_HOME=str(self.home / "state"), LC_ALL="C.UTF-8", TZ="UTC")
        argv = [str(self.build / "app" / "ctl" / "issuantctl"), *(str(word) for word in words)]
        with open(self.home / "out", "wb") as out:
            start = time.monotonic()
            process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=out)
            # Of one that has ended and was not waited for, the kernel still tells its own share.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            took = time.monotonic() - start
            stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in good:
            sys.exit(f"{argv}: {process.returncode}: {(self.home / 'out').read_text()[-2000:]}")
        ticks = os.sysconf("SC_CLK_TCK")
        return took, (int(stat[11]) + int(stat[12])) / ticks, used.ru_maxrss / 1024

    def central_bytes(self):
        folder = self.home / "data" / "issuant" / "central"
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def check(self):
        published = [self.home / "servers" / name / "live" / TYPE / "cert.pem"
                     for name in self.names]
        if not all(path.exists() for path in published):
            sys.exit("not every server publishes it")

    def run(self):
        key = ("--key-password-file", self.home / "passphrase")
        pfx = ("--path", self.home / "auth.pfx", "--password-file", self.home / "password")
        rows = {}

        def note(who, measured, size=0):
            """At once: a thousand servers take a while."""
            rows[who] = (*measured, size)
            print(f"{self.n:,} servers, {who}: {measured[0]:.2f} s, {measured[1]:.2f} s of the "
                  "processor", file=sys.stderr, flush=True)

        self.measure("make-administrator-key", "bench", "--password-file",
                     self.home / "passphrase")
        # Once unmeasured: each agent makes its folder.
        self.measure("test-server")
        note("open the same agents", self.measure("test-server"))
        note("enroll-server", self.measure("enroll-server", "--pool", POOL, *key))
        before = self.central_bytes()
        measured = self.measure("import-certificate", "--identity", "global", "--type", TYPE, *pfx,
                                "--force", *key)
        note("import --identity global", measured, self.central_bytes() - before)
        self.check()
        note("the same again", self.measure("invoke-replication"))
        *measured, size = self.loop(pfx)
        note("a loop of copies", measured, size)
        return rows

    def loop(self, pfx):
        """The same file to one server after the other."""
        total = [0.0, 0.0, 0.0]
        size = (self.home / "auth.pfx").stat().st_size
        alone = self.home / "alone.conf"
        for name in self.names[:COPIES]:
            self.write_topology(alone, [name])
            took, cpu, memory = self.measure("--topology", alone, "import-certificate", "--server",
                                             name, "--intent", "pool", *pfx)
            total = [total[0] + took, total[1] + cpu, max(total[2], memory)]
        share = len(self.names) / min(len(self.names), COPIES)
        return total[0] * share, total[1] * share, total[2], size * len(self.names)


def main():
    sizes = [int(word.replace(",", "")) for word in sys.argv[2:]] or [10, 100, 1000]
    found = []
    for n in sizes:
        with tempfile.TemporaryDirectory(prefix="issuant-bench-") as place:
            found.append(Bench(sys.argv[1], n, place).run())
    print(f"{'':26}" + "".join(f" {f'{n:,} servers':>31}" for n in sizes) + "   growth (cpu)")
    print(f"{'':26}" + "".join(f" {'s':>8}{'cpu s':>8}{'MiB':>6}{'KiB':>9}" for _ in sizes))
    for who in found[0]:
        rows = [one[who] for one in found]
        growth = ", ".join(f"{after[0] / before[0]:.1f} ({after[1] / max(before[1], 0.01):.1f})"
                           for before, after in zip(rows, rows[1:]))
        print(f"{who:26}" + "".join(f" {took:8.2f}{cpu:8.2f}{memory:6.0f}{size / 1024:9.0f}"
                                    for took, cpu, memory, size in rows) + f"   {growth}")


main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""issuant-agent --parse: behind its walls before the first byte; every import goes through it."""
import glob
import os
import re
import select
import socket
import struct
import subprocess
import tempfile
import time
import unittest

import tap

BUILD = os.environ["ISS_TEST_BUILD"]
AGENT = os.path.join(BUILD, "app", "agent", "issuant-agent")
CTL = os.path.join(BUILD, "app", "ctl", "issuantctl")
DEADLINE = 60
PASSWORD = "a known password"

# What a strace(1) line of a call begins with.
CALL = re.compile(r"^(\w+)\(")


def read_proc(pid, name):
    with open(f"/proc/{pid}/{name}", encoding="utf-8") as file:
        return file.read()


def receive(sock, size):
    found = b""
    while len(found) < size:
        more = sock.recv(size - len(found))
        if not more:
            raise EOFError(f"{len(found)} bytes of {size}")
        found += more
    return found


class Parser(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix="issuant-test-")
        self.addCleanup(self.temp.cleanup)
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
                     "-out", "certificate.pem", "-subj", "/CN=auth.contoso.example")

    def openssl(self, *args):
        subprocess.run(["openssl", *args], cwd=self.temp.name, check=True, capture_output=True,
                       timeout=DEADLINE)

    def path(self, name):
        return os.path.join(self.temp.name, name)

    def test_walls(self):
        """They are up while the file has not come; then it is read behind them."""
        ours, theirs = socket.socketpair()
        with ours, subprocess.Popen([AGENT, "--parse"], stdin=theirs, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL) as parser:
            theirs.close()
            ours.settimeout(DEADLINE)
            deadline = time.monotonic() + DEADLINE
            while "\nSeccomp:\t2\n" not in read_proc(parser.pid, "status"):
                self.assertLess(time.monotonic(), deadline)
                ready = select.select([ours], [], [], 0.01)[0]
                self.assertEqual(ready, [], "it does not answer what was not asked")
            self.assertIn("\nNoNewPrivs:\t1\n", read_proc(parser.pid, "status"))
            limits = read_proc(parser.pid, "limits")
            for name in ("Max open files", "Max file size", "Max processes", "Max core file size"):
                self.assertRegex(limits, rf"(?m)^{name} +0 +0 ")
            self.assertRegex(limits, r"(?m)^Max cpu time +30 +31 ")

            with open(self.path("certificate.pem"), "rb") as file:
                content = file.read()
            ours.sendall(content + b"\0" + struct.pack("<H", len(content)))
            ours.shutdown(socket.SHUT_WR)
            magic, size = struct.unpack(">4sI", receive(ours, 8))
            self.assertEqual(magic, b"ISP1")
            answer = receive(ours, size)
            self.assertEqual(struct.unpack(">IIIII", answer[:16] + answer[-4:]), (1, 1, 0, 1, 0))
            self.assertEqual(ours.recv(1), b"")
            self.assertEqual(parser.wait(DEADLINE), 0)

    def test_nobody_asks(self):
        """Started by hand it reads what it is given, and that is not a file."""
        with open("/dev/null", "rb") as nothing:
            ended = subprocess.run([AGENT, "--parse"], stdin=nothing, capture_output=True,
                                   timeout=DEADLINE, check=False)
        self.assertEqual((ended.stdout, ended.stderr), (b"", b""))
        self.assertEqual(ended.returncode, 1)

    def test_import(self):
        """From issuantctl to the store, watched by strace."""
        self.openssl("pkcs12", "-export", "-legacy", "-inkey", "key.pem", "-in", "certificate.pem",
                     "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-RC2-40",
                     "-passout", "pass:" + PASSWORD, "-out", "old.pfx")
        with open(self.path("password"), "w", encoding="utf-8") as file:
            file.write(PASSWORD)
        with open(self.path("topology.conf"), "w", encoding="utf-8") as file:
            file.write("[pool pool01.contoso.example]\nsip-domains=contoso.example;\n"
                       "[server fe01.contoso.example]\npool=pool01.contoso.example\n"
                       f"connection=local://{self.path('fe01')}\n")
        options = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"   # it traces, too
        done = subprocess.run(
            ["strace", "-ff", "-o", self.path("trace"), CTL, "--topology",
             self.path("topology.conf"), "import-certificate", "--server", "fe01", "--path",
             self.path("old.pfx"), "--password-file", self.path("password"), "--intent", "pool"],
            capture_output=True, text=True, timeout=DEADLINE, check=False,
            env={**os.environ, "ASAN_OPTIONS": options})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("imported, key matches", done.stdout)

        # A file for each process: in one for all, another's line may stand in the middle of a call.
        found = []
        for name in glob.glob(self.path("trace.*")):
            with open(name, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
            starts = [i for i, line in enumerate(lines)
                      if '"/proc/self/exe", ["issuant-parser"' in line]
            found += [lines[i + 1:] for i in starts]
        self.assertEqual(len(found), 2, "one looks at the seal, one reads the file in it")
        for own in found:
            self.check_walls(own)

    def check_walls(self, own):
        """Of one reader, from its lines: up before the first byte, and in the way of everything."""
        walled = [i for i, line in enumerate(own)
                  if "SECCOMP_SET_MODE_FILTER, 0, {len=" in line and line.endswith(" = 0")]
        self.assertEqual(len(walled), 1)
        reads = [i for i, line in enumerate(own) if line.startswith("read(0, ")]
        self.assertGreater(reads[0], walled[0], "not a byte before")
        behind = own[walled[0] + 1:]
        for line in behind:
            call = CALL.match(line)
            if call and call[1] in ("open", "openat", "socket", "connect", "execve", "clone",
                                    "clone3", "fork", "vfork", "kill", "ptrace"):
                self.assertIn(" = -1 EPERM", line)
        # Whoever has answered and has not yet gone is ended by who asked.
        self.assertRegex(behind[-1], r" exited with 0 | killed by SIGKILL ")


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""How issuant-agent is started, and how it ends when it is not started well."""
import os
import shutil
import subprocess
import tempfile
import unittest

import tap

AGENT = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "agent", "issuant-agent")
GREETING = b"\n@@org.issuant.Agent1/1 READY\n"
FAILED, USAGE, NOT_OWNER, NO_ROOT = 1, 2, 3, 4
DEADLINE = 20


class Options(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix="issuant-test-")
        self.addCleanup(self.temp.cleanup)
        self.root = os.path.join(self.temp.name, "root")

    def run_agent(self, *args, program=AGENT, **kwargs):
        """Nobody speaks: an agent that starts well greets, and ends because nobody answers."""
        return subprocess.run([program, *args], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=DEADLINE, check=False, **kwargs)

    def test_wrong_use(self):
        cases = [
            (["--root", self.root], "--stdio is missing"),
            (["--stdio", "--at", "1793318400"], "--at is only for"),
            (["--stdio", "--root", "a/folder"], "--root takes the whole path"),
            (["--stdio", "--root", self.root, "--at", "tomorrow"], "tomorrow"),
            (["--stdio", "--root", self.root, "--at", "-5"], "--at"),
            (["--stdio", "--root", self.root, "--role", "root"], "--role is operator or viewer"),
            (["--stdio", "--root", self.root, "--role", ""], "--role is operator or viewer"),
            (["--stdio", "--root", self.root, "--role", "Operator"], "--role is"),
            (["--stdio", "--root", self.root, "--who", ""], "--who is a name"),
            (["--stdio", "--root", self.root, "--who", "x" * 65], "--who is a name"),
            (["--stdio", "--root", self.root, "--who", "a\nb"], "--who is a name"),
            (["--stdio", "--root", self.root, "--who", "\u202eecila"], "--who is a name"),
            (["--stdio", "--root", self.root, "more"], "more"),
            (["--stdio", "--root", self.root, "--verbose"], "--verbose"),
        ]
        for args, message in cases:
            with self.subTest(args=args):
                ended = self.run_agent(*args)
                said = ended.stderr.decode()
                self.assertEqual(ended.returncode, USAGE, said)
                self.assertTrue(said.startswith("issuant-agent: "), said)
                self.assertIn(message, said)
                self.assertEqual(ended.stdout, b"")
                self.assertFalse(os.path.exists(self.root), "nothing was made")

    def test_starts(self):
        for args in (["--role", "viewer"], ["--role=operator", "--who=" + "x" * 64],
                     ["--at", "1793318400"]):
            with self.subTest(args=args):
                ended = self.run_agent("--stdio", "--root", self.root, *args)
                self.assertEqual(ended.stdout, GREETING, ended.stderr)
                self.assertTrue(os.path.isdir(os.path.join(self.root, "stores")))

    def test_no_root(self):
        ended = self.run_agent("--stdio", "--root", os.path.join(self.temp.name, "not", "there"))
        self.assertEqual(ended.returncode, NO_ROOT)
        self.assertIn(b"is not there", ended.stderr)
        self.assertEqual(os.listdir(self.temp.name), [])

    def test_nobody_elses(self):
        """Root's folder, and an ordinary account."""
        if os.geteuid() == 0:
            # Nobody may not look into the folder of whoever built it, such as root's home.
            place = tempfile.TemporaryDirectory(prefix="issuant-test-", dir="/tmp")
            self.addCleanup(place.cleanup)
            os.chmod(place.name, 0o711)
            program = shutil.copy(AGENT, place.name)
            ended = self.run_agent("--stdio", "--root", "/", program=program, user=65534,
                                   group=65534, extra_groups=[], cwd="/")
        else:
            ended = self.run_agent("--stdio", "--root", "/")
        self.assertEqual(ended.returncode, NOT_OWNER, ended.stderr)
        self.assertIn(b"belongs to root", ended.stderr)
        self.assertEqual(ended.stdout, b"")

    def test_not_a_folder(self):
        """Other people's things are not taken over."""
        os.mkdir(self.root)
        with open(os.path.join(self.root, "letter.txt"), "w", encoding="utf-8"):
            pass
        ended = self.run_agent("--stdio", "--root", self.root)
        self.assertEqual(ended.returncode, FAILED)
        self.assertIn(b"letter.txt", ended.stderr)
        self.assertEqual(os.listdir(self.root), ["letter.txt"])

    def test_no_stdin(self):
        """Descriptors 0 and 1 closed: no file of ours becomes the stream."""
        ended = subprocess.run(["sh", "-c", 'exec "$0" --stdio --root "$1" <&- >&-', AGENT,
                                self.root], stderr=subprocess.PIPE, timeout=DEADLINE, check=False)
        self.assertEqual(ended.returncode, USAGE, ended.stderr)
        self.assertFalse(os.path.exists(self.root))

    def test_version(self):
        ended = self.run_agent("--version")
        self.assertEqual(ended.returncode, 0)
        self.assertTrue(ended.stdout.startswith(b"issuant-agent "))


if __name__ == "__main__":
    tap.main()

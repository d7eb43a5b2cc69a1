# SPDX-License-Identifier: GPL-3.0-or-later
"""What app/install-agent refuses before it has reached a server. What it does there is told by
tests/e2e/test-install-agent.py."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import demo
import sshd
import tap

ROOT = pathlib.Path(__file__).parents[2]


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.home = pathlib.Path(place.name)
        sshd.make_key(cls.home / "alice")
        # Whoever runs the test has a configuration that is none of its business.
        (cls.home / "config").write_text("Host *\n  UserKnownHostsFile none\n  BatchMode yes\n")

    def start(self, *words, key="alice.pub", **extra):
        argv = [ROOT / "app" / "install-agent", "--ssh-config", self.home / "config"]
        if key is not None:
            argv += ["--key", self.home / key]
        done = subprocess.run([*argv, *words], env=demo.environment(self.home, **extra), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              start_new_session=True, timeout=100)
        self.assertEqual(done.stdout, "")
        return done

    def refuses(self, words, pattern, status=2, **options):
        with self.subTest(words):
            done = self.start(*words, **options)
            self.assertRegex(done.stderr, r"^install-agent: " + pattern)
            self.assertEqual(done.returncode, status, done.stderr)

    def test_wrong_use(self):
        for words, pattern in (
                ((), "Which server"),
                (("fe01", "fe02"), "Name one server: fe01 and fe02 are two"),
                (("--", "fe01", "fe02"), "Name one server"),
                (("--force", "fe01"), "There is no option --force"),
                (("fe01", "--port"), "--port needs a value"),
                (("--port", "0", "fe01"), "--port is a number"),
                (("--port", "65536", "fe01"), "--port is a number"),
                (("--port", "22x", "fe01"), "--port is a number"),
                (("--role", "root", "fe01"), "--role is operator or viewer"),
                (("--who", "a b", "fe01"), "--who is a name"),
                (("--who", 'x" ssh', "fe01"), "--who is a name"),
                (("--who", "x" * 65, "fe01"), "--who is a name"),
                (("--purge", "fe01"), "--purge belongs to --remove"),
                (("--remove", "--purge", "fe01"), "--purge destroys everything"),
                (("--ssh-config", "/nowhere", "fe01"), "/nowhere cannot be read")):
            self.refuses(words, pattern)

    def test_hosts_that_are_none(self):
        """Above all what ssh would take for an option, or a shell for a command."""
        for host in ("-oProxyCommand=touch x", "root@-oProxyCommand=touch", "-lroot@fe01",
                     "root@fe01;id", "root@fe01 id", "$(id)@fe01", "root@", "@fe01", "a@b@fe01/",
                     "root@fe01'", "root@fe\n01", ""):
            for words in ((host,), ("--", host)):
                with self.subTest(words):
                    done = self.start(*words)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertRegex(done.stderr, "^install-agent: (?s:.)*"
                                     "(not the name|no option|Which)")

    def test_keys_that_are_none(self):
        (self.home / "empty").write_text("# nothing\n")
        (self.home / "two").write_text((self.home / "alice.pub").read_text() * 2)
        (self.home / "noise").write_text("ssh-ed25519 AAAA alice\n")
        (self.home / "options").write_text(
            'command="sh" ' + (self.home / "alice.pub").read_text())
        for key, pattern in (("none", ".*none cannot be read"),
                             ("alice", ".*alice is a private key, which never leaves"),
                             ("empty", ".*empty holds 0 keys"),
                             ("two", ".*two holds 2 keys"),
                             ("noise", ".*noise is not a public key"),
                             ("options", ".*options is not a public key")):
            self.refuses(("fe01",), pattern, key=key)
        self.refuses(("fe01",), "There is no public key in ~/.ssh", key=None)

    def test_nobody_listens(self):
        port = str(sshd.find_port())
        self.refuses(("--port", port, "root@127.0.0.1"),
                     rf"127\.0\.0\.1 was not reached: .*port {port}: Connection refused", 5)
        self.refuses(("root@fe01.invalid",), r"fe01\.invalid was not reached: .*fe01\.invalid", 5)

    def test_nobody_is_let_in(self):
        """By a host that is not known, and by one that does not know us."""
        server = sshd.Sshd(self.home / "server", "")
        self.addCleanup(server.stop)
        port = str(server.port)
        self.refuses(("--port", port, "127.0.0.1"),
                     r"The host key of 127\.0\.0\.1 is not the one", 5)
        known = self.home / "known"
        known.write_text(server.known_host)
        config = self.home / "config"
        kept = config.read_text()
        config.write_text(kept.replace("File none", f"File {known}"))
        try:
            self.refuses(("--port", port, "root@127.0.0.1"),
                         r"127\.0\.0\.1 does not let root in: .*Permission denied", 5)
        finally:
            config.write_text(kept)

    def test_leaves_nothing_behind(self):
        folder = self.home / "tmp"
        folder.mkdir()
        self.start("--port", str(sshd.find_port()), "root@127.0.0.1", TMPDIR=str(folder))
        self.assertEqual(list(folder.iterdir()), [])

    def test_help(self):
        done = subprocess.run([ROOT / "app" / "install-agent", "--help"], text=True, check=True,
                              capture_output=True)
        text = (ROOT / "app" / "install-agent").read_text()
        for option in ("--key", "--who", "--role", "--port", "--ssh-config", "--dry-run", "--yes",
                       "--remove", "--purge"):
            self.assertIn(f"  {option} ", done.stdout + "  --purge ")
            self.assertIn(f"    {option})", text)


if __name__ == "__main__":
    tap.main()

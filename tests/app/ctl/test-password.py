# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a password comes from: a file, a descriptor, the terminal; and that nobody sees it."""
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios

import demo
import tap

PROMPT = b"Password of auth.contoso.example.pfx: "


class Terminal:
    """issuantctl on a terminal of its own."""

    def __init__(self, home, *words):
        self.master, self.slave = pty.openpty()
        self.seen = b""

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [str(demo.CTL), *(str(word) for word in words)], stdin=self.slave, stdout=self.slave,
            stderr=self.slave, env=demo.environment(home), preexec_fn=take_terminal)

    def wait_for(self, text):
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], demo.PATIENCE)
            if not ready:
                raise AssertionError(f"no {text} in {self.seen}")
            self.seen += os.read(self.master, 4096)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.master, text)

    def end(self):
        """The status it ends with, when everything it printed was read."""
        status = self.process.wait(demo.PATIENCE)
        os.close(self.slave)
        while True:
            try:
                got = os.read(self.master, 4096)
            except OSError:
                got = b""
            if not got:
                break
            self.seen += got
        os.close(self.master)
        demo.wait_for_agents()
        return status


class Password(demo.Case):
    def setUp(self):
        super().setUp()
        self.password = (self.demo.files / "auth.password").read_bytes().rstrip(b"\n")
        self.words = ("import-certificate", "--server", "fe02", "--what-if", "--path",
                      self.demo.files / "auth.contoso.example.pfx")
        self.file = self.demo.home / "password"

    def given(self, contents, status=0):
        self.file.write_bytes(contents)
        done = self.ctl(*self.words, "--password-file", self.file, status=status)
        self.assertNotIn(self.password.decode(), done.out + done.err)
        return done

    def test_file(self):
        """The whole file less one final newline."""
        self.given(self.password)
        self.given(self.password + b"\n")
        self.given(self.password + b"\r\n")
        for wrong in (self.password + b"\n\n", self.password + b" ", b"\n" + self.password, b""):
            with self.subTest(wrong):
                self.assert_sentence(self.given(wrong, status=1), "The password is wrong$")
        self.assert_unchanged()

    def test_bad_file(self):
        for path, status, pattern in (
                (self.demo.home / "none", 1, "The password file .*none cannot be read"),
                (self.demo.files, 2, "files is a folder$")):
            self.refuses(*self.words, "--password-file", path, status=status, pattern=pattern)
        self.assert_sentence(self.given(b"x" * 1025, status=1), "password|1024|large|long")

    def test_descriptor(self):
        for contents in (self.password, self.password + b"\n"):
            reader, writer = os.pipe()
            os.write(writer, contents)
            os.close(writer)
            try:
                self.ctl(*self.words, "--password-fd", reader, pass_fds=(reader,))
            finally:
                os.close(reader)

    def test_bad_descriptor(self):
        self.refuses(*self.words, "--password-fd", "x", status=2,
                     pattern="--password-fd takes the number of an open descriptor")
        self.refuses(*self.words, "--password-fd", "99", status=1, pattern="--password-fd")

    def test_needed_and_nobody_to_ask(self):
        self.refuses(*self.words, status=2,
                     pattern="auth.contoso.example.pfx needs a password, and there is no terminal "
                             "to ask on: use --password-file$")

    def terminal(self, *words):
        return Terminal(self.demo.home, "--demo", "--seed", "tests", "--at", demo.AT,
                        *(words or self.words))

    def test_prompt(self):
        """Asked on the terminal, without echo, which comes back."""
        terminal = self.terminal()
        terminal.wait_for(PROMPT)
        self.assertFalse(terminal.echoes())
        terminal.type(self.password + b"\n")
        self.assertEqual(terminal.end(), 0, terminal.seen)
        self.assertNotIn(self.password, terminal.seen)
        self.assertIn(b"would be imported, with its key", terminal.seen)

    def test_prompt_wrong(self):
        terminal = self.terminal()
        terminal.wait_for(PROMPT)
        terminal.type(b"not this one\n")
        self.assertEqual(terminal.end(), 1, terminal.seen)
        self.assertIn(b"The password is wrong", terminal.seen)

    def choose(self, again):
        path = self.demo.home / "out.pfx"
        path.unlink(missing_ok=True)
        terminal = self.terminal("export-certificate", "--server", "fe01", "--path", path,
                                 "--thumbprint", self.demo.thumbprint("auth.contoso.example"))
        terminal.wait_for(b"Password of out.pfx: ")
        terminal.type(b"Geheim 1\n")
        terminal.wait_for(b"The same password again: ")
        self.assertFalse(terminal.echoes())
        terminal.type(again + b"\n")
        return terminal, path

    def test_chosen_twice(self):
        """A new password is asked for twice."""
        terminal, path = self.choose(b"Geheim 1")
        self.assertEqual(terminal.end(), 0, terminal.seen)
        self.assertNotIn(b"Geheim", terminal.seen)
        demo.openssl("pkcs12", "-in", path, "-passin", "pass:Geheim 1", "-noout")
        terminal, path = self.choose(b"Geheim 2")
        self.assertEqual(terminal.end(), 2, terminal.seen)
        self.assertIn(b"The two passwords are not the same", terminal.seen)
        self.assertFalse(path.exists())

    def test_prompt_interrupted(self):
        """Ctrl+C leaves a terminal that echoes."""
        terminal = self.terminal()
        terminal.wait_for(PROMPT)
        terminal.type(b"\x03")
        self.assertEqual(terminal.process.wait(demo.PATIENCE), -signal.SIGINT)
        self.assertTrue(terminal.echoes())
        terminal.end()
        self.assert_unchanged()


if __name__ == "__main__":
    tap.main()

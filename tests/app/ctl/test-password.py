# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a password comes from: a file, a descriptor, the terminal; and that nobody sees it."""
import os
import signal

import demo
import tap
import terminal

PROMPT = b"Password of auth.contoso.example.pfx: "


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

    def asks(self, *words):
        return terminal.Terminal(self.demo, *(words or self.words))

    def test_prompt(self):
        """Asked on the terminal, without echo, which comes back."""
        asking = self.asks()
        asking.wait_for(PROMPT)
        self.assertFalse(asking.echoes())
        asking.type(self.password + b"\n")
        self.assertEqual(asking.end(), 0, asking.seen)
        self.assertNotIn(self.password, asking.seen)
        self.assertIn(b"would be imported, with its key", asking.seen)

    def test_prompt_wrong(self):
        asking = self.asks()
        asking.wait_for(PROMPT)
        asking.type(b"not this one\n")
        self.assertEqual(asking.end(), 1, asking.seen)
        self.assertIn(b"The password is wrong", asking.seen)

    def choose(self, again):
        path = self.demo.home / "out.pfx"
        path.unlink(missing_ok=True)
        asking = self.asks("export-certificate", "--server", "fe01", "--path", path,
                           "--thumbprint", self.demo.thumbprint("auth.contoso.example"))
        asking.wait_for(b"Password of out.pfx: ")
        asking.type(b"Geheim 1\n")
        asking.wait_for(b"The same password again: ")
        self.assertFalse(asking.echoes())
        asking.type(again + b"\n")
        return asking, path

    def test_chosen_twice(self):
        """A new password is asked for twice."""
        asking, path = self.choose(b"Geheim 1")
        self.assertEqual(asking.end(), 0, asking.seen)
        self.assertNotIn(b"Geheim", asking.seen)
        demo.openssl("pkcs12", "-in", path, "-passin", "pass:Geheim 1", "-noout")
        asking, path = self.choose(b"Geheim 2")
        self.assertEqual(asking.end(), 2, asking.seen)
        self.assertIn(b"The two passwords are not the same", asking.seen)
        self.assertFalse(path.exists())

    def test_prompt_interrupted(self):
        """Ctrl+C leaves a terminal that echoes."""
        asking = self.asks()
        asking.wait_for(PROMPT)
        asking.type(b"\x03")
        self.assertEqual(asking.process.wait(demo.PATIENCE), -signal.SIGINT)
        self.assertTrue(asking.echoes())
        asking.end()
        self.assert_unchanged()


if __name__ == "__main__":
    tap.main()

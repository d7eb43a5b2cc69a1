# SPDX-License-Identifier: GPL-3.0-or-later
"""A home without a pool, for the verbs about the administrator's key."""
import pathlib
import tempfile
import unittest

import demo


class Case(unittest.TestCase):
    assert_status = demo.Case.assert_status
    assert_sentence = demo.Case.assert_sentence

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="issuant-ctl-")
        self.addCleanup(place.cleanup)
        self.home = pathlib.Path(place.name)
        self.folder = self.home / "config" / "issuant" / "administrator"
        self.password = self.home / "passphrase"
        self.password.write_text("correct horse battery\n")

    def local(self, *words, status=0):
        done = demo.run(self.home, *words)
        self.assert_status(done, status)
        return done

    def make(self, *words, **options):
        return self.local("make-administrator-key", *words, "--password-file", self.password,
                          **options)

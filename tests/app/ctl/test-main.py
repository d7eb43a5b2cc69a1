# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl itself: its help, and what is no verb."""
import re
import unittest

import demo
import tap

VERBS = ["list-servers", "add-server", "remove-server", "set-pool", "test-server", "get-store",
         "show-certificate", "get-certificate", "import-certificate", "export-certificate",
         "copy-certificate", "set-certificate", "remove-certificate", "delete-certificate",
         "restore-certificate", "set-property", "set-key-access", "set-key-uri", "test-certificate",
         "get-presence", "test-proof", "test-pool", "get-run-sheet", "verify-record",
         "inspect-pfx", "make-administrator-key", "get-administrator-key", "enroll-server",
         "get-administrator", "add-administrator", "remove-administrator",
         "get-replication-status", "invoke-replication", "replicate", "get-task", "get-log"]


class Main(unittest.TestCase):
    def setUp(self):
        self.home = demo.shared().home

    def ctl(self, *words, status=0, env=None):
        done = demo.run(self.home, *words, env=env or {})
        self.assertEqual(done.status, status, str(done))
        return done

    def test_administrator_key_help(self):
        self.assertIn("with which you sign roll records and global changes",
                      self.ctl("make-administrator-key", "--help").out)

    def test_help(self):
        done = self.ctl("--help")
        self.assertEqual(done.err, "")
        self.assertEqual(re.findall(r"^  ([a-z]+(?:-[a-z]+)+|replicate) ", done.out, re.M), VERBS)
        for status in ("0 done", "1 failed", "2 wrong use", "3 done on some servers only",
                       "4 refused by a rule", "5 no server reached"):
            self.assertIn(status, done.out)

    def test_help_of_each_verb(self):
        for verb in VERBS:
            with self.subTest(verb):
                done = self.ctl(verb, "--help")
                self.assertTrue(done.out.startswith(f"Usage: issuantctl {verb} "), done.out)
                self.assertIn("\n  --json ", done.out)
                self.assertEqual(self.ctl(verb.upper(), "--help").out, done.out)

    def test_help_of_changes(self):
        """The rows of the transition table, in words."""
        done = self.ctl("set-certificate", "--help")
        self.assertIn("Swap back: current is what was previous; previous is what was current. "
                      "Refused when ", done.out)
        done = self.ctl("remove-certificate", "--help")
        self.assertIn("Cancel the roll: staged is empty. Refused when none is staged.", done.out)
        self.assertNotIn("Refused when ", self.ctl("get-certificate", "--help").out)

    def test_lines_fit(self):
        for line in self.ctl("--help").lines:
            self.assertLessEqual(len(line), 120, line)

    def test_no_verb(self):
        done = self.ctl(status=2)
        self.assertEqual(done.out, self.ctl("--help").out)

    def test_version(self):
        self.assertRegex(self.ctl("--version").out, r"^issuantctl \d+\.\d+\.\d+\S*\n$")

    def test_unknown_verb(self):
        done = self.ctl("get-stores", status=2)
        self.assertEqual((done.out, done.err), ("", "issuantctl: There is no verb “get-stores”: "
                                                    "“issuantctl --help” lists them\n"))
        done = self.ctl("evil\x1b[31m\n", status=2)
        self.assertNotRegex(done.err, "\x1b|\n.")

    def test_unknown_option(self):
        done = self.ctl("list-servers", "--nothing", status=2)
        self.assertEqual(done.err, "issuantctl: There is no option --nothing\n")

    def test_locale_without_utf_8(self):
        done = self.ctl("--demo", "--seed", "tests", "--at", demo.AT, "get-presence",
                        env={"LC_ALL": "C"})
        self.assertIn("published", done.out)


if __name__ == "__main__":
    tap.main()

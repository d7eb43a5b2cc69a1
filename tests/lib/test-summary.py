# SPDX-License-Identifier: GPL-3.0-or-later
"""The count at the end of tests/run must not be kinder than the truth."""
import io
import json
import pathlib
import tempfile
import unittest

import summary
import tap

CASES = [
    # what, stdout, result, passed, failed
    ("all pass", "TAP version 13\n1..2\nok 1 /a\nok 2 /b\n", "OK", 2, 0),
    ("GLib's older lines", "1..1\nok 1 /a/b\n", "OK", 1, 0),
    ("plan at the end", "ok 1 - a\nok 2 - b\n1..2\n", "OK", 2, 0),
    ("one fails", "1..2\nok 1 /a\nnot ok 2 /b\n", "FAIL", 1, 1),
    ("one fails with a reason", "1..1\nnot ok /a - core/x.c:3: assertion failed\n", "FAIL", 0, 1),
    ("skipped", "1..2\nok 1 /a # SKIP no display\nok 2 /b\n", "OK", 1, 1),
    ("all skipped", "1..0 # SKIP nothing\n", "SKIP", 0, 1),
    ("expected to fail", "1..1\nnot ok 1 /a # TODO later\n", "OK", 0, 1),
    ("crashed on the way", "1..3\nok 1 /a\n# going on\n", "ERROR", 1, 2),
    ("crashed at the end", "1..1\nok 1 /a\n", "FAIL", 1, 1),
    ("timed out", "", "TIMEOUT", 0, 1),
    ("says nothing", "", "OK", 0, 1),
    ("talks", "1..1\n# ok 2 not this\nokay\nlook: ok 3\nok 1 /a\n", "OK", 1, 0),
]


class Summary(unittest.TestCase):
    def summarise(self, *tests):
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            logs = build / "meson-logs"
            logs.mkdir()
            lines = [json.dumps(test) for test in tests]
            (logs / "testlog.json").write_text("".join(line + "\n" for line in lines))
            out = io.StringIO()
            return summary.summarise(build, out), out.getvalue().splitlines()

    def test_table(self):
        for what, stdout, result, passed, failed in CASES:
            with self.subTest(what):
                status, lines = self.summarise(
                    {"name": "a", "stdout": stdout, "result": result, "returncode": 0})
                self.assertEqual(lines[-1], f"{passed} passed, {failed} failed")
                self.assertEqual(status, 1 if failed else 0)

    def test_sum(self):
        status, lines = self.summarise(
            {"name": "a", "stdout": "1..1\nok 1 /a\n", "result": "OK"},
            {"name": "b", "stdout": "1..1\nnot ok 1 /b\n", "result": "FAIL", "stderr": "why"})
        self.assertEqual(lines[-1], "1 passed, 1 failed")
        self.assertIn("why", lines)
        self.assertEqual(status, 1)

    def test_nothing(self):
        status, lines = self.summarise()
        self.assertEqual(lines[-1], "0 passed, 1 failed")
        self.assertEqual(status, 1)

    def test_long_output(self):
        text = "\n".join(str(n) for n in range(5000))
        self.assertLess(len(summary.short(text).splitlines()), 400)
        self.assertIn("\n4999", summary.short(text))


if __name__ == "__main__":
    tap.main()

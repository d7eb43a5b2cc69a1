# SPDX-License-Identifier: GPL-3.0-or-later
"""issuant --screenshot: a picture of any page, as large as it was asked for, the same each time."""
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import tap

BUILD = pathlib.Path(os.environ["ISS_TEST_BUILD"])
DEMO = ("--demo", "--seed", "tests", "--at", "2026-11-22T12:00:00Z")
PATIENCE = 120


def issuant(*words):
    env = {**os.environ, "ISSUANT_AGENT": str(BUILD / "app" / "agent" / "issuant-agent")}
    return subprocess.run([BUILD / "app" / "console" / "issuant", *(str(word) for word in words)],
                          env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)


def size(png):
    """Width and height as the PNG's header has them."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise AssertionError("no PNG")
    return struct.unpack(">II", png[16:24])


class Screenshot(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)

    def draw(self, page, *words, where=DEMO):
        path = self.folder / "page.png"
        done = issuant(*where, "--screenshot", page, "--output", path, *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""), page)
        return path.read_bytes()

    def refuses(self, *words, status, pattern):
        path = self.folder / "none.png"
        done = issuant(*words, "--output", path)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertRegex(done.stderr, r"^issuant: ")
        self.assertRegex(done.stderr, pattern)
        self.assertFalse(path.exists())

    def test_pages(self):
        """As large as was asked for; another page, another picture; the same one again."""
        presence = self.draw("presence", "--size", "1200x700")
        self.assertEqual(size(presence), (1200, 700))
        self.assertEqual(self.draw("presence", "--size", "1200x700"), presence)
        log = self.draw("event-log", "--server", "fe02", "--size", "1100x600")
        self.assertEqual(size(log), (1100, 600))
        by_path = self.draw("pool01.contoso.example/fe02.contoso.example/event-log",
                            "--size", "1100x600")
        self.assertEqual(by_path, log)

    def test_dark(self):
        light = self.draw("my", "--size", "1100x600")
        dark = self.draw("my", "--size", "1100x600", "--dark")
        self.assertEqual(size(dark), size(light))
        self.assertNotEqual(dark, light)

    def test_wizard(self):
        """The window over the page, not the page."""
        for page in ("import-wizard", "certificate"):
            width, height = size(self.draw(page))
            self.assertTrue(300 < width < 1000 and height > 200, f"{page}: {width} x {height}")

    def test_wrong(self):
        shot = (*DEMO, "--screenshot")
        self.refuses(*shot, "nothing", status=2, pattern="no page “nothing”.*list")
        self.refuses(*shot, "my", "--size", "huge", status=2, pattern="“huge” is not a size")
        self.refuses(*shot, "my", "--size", "100x100000", status=2, pattern="not a size")
        self.refuses(*DEMO, "--dark", status=2, pattern="belong to --screenshot")
        self.refuses(*shot, "my", "--server", "fe09", status=1, pattern="no server “fe09”")
        self.refuses(*shot, "no.such.page", status=1, pattern="no page “no.such.page”")
        self.refuses(*shot, "overview", "--size", "200x200", status=1, pattern="not 200 x 200")
        done = issuant(*shot, "my")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--screenshot needs --output", done.stderr)
        self.refuses("--topology", self.folder / "none.conf", "--screenshot", "overview", status=1,
                     pattern="There is no pool")
        broken = self.folder / "broken.conf"
        broken.write_text("[what")
        self.refuses("--topology", broken, "--screenshot", "overview", status=1,
                     pattern=r"broken\.conf")

    def test_list(self):
        done = issuant("--screenshot", "list")
        self.assertEqual(done.returncode, 0)
        names = [line.split()[0] for line in done.stdout.splitlines()]
        self.assertEqual(len(names), len(set(names)))
        for name in ("overview", "presence", "assignments", "my", "tasks", "event-log",
                     "import-wizard"):
            self.assertIn(name, names)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""A display of one's own, and the environment that makes pictures repeatable."""
import os
import pathlib
import subprocess
import unittest

import tap

TESTS = pathlib.Path(__file__).parents[1]
WITH_DISPLAY = str(TESTS / "lib" / "with-display")
PINNED = str(TESTS / "shots" / "env" / "run.sh")


def run(*argv, **extra):
    return subprocess.run(argv, capture_output=True, text=True, check=False,
                          env={**os.environ, **extra}, stdin=subprocess.DEVNULL)


class Display(unittest.TestCase):
    def test_is_told_and_gone_afterwards(self):
        done = run(WITH_DISPLAY, "bash", "-c",
                   'echo "$DISPLAY"; test -S "/tmp/.X11-unix/X${DISPLAY#:}"')
        self.assertEqual(done.returncode, 0, done.stderr)
        number = done.stdout.strip().removeprefix(":")
        self.assertTrue(number.isdigit())

    def test_two_at_once(self):
        done = run(WITH_DISPLAY, "bash", "-c",
                   f'echo "$DISPLAY"; "{WITH_DISPLAY}" bash -c "echo \\$DISPLAY"')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(set(done.stdout.split())), 2)

    def test_status_is_the_command_s(self):
        self.assertEqual(run(WITH_DISPLAY, "bash", "-c", "exit 7").returncode, 7)

    def test_no_server_is_an_error(self):
        done = run(WITH_DISPLAY, "true", SCREEN="nonsense")
        self.assertEqual(done.returncode, 99)
        self.assertIn("Xvfb did not start", done.stderr)


class Environment(unittest.TestCase):
    def pinned(self, *argv, **extra):
        done = run(PINNED, *argv, DISPLAY=":99", **extra)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_takes_nothing_else_from_the_caller(self):
        out = self.pinned("env", GTK_THEME="Yaru", LANG="de_DE.UTF-8", TZ="Asia/Tokyo",
                          GDK_SCALE="2", STRANGE="1", ASAN_OPTIONS="a=1", ISS_SHOTS="/shots")
        said = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
        for name, value in {"GTK_THEME": "Default", "LANG": "C.UTF-8", "TZ": "UTC",
                            "GDK_SCALE": "1", "GSK_RENDERER": "cairo", "DISPLAY": ":99",
                            "ASAN_OPTIONS": "a=1", "ISS_SHOTS": "/shots"}.items():
            self.assertEqual(said.get(name), value, name)
        self.assertNotIn("STRANGE", said)

    def test_home_is_new_and_gone_afterwards(self):
        out = self.pinned("bash", "-c", 'touch "$HOME/x" "$XDG_RUNTIME_DIR/y"; echo "$HOME"')
        self.assertFalse(pathlib.Path(out.strip()).exists())

    def test_font(self):
        for family in ("Sans", "Monospace", "Noto Sans", "Cantarell"):
            out = self.pinned("fc-match", family)
            self.assertTrue(out.startswith("DejaVuSans"), f"{family}: {out}")

    def test_status_is_the_command_s(self):
        self.assertEqual(run(PINNED, "bash", "-c", "exit 7", DISPLAY=":99").returncode, 7)

    def test_bus_is_private(self):
        out = self.pinned("bash", "-c", 'echo "$DBUS_SESSION_BUS_ADDRESS"')
        self.assertEqual(out.strip(), "disabled:")
        out = self.pinned(
            "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
            "org.freedesktop.DBus.ListActivatableNames", A11Y="1")
        self.assertIn("org.a11y.Bus", out)
        self.assertNotIn("portal", out)


if __name__ == "__main__":
    tap.main()

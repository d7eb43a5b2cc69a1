# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that handle secrets stay out of core files, and lock their memory, first thing."""
import os
import re
import resource
import signal
import subprocess
import tempfile
import unittest

import tap

ROOT = os.environ["ISS_TEST_ROOT"]
BUILD = os.environ["ISS_TEST_BUILD"]
PROGRAMS = ("agent", "askpass", "console", "ctl")
NO_CORE = re.compile(r"^Max core file size +0 +0 ", re.MULTILINE)
DEADLINE = 20


class Secrets(unittest.TestCase):
    def test_first_thing(self):
        """Before arguments are read, before a library starts."""
        for program in PROGRAMS:
            with self.subTest(program=program):
                path = os.path.join(ROOT, "app", program, "main.c")
                with open(path, encoding="utf-8") as file:
                    body = file.read().split("\nmain (int", 1)[1].split("{\n", 1)[1]
                before = body.split("iss_secret_init_memory ();", 1)
                self.assertEqual(len(before), 2, "it is called")
                calls = re.findall(r"(\w+) \(", re.sub(r"/\*.*?\*/", "", before[0], flags=re.S))
                self.assertLessEqual(set(calls), {"g_autoptr", "signal", "umask", "setlocale",
                                                  "set_locale"})

    def test_agent_at_work(self):
        """It has been let dump what it likes, and does not."""
        with tempfile.TemporaryDirectory(prefix="issuant-test-") as temp:
            agent = subprocess.Popen(
                [os.path.join(BUILD, "app", "agent", "issuant-agent"), "--stdio", "--root",
                 os.path.join(temp, "root")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=temp,
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_CORE,
                    (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2))
            with agent:
                # It has greeted: everything is set up.
                self.assertEqual(agent.stdout.read(1), b"\n")
                with open(f"/proc/{agent.pid}/limits", encoding="utf-8") as file:
                    self.assertRegex(file.read(), NO_CORE)
                agent.send_signal(signal.SIGABRT)
                self.assertEqual(agent.wait(DEADLINE), -signal.SIGABRT)
                self.assertEqual(sorted(os.listdir(temp)), ["root"], "no core file")


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""A host name that begins with a dash would be an option of ssh's: no way leads there."""
import os
import subprocess
import tempfile
import unittest

import tap

CTL = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "ctl", "issuantctl")
HOSTILE = ("ssh://-oProxyCommand=touch%20pwned", "ssh://-oProxyCommand=touch pwned",
           "ssh://alice@-oProxyCommand=id", "ssh://-l@fe01")
POOL = "[pool P]\nsip-domains=contoso.example\n"
DEADLINE = 60


class Dash(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix="issuant-test-")
        self.addCleanup(self.temp.cleanup)
        self.topology = os.path.join(self.temp.name, "topology.conf")

    def run_ctl(self, text, *args):
        with open(self.topology, "w", encoding="utf-8") as file:
            file.write(text)
        environ = dict(os.environ, HOME=self.temp.name, XDG_CACHE_HOME=self.temp.name + "/cache",
                       XDG_CONFIG_HOME=self.temp.name + "/config")
        return subprocess.run([CTL, "--topology", self.topology, *args], cwd=self.temp.name,
                              capture_output=True, text=True, timeout=DEADLINE, env=environ,
                              stdin=subprocess.DEVNULL, check=False)

    def check_nothing_ran(self):
        self.assertFalse(os.path.exists(os.path.join(self.temp.name, "pwned")))

    def test_added(self):
        for uri in HOSTILE:
            with self.subTest(uri=uri):
                ended = self.run_ctl(POOL, "add-server", "x", "--pool", "P", "--connection", uri)
                self.assertNotEqual(ended.returncode, 0, ended.stdout)
                with open(self.topology, encoding="utf-8") as file:
                    self.assertEqual(file.read(), POOL)
                self.check_nothing_ran()

    def test_written_by_hand(self):
        for uri in HOSTILE:
            with self.subTest(uri=uri):
                ended = self.run_ctl(f"{POOL}\n[server x]\npool=P\nconnection={uri}\n",
                                     "test-server")
                self.assertNotEqual(ended.returncode, 0, ended.stdout)
                self.assertIn("topology.conf", ended.stderr)
                self.check_nothing_ran()


if __name__ == "__main__":
    tap.main()

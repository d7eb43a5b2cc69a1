# SPDX-License-Identifier: GPL-3.0-or-later
"""issuant-agent without a console: as a service, and for one pass."""
import configparser
import os
import pathlib
import select
import signal
import subprocess
import time

import demo
import tap

AGENT = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "agent", "issuant-agent")
AT = 1795348800     # 2026-11-22T12:00:00Z
DEADLINE = 60


class Resident(demo.Case):
    def setUp(self):
        super().setUp()
        self.demo.import_auth("--server", "fe02")
        self.root = pathlib.Path(self.demo.folder) / "fe02"
        self.auth = self.demo.row("auth.contoso.example", "fe02")["sha256"].lower()
        demo.wait_for_agents()

    def conf(self):
        conf = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        conf.optionxform = str
        conf.read(self.root / "assignments.conf")
        return conf

    def stage(self, at, certificate=None):
        conf = self.conf()
        if not conf.has_section("OAuthTokenIssuer"):
            conf.add_section("OAuthTokenIssuer")
        group = conf["OAuthTokenIssuer"]
        group["revision"] = str(int(group.get("revision", "0")) + 1)
        group["staged"] = certificate or self.auth
        group["staged-at"] = at
        with (self.root / "assignments.conf").open("w", encoding="utf-8") as file:
            conf.write(file, space_around_delimiters=False)

    def run_due(self, at, status=0):
        ended = subprocess.run([AGENT, "--run-due", "--root", self.root, "--at", str(at)],
                               stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               timeout=DEADLINE, check=False)
        self.assertEqual(ended.returncode, status, ended.stderr)
        self.assertEqual(ended.stdout, "")
        return ended.stderr

    def rolls(self):
        path = self.root / "audit.jsonl"
        return path.read_text().count('"roll-assignment"')

    def test_run_due(self):
        self.stage("2026-11-22T12:00:10Z")
        self.assertEqual(self.run_due(AT), "")
        self.assertIn("staged", self.conf()["OAuthTokenIssuer"])
        for at in (AT + 10, AT + 11, AT + 12):
            self.assertEqual(self.run_due(at), "")
        self.assertEqual(self.conf()["OAuthTokenIssuer"]["current"], self.auth)
        self.assertNotIn("staged", self.conf()["OAuthTokenIssuer"])
        self.assertEqual(self.rolls(), 1)

    def test_run_due_fails(self):
        self.stage("2026-11-22T12:00:10Z", "0" * 64)
        self.assertIn("import it again, or stage another one", self.run_due(AT + 10, status=1))
        self.assertIn("has gone from Personal", self.run_due(AT + 11, status=1))
        self.assertEqual(self.rolls(), 0)

    def start(self, *words):
        return subprocess.Popen([AGENT, "--service", "--root", self.root, *words],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def end(self, service, how=signal.SIGTERM):
        service.send_signal(how)
        _, said = service.communicate(timeout=DEADLINE)
        return service.returncode, said

    def wait_until_resident(self, service):
        """Who has the lock writes since when."""
        deadline = time.monotonic() + DEADLINE
        while not (self.root / "scheduler.lock").read_text():
            self.assertIsNone(service.poll(), "it has ended")
            self.assertLess(time.monotonic(), deadline)

    def wait_until_rolled(self):
        deadline = time.monotonic() + DEADLINE
        while self.rolls() == 0:
            self.assertLess(time.monotonic(), deadline)

    def test_service(self):
        self.stage("2026-11-22T11:00:00Z")
        service = self.start("--at", str(AT))
        self.addCleanup(service.kill)
        self.wait_until_resident(service)
        self.wait_until_rolled()
        # The belt finds nothing to do.
        self.assertEqual(self.run_due(AT + 1), "")
        self.assertEqual(self.end(service), (0, ""))
        self.assertEqual(self.rolls(), 1)
        self.assertEqual((self.root / "scheduler.lock").read_text(), "")

    def test_service_killed(self):
        service = self.start("--at", str(AT))
        self.addCleanup(service.kill)
        self.wait_until_resident(service)
        self.assertEqual(self.end(service, signal.SIGKILL)[0], -signal.SIGKILL)
        self.stage("2026-11-22T11:00:00Z")
        self.assertEqual(self.run_due(AT), "")
        self.assertEqual(self.rolls(), 1)

    def test_service_says(self):
        self.stage("2026-11-22T11:00:00Z", "0" * 64)
        service = self.start("--at", str(AT))
        self.addCleanup(service.kill)
        self.assertTrue(select.select([service.stderr], [], [], DEADLINE)[0])
        self.assertIn("has gone from Personal", self.end(service)[1])

    def test_wrong_use(self):
        ended = subprocess.run([AGENT, "--service", "--run-due", "--root", self.root],
                               capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("exclude each other", ended.stderr)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""From root's configuration to what the administrator reads: which service uses what is published,
whether its account could read the key, and what became of its reload.

Also covers: core/pool/reload-note.
"""
import datetime
import os
import pathlib
import pwd
import subprocess

import demo
import tap

AGENT = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "agent", "issuant-agent")
AT = int(datetime.datetime.fromisoformat(demo.AT.replace("Z", "+00:00")).timestamp())
ACCOUNT = pwd.getpwuid(os.geteuid()).pw_name
DEADLINE = 60


class Consumers(demo.Case):
    def configure(self, text, server="fe01"):
        folder = pathlib.Path(self.demo.folder) / server / "consumers"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        config = folder / "consumers.conf"
        config.write_text(text)
        config.chmod(0o644)

    def reload(self, status=0, server="fe01"):
        root = pathlib.Path(self.demo.folder) / server
        done = subprocess.run([AGENT, "--reload-consumers", "--root", root, "--at", str(AT)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, status, done.stderr)

    def cell(self, done):
        return next(cell for cell in done.json["cells"] if cell["server"].startswith("fe01")
                    and cell["type"] == "Default" and cell["slot"] == "current")

    def rung(self, cell, name):
        return next(rung for rung in cell["rungs"] if rung["rung"] == name)

    def facts(self, done):
        return [f"{fact['level']} {fact['subject']}: {fact['sentence']}"
                for fact in done.json["facts"]]

    def test_reloaded(self):
        self.configure(f"[nginx]\ntype=Default\naccount={ACCOUNT}\ncommand=/bin/echo fine\n")
        self.reload()
        presence = self.ctl("get-presence", "--type", "Default", "--json")
        cell = self.cell(presence)
        self.assertEqual((cell["verdict"], cell["rung"]), ("agrees", "published"))
        self.assertRegex(self.rung(cell, "published")["text"],
                         r"seen \S+ by the agent on fe01; nginx reloaded 12:00:00")
        readable = self.rung(cell, "readable")
        self.assertEqual(readable["state"], "reached")
        self.assertEqual(readable["text"],
                         f"{ACCOUNT} has read the key, tried 12:00:00 by root's watcher")
        done = self.ctl("test-pool", "--type", "Default", "--json")
        self.assertEqual([fact for fact in self.facts(done) if "nginx" in fact], [])

        table = self.ctl("get-certificate", "--server", "fe01", "--type", "Default")
        self.assertIn("published, nginx reloaded 12:00:00", table.out)
        found = self.ctl("get-certificate", "--server", "fe01", "--type", "Default", "--json")
        reload = found.json["assigned"][0]["Reloads"]
        self.assertEqual([(one["consumer"], one["state"], one["output"], one["keyRead"])
                          for one in reload], [("nginx", "done", "fine", True)])

        tasks = self.ctl("get-task", "--server", "fe01", "--json").json["tasks"]
        reloads = [task for task in tasks if task["task"] == "reload"]
        self.assertEqual([(task["consumer"], task["state"]) for task in reloads],
                         [("nginx", "done")])
        log = self.ctl("get-log", "--server", "fe01")
        self.assertIn("issuant-agent: nginx was reloaded for Default", log.out)

    def test_failed(self):
        self.configure("[nginx]\ntype=Default\ncommand=/bin/sh -c 'echo no such file; exit 1'\n")
        self.reload(status=1)
        presence = self.ctl("get-presence", "--type", "Default", "--json")
        cell = self.cell(presence)
        self.assertEqual(cell["verdict"], "agrees")
        self.assertIn("current: nginx not reloaded.", cell["sentence"])
        self.assertIn("nginx not reloaded: The reload ended with status 1. It said: no such file.",
                      cell["sentence"])
        published = self.rung(cell, "published")
        self.assertEqual(published["state"], "failed")
        self.assertIn("It said: no such file", published["text"])

        done = self.ctl("test-pool", "--type", "Default", "--json", status=1)
        wrong = [fact for fact in self.facts(done) if fact.startswith("error fe01")]
        self.assertEqual(len(wrong), 1, self.facts(done))
        self.assertIn("nginx does not use what is published for Default yet. The reload ended "
                      "with status 1. It said: no such file.", wrong[0])
        # Another type is none of its business.
        other = self.ctl("test-pool", "--type", "OAuthTokenIssuer", "--json", status=1)
        self.assertEqual([fact for fact in self.facts(other) if "nginx" in fact], [])
        nagios = self.ctl("test-pool", "--type", "Default", "--nagios", status=2)
        self.assertIn("CRITICAL - fe01: nginx does not use what is published", nagios.out)

        table = self.ctl("get-certificate", "--server", "fe01", "--type", "Default")
        self.assertIn("published, nginx not reloaded", table.out)
        tasks = self.ctl("get-task", "--server", "fe01")
        self.assertRegex(tasks.out,
                         r"reload +Default \(nginx\) .*failed.* The reload ended with status 1")

        # Mended, everything is as it should be.
        self.configure("[nginx]\ntype=Default\ncommand=/bin/true\n")
        self.reload()
        done = self.ctl("test-pool", "--type", "Default", "--json")
        self.assertTrue(done.json["good"])

    def test_nobody_watches(self):
        """Configured, and nothing does it: that is told, too."""
        self.configure("[nginx]\ntype=Default\nunit=nginx.service\n")
        root = pathlib.Path(self.demo.folder) / "fe01"
        made = root / "live" / ".made" / os.path.basename(os.readlink(root / "live" / "Default"))
        os.utime(made, (AT - 3600, AT - 3600))
        done = self.ctl("test-pool", "--type", "Default", "--json", status=1)
        self.assertTrue(any("start issuant-consumers.path" in fact for fact in self.facts(done)))
        tasks = self.ctl("get-task", "--server", "fe01")
        self.assertIn("start issuant-consumers.path", tasks.out)
        self.assertNotIn("Nothing on fe01 will run", tasks.err)

    def test_wrong_configuration(self):
        self.configure("[nginx]\ntype=Default\ncomand=/bin/true\n")
        self.reload(status=1)
        done = self.ctl("test-pool", "--json", status=1)
        wrong = [fact for fact in self.facts(done) if fact.startswith("error fe01")]
        self.assertEqual(len(wrong), 1)
        self.assertIn("consumers.conf, line 3: There is no “comand”", wrong[0])


if __name__ == "__main__":
    tap.main()

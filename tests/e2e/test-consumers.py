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

    def readable(self):
        """Of what is staged for tokens on fe01, and how that is known."""
        done = self.ctl("get-presence", "--type", "OAuthTokenIssuer", "--json")
        cell = next(cell for cell in done.json["cells"] if cell["server"].startswith("fe01")
                    and cell["slot"] == "staged")
        rung = self.rung(cell, "readable")
        return rung["state"], rung["text"]

    def facts(self, done):
        return [f"{fact['level']} {fact['subject']}: {fact['sentence']}"
                for fact in done.json["facts"]]

    def test_reloaded(self):
        self.configure(f"[nginx]\ntype=Default\naccount={ACCOUNT}\ncommand=/bin/echo fine\n")
        self.reload()
        presence = self.ctl("get-presence", "--type", "Default", "--json")
        cell = self.cell(presence)
        self.assertEqual((cell["verdict"], cell["rung"], cell["notReloaded"]),
                         ("agrees", "published", None))
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
        self.assertEqual((cell["verdict"], cell["rung"], cell["notReloaded"]),
                         ("agrees", "published", "nginx not reloaded"))
        self.assertIn("current: nginx not reloaded.", cell["sentence"])
        self.assertIn("nginx not reloaded: The reload ended with status 1. It said: no such file.",
                      cell["sentence"])
        published = self.rung(cell, "published")
        self.assertEqual(published["state"], "reached")
        self.assertIn("It said: no such file", published["text"])
        use = self.rung(cell, "seen-in-use")
        self.assertEqual(use["state"], "failed")
        self.assertEqual(use["text"], "nginx not reloaded: nothing shows that it uses it; seen "
                         "12:00:00 by the agent on fe01")
        self.assertIn("on 1 of them a service has not read it", presence.json["verdict"])
        self.assertRegex(self.ctl("get-presence", "--type", "Default").out,
                         "fe01 +◐ nginx not reloaded")

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

    def test_staged_key(self):
        """A service that cannot read the staged key holds the roll, by name, with the remedy."""
        kind = ("--type", "OAuthTokenIssuer")
        self.demo.import_auth("--pool", demo.POOL)
        current = self.demo.row("auth.contoso.example")
        self.ctl("set-certificate", "--pool", demo.POOL, *kind, "--thumbprint", current["sha256"])
        self.ctl("import-certificate", "--pool", demo.POOL, "--path",
                 self.demo.files / "next-auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password")
        staged = self.demo.row("next-auth.contoso.example")
        self.configure("[rtc]\ntype=OAuthTokenIssuer\naccount=daemon\ncommand=/bin/true\n")
        for folder in (self.demo.folder / "fe01").parents:
            if self.demo.home in (folder, *folder.parents):
                folder.chmod(folder.stat().st_mode | 0o011)
        (self.demo.folder / "fe01").chmod(0o711)
        allow = ("set-key-access", "--server", "fe01", "--allow", "daemon", "--thumbprint")
        self.ctl(*allow, current["sha256"])
        roll = ("set-certificate", "--pool", demo.POOL, *kind, "--thumbprint", staged["sha256"],
                "--roll", "--effective-date", "2027-07-01T00:00Z")

        # Before anything is staged: what the gate will hold, and what nothing would.
        done = self.ctl(*roll, "--what-if")
        self.assertRegex(done.lines[1], "^fe01 +done +would be staged. rtc could not use this "
                         "certificate: .* do not let daemon read it; allow it with set-key-access. "
                         "The roll stays held")
        done = self.ctl(*roll, "--what-if", "--unconditional", status=3)
        self.assertRegex(done.lines[1], "^fe01 +failed +rtc could not use this certificate: .* It "
                         "would be left with the one that it has, until rtc, as daemon, can read")
        self.assertIn("--force", done.err)

        done = self.ctl(*roll, status=3)
        who = "rtc, whose account daemon cannot read the staged key"
        line = (f"issuantctl --demo {' '.join(allow[:3])} --thumbprint {staged['sha256']} "
                "--allow daemon")
        why = (f"{who} (by permissions: the key's own permissions do not let daemon read it; "
               "allow it with set-key-access)")
        self.assertIn(f"held: not armed. fe01 has {why}: at the roll it would be left with the old "
                      f"certificate.\n{line}\n", done.err)
        done = self.ctl("test-pool", *kind, "--json", status=1)
        self.assertIn(f"warning fe01: {why}, would be left with the old certificate at the roll of "
                      "OAuthTokenIssuer.",
                      self.facts(done))
        self.assertEqual(self.readable(), ("failed", "daemon cannot read the key, by permissions, "
                                           "seen 12:00:00"))
        sheet = self.ctl("get-run-sheet", "--pool", demo.POOL, *kind, status=1)
        self.assertIn(f"→ {line}", sheet.out)

        # Root's watcher, which can, has tried it.
        self.reload(status=0 if os.geteuid() == 0 else 1)
        done = self.ctl("set-certificate", "--pool", demo.POOL, *kind, "--arm", status=4)
        self.assertIn(f"fe01 has {who} (tried: daemon cannot read /", done.err)
        if os.geteuid() == 0:
            self.assertIn("Permission denied; the key's own permissions do not let daemon read it; "
                          "allow it with set-key-access)", done.err)
        self.assertEqual(self.readable(), ("failed", "daemon cannot read the key, tried 12:00:00 "
                                           "by root's watcher"))

        # What was tried before the permissions were changed says nothing any more.
        self.ctl(*allow, staged["sha256"])
        self.assertEqual(self.readable(), ("reached", "daemon may read the key, by permissions, "
                                           "seen 12:00:00"))
        self.ctl("set-certificate", "--pool", demo.POOL, *kind, "--arm")
        if os.geteuid() == 0:
            self.reload()
            self.assertEqual(self.readable(), ("reached", "daemon has read the key, tried "
                                               "12:00:00 by root's watcher"))

    def test_wrong_configuration(self):
        self.configure("[nginx]\ntype=Default\ncomand=/bin/true\n")
        self.reload(status=1)
        done = self.ctl("test-pool", "--json", status=1)
        wrong = [fact for fact in self.facts(done) if fact.startswith("error fe01")]
        self.assertEqual(len(wrong), 1)
        self.assertIn("consumers.conf, line 3: There is no “comand”", wrong[0])


if __name__ == "__main__":
    tap.main()

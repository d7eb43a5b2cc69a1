# SPDX-License-Identifier: GPL-3.0-or-later
"""--identity global: decided once, on every server; the servers are enrolled before.

Also covers: central, enroll-server, get-replication-status, invoke-replication, replicate,
replication-output."""
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time

import demo
import tap

TYPE = "OAuthTokenIssuer"
GLOBAL = ("--identity", "global", "--type", TYPE)
DATE = "2027-07-01T00:00+02:00"


class Global(demo.Case):
    def setUp(self):
        super().setUp()
        self.passphrase = self.demo.home / "passphrase"
        self.passphrase.write_text("correct horse battery\n")
        self.key = ("--key-password-file", self.passphrase)
        self.demo.prepare("administrator", lambda: self.ctl(
            "make-administrator-key", "alice", "--password-file", self.passphrase))

    def enroll(self, *where, status=0):
        return self.ctl("enroll-server", *(where or ("--pool", demo.POOL)), *self.key,
                        status=status)

    def have_enrolled(self):
        """All three servers, without looking at what is said of it."""
        def enroll():
            self.ctl("make-administrator-key", "alice", "--password-file", self.passphrase)
            self.enroll()
        self.demo.prepare("enrolled", enroll)

    def import_globally(self, name="auth", *more, status=0):
        return self.ctl("import-certificate", *GLOBAL, "--path",
                        self.demo.files / f"{name}.contoso.example.pfx", "--password-file",
                        self.demo.files / "auth.password", *self.key, *more, status=status)

    def status(self, *words, status=0):
        """What each server says, by its short name."""
        found = self.ctl("get-replication-status", *words, "--json", status=status).json
        return {row["Replica"][:4]: row for row in found["replicas"]}

    def slots(self, server):
        """What the server's own truth says, read without our programs."""
        text = (self.demo.folder / server / "assignments.conf").read_text()
        group = text.split(f"[{TYPE}]")[1].split("[")[0]
        return dict(line.split("=", 1) for line in group.splitlines() if "=" in line)

    def assert_published(self, sha256, servers=demo.SERVERS):
        for server in servers:
            self.assertEqual(demo.published_sha256(self.demo.folder / server, TYPE), sha256)
            self.assertEqual(self.slots(server)["scope"], "global")

    def test_removed_from_the_pool(self):
        """It gets no further package, and what it still has is said."""
        self.have_enrolled()
        self.import_globally()
        row = self.demo.row("auth.contoso.example")
        sha256, thumbprint = row["sha256"], row["thumbprint"]
        self.ctl("remove-server", "fe03.contoso.example")
        short = f"{thumbprint[:4]} {thumbprint[4:8]} … {thumbprint[-4:]}"
        self.assertIn(f"still holds auth.contoso.example {short}, with the private keys",
                      self.ctl("get-replication-status").err)
        found = self.ctl("get-replication-status", "--json").json
        self.assertRegex(found["ActiveReplicator"], "^[^@]+@.+$")
        self.assertIsNotNone(found["Heartbeat"])
        self.assertIsNone(found["ActiveSince"])
        self.assertEqual([(row["Replica"], row["certificates"])
                          for row in found["deletedReplicas"]],
                         [("fe03.contoso.example", [sha256])])
        done = self.import_globally("next-auth", "--force")
        self.assertIn("for 2 of 2 servers", done.err)
        self.assertIn("fe03.contoso.example was removed from the pool", done.err)
        self.assertRegex(done.out, r"(?m)^Nobody replicates now; .+@.+ did last, ")
        self.assertEqual(self.slots("fe03")["current"], sha256)

    def test_once(self):
        """One command; every server has it, and its key was nowhere in the clear on the way."""
        done = self.enroll()
        self.assertEqual(len([line for line in done.lines if "is enrolled" in line]), 3)
        done = self.import_globally()
        self.assertEqual(done.err.splitlines()[0],
                         "This is revision 1 of OAuthTokenIssuer, for 3 of 3 servers.")
        self.assertEqual(len([line for line in done.lines if "up to date" in line]), 3)
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        self.assert_published(sha256)

        for name, row in self.status().items():
            self.assertTrue(row["Enrolled"] and row["UpToDate"], row)
            self.assertEqual(row["LastStatusReport"], row["LastTry"])
            self.assertIsNone(row["Error"])
            self.assertEqual((row["types"][0]["current"], row["types"][0]["currentRung"]),
                             (sha256, "published"), name)
        details = self.ctl("get-replication-status", "--details").out
        self.assertRegex(details, r"\n\nReplica            : fe02\.contoso\.example\n"
                                  r"UpToDate           : True\n"
                                  r"LastStatusReport   : 22 November 2026, 12:00 \(UTC\)\n"
                                  r"LastUpdateCreation : 22 November 2026, 12:00 \(UTC\)\n"
                                  r"ProductVersion     : \d[^\n]*\n\nfe02 · OAuthTokenIssuer · ")
        for path in self.demo.folder.joinpath("central").rglob("*"):
            if path.is_file():
                self.assertNotIn(b"PRIVATE KEY", path.read_bytes())
        presence = self.ctl("get-presence", "--type", TYPE).out
        self.assertNotIn("different", presence)

        # Again, it is so already.
        again = self.import_globally()
        self.assertIn("It is so already.", again.err)

        done = self.ctl("remove-certificate", *GLOBAL, *self.key, status=4)
        self.assertEqual(done.err.count("Use --force"), 1)
        self.assertEqual(self.status()["fe01"]["types"][0]["RevisionHeld"], 1)

    def test_roll(self):
        """Staged everywhere, armed because all are ready, and cancelled."""
        self.have_enrolled()
        self.import_globally()
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        self.import_globally("next-auth", "--roll", "--effective-date", DATE)
        following = self.demo.row("next-auth.contoso.example")["sha256"]
        for server in demo.SERVERS:
            slots = self.slots(server)
            self.assertEqual((slots["current"], slots["staged"]), (sha256, following))
            self.assertEqual(slots["staged-typed"], DATE)
            self.assertNotIn("held", slots)
            keys = json.loads((self.demo.folder / server / "live" / TYPE /
                               "jwks.json").read_text())["keys"]
            self.assertGreaterEqual(len(keys), 2)
        self.assertEqual({row["types"][0]["Held"] for row in self.status().values()}, {False})

        self.ctl("remove-certificate", *GLOBAL, "--staged", *self.key)
        self.assertNotIn("staged", self.slots("fe02"))
        self.assert_published(sha256)

    def test_held(self):
        """One server is not there: nobody rolls, until it is excepted by name."""
        self.have_enrolled()
        self.import_globally()
        self.demo.lose("fe03")
        self.import_globally("next-auth", "--roll", "--effective-date", DATE, status=3)
        self.assertEqual(self.slots("fe01")["held"], "true")
        done = self.ctl("set-certificate", *GLOBAL, "--arm", *self.key, status=3)
        self.assertIn("held: not armed", done.out)
        self.ctl("set-certificate", *GLOBAL, "--arm", "--except", "fe03", *self.key, status=3)
        self.assertNotIn("held", self.slots("fe01"))
        self.assertNotIn("held", self.slots("fe02"))

    def test_late(self):
        """Enrolled later, it gets the key from one that has it; built anew, once more."""
        self.enroll("--server", "fe01,fe02")
        self.import_globally(status=3)
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        self.assert_published(sha256, ("fe01", "fe02"))
        self.assertEqual(self.status(status=3)["fe03"]["Enrolled"], False)
        self.enroll("--server", "fe03")
        self.assert_published(sha256)

        subprocess.run(["rm", "-r", self.demo.folder / "fe03"], check=True)
        (self.demo.folder / "fe03").mkdir()
        self.assertEqual(self.ctl("invoke-replication", status=3).status, 3)
        self.enroll("--server", "fe03")
        self.assert_published(sha256)

    def test_thumbprint(self):
        """A certificate that one server has, for all of them."""
        self.have_enrolled()
        self.demo.import_auth("--server", "fe02")
        row = self.demo.row("auth.contoso.example", "fe02")
        self.ctl("set-certificate", *GLOBAL, "--thumbprint", row["thumbprint"], *self.key)
        self.assert_published(row["sha256"])

    def test_compromised(self):
        """Decided once, nobody uses it or trusts it; who was away is named, and told when it is
        said once more."""
        self.have_enrolled()
        self.import_globally()
        auth = self.demo.row("auth.contoso.example")
        self.import_globally("next-auth", "--roll", "--effective-date", DATE)
        following = self.demo.row("next-auth.contoso.example")
        self.ctl("remove-certificate", *GLOBAL, "--staged", *self.key)
        words = ("set-certificate", *GLOBAL, "--thumbprint", following["thumbprint"],
                 "--compromised", auth["thumbprint"], *self.key)
        done = self.ctl(*words, status=4)
        self.assertIn("refused at once: for up to 24 hours", done.err)
        self.assert_published(auth["sha256"])
        connection = self.demo.topology.read_text()
        self.demo.lose("fe03")
        done = self.ctl(*words, "--force", status=3)
        self.assertIn("fe03: It still trusts the compromised certificate: ", done.err)
        self.assertIn("“auth.contoso.example” is untrusted on 2 of 3 servers.", done.err)
        self.demo.topology.write_text(connection)
        done = self.ctl(*words, "--force")
        self.assertIn("It is so already.", done.err)
        self.assertIn("is untrusted on 3 of 3 servers.", done.err)
        self.assert_published(following["sha256"])
        self.assertNotIn("OAuthTokenIssuer.previous", self.demo.topology.read_text())
        for server in demo.SERVERS:
            self.assertNotIn("previous", self.slots(server))
            untrusted = self.demo.folder / server / "stores" / "disallowed"
            self.assertTrue((untrusted / f"{auth['sha256']}.pem").exists())

    def test_drift(self):
        """A change by hand is named, and ended by force only."""
        self.have_enrolled()
        self.import_globally()
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        other = self.demo.row("sip.contoso.example", "fe02")["thumbprint"]
        done = self.ctl("set-certificate", "--server", "fe02", "--type", TYPE, "--thumbprint",
                        other, "--force")
        self.assertIn("OAuthTokenIssuer is assigned globally: what is changed by hand is drift",
                      done.err)
        self.assertIn("changed on the server", self.ctl("invoke-replication", status=3).out)
        self.assertTrue(self.status(status=3)["fe02"]["types"][0]["Local"])
        self.ctl("invoke-replication", "--server", "fe02", "--force")
        self.assert_published(sha256)

    def test_refused(self):
        done = self.import_globally(status=4)
        self.assert_sentence(done, "No server of the pool would get it; fe01.*not enrolled")
        self.have_enrolled()
        before = demo.tree(self.demo.folder)
        for words, status, pattern in (
                (("import-certificate", *GLOBAL, "--path",
                  self.demo.files / "auth.contoso.example.pfx", "--password-file",
                  self.demo.files / "auth.password"), 2, "there is no terminal"),
                (("import-certificate", "--identity", "global", "--path",
                  self.demo.files / "auth.contoso.example.pfx", "--password-file",
                  self.demo.files / "auth.password", *self.key), 2, "--type OAuthTokenIssuer"),
                (("import-certificate", *GLOBAL, "--exportable", "--path", "x.pfx", *self.key), 2,
                 "--exportable is for what is imported on servers by hand"),
                (("set-certificate", "--identity", "local", "--type", TYPE, "--swap-back",
                  *self.key), 2, "--identity is global"),
                (("set-certificate", *GLOBAL, "--server", "fe01", "--swap-back", *self.key), 2,
                 "exclude each other"),
                (("set-certificate", *GLOBAL, "--swap-back", *self.key), 1,
                 "no previous certificate"),
                (("set-certificate", *GLOBAL, "--arm", *self.key), 1, "Nothing is assigned"),
                (("remove-certificate", *GLOBAL, *self.key), 1, "."),
        ):
            done = self.ctl(*words, status=status)
            self.assertRegex(done.err, pattern)
        self.assert_tree(before)

    def test_what_if(self):
        self.have_enrolled()
        before = demo.tree(self.demo.folder)
        done = self.import_globally("auth", "--what-if")
        self.assertIn("It would be revision 1", done.err)
        self.assert_tree(before)

    def test_nothing_yet(self):
        done = self.ctl("get-replication-status")
        self.assertEqual(done.out, "Nothing is assigned globally.\n")
        self.assertFalse(self.status()["fe01"]["Enrolled"])

    def test_damaged_store(self):
        """What cannot be read is not taken for nothing."""
        self.have_enrolled()
        for path in self.demo.folder.joinpath("central").rglob("*administrators*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[:-1])
        done = self.ctl("get-replication-status", status=1)
        self.assertEqual(done.out, "")
        self.assertNotEqual(done.err, "")

    def test_watch(self):
        """It stays, serves a server that comes back, and ends when it is told to."""
        self.have_enrolled()
        connection = self.demo.topology.read_text()
        self.demo.lose("fe03")
        self.import_globally(status=3)
        self.demo.topology.write_text(connection)
        truth = self.demo.folder / "fe03" / "assignments.conf"
        with self.watch() as watcher:
            self.wait_for(lambda: "scope=global" in truth.read_text())
            self.end(watcher)

    def test_watch_killed(self):
        """While it asks a server, and again when that has just got the package: whoever replicates
        next goes on from there."""
        self.have_enrolled()
        connection = self.demo.topology.read_text()
        self.demo.lose("fe03")
        self.import_globally(status=3)
        report, = self.demo.folder.joinpath("central").rglob("*report*fe03*")
        noted = report.read_bytes()
        with socket.create_server(("127.0.0.1", 0)) as silent:
            silent.settimeout(demo.PATIENCE)
            self.demo.reach("fe03", f"ssh://127.0.0.1:{silent.getsockname()[1]}")
            with self.watch() as watcher:
                asked = silent.accept()[0]
                watcher.kill()
                watcher.wait(demo.PATIENCE)
                asked.close()
        self.assertEqual(report.read_bytes(), noted)
        left = self.ctl("get-replication-status", "--json", status=3).json
        self.assertIsNotNone(left["ActiveSince"])

        self.demo.topology.write_text(connection)
        record = self.demo.folder / "fe03" / "audit.jsonl"
        with self.watch() as watcher:
            self.wait_for(lambda: "accept-package" in record.read_text())
            watcher.kill()
        # Had it been faster than the signal, it would have noted what it knew.
        report.write_bytes(noted)
        with self.watch() as watcher:
            self.wait_for(lambda: self.demo.ctl("get-replication-status", alone=False).status == 0)
            self.end(watcher)
        self.assert_published(self.demo.row("auth.contoso.example")["sha256"])
        for event in ("accept-package", "deploy-package"):
            self.assertEqual(record.read_text().count(event), 1, event)

        # Nothing that was left behind is in the way of what is decided next.
        self.import_globally("next-auth")
        self.assert_published(self.demo.row("next-auth.contoso.example")["sha256"])

    @contextlib.contextmanager
    def watch(self):
        """Killed, with all that it has started gone, unless it has ended."""
        argv = [str(demo.CTL), "--demo", "--seed", "tests", "--at", demo.AT, "replicate",
                "--watch"]
        with subprocess.Popen(argv, env=demo.environment(self.demo.home), start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as watcher:
            try:
                yield watcher
            finally:
                watcher.kill()
        demo.wait_for_agents()

    def end(self, watcher):
        """As it should be ended: it has nothing to say."""
        os.kill(watcher.pid, signal.SIGTERM)
        err = watcher.communicate(timeout=demo.PATIENCE)[1].decode()
        self.assertEqual((watcher.returncode, err), (0, ""))

    def wait_for(self, condition):
        deadline = time.monotonic() + demo.PATIENCE
        while not condition():
            select.select([], [], [], 0.05)
            self.assertLess(time.monotonic(), deadline)


if __name__ == "__main__":
    tap.main()

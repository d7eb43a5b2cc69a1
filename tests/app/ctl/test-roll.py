# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl set-certificate --roll and what belongs to it: stage, then arm."""
import json
import os
import subprocess

import demo
import tap

AGENT = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "agent", "issuant-agent")

WHERE = ("--pool", demo.POOL)
TYPE = ("--type", "OAuthTokenIssuer")
DATE = "2027-07-01T00:00+02:00"
INSTANT = 1814392800     # the same, in seconds
ECHO = "It becomes current on 30 June 2027, 22:00 (UTC)."


class Roll(demo.Case):
    def setUp(self):
        super().setUp()
        self.demo.import_auth("--pool", demo.POOL)
        self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint",
                 self.demo.thumbprint("auth.contoso.example"))
        self.ctl("import-certificate", *WHERE, "--path",
                 self.demo.files / "next-auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password")
        self.next = self.demo.row("next-auth.contoso.example")
        self.auth = self.demo.row("auth.contoso.example")

    def roll(self, *more, where=WHERE, **keywords):
        return self.ctl("set-certificate", *where, *TYPE, "--thumbprint", self.next["thumbprint"],
                        "--roll", "--effective-date", DATE, *more, **keywords)

    def staged(self, status=0):
        rows = self.ctl("get-certificate", *TYPE, "--json", status=status).json["assigned"]
        return [row for row in rows if row["Slot"] == "staged"]

    def slots(self, server):
        """What the server's own truth says, read without our programs."""
        text = (self.demo.folder / server / "assignments.conf").read_text()
        group = text.split("[OAuthTokenIssuer]")[1].split("[")[0]
        return dict(line.split("=", 1) for line in group.splitlines() if "=" in line)

    def run_due(self, server, at):
        """As the service on that server does at an instant."""
        subprocess.run([AGENT, "--run-due", "--root", self.demo.folder / server, "--at", str(at)],
                       stdin=subprocess.DEVNULL, check=True)

    def test_stage_and_arm(self):
        done = self.roll()
        for line in done.lines[1:4]:
            self.assertRegex(line, "^fe0[123] +done +staged, published. Nothing on fe0")
        self.assertIn("may be removed", done.out)
        self.assertEqual(done.err.splitlines(), [ECHO, "Armed on 3 of 3 servers."])
        rows = self.staged()
        self.assertEqual([row["Server"][:4] for row in rows], list(demo.SERVERS))
        for row in rows:
            self.assertEqual((row["Sha256"], row["State"], row["EffectiveDate"], row["Held"]),
                             (self.next["sha256"], "published", "2027-06-30T22:00:00Z", False))
        for server in demo.SERVERS:
            slots = self.slots(server)
            self.assertEqual(slots["current"], self.auth["sha256"])
            self.assertEqual(slots["staged"], self.next["sha256"])
            self.assertEqual(slots["staged-at"], "2027-06-30T22:00:00Z")
            self.assertEqual(slots["staged-typed"], DATE)
            self.assertNotIn("held", slots)
            keys = json.loads((self.demo.folder / server / "live" / "OAuthTokenIssuer" /
                               "jwks.json").read_text())["keys"]
            self.assertEqual(len(keys), 3 if server == "fe01" else 2)

    def test_not_all_are_ready(self):
        """One server is down: the others wait, and who holds them up is named."""
        self.demo.lose("fe03")
        done = self.roll(status=3)
        self.assertIn("The roll of OAuthTokenIssuer is held: not armed. fe03 does not answer",
                      done.err)
        self.assertIn("arm it: issuantctl --demo set-certificate --pool", done.err)
        for server in ("fe01", "fe02"):
            self.assertEqual(self.slots(server)["held"], "true")
        self.assertEqual([row["Held"] for row in self.staged(status=3)],
                         [True, True])
        self.assertIn("held: not armed", self.ctl("get-certificate", *TYPE, status=3).out)

        done = self.ctl("set-certificate", *WHERE, *TYPE, "--arm", status=4)
        self.assertIn("fe03 does not answer", done.err)
        done = self.ctl("set-certificate", *WHERE, *TYPE, "--arm", "--except", "fe03", status=3)
        self.assertRegex(done.lines[1], "^fe01 +done +armed, published. Nothing on "
                         "fe01.contoso.example will run this roll at its instant: ")
        self.assertNotIn("held", self.slots("fe01"))

    def test_armed_and_not_ready_any_more(self):
        """It comes all the same, and is not called held."""
        self.roll()
        file = self.demo.folder / "fe02" / "stores" / "my" / f"{self.next['sha256']}.pem"
        file.unlink()
        done = self.ctl("set-certificate", *WHERE, *TYPE, "--arm", status=4)
        self.assertRegex(done.err, "^The roll of OAuthTokenIssuer is armed and comes at its "
                         "instant, though not all are ready for it. fe02 has not published ")
        self.assertNotIn("held", done.err)

    def test_unconditional(self):
        self.demo.lose("fe03")
        done = self.roll("--unconditional", status=3)
        self.assertNotIn("held", done.err)
        self.assertNotIn("held", self.slots("fe01"))

    def test_some_servers_only(self):
        """A roll of two of three would have the third refuse their tokens: it is held."""
        done = self.roll(where=("--server", "fe01,fe02"), status=3)
        self.assertIn("fe03 has nothing staged", done.err)

    def test_postpone_cancel(self):
        self.roll()
        done = self.ctl("set-certificate", *WHERE, *TYPE, "--postpone", "2027-07-02")
        self.assertRegex(done.lines[3], "^fe03 +done +postponed, published. Nothing on fe03")
        self.assert_err(done, "It becomes current on 2 July 2027, 00:00 (UTC).")
        self.assertEqual(self.slots("fe02")["staged-at"], "2027-07-02T00:00:00Z")
        done = self.ctl("remove-certificate", *WHERE, *TYPE, "--staged")
        self.assertRegex(done.lines[1], "^fe01 +done +cancelled$")
        self.assertEqual(self.staged(), [])
        self.assertNotIn("staged-at", self.slots("fe01"))

    def test_group(self):
        """Types without tokens: a group rolls as one, on each server by itself, without overlap."""
        group = ("--type", "Default,WebServicesInternal,WebServicesExternal")
        names = [demo.published_sha256(self.demo.folder / server, "Default")
                 for server in demo.SERVERS]
        done = self.ctl("set-certificate", *WHERE, *group, "--thumbprint", self.next["sha256"],
                        "--roll", "--effective-date", DATE, "--what-if", "--force")
        self.assertIn("do not overlap", done.lines[1])
        done = self.ctl("set-certificate", *WHERE, *group, "--thumbprint", self.next["sha256"],
                        "--roll", "--effective-date", DATE, "--force")
        self.assertNotIn("held", done.err)

        for server in demo.SERVERS:
            self.run_due(server, INSTANT - 1)
        self.assertEqual([demo.published_sha256(self.demo.folder / server, "Default")
                          for server in demo.SERVERS], names)
        for server in demo.SERVERS:
            self.run_due(server, INSTANT)
            for name in group[1].split(","):
                self.assertEqual(demo.published_sha256(self.demo.folder / server, name),
                                 self.next["sha256"], (server, name))
        rows = self.ctl("get-certificate", "--json").json["assigned"]
        self.assertEqual(len([row for row in rows if row["Slot"] == "previous" and
                              row["Use"] in group[1].split(",")]), 9, rows)

    def test_swap_back(self):
        self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint", self.next["thumbprint"],
                 "--force")
        done = self.ctl("set-certificate", *WHERE, *TYPE, "--swap-back")
        self.assertRegex(done.lines[2], "^fe02 +done +swapped back, published$")
        self.assertIn("agrees on this certificate now", done.err)
        for server in demo.SERVERS:
            self.assertEqual(self.slots(server)["current"], self.auth["sha256"])
            self.assertEqual(self.slots(server)["previous"], self.next["sha256"])
        self.assertIn("the same certificate on 3 of 3 servers", self.ctl("get-presence", *TYPE).out)

    def test_compromised(self):
        """What stops working is said first; then it is gone from what verifies, everywhere: also
        where something else was in use, which stays trusted."""
        sip = self.demo.row("sip.contoso.example", "fe02")
        self.ctl("set-certificate", "--server", "fe02", *TYPE, "--thumbprint", sip["thumbprint"],
                 "--force")
        words = ("set-certificate", *WHERE, *TYPE, "--thumbprint", self.next["thumbprint"],
                 "--compromised", self.auth["thumbprint"])
        done = self.ctl(*words, status=4)
        self.assertIn("refused at once: for up to 24 hours", done.out)
        done = self.ctl(*words, "--force")
        self.assertRegex(done.lines[1], "^fe01 +done +replaced; the compromised one is untrusted")
        for server in demo.SERVERS:
            slots = self.slots(server)
            self.assertEqual(slots["current"], self.next["sha256"])
            self.assertNotIn("previous", slots)
            untrusted = self.demo.folder / server / "stores" / "disallowed"
            self.assertTrue((untrusted / f"{self.auth['sha256']}.pem").exists())
            self.assertFalse((untrusted / f"{sip['sha256']}.pem").exists())
            jwks = self.demo.folder / server / "live" / "OAuthTokenIssuer" / "jwks.json"
            self.assertEqual(len(json.loads(jwks.read_text())["keys"]), 1)
        self.assertNotIn("previous", self.ctl("get-presence", *TYPE).out)
        self.ctl(*words, "--force")   # once more changes nothing
        done = self.ctl(*words[:-1], self.next["thumbprint"], "--force", status=4)
        self.assertIn("is the compromised one", done.out)
        self.refuses(*words[:-1], "00" * 20, status=1, pattern="--compromised: ")
        self.refuses(*words, "--roll", "--effective-date", DATE, status=2, pattern="at once")

    def test_which_wins(self):
        """Another one at once while one is staged: whoever sets says what becomes of that."""
        self.roll()
        old = self.demo.row("sip.contoso.example")["thumbprint"]
        words = ("set-certificate", "--server", "fe01", *TYPE, "--thumbprint", old, "--force")
        done = self.ctl(*words, status=4)
        self.assertIn("Another certificate is staged for OAuthTokenIssuer", done.out)
        self.assertIn("Say which wins: --keep-staged or --cancel-staged.", done.err)
        self.ctl(*words, "--keep-staged")
        self.assertEqual(self.slots("fe01")["staged"], self.next["sha256"])
        self.ctl("set-certificate", "--server", "fe01", *TYPE, "--swap-back", "--cancel-staged")
        self.assertNotIn("staged", self.slots("fe01"))

    def test_as_of(self):
        """get-certificate --at: what is staged is current then."""
        self.roll()
        done = self.ctl("get-certificate", *TYPE, "--server", "fe02", "--at", "2027-07-02")
        self.assertEqual(done.lines[0], "On 2 July 2027, if nothing is changed:")
        self.assertEqual([line.split()[2:4] for line in done.lines[2:]], [
            ["current", "next-auth.contoso.example"], ["previous", "auth.contoso.example"]])
        done = self.ctl("get-certificate", *TYPE, "--server", "fe02", "--at", "2027-06-30")
        self.assertEqual([line.split()[2:4] for line in done.lines[2:]], [
            ["current", "auth.contoso.example"], ["staged", "next-auth.contoso.example"]])
        self.refuses("get-certificate", "--at", "2020-01-01", status=2, pattern="is past")

    def test_what_if(self):
        done = self.roll("--what-if")
        self.assertRegex(done.lines[1], "^fe01 +done +would be staged. Nothing on")
        self.assert_err(done, ECHO.replace("becomes", "would become"))
        self.assertEqual(self.staged(), [])

    def test_refused(self):
        words = ("set-certificate", *WHERE, *TYPE, "--thumbprint", self.next["thumbprint"],
                 "--roll", "--effective-date")
        for date, status, pattern in (
                (demo.AT, 4, "is not in the future"),
                ("2026-11-22T11:59:59Z", 4, "is not in the future"),
                ("2035-01-01", 4, "expires on"),
                ("7/1/2027", 2, "1 July 2027"),
                ("soon", 2, "soon")):
            with self.subTest(date):
                done = self.ctl(*words, date, status=status)
                self.assertIn(pattern, done.out + done.err)
        done = self.ctl(*words, "2027-07-20", status=4)
        self.assertIn("Use --force", done.err)
        self.assertEqual(self.staged(), [])

    def test_nothing_to_arm(self):
        done = self.ctl("set-certificate", *WHERE, *TYPE, "--arm", status=4)
        self.assert_sentence(done, "Nothing is staged for OAuthTokenIssuer on any server that was "
                             "seen: there is no roll to arm. Stage a certificate first: issuantctl "
                             "--demo set-certificate ")

    def test_wrong_words(self):
        for words, pattern in (
                (("--arm", "--swap-back"), "one of them"),
                (("--arm", "--thumbprint", "0" * 40), "without --thumbprint"),
                (("--thumbprint", "0" * 40, "--keep-staged", "--cancel-staged"), "not both"),
                (("--postpone", "soon"), "soon")):
            self.refuses("set-certificate", *WHERE, *TYPE, *words, status=2, pattern=pattern)
        self.refuses("remove-certificate", *WHERE, *TYPE, "--previous", "--staged", status=2,
                     pattern="One at a time")
        done = self.ctl("set-certificate", *WHERE, *TYPE, "--postpone", "2027-07-02", status=1)
        self.assertIn("No certificate is staged", done.out)


if __name__ == "__main__":
    tap.main()

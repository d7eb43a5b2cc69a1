# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-presence: is it the same certificate everywhere? Also covers: as-of,
presence-output, core/pool/pool-drift."""
import demo
import tap

OAUTH = ("get-presence", "--type", "OAuthTokenIssuer")
WARNING = "Warning: Manual import does not replicate."


class GetPresence(demo.Case):
    def cell(self, server, slot="current", status=0):
        found = self.ctl(*OAUTH, "--json", status=status).json
        return next(cell for cell in found["cells"]
                    if cell["server"].startswith(server) and cell["slot"] == slot)

    def test_table(self):
        done = self.ctl(*OAUTH)
        self.assertEqual(done.lines[0], "OAuthTokenIssuer: not the same everywhere. 1 of 3 servers "
                                        "uses the agreed certificate.")
        self.assertEqual(done.lines[1], "")
        self.assertRegex(done.lines[2], r"^Server  OAuthTokenIssuer · current  +"
                                        r"OAuthTokenIssuer · previous$")
        auth = self.demo.thumbprint("auth.contoso.example")
        self.assertIn(f"auth.contoso.example {auth[:4]} {auth[4:8]} … {auth[-4:]}", done.lines[3])
        words = {line.split()[0]: line.split()[1:] for line in done.lines[4:]}
        self.assertEqual(words["fe01"], ["●", "published", "●", "published"])
        self.assertEqual(words["fe02"][:2], ["○", "missing"])
        self.assert_err(done, f"{WARNING} fe02 and fe03 do not have auth.contoso.example.")

    def test_json(self):
        found = self.ctl("get-presence", "--json").json
        self.assertEqual(set(found), {"format", "pool", "asOf", "good", "verdict", "cells"})
        self.assertEqual((found["pool"], found["good"]), (demo.POOL, False))
        for cell in found["cells"]:
            self.assertEqual(set(cell), {"server", "type", "slot", "verdict", "rung", "unattended",
                                         "notReloaded", "answers", "seen", "issuedTo",
                                         "thumbprint", "sha256", "sentence", "rungs"})
            self.assertIsNone(cell["notReloaded"])
            self.assertEqual([rung["rung"] for rung in cell["rungs"]],
                             ["received", "decrypted", "in-store", "key-matches", "readable",
                              "published", "seen-in-use"])
            self.assertTrue(cell["answers"])
            self.assertEqual(cell["seen"], demo.AT)
        cell = self.cell("fe01")
        self.assertEqual((cell["verdict"], cell["rung"], cell["issuedTo"]),
                         ("agrees", "published", "auth.contoso.example"))
        self.assertEqual(cell["sha256"], self.demo.row("auth.contoso.example")["sha256"])
        self.assertEqual(self.cell("fe02")["verdict"], "missing")

    def test_same_everywhere(self):
        self.assert_status(self.demo.import_auth("--pool", demo.POOL), 0)
        self.ctl("set-certificate", "--type", "OAuthTokenIssuer", "--pool", demo.POOL,
                 "--thumbprint", self.demo.thumbprint("auth.contoso.example"))
        done = self.ctl(*OAUTH)
        self.assertRegex(done.lines[0], "same certificate on 3 of 3 servers")
        self.assert_err(done)

    def test_expired_is_said(self):
        """Long after: what is assigned has expired."""
        later = ["get-presence", "--type", "OAuthTokenIssuer", "--json"]
        old = self.cell("fe01", slot="previous")
        self.assertEqual(old["issuedTo"], "old-auth.contoso.example")
        self.assertEqual(self.ctl(*later).json["good"], False)

    def test_dead_server_shows_its_age(self):
        """Unreachable is an age, never a verdict."""
        seen = self.cell("fe01")
        self.demo.kill("fe01")
        cell = self.cell("fe01", status=3)
        self.assertFalse(cell["answers"])
        self.assertEqual({name: cell[name] for name in ("verdict", "rung", "seen", "sha256")},
                         {name: seen[name] for name in ("verdict", "rung", "seen", "sha256")})
        done = self.ctl(*OAUTH, status=3)
        line = next(line for line in done.lines if line.startswith("fe01"))
        self.assertIn("published", line)
        self.assertNotIn("missing", line)
        self.assertRegex(done.err, "(?m)^fe01")
        self.assertNotRegex(done.err, "fe01[^.]*does? not have")

    def test_dead_server_never_seen(self):
        self.demo.kill("fe03")
        done = self.ctl(*OAUTH, status=3)
        line = next(line for line in done.lines if line.startswith("fe03"))
        self.assertNotIn("missing", line)
        self.assertEqual(self.cell("fe03", status=3)["verdict"], "unknown")
        warning = done.err.splitlines()[0]
        self.assertTrue(warning.startswith(WARNING), done.err)
        self.assertIn("fe02 does not have auth.contoso.example", warning)
        self.assertNotRegex(warning, "fe03 does not have")

    def test_nobody_answers(self):
        for server in demo.SERVERS:
            self.demo.kill(server)
        done = self.ctl(*OAUTH, status=5)
        self.assertNotIn("missing", done.out)

    def test_as_of(self):
        """--at behind the verb is about the future; before it, it sets the demo's clocks."""
        done = self.ctl("get-presence", "--at", "2040-07-14")
        self.assertRegex(done.lines[0], r"^On 14 July 2040: .*fe01 signs? with an expired "
                                        r"certificate")
        found = self.ctl("get-presence", "--at", "2040-07-14", "--json").json
        self.assertEqual((found["asOf"], found["good"]), ("2040-07-14T00:00:00Z", False))
        self.assertEqual(self.ctl("get-presence", "--json").json["asOf"], None)
        self.refuses("get-presence", "--at", "2020-01-01", status=2, pattern="is past")
        self.refuses("get-presence", "--at", "7/1/2027", status=2, pattern="--at: ")
        self.refuses("get-store", "--at", "2040-01-01", status=2,
                     pattern="get-store takes no --at")

    def make_good(self):
        self.assert_status(self.demo.import_auth("--pool", demo.POOL), 0)
        self.ctl("set-certificate", "--type", "OAuthTokenIssuer", "--pool", demo.POOL,
                 "--thumbprint", self.demo.thumbprint("auth.contoso.example"))

    def test_changed_on_one_server(self):
        """Who took it away there, from that server's log, and what puts it back."""
        self.make_good()
        self.ctl("remove-certificate", "--server", "fe02", "--type", "OAuthTokenIssuer", "--force")
        sentence = self.cell("fe02")["sentence"]
        self.assertRegex(sentence, r"Changed by \S+, 22 November 2026, 12:00 \(UTC\)\.")
        done = self.ctl(*OAUTH)
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        remedy = (f"  issuantctl --demo set-certificate --server fe02 --type "
                  f"OAuthTokenIssuer --thumbprint {sha256}")
        self.assertIn("\n" + sentence + "\n", done.out)
        self.assertIn("\nfe02: put the agreed one back:\n" + remedy + "\n", done.out)
        self.ctl(*remedy.split()[2:])
        self.assertTrue(self.ctl(*OAUTH, "--json").json["good"])
        self.assertNotIn("Changed by", self.cell("fe02")["sentence"])

    def test_changed_outside(self):
        """Somebody edited what is assigned: no entry tells who."""
        self.make_good()
        path = self.demo.folder / "fe03" / "assignments.conf"
        sip = self.demo.row("sip.contoso.example", "fe03")["sha256"]
        auth = self.demo.row("auth.contoso.example", "fe03")["sha256"]
        text = path.read_text()
        self.assertIn(f"current={auth}", text)
        path.write_text(text.replace(f"current={auth}", f"current={sip}"))
        cell = self.cell("fe03")
        self.assertEqual(cell["verdict"], "different")
        self.assertIn("It is not in the server's log who changed that: it was changed outside of "
                      "Issuant.", cell["sentence"])
        self.assertIn("fe03: make it everyone's", self.ctl(*OAUTH).out)

    def test_wrong(self):
        self.refuses("get-presence", "--type", "Nothing", status=2, pattern="“Nothing”")
        self.refuses("get-presence", "--server", "fe01", status=2,
                     pattern="get-presence takes no --server")


if __name__ == "__main__":
    tap.main()

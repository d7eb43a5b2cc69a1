# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-log: who changed what and when, and whether that record is whole."""
import demo
import tap


class GetLog(demo.Case):
    def setUp(self):
        super().setUp()
        self.demo.import_auth("--server", "fe02,fe03")
        self.auth = self.demo.thumbprint("auth.contoso.example")
        self.ctl("set-certificate", "--type", "OAuthTokenIssuer", "--server", "fe02",
                 "--thumbprint", self.auth)

    def record(self, server):
        return self.demo.folder / server / "audit.jsonl"

    def sentences(self, *words, status=0):
        """Without those of the pool's making, which are older."""
        since = () if "--since" in words else ("--since", demo.AT)
        found = self.ctl("get-log", "--json", *words, *since, status=status).json
        return [(entry["server"].split(".")[0], entry["n"],
                 entry["sentence"].removeprefix(entry["who"] + " "))
                for entry in found["entries"]]

    def test_made(self):
        """The demo pool's own past, as whoever made it has done it."""
        found = self.ctl("get-log", "--json", "--server", "fe01").json["entries"]
        self.assertEqual({entry["who"] for entry in found}, {"issuant --demo"})
        sentences = [entry["sentence"] for entry in sorted(found, key=lambda entry: entry["n"])]
        self.assertEqual(sentences[1:3] + sentences[5:], [
            "issuant --demo imported old-auth.contoso.example into Personal",
            "issuant --demo assigned old-auth.contoso.example to OAuthTokenIssuer",
            "issuant --demo imported auth.contoso.example into Personal",
            "issuant --demo assigned auth.contoso.example to OAuthTokenIssuer"])

    def test_merged(self):
        """All servers' entries by time, each with its server's name."""
        done = self.ctl("get-log", "--since", demo.AT)
        self.assertRegex(done.lines[0], r"^Time +Server +Entry +What happened$")
        self.assertRegex(done.lines[1], r"^22 November 2026, 12:00 \(UTC\) +fe02 +6 +\S+ imported "
                                        r"auth.contoso.example and Contoso Demo CA$")
        self.assertEqual(len(done.lines), 4)
        self.assert_err(done)
        imported = "imported auth.contoso.example and Contoso Demo CA"
        assigned = "assigned auth.contoso.example to OAuthTokenIssuer"
        self.assertEqual(self.sentences(),
                         [("fe02", 6, imported), ("fe02", 7, assigned), ("fe03", 4, imported)])
        self.assertEqual(self.sentences("--server", "fe03"), [("fe03", 4, imported)])
        self.assertEqual(self.sentences("--server", "fe01"), [])

    def test_json(self):
        found = self.ctl("get-log", "--json", "--server", "fe02", "--last", "1").json
        entry = found["entries"][0]
        self.assertEqual(set(entry), {"server", "n", "state", "time", "who", "what", "sentence",
                                      "details", "line"})
        self.assertEqual((entry["state"], entry["time"], entry["what"]),
                         ("whole", demo.AT, "set-assignment"))
        self.assertEqual(entry["details"][0]["name"], "OAuthTokenIssuer")
        self.assertIn(entry["line"], self.record("fe02").read_text())

    def test_chosen(self):
        self.assertEqual(len(self.sentences("--filter", "ASSIGNED")), 1)
        self.assertEqual(len(self.sentences("--filter", "contoso demo ca")), 2)
        self.assertEqual(self.sentences("--filter", "nothing like it"), [])
        self.assertEqual(len(self.sentences("--since", "2026-11-22")), 3)
        self.assertEqual(self.sentences("--since", "2026-11-23"), [])
        self.assertEqual(len(self.sentences("--since", demo.AT)), 3)
        self.assertEqual(self.ctl("get-log", "--filter", "xyz").out, "No entry is like that.\n")
        done = self.ctl("get-log", "--last", "2")
        self.assertEqual(len(done.lines), 3)
        self.assert_err(done, "There are older entries: --last 20 shows more.")

    def test_verify(self):
        done = self.ctl("get-log", "--verify")
        self.assertEqual(done.lines[0], "fe01: 7 entries, unbroken since 1 January 2025.")
        self.assertRegex(done.lines[1], r"^  SHA-256 of entry 7: [0-9a-f]{64}$")
        self.assertEqual(done.lines[2], "fe02: 7 entries, unbroken since 24 August 2026.")
        checks = self.ctl("get-log", "--verify", "--json").json["checks"]
        self.assertEqual([check["unbroken"] for check in checks], [True, True, True])

    def test_broken(self):
        """Which entry, on which server, and what is still proven; exit status 1."""
        record = self.record("fe02")
        record.write_text(record.read_text().replace('"intent"', '"imtent"', 1))
        done = self.ctl("get-log", "--verify", status=1)
        self.assertRegex(done.out, r"(?m)^fe02: Entry 1 was changed after it was written: .*"
                                   r"\(line 1\)\. Entr")
        self.assertRegex(done.out, r"(?m)^fe03: 4 entries, unbroken")
        check = self.ctl("get-log", "--verify", "--json", status=1).json["checks"][1]
        self.assertEqual((check["unbroken"], check["faultFrom"], check["faultLine"],
                          check["provenFrom"]), (False, 1, 1, 2))
        # It can be read all the same.
        self.assertEqual(len(self.sentences()), 3)

    def test_torn(self):
        """Half a line is what a power loss leaves, no sign of tampering."""
        with self.record("fe03").open("a") as file:
            file.write('{"n":5,"ti')
        done = self.ctl("get-log", "--verify", "--server", "fe03")
        self.assertRegex(done.lines[0], r"^fe03: 4 entries, unbroken since .*A power loss cut off")
        self.assertIn("– ", self.ctl("get-log", "--server", "fe03").lines[5])

    def test_dead_server(self):
        self.demo.kill("fe03")
        done = self.ctl("get-log", "--since", demo.AT, status=3)
        self.assertEqual(len(done.lines), 3)
        self.assertRegex(done.err, r"^fe03: \S")
        self.assertRegex(self.ctl("get-log", "--verify", status=3).out, r"(?m)^fe02: 7 entries")
        for server in ("fe01", "fe02"):
            self.demo.kill(server)
        self.ctl("get-log", status=5)

    def test_wrong(self):
        self.refuses("get-log", "--last", "0", status=2, pattern="--last needs a number")
        self.refuses("get-log", "--since", "yesterday", status=2, pattern="yesterday")
        self.refuses("get-log", "--verify", "--filter", "x", status=2, pattern="whole record")
        self.refuses("get-log", "--server", "fe09", status=2, pattern="fe09")
        self.ctl("get-log", "--filter", "x" * 300, status=2)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-run-sheet: ready, do, prove, way back."""
import demo
import tap

WHERE = ("--pool", demo.POOL)
TYPE = ("--type", "OAuthTokenIssuer")
DATE = "2027-07-01T00:00+02:00"


class GetRunSheet(demo.Case):
    def stage(self, *more, status=0):
        self.demo.import_auth(*WHERE)
        self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint",
                 self.demo.thumbprint("auth.contoso.example"))
        self.ctl("import-certificate", *WHERE, "--path",
                 self.demo.files / "next-auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password")
        return self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint",
                        self.demo.thumbprint("next-auth.contoso.example"), "--roll",
                        "--effective-date", DATE, *more, status=status)

    def sheet(self, status=0):
        return self.ctl("get-run-sheet", *WHERE, *TYPE, "--json", status=status).json

    def checks(self, sheet, server, state):
        return [check["check"] for check in sheet["checks"]
                if (check["server"] or "pool")[:4] == server and check["state"] == state]

    def test_nothing_under_way(self):
        sheet = self.sheet(status=1)
        self.assertEqual((sheet["pool"], sheet["type"], sheet["state"], sheet["slot"]),
                         (demo.POOL, "OAuthTokenIssuer", "no-go", "current"))
        self.assertIsNone(sheet["instant"])
        self.assertIn("--roll --effective-date", sheet["line"])
        self.assertEqual(self.checks(sheet, "fe02", "no-go"), ["published"])
        self.assertEqual(self.checks(sheet, "fe01", "go"),
                         ["answers", "published", "clock", "suitable", "key"])

    def test_armed(self):
        self.stage()
        sheet = self.sheet()
        self.assertEqual((sheet["state"], sheet["slot"], sheet["instant"], sheet["line"]),
                         ("warning", "staged", "2027-06-30T22:00:00Z", None))
        self.assertEqual(sheet["do"], "Start issuant-agent.service on fe01, fe02 and fe03: nothing "
                         "there will run the roll on 30 June 2027, 22:00 (UTC).")
        self.assertIn("it can be cancelled", sheet["wayBack"])
        for server in demo.SERVERS:
            self.assertEqual(self.checks(sheet, server, "warning"), ["scheduler"])
        self.assertEqual(len(sheet["proof"]), 3)
        rungs = {rung["rung"]: rung for rung in sheet["proof"][0]["rungs"]}
        self.assertEqual(rungs["published"]["mark"], "reached")
        self.assertIn("proved", rungs["key-matches"]["observer"])
        self.assertRegex(rungs["key-matches"]["at"], "^20..-..-..T..:..:..Z$")

    def test_held(self):
        self.demo.import_auth(*WHERE)
        self.demo.lose("fe03")
        self.stage_partly()
        sheet = self.sheet(status=1)
        self.assertEqual(sheet["state"], "no-go")
        self.assertEqual(self.checks(sheet, "fe03", "no-go"), ["answers"])
        self.assertTrue(sheet["line"].endswith("--arm"))
        text = self.ctl("get-run-sheet", *WHERE, *TYPE, status=1).out
        for part in ("Ready? Not ready: ", "✕ fe03: does not answer", "Do: Arm the roll",
                     "Prove: how far the staged certificate", "Way back: Until the roll"):
            self.assertIn(part, text)

    def stage_partly(self):
        rest = ("--server", "fe01,fe02")
        self.ctl("set-certificate", *rest, *TYPE, "--thumbprint",
                 self.demo.thumbprint("auth.contoso.example"))
        self.ctl("import-certificate", *rest, "--path",
                 self.demo.files / "next-auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password")
        self.ctl("set-certificate", *rest, *TYPE, "--thumbprint",
                 self.demo.thumbprint("next-auth.contoso.example"), "--roll",
                 "--effective-date", DATE, status=3)

    def test_wrong(self):
        self.refuses("get-run-sheet", "--type", "Nothing", status=2, pattern="Nothing")
        self.refuses("get-run-sheet", "--pool", "p.example", status=2, pattern="p.example")


if __name__ == "__main__":
    tap.main()

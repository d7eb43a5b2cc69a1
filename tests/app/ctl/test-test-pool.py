# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl test-pool: what is not as it should be, for cron and monitoring."""
import re

import demo
import tap

NAGIOS = ("test-pool", "--nagios")
LINE = re.compile(r"^(OK|WARNING|CRITICAL|UNKNOWN) - [^|]+ \| answering=\d+;3:;1:;0;3 "
                  r"proved=\d+;\d+:;;0;\d+ clock_offset=\d+\.\d{3}s;5;60;0"
                  r"( days_valid=-?\d+;30:;0:)?$")


class TestPool(demo.Case):
    def make_good(self):
        self.assert_status(self.demo.import_auth("--pool", demo.POOL), 0)
        self.ctl("set-certificate", "--type", "OAuthTokenIssuer", "--pool", demo.POOL,
                 "--thumbprint", self.demo.thumbprint("auth.contoso.example"))

    def nagios(self, word, status, *words):
        done = self.ctl(*NAGIOS, *words, status=status)
        self.assertEqual(len(done.lines), 1, str(done))
        self.assertRegex(done.lines[0], LINE)
        self.assertTrue(done.lines[0].startswith(f"{word} - "), str(done))
        return done.lines[0]

    def test_not_good(self):
        done = self.ctl("test-pool", status=1)
        self.assertRegex(done.lines[0], "not the same everywhere")
        self.assertIn("\nNot as it should be:\n  [warning] OAuthTokenIssuer: agreed on "
                      "auth.contoso.example", done.out)
        self.assertRegex(done.lines[-1], r"^\d+ of \d+ private keys were proved\.$")
        self.assertRegex(self.nagios("WARNING", 1), "OAuthTokenIssuer: agreed on auth")

    def test_good(self):
        self.make_good()
        done = self.ctl("test-pool")
        self.assertIn("\nEverything is as it should be.\n", done.out)
        self.assertNotIn("Not as it should be", done.out)
        found = self.ctl("test-pool", "--json").json
        self.assertEqual(set(found), {"format", "pool", "asOf", "good", "answer", "servers",
                                      "answering", "proofs", "proved", "facts", "cells"})
        self.assertEqual((found["good"], found["servers"], found["answering"]), (True, 3, 3))
        self.assertEqual(found["proofs"], found["proved"])
        self.assertGreaterEqual(found["proved"], 3)
        self.assertEqual({fact["level"] for fact in found["facts"]}, {"good"})
        for cell in found["cells"]:
            if cell["slot"] == "current":
                key = next(rung for rung in cell["rungs"] if rung["rung"] == "key-matches")
                self.assertEqual((key["state"], key["text"]),
                                 ("reached", "proved 12:00:00 by this console"))
        self.assertRegex(self.nagios("OK", 0), r" days_valid=\d+;30:;0:$")

    def test_key_gone(self):
        """What the agent says of its files is as before; only the proof tells."""
        self.make_good()
        for path in (self.demo.folder / "fe02" / "keys").glob("*.pem"):
            path.write_bytes(next((self.demo.folder / "fe02" / "keys").glob("*.conf")).read_bytes())
        done = self.ctl("test-pool", "--type", "OAuthTokenIssuer", status=1)
        self.assertRegex(done.out, r"\[error\] fe02: the private key for OAuthTokenIssuer "
                                   r"\(current\) was not proved: ")
        self.assertRegex(self.nagios("CRITICAL", 2), "^CRITICAL - .*fe02: the private key for")

    def test_one_type(self):
        """What is wrong with another type is not said."""
        found = self.ctl("test-pool", "--type", "Default", "--json").json
        self.assertEqual({cell["type"] for cell in found["cells"]}, {"Default"})
        self.assertNotIn("OAuthTokenIssuer", {fact["subject"] for fact in found["facts"]})

    def test_as_of(self):
        self.make_good()
        done = self.ctl("test-pool", "--at", "2040-07-14", status=1)
        self.assertRegex(done.lines[0], r"^On 14 July 2040: fe01, fe02 and fe03 sign with an "
                                        r"expired certificate; ")
        self.assertIn("[error] OAuthTokenIssuer: fe01, fe02 and fe03 sign with an expired "
                      "certificate", done.out)
        self.nagios("CRITICAL", 2, "--at", "2040-07-14")

    def test_dead(self):
        self.make_good()
        self.demo.kill("fe03")
        self.ctl("test-pool", status=1)
        self.assertIn("answering=2;", self.nagios("CRITICAL", 2))
        for server in ("fe01", "fe02"):
            self.demo.kill(server)
        self.ctl("test-pool", status=5)
        self.nagios("UNKNOWN", 3)

    def test_wrong(self):
        self.refuses("test-pool", "--type", "Nothing", status=2, pattern="“Nothing”")
        done = self.ctl(*NAGIOS, "--type", "Nothing", status=3)
        self.assertRegex(done.out, "^UNKNOWN - .*“Nothing”")
        self.refuses(*NAGIOS, "--json", status=2, pattern="--nagios and --json")


if __name__ == "__main__":
    tap.main()

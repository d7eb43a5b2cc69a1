# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl remove-certificate: out of use, never deleted."""
import demo
import tap

VERB = ("remove-certificate", "--type", "OAuthTokenIssuer")


class RemoveCertificate(demo.Case):
    def slots(self):
        found = self.ctl("get-certificate", "--type", "OAuthTokenIssuer", "--json").json
        return [row["Slot"] for row in found["assigned"]]

    def test_warning_and_force(self):
        done = self.ctl(*VERB, "--server", "fe01", status=4)
        self.assertRegex(done.lines[1], r"^fe01 +failed +OAuthTokenIssuer uses this certificate "
                                        r"now\. .*stop working$")
        self.assert_err(done, "Use --force if you want it all the same.")
        self.assert_unchanged()
        done = self.ctl(*VERB, "--server", "fe01", "--force")
        self.assertRegex(done.lines[1], r"^fe01 +done +removed")
        self.assertNotIn("current", self.slots())
        self.demo.row("auth.contoso.example")

    def test_previous(self):
        self.ctl(*VERB, "--server", "fe01", "--previous", "--force")
        self.assertEqual(self.slots(), ["current"])
        self.demo.row("old-auth.contoso.example")

    def test_what_if(self):
        done = self.ctl(*VERB, "--server", "fe01", "--what-if", "--force")
        self.assertRegex(done.lines[1], r"^fe01 +done +would be removed")
        self.assert_unchanged()

    def test_nothing_there(self):
        done = self.ctl(*VERB, "--server", "fe02", "--force", status=1)
        self.assertRegex(done.lines[1], r"^fe02 +failed +OAuthTokenIssuer has no ")
        self.assert_unchanged()

    def test_wrong(self):
        self.refuses(*VERB, status=2, pattern="Say where: --server fe01,fe02,fe03, or --pool")
        self.refuses("remove-certificate", "--server", "fe01", status=2,
                     pattern="Say which type: --type OAuthTokenIssuer")
        self.refuses("remove-certificate", "--server", "fe01", "--type", "None", status=2,
                     pattern="“None”")


if __name__ == "__main__":
    tap.main()

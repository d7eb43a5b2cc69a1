# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl delete-certificate and restore-certificate: into the trash, and back."""
# Also covers: restore-certificate.
import demo
import tap


class DeleteCertificate(demo.Case):
    def setUp(self):
        super().setUp()
        self.www = self.demo.row("www.contoso.example", "fe02")["thumbprint"]
        self.auth = self.demo.row("auth.contoso.example")["thumbprint"]

    def names(self, server):
        found = self.ctl("get-store", "--server", server, "--json").json
        return [row["issuedTo"] for row in found["servers"][0]["certificates"]]

    def test_there_and_back(self):
        done = self.ctl("delete-certificate", "--server", "fe02", "--thumbprint", self.www)
        self.assertRegex(done.lines[1], r"^fe02 +done +deleted 1 certificate; it can be restored "
                                        r"for 30 days$")
        self.assertNotIn("www.contoso.example", self.names("fe02"))

        shown = self.ctl("restore-certificate", "--server", "fe02")
        self.assertRegex(shown.lines[1], r"^fe02 +www\.contoso\.example +Personal +.* no +"
                         + self.www + "$")
        entry = self.ctl("restore-certificate", "--server", "fe02",
                         "--json").json["servers"][0]["trash"][0]
        self.assertEqual((entry["store"], entry["thumbprint"], entry["hasPrivateKey"]),
                         ("my", self.www, False))

        done = self.ctl("restore-certificate", "--server", "fe02", "--thumbprint", self.www)
        self.assertRegex(done.lines[1], r"^fe02 +done +restored 1 certificate to Personal$")
        self.assertIn("www.contoso.example", self.names("fe02"))
        done = self.ctl("restore-certificate", "--server", "fe02", "--thumbprint", self.www)
        self.assertRegex(done.lines[1], r"^fe02 +done +is in its store already$")
        self.assert_err(self.ctl("restore-certificate"), "Nothing is in the trash.")

    def test_assigned(self):
        """What is in use is not deleted, with --force as without."""
        for force in ((), ("--force",)):
            done = self.ctl("delete-certificate", "--server", "fe01", "--thumbprint", self.auth,
                            *force, status=4)
            self.assertRegex(done.lines[1],
                             r"^fe01 +failed +“auth\.contoso\.example” is in use on this server "
                             r"and was not deleted: OAuthTokenIssuer \(current\)\. Take it out of "
                             r"use first \(issuantctl remove-certificate --type "
                             r"OAuthTokenIssuer\), then delete it$")
        self.assert_unchanged()

    def test_authority(self):
        root = self.demo.row("Contoso Demo CA", store="root")["thumbprint"]
        words = ("delete-certificate", "--server", "fe01", "--store", "root", "--thumbprint", root)
        done = self.ctl(*words, status=4)
        self.assertIn("certification path", done.lines[1])
        self.assert_err(done, "Use --force if you want it all the same.")
        self.assert_unchanged()
        self.ctl(*words, "--force")
        self.ctl("restore-certificate", "--server", "fe01", "--thumbprint", root)

    def test_partly(self):
        done = self.ctl("delete-certificate", "--server", "fe01,fe02", "--thumbprint", self.www,
                        status=3)
        self.assertRegex(done.lines[1], r"^fe01 +failed +There is no certificate")
        self.assertRegex(done.lines[2], r"^fe02 +done")
        done = self.ctl("restore-certificate", "--server", "fe01,fe02", "--thumbprint", self.www,
                        status=3)
        self.assertIn("not in the trash", str(done))

    def test_what_if(self):
        before = demo.tree(self.demo.folder)
        done = self.ctl("delete-certificate", "--server", "fe02", "--thumbprint", self.www,
                        "--what-if")
        self.assertRegex(done.lines[1], r"^fe02 +done +would delete 1 certificate")
        self.assert_tree(before)

    def test_wrong(self):
        self.refuses("delete-certificate", "--thumbprint", self.www, status=2, pattern="Say where")
        self.refuses("delete-certificate", "--server", "fe02", status=2, pattern="--thumbprint T")
        self.refuses("delete-certificate", "--server", "fe02", "--thumbprint", "0" * 40, status=1,
                     pattern="No server that answers has")
        self.refuses("delete-certificate", "--server", "fe02", "--store", "none", "--thumbprint",
                     self.www, status=2, pattern="none")
        self.refuses("restore-certificate", "--thumbprint", self.www, status=2, pattern="Say where")
        self.refuses("restore-certificate", "--server", "fe02", "--thumbprint", "0" * 40, status=1,
                     pattern="in its trash")


if __name__ == "__main__":
    tap.main()

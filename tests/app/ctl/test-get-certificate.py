# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-certificate: what is assigned."""
import demo
import tap


class GetCertificate(demo.Case):
    def test_table(self):
        done = self.ctl("get-certificate", "--type", "OAuthTokenIssuer")
        self.assert_err(done)
        self.assertEqual(done.lines[0].split(), ["Server", "Use", "Slot", "Subject", "Issuer",
                                                 "NotAfter", "Thumbprint", "State"])
        auth = self.demo.thumbprint("auth.contoso.example")
        old = self.demo.thumbprint("old-auth.contoso.example")
        self.assertEqual([line.split()[:4] for line in done.lines[1:]], [
            ["fe01", "OAuthTokenIssuer", "current", "auth.contoso.example"],
            ["fe01", "OAuthTokenIssuer", "previous", "old-auth.contoso.example"]])
        self.assertTrue(done.lines[1].endswith(f"{auth}  published"), done.lines[1])
        self.assertIn(old, done.lines[2])

    def test_every_server_unless_told(self):
        rows = self.ctl("get-certificate").lines[1:]
        self.assertEqual({row.split()[0] for row in rows}, set(demo.SERVERS))
        rows = self.ctl("get-certificate", "--server", "fe02").lines[1:]
        self.assertEqual([row.split()[1] for row in rows],
                         ["Default", "WebServicesInternal", "WebServicesExternal"])

    def test_property(self):
        """The value alone, once, for a shell variable."""
        auth = self.demo.row("auth.contoso.example")
        for name, value in {"Thumbprint": auth["thumbprint"], "thumbprint": auth["thumbprint"],
                            "Sha256": auth["sha256"], "Subject": "auth.contoso.example",
                            "NotAfter": auth["notAfter"], "Server": "fe01.contoso.example",
                            "Slot": "current"}.items():
            with self.subTest(name):
                done = self.ctl("get-certificate", "--type", "OAuthTokenIssuer", "--property", name)
                self.assertEqual((done.out, done.err), (f"{value}\n", ""))
        self.refuses("get-certificate", "--property", "Nothing", status=2,
                     pattern="There is no property “Nothing”. There are: Issuer, .*Thumbprint")

    def test_property_is_one(self):
        """A shell variable never holds three: nothing is printed, and each is named."""
        done = self.ctl("get-certificate", "--type", "Default", "--property", "Thumbprint",
                        status=4)
        self.assertEqual(done.out, "")
        self.assert_err(done, "issuantctl: There are 3 different values of Thumbprint, and none "
                        "was "
                        "printed. Say which is meant:", *(
                            f"  --server {server} --type Default: "
                            f"{self.demo.thumbprint('sip.contoso.example', server)}"
                            for server in demo.SERVERS))
        done = self.ctl("get-certificate", "--type", "Default", "--property", "Issuer")
        self.assertEqual((done.out, done.err), ("Contoso Demo CA\n", ""))

    def test_json(self):
        found = self.ctl("get-certificate", "--type", "OAuthTokenIssuer", "--json").json
        row = found["assigned"][0]
        self.assertEqual(set(row), {"Issuer", "NotAfter", "NotBefore", "Subject", "Thumbprint",
                                    "Use", "Server", "Slot", "Sha256", "Scope", "State",
                                    "Answers", "Seen", "Reloads"})
        self.assertEqual((row["Use"], row["Slot"], row["State"], row["Answers"], row["Seen"]),
                         ("OAuthTokenIssuer", "current", "published", True, demo.AT))
        self.assertEqual(row["Sha256"],
                         demo.published_sha256(self.demo.folder / "fe01", "OAuthTokenIssuer"))

    def test_nothing(self):
        done = self.ctl("get-certificate", "--server", "fe02", "--type", "OAuthTokenIssuer")
        self.assertEqual((done.out, done.err), ("", "Nothing is assigned to OAuthTokenIssuer.\n"))
        self.refuses("get-certificate", "--type", "Nothing", status=2, pattern="“Nothing”")

    def test_dead_server_shows_its_age(self):
        self.ctl("get-certificate")
        self.demo.kill("fe01")
        done = self.ctl("get-certificate", "--type", "OAuthTokenIssuer", status=3)
        auth = next(line for line in done.lines if " current " in line)
        self.assertRegex(auth, r"published \(seen .*, no answer\)$")
        self.assertRegex(done.err, r"^fe01\b[^\n]*\n$")
        row = self.ctl("get-certificate", "--type", "OAuthTokenIssuer", "--json",
                       status=3).json["assigned"][0]
        self.assertEqual((row["Answers"], row["State"], row["Seen"]),
                         (False, "published", demo.AT))
        done = self.ctl("get-certificate", "--server", "fe01", status=5)
        self.assertIn("published (seen", done.out)


if __name__ == "__main__":
    tap.main()

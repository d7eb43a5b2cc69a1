# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl test-certificate: does it suit a type, and if not, why."""
import demo
import tap

VERB = ("test-certificate", "--type", "OAuthTokenIssuer")


class TestCertificate(demo.Case):
    def test_suitable(self):
        auth = self.demo.thumbprint("auth.contoso.example")
        done = self.ctl(*VERB, "--thumbprint", auth, "--server", "fe01")
        self.assert_err(done)
        self.assertEqual([line.split() for line in done.lines],
                         [["Server", "Verdict", "Why"], ["fe01", "suitable"]])

    def test_every_server_unless_told(self):
        auth = self.demo.thumbprint("auth.contoso.example")
        done = self.ctl(*VERB, "--thumbprint", auth, status=4)
        self.assertEqual(len(done.lines), 4)
        self.assertRegex(done.lines[2], r"^fe02 +not suitable +\S.*import it there first$")

    def test_not_suitable(self):
        for name, why in (("lab.contoso.example", "1024-bit key: at least 2048 bits are needed"),
                          ("www.contoso.example", "(?i)private key")):
            with self.subTest(name):
                thumbprint = self.demo.thumbprint(name, "fe02")
                done = self.ctl(*VERB, "--thumbprint", thumbprint, "--server", "fe02", status=4)
                self.assertRegex(done.lines[1], rf"^fe02 +not suitable +\S")
                self.assertRegex(done.out, why)
        self.assert_unchanged()

    def test_expired(self):
        old = self.demo.thumbprint("old-auth.contoso.example")
        done = self.ctl(*VERB, "--thumbprint", old, "--server", "fe01", status=4)
        self.assertRegex(done.out, "(?i)expired")

    def test_json(self):
        weak = self.demo.thumbprint("lab.contoso.example", "fe02")
        found = self.ctl(*VERB, "--thumbprint", weak, "--server", "fe02", "--json", status=4).json
        self.assertEqual(found["type"], "OAuthTokenIssuer")
        server = found["servers"][0]
        self.assertEqual((server["server"], server["error"], server["suitable"]),
                         ("fe02.contoso.example", None, False))
        finding = server["findings"][0]
        self.assertEqual(set(finding), {"severity", "code", "text"})
        self.assertEqual(finding["severity"], "error")

    def test_dead_server(self):
        auth = self.demo.thumbprint("auth.contoso.example")
        self.demo.lose("fe02")
        done = self.ctl(*VERB, "--thumbprint", auth, "--server", "fe01,fe02", status=3)
        self.assertRegex(done.lines[2], r"^fe02 +not asked +\S")
        self.ctl(*VERB, "--thumbprint", auth, "--server", "fe02", status=5)

    def test_wrong(self):
        self.refuses(*VERB, status=2, pattern="--thumbprint T")
        self.refuses(*VERB, "--thumbprint", "0" * 40, status=1, pattern="No server that answers")
        self.refuses("test-certificate", "--type", "None", "--thumbprint", "0" * 40, status=2,
                     pattern="“None”")


if __name__ == "__main__":
    tap.main()

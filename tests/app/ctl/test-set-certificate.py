# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl set-certificate: what a type uses, at once."""
import demo
import tap

VERB = ("set-certificate", "--type", "OAuthTokenIssuer")


class SetCertificate(demo.Case):
    def setUp(self):
        super().setUp()
        self.auth = self.demo.row("auth.contoso.example")

    def set(self, *words, status=0):
        return self.ctl(*VERB, "--thumbprint", self.auth["thumbprint"], *words, status=status)

    def published(self, server):
        return demo.published_sha256(self.demo.folder / server, "OAuthTokenIssuer")

    def test_one_server(self):
        self.demo.import_auth("--server", "fe02")
        done = self.set("--server", "fe02")
        self.assertRegex(done.lines[1], r"^fe02 +done +assigned, published$")
        self.assertEqual(self.published("fe02"), self.auth["sha256"])
        self.assert_err(done)

    def test_pool_agrees(self):
        self.demo.import_auth("--pool", demo.POOL)
        done = self.set("--pool", demo.POOL)
        self.assertRegex(done.lines[1], r"^fe01 +done +assigned already$")
        self.assertRegex(done.lines[3], r"^fe03 +done +assigned, published$")
        self.assert_err(done, f"{demo.POOL} agrees on this certificate now.")
        for server in demo.SERVERS:
            self.assertEqual(self.published(server), self.auth["sha256"])
        self.assertIn(f"OAuthTokenIssuer={self.auth['sha256']};", self.demo.topology.read_text())

    def test_previous_is_kept(self):
        self.ctl("import-certificate", "--server", "fe01", "--path",
                 self.demo.files / "next-auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password")
        following = self.demo.thumbprint("next-auth.contoso.example")
        self.ctl(*VERB, "--thumbprint", following, "--server", "fe01")
        lines = self.ctl("get-certificate", "--type", "OAuthTokenIssuer").lines
        self.assertIn("next-auth.contoso.example", lines[1])
        self.assertRegex(lines[2], r" previous +auth\.contoso\.example ")

    def test_several_types(self):
        sip = self.demo.thumbprint("sip.contoso.example")
        done = self.ctl("set-certificate", "--type", "Default,WebServicesInternal", "--thumbprint",
                        sip, "--server", "fe01")
        self.assertRegex(done.lines[1], r"^fe01 +done +assigned already$")

    def test_what_if(self):
        self.demo.import_auth("--server", "fe02")
        before = demo.tree(self.demo.folder)
        done = self.set("--server", "fe02", "--what-if")
        self.assertRegex(done.lines[1], r"^fe02 +done +would be assigned$")
        self.assert_tree(before)

    def test_rule(self):
        """An error refuses, with --force as without; it is named."""
        weak = self.demo.thumbprint("lab.contoso.example", "fe02")
        for force in ((), ("--force",)):
            done = self.ctl(*VERB, "--thumbprint", weak, "--server", "fe02", *force, status=4)
            self.assertRegex(done.lines[1],
                             r"^fe02 +failed +1024-bit key: at least 2048 bits are needed$")
            self.assert_err(done)
        self.assert_unchanged()

    def test_no_key(self):
        done = self.ctl(*VERB, "--thumbprint", self.demo.thumbprint("www.contoso.example", "fe02"),
                        "--server", "fe02", status=4)
        self.assertRegex(done.lines[1], r"(?i)^fe02 +failed +\S.*private key")
        self.assert_unchanged()

    def test_not_there(self):
        done = self.set("--server", "fe02,fe01", status=3)
        self.assertRegex(done.lines[1], r"^fe02 +failed +\S.*not have this certificate")
        self.assertRegex(done.lines[2], r"^fe01 +done +assigned already$")
        self.assert_unchanged()

    def test_json(self):
        self.demo.import_auth("--server", "fe02")
        found = self.set("--server", "fe02,fe03", "--json", status=3).json
        self.assertEqual((found["verb"], found["whatIf"]), ("set-certificate", False))
        self.assertEqual([server["outcome"] for server in found["servers"]], ["done", "failed"])

    def test_wrong(self):
        thumbprint = self.auth["thumbprint"]
        self.refuses(*VERB, "--thumbprint", thumbprint, status=2,
                     pattern="Say where: --server fe01,fe02,fe03, or --pool")
        self.refuses(*VERB, "--server", "fe01", status=2, pattern="--thumbprint T")
        self.refuses("set-certificate", "--thumbprint", thumbprint, "--server", "fe01", status=2,
                     pattern="--type OAuthTokenIssuer")
        self.refuses("set-certificate", "--type", "None", "--thumbprint", thumbprint, "--server",
                     "fe01", status=2, pattern="“None”")
        self.refuses(*VERB, "--thumbprint", "0" * 40, "--server", "fe01", status=1,
                     pattern="No server that answers has")
        self.refuses(*VERB, "--thumbprint", thumbprint, "--identity", "global", status=1,
                     pattern="There is no administrator’s key")

    def test_dead_server(self):
        self.demo.import_auth("--pool", demo.POOL)
        self.demo.lose("fe03")
        done = self.set("--pool", demo.POOL, status=3)
        self.assertRegex(done.lines[3], r"^fe03 +failed +\S.*Connection refused$")
        # Silence does not change what was decided.
        self.assert_err(done, f"{demo.POOL} agrees on this certificate now.")
        self.set("--server", "fe03", status=5)


if __name__ == "__main__":
    tap.main()

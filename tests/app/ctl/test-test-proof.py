# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl test-proof: servers prove that they hold their private keys."""
import demo
import tap

OAUTH = ("test-proof", "--type", "OAuthTokenIssuer")


class TestProof(demo.Case):
    def proofs(self, *words, server="fe01", status=0):
        found = self.ctl(*words, "--json", status=status).json
        its = next(s for s in found["servers"] if s["server"].startswith(server))
        return its["proofs"]

    def key_files(self, server):
        return sorted((self.demo.folder / server / "keys").glob("*.pem"))

    def test_table(self):
        done = self.ctl(*OAUTH, "--server", "fe01")
        self.assertRegex(done.lines[0], r"^Server  Used for  +Certificate  +Private key$")
        self.assertRegex(done.lines[1], r"^fe01  +OAuthTokenIssuer · current  +auth.contoso.example"
                                        r" .* ● proved 12:00:00 by this console$")
        self.assert_err(done)

    def test_json(self):
        """Every type of every server, each key by its own."""
        found = self.ctl("test-proof", "--json").json
        self.assertEqual(set(found), {"format", "servers"})
        self.assertEqual(len(found["servers"]), 3)
        for server in found["servers"]:
            self.assertEqual(set(server), {"server", "answers", "text", "proofs"})
            self.assertTrue(server["proofs"])
            for proof in server["proofs"]:
                self.assertEqual(set(proof), {"type", "slot", "issuedTo", "thumbprint", "sha256",
                                              "proved", "at", "reason"})
                self.assertTrue(proof["proved"], proof)
                self.assertEqual((proof["at"], proof["reason"]), (demo.AT, None))

    def test_thumbprint(self):
        """A certificate that nothing uses, where it is and where it is not."""
        auth = self.demo.thumbprint("auth.contoso.example")
        proof, = self.proofs("test-proof", "--thumbprint", auth, status=3)
        self.assertEqual((proof["type"], proof["slot"], proof["proved"], proof["thumbprint"]),
                         (None, None, True, auth))
        proof, = self.proofs("test-proof", "--thumbprint", auth, server="fe02", status=3)
        self.assertFalse(proof["proved"])
        self.assertTrue(proof["reason"])

    def test_key_gone(self):
        """Somebody has deleted every key of one server by hand."""
        for path in self.key_files("fe01"):
            path.unlink()
        proof = self.proofs(*OAUTH, status=3)[0]
        self.assertEqual((proof["proved"], proof["reason"]),
                         (False, "The server does not have the private key"))
        done = self.ctl(*OAUTH, "--server", "fe01", status=1)
        self.assertIn("✕ not proved 12:00:00: The server does not have the private key", done.out)

    def test_keys_exchanged(self):
        """Each file holds the other's key: nothing is proved with the wrong one."""
        paths = self.key_files("fe01")
        contents = [path.read_bytes() for path in paths]
        for path, content in zip(paths, contents[1:] + contents[:1]):
            path.write_bytes(content)
        for proof in self.proofs("test-proof", "--server", "fe01", status=1):
            self.assertFalse(proof["proved"], proof)

    def test_dead_server(self):
        self.demo.kill("fe03")
        self.assertEqual(self.proofs(*OAUTH, server="fe03", status=3), [])
        for server in ("fe01", "fe02"):
            self.demo.kill(server)
        self.ctl(*OAUTH, status=5)

    def test_wrong(self):
        self.refuses(*OAUTH, "--thumbprint", "00" * 20, status=2, pattern="one of them")
        self.refuses("test-proof", "--type", "Nothing", status=2, pattern="“Nothing”")


if __name__ == "__main__":
    tap.main()

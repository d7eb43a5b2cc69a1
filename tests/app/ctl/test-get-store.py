# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-store: the rows of the console's list."""
import os
import subprocess

import demo
import tap


class GetStore(demo.Case):
    def test_table(self):
        done = self.ctl("get-store", "--server", "fe01")
        self.assert_err(done)
        auth = self.demo.thumbprint("auth.contoso.example")
        self.assertEqual(done.lines[0].split("  ")[0], "Server")
        row = next(line for line in done.lines if " auth.contoso.example " in line)
        for cell in ("fe01", "Contoso Demo CA", "Server Authentication, Client Authentication",
                     "OK", auth, "RSA 2048, exportable", "OAuthTokenIssuer"):
            self.assertIn(cell, row)
        self.assertEqual(len(done.lines), 4)

    def test_every_server_unless_told(self):
        servers = {line.split()[0] for line in self.ctl("get-store").lines[1:]}
        self.assertEqual(servers, set(demo.SERVERS))
        two = self.ctl("get-store", "--server", "fe03,fe02,fe03", "--json").json
        self.assertEqual([one["server"] for one in two["servers"]],
                         ["fe03.contoso.example", "fe02.contoso.example"])

    def test_json(self):
        row = self.demo.row("auth.contoso.example")
        self.assertEqual(set(row), {
            "issuedTo", "issuedBy", "notBefore", "notAfter", "status", "purposes", "friendlyName",
            "thumbprint", "sha256", "hasPrivateKey", "keyLocation", "exportable", "keyAlgorithm",
            "keyBits", "assignedTo", "intent", "origin"})
        self.assertEqual(row["issuedBy"], "Contoso Demo CA")
        self.assertTrue(row["hasPrivateKey"])
        self.assertEqual((row["keyAlgorithm"], row["keyBits"]), ("RSA", 2048))
        self.assertEqual(row["assignedTo"], "OAuthTokenIssuer:current")
        self.assertEqual(row["intent"], "pool")
        self.assertRegex(row["notAfter"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_thumbprints_are_those_of_openssl(self):
        row = self.demo.row("auth.contoso.example")
        path = self.demo.folder / "fe01" / "stores" / "my" / f"{row['sha256']}.pem"
        text = demo.openssl("x509", "-in", path, "-noout", "-fingerprint", "-sha1")
        self.assertEqual(text.strip().split("=")[1].replace(":", ""), row["thumbprint"])

    def test_stores(self):
        root = self.demo.row("Contoso Demo CA", store="root")
        self.assertFalse(root["hasPrivateKey"])
        for store in ("ca", "trustedpeople", "disallowed", "request"):
            found = self.ctl("get-store", "--store", store, "--json").json
            self.assertEqual(found["store"], store)
            self.assertEqual([one["certificates"] for one in found["servers"]], [[], [], []])
        self.refuses("get-store", "--store", "nothing", status=2, pattern="“nothing”.*\\bmy\\b")

    def test_wrong_where(self):
        self.refuses("get-store", "--server", "fe09", status=2,
                     pattern="There is no server “fe09”. There are: fe01,fe02,fe03$")
        self.refuses("get-store", "--pool", "p", status=2, pattern="There is no pool “p”")
        self.refuses("get-store", "--server", "fe01", "--pool", demo.POOL, status=2,
                     pattern="exclude each other")
        self.refuses("get-store", "--identity", "global", status=2,
                     pattern="--identity global is for what is assigned globally")

    def test_dead_server(self):
        self.demo.lose("fe02")
        done = self.ctl("get-store", status=3)
        self.assertEqual({line.split()[0] for line in done.lines[1:]}, {"fe01", "fe03"})
        self.assertEqual(len(done.err.splitlines()), 1)
        self.assertRegex(done.err, r"^fe02\b")
        found = self.ctl("get-store", "--json", status=3).json["servers"]
        self.assertIsNone(found[0]["error"])
        self.assertRegex(found[1]["error"], "fe02")
        self.assertEqual(found[1]["certificates"], [])
        self.ctl("get-store", "--server", "fe02", status=5)

    def test_foreign_files(self):
        """What is no certificate is passed over and stays."""
        my = self.demo.folder / "fe01" / "stores" / "my"
        (my / "notes.txt").write_text("not ours\n")
        (my / ("0" * 64 + ".pem")).write_text("-----BEGIN CERTIFICATE-----\nAAAA\n")
        os.symlink("/etc/passwd", my / ("1" * 64 + ".pem"))
        (my / "folder").mkdir()
        before = demo.tree(self.demo.folder)
        done = self.ctl("get-store", "--server", "fe01")
        self.assertEqual(len(done.lines), 4, str(done))
        self.assertRegex(done.err, r"^fe01\S*: 4 files in the store's folder are not certificates "
                                   r"and were passed over\n$")
        self.assert_tree(before)


class HostileNames(demo.Case):
    """Names with control and bidi characters are shown, and do nothing to the terminal."""

    NAME = "evil\x1b[31m\x07\n\u202egro.elpmaxe"

    def test_shown_harmless(self):
        place = self.demo.home
        key, path = place / "evil.key", place / "evil.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8",
                        "-keyout", key, "-out", path, "-days", "30", "-subj",
                        f"/CN={self.NAME}"], check=True, capture_output=True)
        self.ctl("import-certificate", "--path", path, "--server", "fe02", "--store", "my")
        listed = self.ctl("get-store", "--server", "fe02", "--json").json["servers"][0]
        found = [row for row in listed["certificates"] if row["issuedTo"].startswith("evil")]
        self.assertEqual(len(found), 1, listed)
        thumbprint = found[0]["thumbprint"]
        for words in (("get-store", "--server", "fe02"), ("get-store", "--json"),
                      ("show-certificate", "--thumbprint", thumbprint),
                      ("show-certificate", "--thumbprint", thumbprint, "--json"),
                      ("set-certificate", "--type", "Default", "--thumbprint", thumbprint,
                       "--server", "fe02", "--force")):
            done = self.demo.ctl(*words)
            with self.subTest(words[0]):
                self.assertNotRegex(done.out + done.err, "[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e"
                                                         "\u2066-\u2069\u200e\u200f]")
                self.assertNotIn("\ngro", done.out)
        self.assertIn("evil", self.ctl("get-store", "--server", "fe02").out)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl copy-certificate: from one server to others without a file."""
import json

import demo
import tap

VERB = "copy-certificate"
NAME = "auth.contoso.example"
WARNING = "Warning: Manual import does not replicate."


class CopyCertificate(demo.Case):
    def setUp(self):
        super().setUp()
        self.row = self.demo.row(NAME)
        self.words = (VERB, "--from", "fe01", "--thumbprint", self.row["thumbprint"])

    def test_on_disk(self):
        """The same certificate and key, which opens nowhere else on the way."""
        done = self.ctl(*self.words, "--server", "fe02")
        self.assertRegex(done.lines[1], r"^fe02 +done +imported, key matches$")
        self.assert_err(done, f"{WARNING} fe03 does not have {NAME}.")
        root = self.demo.folder / "fe02"
        path = root / "stores" / "my" / f"{self.row['sha256']}.pem"
        public = demo.openssl("x509", "-in", path, "-noout", "-pubkey")
        keys = [key for key in (root / "keys").glob("*.pem")
                if demo.openssl("pkey", "-in", key, "-pubout") == public]
        self.assertEqual(len(keys), 1)
        self.assertEqual(keys[0].stat().st_mode & 0o777, 0o600)
        row = self.demo.row(NAME, "fe02")
        self.assertEqual((row["intent"], row["exportable"], row["hasPrivateKey"]),
                         ("pool", False, True))
        lines = (self.demo.folder / "fe01" / "audit.jsonl").read_text().splitlines()
        exports = [line for line in map(json.loads, lines) if line["what"] == "export"]
        self.assertEqual([line["to"] for line in exports], ["fe02.contoso.example"])

    def test_pool(self):
        """Every other server of the pool; what comes after is as after an import."""
        done = self.ctl(*self.words, "--pool", demo.POOL, "--exportable")
        self.assertEqual([line.split()[0] for line in done.lines], ["Server", "fe02", "fe03"])
        self.assert_err(done)
        self.assertIs(self.demo.row(NAME, "fe03")["exportable"], True)
        done = self.ctl(*self.words, "--pool", demo.POOL)
        self.assertRegex(done.out, "fe02 +done +had it already")

    def test_what_if(self):
        done = self.ctl(*self.words, "--pool", demo.POOL, "--what-if")
        self.assertRegex(done.lines[1], r"^fe02 +done +would be copied, with its key$")
        self.assert_unchanged()

    def test_json(self):
        found = self.ctl(*self.words, "--server", "fe02", "--json", "--intent", "server").json
        self.assertEqual(found["servers"], [
            {"server": "fe02.contoso.example", "outcome": "done",
             "text": "imported, key matches"}])

    def test_dead_server(self):
        self.demo.lose("fe02")
        done = self.ctl(*self.words, "--pool", demo.POOL, status=3)
        self.assertRegex(done.lines[1], r"^fe02 +failed +\S.*Connection refused$")
        self.assertRegex(done.lines[2], r"^fe03 +done +imported, key matches$")

    def test_not_exportable(self):
        self.demo.import_auth("--server", "fe02")
        done = self.ctl(VERB, "--from", "fe02", "--thumbprint", self.row["thumbprint"],
                        "--server", "fe03", status=4)
        self.assertRegex(done.out, "fe03 +failed +fe02: The private key is marked as not "
                                   "exportable")

    def test_wrong_use(self):
        key = ("--thumbprint", self.row["thumbprint"])
        for words, pattern in (
                ((VERB, *key, "--server", "fe02"), "--from S"),
                ((VERB, "--from", "fe01", "--server", "fe02"), "--thumbprint T"),
                (self.words, "Say where"),
                ((*self.words, "--server", "fe01"), "fe01 is where the certificate comes from"),
                ((*self.words, "--server", "fe02", "--intent", "x"), "pool or server"),
                ((VERB, "--from", "fe09", *key, "--server", "fe02"), "There is no server")):
            with self.subTest(words):
                self.refuses(*words, status=2, pattern=pattern)


if __name__ == "__main__":
    tap.main()

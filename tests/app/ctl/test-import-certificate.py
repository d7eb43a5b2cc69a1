# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl import-certificate: on each server; it does not replicate, and says so."""
import demo
import tap

WARNING = "Warning: Manual import does not replicate."
VERB = "import-certificate"


class ImportCertificate(demo.Case):
    def auth(self, *where, status=0, **options):
        done = self.demo.import_auth(*where, **options)
        self.assert_status(done, status)
        return done

    def sha256(self):
        return self.demo.row("auth.contoso.example")["sha256"]

    def test_warning_until_every_server_has_it(self):
        done = self.auth("--server", "fe02")
        self.assertEqual([line.split("  ", 1)[0] for line in done.lines], ["Server", "fe02"])
        self.assertRegex(done.lines[1], r"^fe02 +done +imported, key matches$")
        self.assert_err(done, f"{WARNING} fe03 does not have auth.contoso.example.")
        done = self.auth("--server", "fe02,fe03")
        self.assertRegex(done.lines[1], r"^fe02 +done +had it already$")
        self.assertRegex(done.lines[2], r"^fe03 +done +imported, key matches$")
        self.assert_err(done)

    def test_on_disk(self):
        self.auth("--server", "fe02")
        root = self.demo.folder / "fe02"
        path = root / "stores" / "my" / f"{self.sha256()}.pem"
        public = demo.openssl("x509", "-in", path, "-noout", "-pubkey")
        keys = [key for key in (root / "keys").glob("*.pem")
                if demo.openssl("pkey", "-in", key, "-pubout") == public]
        self.assertEqual(len(keys), 1)
        self.assertEqual(keys[0].stat().st_mode & 0o777, 0o600)
        row = self.demo.row("auth.contoso.example", "fe02")
        self.assertEqual((row["intent"], row["exportable"], row["origin"]),
                         ("pool", False, "manual"))

    def test_options(self):
        self.auth("--server", "fe02", "--intent", "server", "--exportable", "--friendly-name",
                  "Ours")
        row = self.demo.row("auth.contoso.example", "fe02")
        self.assertEqual((row["intent"], row["exportable"], row["friendlyName"]),
                         ("server", True, "Ours"))

    def test_authority(self):
        """A certificate of an authority finds its own store."""
        self.ctl(VERB, "--path", self.demo.files / "ca.cer", "--server", "fe01", "--store",
                 "trustedpeople")
        self.demo.row("Contoso Demo CA", "fe01", "trustedpeople")

    def test_what_if(self):
        done = self.auth("--pool", demo.POOL, "--what-if")
        self.assertRegex(done.lines[2], r"^fe02 +done +would be imported, with its key$")
        self.assert_unchanged()

    def test_json(self):
        found = self.auth("--server", "fe02", "--json").json
        self.assertEqual(found, {
            "format": 1, "verb": VERB, "whatIf": False,
            "servers": [{"server": "fe02.contoso.example", "outcome": "done",
                         "text": "imported, key matches"}]})

    def test_assigned_as_well(self):
        done = self.auth("--pool", demo.POOL, "--type", "OAuthTokenIssuer")
        self.assertRegex(done.out, r"fe03 +done +assigned, published")
        for server in demo.SERVERS:
            self.assertEqual(demo.published_sha256(self.demo.folder / server, "OAuthTokenIssuer"),
                             self.sha256())

    def test_says_where(self):
        self.refuses(VERB, "--path", self.demo.files / "ca.cer", status=2,
                     pattern=f"Say where: --server fe01,fe02,fe03, or --pool {demo.POOL} for every "
                             "server of it$")

    def test_wrong_use(self):
        path = ("--path", self.demo.files / "ca.cer", "--server", "fe01")
        self.refuses(VERB, "--server", "fe01", status=2, pattern="Say which file: --path FILE")
        self.refuses(VERB, *path, "--store", "none", status=2, pattern="“none”")
        self.refuses(VERB, *path, "--intent", "both", status=2,
                     pattern="--intent is pool or server")
        self.refuses(VERB, *path, "--type", "none", status=2, pattern="“none”")
        self.refuses(VERB, *path, "--nothing", status=2, pattern="There is no option --nothing")
        self.refuses(VERB, *path, "--thumbprint", "AB", status=2,
                     pattern="import-certificate takes no --thumbprint")

    def test_name_that_cannot_be_seen(self):
        for text in ("two\nlines", "turned \u202e round"):
            done = self.ctl(VERB, "--path", self.demo.files / "ca.cer", "--server", "fe01",
                            "--friendly-name", text, status=2)
            self.assertRegex(done.lines[1], "^fe01 +failed +The friendly name has a character in "
                             "it that cannot be seen")
        self.assert_unchanged()

    def test_store_of_the_system(self):
        done = self.ctl(VERB, "--path", self.demo.files / "ca.cer", "--server", "fe01", "--store",
                        "authroot", status=4)
        self.assertRegex(done.lines[1], r"^fe01 +failed +\S")
        self.assert_unchanged()

    def test_dead_server(self):
        """One failure never stops the rest, and each is named."""
        self.demo.lose("fe02")
        done = self.auth("--server", "fe02,fe03", status=3)
        self.assertRegex(done.lines[1], r"^fe02 +failed +\S.*Connection refused$")
        self.assertRegex(done.lines[2], r"^fe03 +done +imported, key matches$")
        self.assertNotRegex(done.lines[1], "fe02.*fe02", "its name is there twice")
        self.assertNotRegex(done.err, "fe02 does not have")
        self.auth("--server", "fe02", status=5)


if __name__ == "__main__":
    tap.main()

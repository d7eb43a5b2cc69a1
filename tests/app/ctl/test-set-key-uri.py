# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl set-key-uri, and import-certificate --key-uri: private keys in tokens (SoftHSM)."""
import shutil

import demo
import soft_token
import tap
import terminal

PIN = soft_token.PIN
URI = soft_token.URI
TYPE = "OAuthTokenIssuer"
STORED = URI + ";type=private"


class SetKeyUri(demo.Case):
    def setUp(self):
        super().setUp()
        self.token = soft_token.Token()
        self.addCleanup(shutil.rmtree, self.token.folder)

    def tok(self, *words, **options):
        return self.ctl(*words, env=self.token.env, **options)

    def imports(self, *words, name="auth", **options):
        return self.tok("import-certificate", "--server", "fe01", "--store", "my", "--path",
                        self.token.folder / f"{name}.crt", *words, **options)

    def thumbprint(self):
        text = demo.openssl("x509", "-in", self.token.folder / "auth.crt", "-noout",
                            "-fingerprint", "-sha1")
        return text.partition("=")[2].strip().replace(":", "")

    def row(self):
        rows = self.tok("get-store", "--server", "fe01", "--json").json
        return next(row for row in rows["servers"][0]["certificates"]
                    if row["thumbprint"] == self.thumbprint())

    def ties(self, *words, uri=URI, **options):
        return self.tok("set-key-uri", "--server", "fe01", "--thumbprint", self.thumbprint(),
                        "--key-uri", uri, *words, **options)

    def test_import(self):
        done = self.tok("import-certificate", "--server", "fe01", "--path",
                        self.token.folder / "auth.crt", "--key-uri", URI, "--pin-file",
                        self.token.pin_file)
        self.assertRegex(done.out, r"fe01 +done +imported, without a key")
        self.assertRegex(done.out, r"fe01 +done +the key is in the token, and matches")
        self.assertEqual(self.row()["keyLocation"], "token")

        keys = list((self.demo.folder / "fe01" / "keys").glob("*.uri"))
        self.assertEqual([key.read_text() for key in keys], [STORED + "\n"])
        for path in self.demo.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(PIN.encode(), path.read_bytes(), path)

    def test_afterwards(self):
        self.imports()
        self.assertEqual(self.row()["keyLocation"], "none")
        before = demo.tree(self.demo.folder)
        done = self.ties("--what-if")
        self.assertRegex(done.lines[1], r"^fe01 +done +would have the token prove")
        self.assert_tree(before)

        self.ties("--pin-file", self.token.pin_file)
        self.assertEqual(self.row()["keyLocation"], "token")

        log = self.tok("get-log", "--server", "fe01").out
        self.assertRegex(log, "said in which token the private key of auth.contoso.example is")

        path = self.token.folder / "out.pfx"
        done = self.tok("export-certificate", "--server", "fe01", "--thumbprint",
                        self.thumbprint(), "--path", path, "--password-file",
                        self.token.password_file, status=4)
        self.assert_sentence(done, "cannot be exported: it is in a token")
        self.assertFalse(path.exists())

        done = self.tok("copy-certificate", "--from", "fe01", "--server", "fe02", "--thumbprint",
                        self.thumbprint(), status=4)
        self.assertIn("cannot be exported: it is in a token", done.out + done.err)

        self.tok("delete-certificate", "--server", "fe01", "--thumbprint", self.thumbprint(),
                 "--force")
        self.token.run("softhsm2-util", "--show-slots")
        self.imports()
        self.ties("--pin-file", self.token.pin_file)

    def test_forget(self):
        self.imports()
        words = ("set-key-uri", "--server", "fe01", "--thumbprint", self.thumbprint(), "--forget")
        done = self.tok(*words, status=1)
        self.assertRegex(done.lines[1], r"^fe01 +failed +The server was not told of a token")
        self.ties("--pin-file", self.token.pin_file)
        before = demo.tree(self.demo.folder)
        done = self.tok(*words, "--what-if")
        self.assertRegex(done.lines[1], r"^fe01 +done +would forget in which token the key is$")
        self.assert_tree(before)

        done = self.tok(*words)
        self.assertRegex(done.lines[1], r"^fe01 +done +no longer knows in which token the key is; "
                                        r"the token is as it was$")
        self.assertEqual(self.row()["keyLocation"], "none")
        log = self.tok("get-log", "--server", "fe01").out
        self.assertRegex(log, "forget in which token the private key of auth.contoso.example is")
        self.ties("--pin-file", self.token.pin_file)

        self.refuses(*words, "--key-uri", URI, status=2, pattern="--key-uri URI, or --forget")
        self.refuses(*words, "--pin-file", self.token.pin_file, status=2,
                     pattern="--forget asks no token")

    def test_own_pin(self):
        """The server's: nobody is asked, and none is sent."""
        self.imports()
        done = self.ties(status=2)
        self.assertRegex(done.lines[1], r"^fe01 +failed +The token “issuant test” wants a PIN")
        done = self.ties(uri=f"{URI}?pin-source=file:{self.token.pin_file}")
        self.assertRegex(done.lines[1], r"^fe01 +done +the key is in the token, and matches$")
        done = self.tok("test-proof", "--server", "fe01", "--thumbprint", self.thumbprint())
        self.assertRegex(done.out, r"fe01 ")

    def test_credential(self):
        """The server's own PIN as systemd gives it to a service: LoadCredential=pin-issuant_test"""
        self.imports()
        credentials = self.token.folder / "credentials"
        credentials.mkdir()
        self.token.env["CREDENTIALS_DIRECTORY"] = str(credentials)
        done = self.ties(status=2)
        self.assertRegex(done.lines[1], r"^fe01 +failed +The token “issuant test” wants a PIN")

        (credentials / "pin-issuant_test").write_text(PIN + "\n")
        done = self.ties()
        self.assertRegex(done.lines[1], r"^fe01 +done +the key is in the token, and matches$")
        done = self.tok("test-proof", "--server", "fe01", "--thumbprint", self.thumbprint())
        self.assertNotIn(PIN, done.out + done.err)
        for path in self.demo.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(PIN.encode(), path.read_bytes(), path)

    def test_prompt(self):
        """The PIN is asked for on a terminal, without echo; nothing typed is the server's own."""
        self.imports()
        words = ("set-key-uri", "--server", "fe01", "--thumbprint", self.thumbprint(), "--key-uri",
                 URI)
        for typed, status, says in (("", 2, "wants a PIN"),
                                    ("11112222", 1, "The PIN is not that of the token"),
                                    (PIN, 0, "the key is in the token, and matches")):
            with self.subTest(says):
                asking = terminal.Terminal(self.demo, *words, env=self.token.env)
                asking.wait_for(b"PIN of the token (nothing: the server's own): ")
                self.assertFalse(asking.echoes())
                asking.type(typed.encode() + b"\n")
                self.assertEqual(asking.end(), status, asking.seen)
                self.assertIn(says.encode(), asking.seen)
                self.assertNotIn(b"11112222", asking.seen)
                self.assertNotIn(PIN.encode(), asking.seen)
        self.assertEqual(self.row()["keyLocation"], "token")

    def test_presence(self):
        """The demo's own certificate, whose key is in a file on fe01, in a token on fe02."""
        name, where = "auth.contoso.example", ("--server", "fe02")
        pfx = ("-in", self.demo.files / f"{name}.pfx", "-passin",
               f"file:{self.demo.files / 'auth.password'}")
        demo.openssl("pkcs12", *pfx, "-nodes", "-nocerts", "-out", self.token.folder / "demo.key")
        demo.openssl("pkcs12", *pfx, "-nokeys", "-clcerts", "-out", self.token.folder / "demo.crt")
        self.token.run("softhsm2-util", "--import", "demo.key", "--token", soft_token.LABEL,
                       "--label", "demo", "--id", "03", "--pin", PIN)
        uri = URI.replace("auth", "demo")
        thumbprint = self.demo.thumbprint(name)

        self.tok("import-certificate", *where, "--path", self.token.folder / "demo.crt",
                 "--key-uri", uri, "--pin-file", self.token.pin_file, "--intent", "pool")
        self.tok("set-certificate", *where, "--type", TYPE, "--thumbprint", thumbprint, "--force")
        found = self.tok("get-presence", "--type", TYPE).out
        self.assertRegex(found, rf"(?m)^fe02 · {TYPE} · current: published\. .*\. Its private key "
                                r"is in a token, which proved it on 22 November 2026, "
                                r"12:00 \(UTC\); it was not tried now: The token “issuant "
                                r"test” wants a PIN")

        self.tok("set-key-uri", *where, "--thumbprint", thumbprint, "--key-uri",
                 f"{uri}?pin-source=file:{self.token.pin_file}")
        found = self.tok("get-presence", "--type", TYPE).out
        self.assertRegex(found, rf"(?m)^fe02 · {TYPE} · current: published\. .*\. Its private key "
                                r"is in a token, and signed just then\.")
        published = self.demo.folder / "fe02" / "live" / TYPE / "privkey.uri"
        self.assertIn("pin-source=file", published.read_text())

    def test_wrong(self):
        self.imports()
        for words, status, pattern in (
                ({}, 1, "The PIN is not that of the token “issuant test”; it was tried once"),
                ({"uri": URI.replace("auth", "none")}, 1,
                 "The token “issuant test” has no private key “none”"),
                ({"uri": URI.replace("auth", "other")}, 4,
                 "The key in the token is not that of “auth.contoso.example”"),
                ({"uri": URI.replace("issuant", "gone")}, 1,
                 "This server has no token as the URI names it")):
            with self.subTest(pattern):
                pin = self.token.wrong_pin_file if not words else self.token.pin_file
                done = self.ties("--pin-file", pin, status=status, **words)
                self.assertRegex(done.lines[1], rf"^fe01 +failed +{pattern}")
                self.assertNotIn(PIN, done.out + done.err)
        self.assertEqual(self.row()["keyLocation"], "none")

    def test_before_any_server_is_asked(self):
        self.imports()
        words = ("set-key-uri", "--server", "fe01", "--thumbprint", self.thumbprint())
        for uri, status, pattern in (
                (URI + "?pin-value=" + PIN, 4, "The URI holds the PIN"),
                (URI + "?module-path=/x.so", 4, "module-path"),
                ("pkcs11:object=auth", 2, "which token"),
                ("auth.key", 2, "begins with “pkcs11:”")):
            with self.subTest(uri):
                done = self.refuses(*words, "--key-uri", uri, "--pin-file", self.token.pin_file,
                                    status=status, pattern=pattern, env=self.token.env)
                self.assertNotIn(PIN, done.out + done.err)
        self.refuses(*words, status=2, pattern="--key-uri URI")
        self.refuses(*words, "--key-uri", URI, "--pin-file", "/nonexistent", status=1,
                     pattern="The PIN file /nonexistent cannot be read")
        self.refuses("set-key-uri", "--thumbprint", self.thumbprint(), "--key-uri", URI, status=2,
                     pattern="Say where")
        self.refuses("import-certificate", "--server", "fe01", "--path",
                     self.token.folder / "auth.pfx", "--password-file", self.token.password_file,
                     "--key-uri", URI, status=2, pattern="The file holds the private key")


if __name__ == "__main__":
    tap.main()

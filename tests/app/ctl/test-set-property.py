# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl set-property and set-key-access: what is said of a certificate, who reads its key."""
# Also covers: set-key-access.
import os
import pathlib

import demo
import tap

OWNER_ONLY = r"only the owner may read the key, by permissions$"


class SetProperty(demo.Case):
    def setUp(self):
        super().setUp()
        self.auth = self.demo.row("auth.contoso.example")["thumbprint"]

    def set(self, *words, **options):
        return self.ctl("set-property", "--server", "fe01", "--thumbprint", self.auth, *words,
                        **options)

    def access(self, *words, **options):
        return self.ctl("set-key-access", "--server", "fe01", "--thumbprint", self.auth, *words,
                        **options)

    def test_all(self):
        done = self.set("--friendly-name", "Token issuer", "--description", "Since May",
                        "--intent", "server", "--not-exportable")
        self.assertRegex(done.lines[1], r"^fe01 +done +changed: friendly name, description, what "
                                        r"it is meant for and key not exportable any more$")
        row = self.demo.row("auth.contoso.example")
        self.assertEqual((row["friendlyName"], row["intent"], row["exportable"]),
                         ("Token issuer", "server", False))
        self.assertRegex(self.set("--not-exportable").lines[1], r"is so already$")

    def test_what_if(self):
        before = demo.tree(self.demo.folder)
        done = self.set("--friendly-name", "x", "--what-if")
        self.assertRegex(done.lines[1], r"^fe01 +done +would change: friendly name$")
        self.access("--allow", "daemon", "--what-if")
        self.assert_tree(before)

    def test_wrong(self):
        self.refuses("set-property", "--server", "fe01", "--thumbprint", self.auth, status=2,
                     pattern="Say what to change")
        self.refuses("set-property", "--server", "fe01", "--description", "x", status=2,
                     pattern="--thumbprint T")
        self.refuses("set-property", "--thumbprint", self.auth, "--description", "x", status=2,
                     pattern="Say where")
        self.refuses("set-property", "--server", "fe01", "--thumbprint", self.auth, "--intent",
                     "world", status=2, pattern="pool or server")
        done = self.set("--friendly-name", "x" * 257, status=1)
        self.assertRegex(done.lines[1], r"^fe01 +failed +The friendly name is longer than 256")
        for option in ("friendly name", "description"):
            for text in ("two\nlines", "turned \u202e round", "\x1b[31m"):
                done = self.set("--" + option.replace(" ", "-"), text, status=2)
                self.assertRegex(done.lines[1], f"^fe01 +failed +The {option} has a character in "
                                 "it that cannot be seen")
        self.assert_unchanged()

    def test_access(self):
        self.assertRegex(self.access().lines[1], OWNER_ONLY)
        done = self.access("--allow", "daemon")
        closed = [str(folder) for folder in reversed(self.demo.folder.resolve().parents)
                  if not os.stat(folder).st_mode & 0o001]
        folder = str(pathlib.Path(closed[0])) if closed else None
        if folder:
            self.assert_err(done, f"fe01: daemon may not search the folder {folder}")
        else:
            self.assertRegex(done.lines[1], r"^fe01 +done +daemon may read the key, by permiss")
        self.access("--deny", "daemon")
        self.assertRegex(self.access().lines[1], OWNER_ONLY)

    def renew(self):
        """Another certificate with the key of the demo's token issuer, alone and with the key."""
        pfx = self.demo.files / "auth.contoso.example.pfx"
        password = f"file:{self.demo.files / 'auth.password'}"
        key, alone, both = (self.demo.files / name for name in ("k.pem", "renewed.crt", "both.pem"))
        demo.openssl("pkcs12", "-in", pfx, "-passin", password, "-nodes", "-nocerts", "-out", key)
        demo.openssl("req", "-x509", "-key", key, "-subj", "/CN=renewed.contoso.example", "-days",
                     "3650", "-out", alone)
        both.write_bytes(alone.read_bytes() + key.read_bytes())
        return alone, both

    def key_of(self, name):
        row = self.demo.row(name)
        return row["hasPrivateKey"], row["exportable"]

    def test_one_key(self):
        """Two certificates with one key: what is the key's is the same of both, each of its two
        marks is changed without the other, and what is a certificate's is its own."""
        old, new = "auth.contoso.example", "renewed.contoso.example"
        alone, both = self.renew()
        self.ctl("import-certificate", "--server", "fe01", "--path", alone, "--store", "my",
                 "--intent", "server")
        self.assertEqual((self.key_of(old), self.key_of(new)), ((True, True), (True, True)))
        renewed = self.demo.row(new)["thumbprint"]
        where = ("--server", "fe01", "--thumbprint", renewed)
        readers = self.access().out

        # May be exported: taken away by one, gone for both; nobody else may read it for that.
        self.ctl("set-property", *where, "--not-exportable", "--friendly-name", "Renewed")
        self.assertEqual((self.key_of(old), self.key_of(new)), ((True, False), (True, False)))
        self.assertEqual(self.demo.row(new)["friendlyName"], "Renewed")
        self.assertNotEqual(self.demo.row(old)["friendlyName"], "Renewed")
        self.assertEqual(self.access().out, readers)

        # May be read: said of one, so of both; it cannot be exported again for that.
        done = self.ctl("set-key-access", *where, "--allow", "daemon")
        self.assertIn("daemon", done.out + done.err)
        self.assertIn("daemon", self.access().out + self.access().err)
        self.assertEqual((self.key_of(old), self.key_of(new)), ((True, False), (True, False)))

        # An import never loosens, and leaves who may read it as it was.
        self.ctl("import-certificate", "--server", "fe01", "--path", both, "--exportable",
                 "--intent", "server", "--force")
        self.assertEqual((self.key_of(old), self.key_of(new)), ((True, False), (True, False)))
        self.assertIn("daemon", self.access().out + self.access().err)

        # One goes; the other keeps the key.
        self.ctl("delete-certificate", *where, "--force")
        self.assertEqual(self.key_of(old), (True, False))

    def test_import_tightens(self):
        _, both = self.renew()
        self.assertEqual(self.key_of("auth.contoso.example"), (True, True))
        self.ctl("import-certificate", "--server", "fe01", "--path", both, "--intent", "server")
        self.assertEqual(self.key_of("auth.contoso.example"), (True, False))

    def test_access_refused(self):
        done = self.access("--allow", "no-such-account", status=1)
        self.assertRegex(done.lines[1], r"^fe01 +failed +There is no account “no-such-account” on "
                                        r"this server: nothing was changed$")
        done = self.access("--deny", "root", status=4)
        self.assertRegex(done.lines[1], r"^fe01 +failed +“root” ")
        self.refuses("set-key-access", "--thumbprint", self.auth, "--allow", "daemon", status=2,
                     pattern="Say where")


if __name__ == "__main__":
    tap.main()

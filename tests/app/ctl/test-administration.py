# SPDX-License-Identifier: GPL-3.0-or-later
"""Administrators of a pool, added and removed by signed change.

Also covers: get-administrator, add-administrator, remove-administrator."""
import shutil

import demo
import soft_token
import tap
import terminal

TYPE = "OAuthTokenIssuer"
GLOBAL = ("--identity", "global", "--type", TYPE)


class Administration(demo.Case):
    def setUp(self):
        super().setUp()
        self.passphrase = self.demo.home / "passphrase"
        self.passphrase.write_text("correct horse battery\n")
        self.key = ("--key-password-file", self.passphrase)
        self.own = self.demo.folder / "administrator"
        self.demo.prepare("administration", self.begin)
        shutil.rmtree(self.demo.home / "bob", ignore_errors=True)
        shutil.copytree(self.demo.home / "bob-first", self.demo.home / "bob")
        shutil.rmtree(self.demo.home / "alice", ignore_errors=True)
        self.who = "alice"

    def begin(self):
        """Alice has enrolled all servers; Bob has a key."""
        self.make("bob")
        (self.demo.home / "bob").rename(self.demo.home / "bob-first")
        self.ctl("make-administrator-key", "alice", "--password-file", self.passphrase)
        self.ctl("enroll-server", "--pool", demo.POOL, *self.key)

    def make(self, name):
        self.ctl("make-administrator-key", name, "--password-file", self.passphrase)
        self.own.rename(self.demo.home / name)

    def be(self, name):
        """Whoever was it before is so no more."""
        if self.own.exists():
            self.own.rename(self.demo.home / self.who)
        self.who = name
        (self.demo.home / name).rename(self.own)

    def certificate(self, name):
        return next((self.demo.home / name).glob("certificate.pem"))

    def names(self):
        found = self.ctl("get-administrator", "--json").json
        return found["version"], sorted(row["name"] for row in found["administrators"])

    def thumbprint(self, name):
        found = self.ctl("get-administrator", "--json").json
        return next(row["thumbprint"] for row in found["administrators"] if row["name"] == name)

    def assign(self, name, status=0):
        return self.ctl("import-certificate", *GLOBAL, "--path",
                        self.demo.files / f"{name}.contoso.example.pfx", "--password-file",
                        self.demo.files / "auth.password", "--force", *self.key, status=status)

    def add_bob(self):
        done = self.ctl("add-administrator", "--path", self.certificate("bob"), *self.key)
        pins = self.own / "pools"
        self.assertIn(str(pins), done.err)
        shutil.copytree(pins, self.demo.home / "bob" / "pools")

    def test_added(self):
        self.assertEqual(self.names(), (1, ["alice"]))
        self.assertIn("alice (you)", self.ctl("get-administrator").out)
        self.assign("auth")
        self.add_bob()
        self.assertEqual(self.names(), (2, ["alice", "bob"]))
        self.be("bob")
        self.assertIn("bob (you)", self.ctl("get-administrator").out)
        self.assertIn("revision 2", self.assign("next-auth").err)
        self.ctl("get-replication-status")

    def test_not_believed_without_the_file(self):
        self.ctl("add-administrator", "--path", self.certificate("bob"), *self.key)
        self.be("bob")
        done = self.assign("auth", status=4)
        self.assert_sentence(done, "none of them is pinned")

    def test_removed(self):
        """What the other has signed is signed anew, and what is signed then is refused."""
        self.assign("auth")
        self.add_bob()
        alice = self.thumbprint("alice")
        self.assert_sentence(self.ctl("remove-administrator", "--thumbprint", alice, *self.key,
                                      status=4), "Nobody removes himself")
        self.be("bob")
        self.assertIn("would be no administrator",
                      self.ctl("remove-administrator", "--thumbprint", alice, "--what-if",
                               *self.key).err)
        done = self.ctl("remove-administrator", "--thumbprint", alice, *self.key)
        self.assertIn("revision 2 of OAuthTokenIssuer, for 3 of 3 servers", done.err)
        self.assertEqual(self.names(), (3, ["bob"]))
        self.ctl("get-replication-status")

        self.be("alice")
        self.assert_sentence(self.assign("next-auth", status=4),
                             "is not an administrator of pool")
        self.be("bob")
        self.assertIn("revision 3", self.assign("next-auth").err)

    def test_key_in_a_token(self):
        """Who signs with a card is an administrator like any other; its PIN is written nowhere."""
        token = soft_token.Token()
        self.addCleanup(shutil.rmtree, token.folder)
        card = self.demo.home / "card"
        self.addCleanup(shutil.rmtree, card, ignore_errors=True)
        certificate = ("--path", token.folder / "auth.crt")
        adopt = ("make-administrator-key", *certificate, "--key-uri", soft_token.URI)

        self.own.rename(self.demo.home / "alice")
        self.ctl("make-administrator-key", *certificate, status=2)
        self.ctl("make-administrator-key", "--key-uri", soft_token.URI, status=2)
        self.assertIn("would sign for auth", self.ctl(*adopt, "--what-if").err)
        done = self.ctl(*adopt, "--pin-file", token.wrong_pin_file, env=token.env, status=1)
        self.assert_sentence(done, "tried once")
        self.assertFalse(self.own.exists())
        self.ctl(*adopt, "--pin-file", token.pin_file, env=token.env)
        self.assertIn(soft_token.URI, self.ctl("get-administrator-key").out)
        self.own.rename(card)

        (self.demo.home / "alice").rename(self.own)
        self.ctl("add-administrator", *certificate, *self.key)
        shutil.copytree(self.own / "pools", card / "pools")
        self.own.rename(self.demo.home / "alice")
        card.rename(self.own)
        self.who = "card"
        words = ("import-certificate", *GLOBAL, "--path",
                 self.demo.files / "auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password", "--force")
        done = self.ctl(*words, env=token.env, status=2)
        self.assert_sentence(done, "wants a PIN")
        done = self.ctl(*words, "--key-password-file", token.pin_file, env=token.env)
        self.assertIn("revision 1", done.err)

        asking = terminal.Terminal(self.demo, "enroll-server", "--server", "fe01", env=token.env)
        asking.wait_for(b"PIN of your token")
        self.assertFalse(asking.echoes())
        asking.type(soft_token.PIN.encode() + b"\n")
        self.assertEqual(asking.end(), 0)
        self.assertNotIn(soft_token.PIN.encode(), asking.seen)
        for path in self.demo.home.rglob("*"):
            if path.is_file():
                self.assertNotIn(soft_token.PIN.encode(), path.read_bytes(), path)

    def test_wrong_use(self):
        self.ctl("add-administrator", *self.key, status=2)
        self.ctl("remove-administrator", *self.key, status=2)
        self.ctl("remove-administrator", "--thumbprint", "00" * 20, *self.key, status=1)
        self.assert_sentence(self.ctl("add-administrator", "--path", self.certificate_of_alice(),
                                      *self.key, status=1), "already")

    def certificate_of_alice(self):
        return next(self.own.glob("certificate.pem"))


if __name__ == "__main__":
    tap.main()

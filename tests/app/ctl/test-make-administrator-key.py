# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl make-administrator-key: the key that signs, made once."""
import administrator
import demo
import tap


class MakeAdministratorKey(administrator.Case):
    def test_others_read_it(self):
        """OpenSSL opens the key with the passphrase, and it is that of the certificate."""
        made = self.make("--json").json
        public = demo.openssl("pkey", "-in", made["key"], "-passin", f"file:{self.password}",
                              "-pubout")
        self.assertEqual(public, demo.openssl("x509", "-in", made["certificate"], "-noout",
                                              "-pubkey"))
        self.assertIn("Digital Signature",
                      demo.openssl("x509", "-in", made["certificate"], "-noout", "-text"))

    def test_never_replaces_one(self):
        first = self.make("--json").json
        self.password.write_text("\n")
        for words in (("bob@laptop",), ("--what-if",)):
            self.assert_sentence(self.make(*words, status=1), "already")
        self.assertEqual(self.local("get-administrator-key", "--json").json, first)

    def test_what_if(self):
        self.assertIn("would be made", self.make("--what-if").err)
        self.assertFalse(self.folder.exists())

    def test_passphrases(self):
        self.password.write_text("\n")
        self.assert_sentence(self.make(status=2), "not empty")
        self.assertFalse(self.folder.exists())
        self.password.write_text("abc\n")
        self.assertIn("weak", self.make().err)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl verify-record: a roll record, on a machine that knows nothing else."""
import re
import subprocess

import demo
import tap


class VerifyRecord(demo.Case):
    def setUp(self):
        super().setUp()
        self.place = self.demo.home / "elsewhere"
        self.place.mkdir(exist_ok=True)
        for old in self.place.iterdir():
            old.unlink()
        self.password = self.place / "passphrase"
        self.password.write_text("correct horse battery\n")
        self.key = ("--password-file", self.password)
        if self.ctl_status("get-administrator-key") != 0:
            self.ctl("make-administrator-key", "alice@laptop", *self.key)
        self.certificate = self.ctl("get-administrator-key", "--json").json["certificate"]
        self.record = self.place / "record.txt"

    def ctl_status(self, *words):
        return self.demo.ctl(*words).status

    def save(self, *more, status=1):
        return self.ctl("get-run-sheet", "--save", self.record, *self.key, *more, status=status)

    def verify(self, *more, status=0):
        """Elsewhere: no demo, no topology, no key."""
        done = demo.run(self.place, "verify-record", self.record, *more)
        self.assert_status(done, status)
        return done

    def test_elsewhere(self):
        self.assertIn("is signed by alice@laptop", self.save().err)
        found = self.verify("--signer", self.certificate, "--json").json
        self.assertTrue(found["good"])
        self.assertEqual((found["problems"], found["pool"], found["type"], found["servers"]),
                         ([], demo.POOL, "OAuthTokenIssuer", 3))
        self.assertEqual(found["proofs"], 2)
        self.assertGreater(found["logEntries"], 3)
        self.assertEqual((found["signer"]["name"], found["signer"]["known"]),
                         ("alice@laptop", True))
        text = self.verify("--signer", self.certificate).out
        self.assertIn("● It is as it was signed. Proofs verified again: 2", text)

    def test_own_is_believed(self):
        self.save()
        self.assertTrue(self.ctl("verify-record", self.record, "--json").json["good"])

    def test_unknown_signer(self):
        """Whole, but anybody can sign: that is no yes."""
        self.save()
        done = self.verify("--json", status=4)
        self.assertIn("--signer", done.err)
        self.assertFalse(done.json["good"])
        self.assertFalse(done.json["signer"]["known"])
        self.verify("--signer", self.demo.files / "ca.cer", status=4)

    def test_record_is_no_signer(self):
        """The certificate of whoever signed is in every record: that would believe anybody."""
        self.save()
        copy = self.place / "alice.cer"
        copy.write_bytes(self.record.read_bytes())
        cut = self.place / "cut.pem"
        cut.write_text(self.record.read_text()[self.record.read_text().index("-----BEGIN CMS"):])
        for signer in (self.record, copy, cut):
            with self.subTest(signer=signer.name):
                done = self.verify("--signer", signer, status=2)
                self.assertEqual(done.out, "")
                self.assertIn(f"{signer} is a signed record, not a certificate", done.err)
                self.assertIn("the certificate file of the administrator", done.err)

    def test_any_changed_line_is_named(self):
        self.save()
        lines = self.record.read_text().split("\n")
        last = lines.index("-----BEGIN CMS-----")
        for number in [*range(0, last, last // 12), last]:
            with self.subTest(number=number):
                changed = lines.copy()
                changed[number] += "x"
                self.record.write_text("\n".join(changed))
                found = self.verify("--signer", self.certificate, "--json", status=1).json
                self.assertFalse(found["good"])
                self.assertIn(f"Line {number + 1} was changed: ", found["problems"][0])
        del lines[4]
        self.record.write_text("\n".join(lines))
        self.assertIn("From line 5 on, 1 line was taken away", self.verify(status=1).out)

    def test_openssl_verifies_it(self):
        """Without a program of ours: the signature holds the same text."""
        self.save()
        text, signature = self.record.read_text().split("\n-----BEGIN CMS-----\n")
        done = subprocess.run(
            ["openssl", "cms", "-verify", "-inform", "PEM", "-certfile", self.certificate,
             "-noverify", "-binary"], input=f"-----BEGIN CMS-----\n{signature}".encode(),
            capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout.decode()), (0, text), done.stderr)

    def test_never_replaces_a_file(self):
        self.record.write_text("kept")
        self.assertIn("record.txt", self.save(status=4).err)
        self.assertEqual(self.record.read_text(), "kept")
        self.save("--force")
        self.verify("--signer", self.certificate)

    def test_wrong_passphrase(self):
        self.password.write_text("wrong\n")
        self.assertRegex(self.save(status=1).err, "password is wrong")
        self.assertFalse(self.record.exists())

    def test_wrong(self):
        self.record.write_text("[issuant-roll-record]\nformat=1\n")
        self.assertIn("It is not signed", self.verify(status=1).out)
        done = demo.run(self.place, "verify-record")
        self.assert_status(done, 2)
        self.assertIn("verify-record FILE", done.err)
        done = demo.run(self.place, "verify-record", self.place / "nothing")
        self.assert_status(done, 1)
        self.assertRegex(done.err, re.escape(str(self.place / "nothing")))


if __name__ == "__main__":
    tap.main()

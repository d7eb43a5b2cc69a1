# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl inspect-pfx: what a PFX file is and why it does not open; no server is needed."""
import pathlib
import tempfile
import unittest

import demo
import tap

VERB = "inspect-pfx"


class InspectPfx(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="issuant-inspect-")
        cls.folder = pathlib.Path(cls.place.name)
        for name in ("leaf", "ca"):
            demo.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                         "-keyout", cls.folder / f"{name}.key", "-out", cls.folder / f"{name}.crt")
        cls.right = cls.folder / "right"
        cls.right.write_text("secret\n")
        cls.wrong = cls.folder / "wrong"
        cls.wrong.write_text("Secret")
        # A topology that cannot be read is no hindrance.
        config = cls.folder / "config" / "issuant"
        config.mkdir(parents=True)
        (config / "topology.conf").write_text("[nonsense\n")

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def make(self, name, *arguments):
        path = self.folder / name
        demo.openssl("pkcs12", "-export", "-inkey", self.folder / "leaf.key", "-in",
                     self.folder / "leaf.crt", "-certfile", self.folder / "ca.crt", "-passout",
                     "pass:secret", "-out", path, *arguments)
        return path

    def ctl(self, *words, status=0, **options):
        done = demo.run(self.folder, *words, alone=False, **options)
        self.assertEqual(done.status, status, str(done))
        self.assertNotRegex(done.out + done.err, r"\(null\)|ERROR: AddressSanitizer|CRITICAL")
        return done

    def inspect(self, path, password=None, status=0):
        words = ("--password-file", password) if password else ()
        return self.ctl(VERB, path, *words, "--json", status=status).json

    def test_opens(self):
        path = self.make("a.p12", "-name", "Größe", "-CSP", "Some Provider")
        found = self.inspect(path, self.right)
        self.assertEqual([found[name] for name in ("opens", "certificates", "keys", "integrity",
                                                   "cause", "message")],
                         [True, 2, 1, "hmac", None, None])
        self.assertEqual(found["mac"], {"digest": "SHA-256", "rounds": 2048})
        self.assertEqual([part["part"] for part in found["parts"]], ["content", "private key"])
        self.assertEqual([one["opens"] for one in found["openers"]],
                         ["no", "yes", "yes", "yes", "depends", "depends"])
        leaf = found["contents"][0]
        self.assertEqual((leaf["issuedTo"], leaf["friendlyName"], leaf["hasKey"],
                          leaf["marksAgree"], leaf["provider"]),
                         ("leaf", "Größe", True, True, "Some Provider"))
        der = demo.openssl("x509", "-in", self.folder / "leaf.crt", "-noout", "-fingerprint",
                           "-sha256")
        self.assertEqual(der.strip().split("=")[1].replace(":", "").lower(), leaf["sha256"])

    def test_integrity(self):
        for name, arguments, expected in (("none", ("-nomac",), "none"), ("hmac", (), "hmac")):
            with self.subTest(name):
                found = self.inspect(self.make("i.p12", *arguments), self.right)
                self.assertEqual((found["opens"], found["integrity"]), (True, expected))

    def test_causes(self):
        good = self.make("a.p12")
        cut = self.folder / "cut.p12"
        cut.write_bytes(good.read_bytes()[:500])
        costly = self.folder / "costly.p12"
        bytes_ = self.make("b.p12", "-iter", "16909060", "-keypbe", "NONE", "-certpbe", "NONE")
        costly.write_bytes(bytes_.read_bytes().replace(b"\x02\x04\1\2\3\4", b"\x02\x04\x7f\1\1\1"))
        cases = ((good, None, "password needed", "hmac"),
                 (good, self.wrong, "wrong password", "hmac"),
                 (cut, self.right, "damaged", None), (costly, self.right, "too costly", "hmac"),
                 (self.folder / "leaf.crt", None, "not a PFX", None))
        for path, password, cause, integrity in cases:
            with self.subTest(cause):
                found = self.inspect(path, password, status=1)
                self.assertEqual((found["opens"], found["certificates"], found["keys"]),
                                 (False, 0, 0))
                self.assertEqual((found["cause"], found["integrity"]), (cause, integrity))
                self.assertTrue(found["message"])
                self.assertEqual(found["contents"], [])

    def test_text(self):
        path = self.make("a.p12")
        done = self.ctl(VERB, path, "--password-file", self.right)
        self.assertEqual(done.err, "")
        self.assertIn("\nOpened by\n", done.out)
        self.assertRegex(done.out, r"(?m)^Windows Server 2019 and later : yes$")
        self.assertRegex(done.out, r"(?m)^Certificate +: leaf$")
        done = self.ctl(VERB, path, status=1)
        self.assertRegex(done.out, r"(?m)^Opens +: with a password$")
        self.assertEqual(done.err, f"issuantctl: {path}: A password is needed to open this file\n")

    def test_wrong_use(self):
        self.assertEqual(self.ctl(VERB, status=2).err,
                         "issuantctl: Say which file: inspect-pfx FILE\n")
        missing = self.folder / "missing"
        self.assertIn("missing", self.ctl(VERB, missing, status=1).err)
        self.ctl(VERB, "a", "b", status=2)


if __name__ == "__main__":
    tap.main()

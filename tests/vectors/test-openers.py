# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doctor says of OpenSSL 3 and Java, OpenSSL and Java do; the others that are here are
asked as well, and the table of them all is printed."""
import json
import os
import pathlib
import re
import subprocess
import unittest
import warnings

from cryptography.hazmat.primitives.serialization import pkcs12

import made
import tap

BUILD = pathlib.Path(os.environ["ISS_TEST_BUILD"])
OLD = ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES")
NOTHING = ("-keypbe", "NONE", "-certpbe", "NONE")

# name, arguments of openssl pkcs12, what is said of OpenSSL 3 and of Java
FILES = [
    ("TripleDES, SHA-1", (*OLD, "-macalg", "sha1"), "yes", "yes"),
    ("TripleDES, SHA-256", (*OLD, "-macalg", "sha256"), "yes", "depends"),
    ("TripleDES, SHA-512", (*OLD, "-macalg", "sha512"), "yes", "depends"),
    ("RC2-40, SHA-1", ("-legacy",), "depends", "yes"),
    ("RC2-128, SHA-1", ("-legacy", "-certpbe", "PBE-SHA1-RC2-128"), "depends", "yes"),
    ("RC4-128, SHA-1", ("-legacy", "-certpbe", "PBE-SHA1-RC4-128"), "depends", "yes"),
    ("AES-256, SHA-256", (), "yes", "depends"),
    ("AES-128, SHA-256", ("-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"), "yes", "depends"),
    ("AES-256, SHA-1", ("-macalg", "sha1"), "yes", "depends"),
    ("AES-256, SHA-384", ("-macalg", "sha384"), "yes", "depends"),
    ("AES-256, SHA-512", ("-macalg", "sha512"), "yes", "depends"),
    ("TripleDES in PBES2", ("-keypbe", "DES-EDE3-CBC", "-certpbe", "DES-EDE3-CBC"), "yes", "no"),
    ("Camellia", ("-keypbe", "CAMELLIA-256-CBC", "-certpbe", "CAMELLIA-256-CBC"), "yes", "no"),
    ("RC2 in PBES2", ("-provider", "default", "-provider", "legacy", "-keypbe", "RC2-CBC",
                      "-certpbe", "RC2-CBC"), "depends", "no"),
    ("AES-256, no MAC", ("-nomac",), "yes", "depends"),
    ("TripleDES, no MAC", (*OLD, "-nomac"), "yes", "yes"),
    ("certificates in clear", (*OLD, "-certpbe", "NONE", "-macalg", "sha1"), "yes", "yes"),
    ("everything in clear", (*NOTHING, "-macalg", "sha1"), "yes", "no"),
    ("no key", ("-nokeys", *OLD, "-macalg", "sha1"), "yes", "depends"),
    ("no key, AES-256", ("-nokeys",), "yes", "depends"),
    ("600,001 rounds", (*OLD, "-macalg", "sha1", "-iter", "600001"), "yes", "yes"),
    ("5,000,001 rounds", (*OLD, "-macalg", "sha1", "-iter", "5000001"), "yes", "no"),
]


def tries(*words):
    """(whether it ends well, what it prints)"""
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False,
                          timeout=made.PATIENCE, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent"})
    return done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")


class Openers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = made.Workshop()
        cls.password = cls.shop.write("password", made.PASSWORD)
        version = made.openssl("version").split()[1]
        cls.openssl_version = tuple(map(int, version.split(".")[:2]))

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def doctor(self, path):
        done = subprocess.run([BUILD / "app" / "ctl" / "issuantctl", "inspect-pfx", path,
                               "--password-file", self.password, "--json"], capture_output=True,
                              text=True, check=False, timeout=made.PATIENCE)
        report = json.loads(done.stdout)
        self.assertIn(report["cause"], (None, "too costly"), report)
        return {one["program"]: one for one in report["openers"]}

    def openssl(self, path, *more):
        """How many keys and certificates openssl reads; none if it fails."""
        good, text = tries("openssl", "pkcs12", "-in", path, "-passin", f"pass:{made.PASSWORD}",
                           "-nodes", *more)
        return (text.count("BEGIN PRIVATE KEY") + text.count("BEGIN CERTIFICATE")) if good else 0

    def java(self, path):
        """The same of Java. A key is read only if something is signed with it."""
        store = ("-storetype", "PKCS12", "-storepass", made.PASSWORD, "-keystore", path)
        good, text = tries("keytool", "-list", "-v", *store)
        if not good:
            return 0
        entries = re.findall(r"Alias name: (.*)\n(?:.*\n)*?Entry type: (\w+)", text)
        for alias, kind in entries:
            if kind == "PrivateKeyEntry" and not tries("keytool", "-certreq", "-alias", alias,
                                                       *store)[0]:
                return 0
        return len(entries)

    def others(self, path):
        """{who: whether they open it}"""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                pkcs12.load_pkcs12(path.read_bytes(), made.PASSWORD.encode())
                python = True
            except ValueError:
                python = False
        return {"GnuTLS": tries("certtool", "--p12-info", "--inder", "--infile", path,
                                "--password", made.PASSWORD)[0],
                "NSS": tries("pk12util", "-l", path, "-W", made.PASSWORD)[0],
                "Python": python}

    def row(self, name, data, openssl, java):
        path = self.shop.write("a.p12", data)
        said = self.doctor(path)
        plain, legacy, unchecked, read = (
            self.openssl(path), self.openssl(path, "-legacy"), self.openssl(path, "-nomacver"),
            self.java(path))
        others = self.others(path)
        print(f"# {name:22} OpenSSL 3: {said['OpenSSL 3']['opens']:7} {plain}/{legacy}/{unchecked}"
              f"  Java: {said['Java']['opens']:7} {read}  "
              + "  ".join(f"{who}: {'yes' if good else 'no'}" for who, good in others.items()))
        self.assertEqual((said["OpenSSL 3"]["opens"], said["Java"]["opens"]), (openssl, java))

        reason = said["OpenSSL 3"]["reason"]
        if openssl == "yes":
            self.assertGreater(plain, 0)
        elif openssl == "no":
            self.assertEqual((plain, legacy, unchecked), (0, 0, 0))
        elif "-legacy" in reason:
            self.assertEqual(plain, 0)
            self.assertGreater(legacy, 0)
        else:
            self.assertIn("from 3.4", reason)
            self.assertEqual(plain > 0, self.openssl_version >= (3, 4))
            self.assertGreater(unchecked, 0)

        reason = said["Java"]["reason"]
        if java == "yes" or "8u301" in (reason or ""):
            self.assertGreater(read, 0)
        elif java == "no" or "marked as trusted" in (reason or ""):
            self.assertEqual(read, 0)
        return said, others

    def test_files(self):
        for name, arguments, openssl, java in FILES:
            with self.subTest(name):
                _, others = self.row(name, self.shop.pfx(*arguments), openssl, java)
                # The two that are written here are opened by everybody.
                if name in ("TripleDES, SHA-1", "AES-256, SHA-256"):
                    self.assertEqual(set(others.values()), {True})

    def test_made(self):
        """What openssl does not write: PBKDF2 with each digest, PBMAC1, NSS's odd name for AES."""
        key, certificate = (made.run_bytes(*words) for words in (
            ("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", self.shop / "leaf.key", "-outform",
             "DER"),
            ("openssl", "x509", "-in", self.shop / "leaf.crt", "-outform", "DER")))
        whole = self.shop.pfx()
        password = made.PASSWORD.encode()

        def around(bag):
            bags = made.sequence(made.certificate_bag(certificate, b"1"), bag)
            return made.with_hmac(made.with_safes(whole, made.sequence(made.sequence(
                made.oid("data"), made.der(0xa0, made.octets(bags))))))

        for prf in ("sha1", "sha256", "sha512"):
            for cipher, size in (("aes128", 16), ("aes256", 32)):
                with self.subTest(prf, cipher=cipher):
                    self.row(f"{cipher}, {prf} derives", around(made.shrouded_bag(
                        key, password, cipher, size, prf=prf, mark=b"1")), "yes", "depends")
        with self.subTest("misnamed"):
            said, _ = self.row("aes128 with 32 bytes", around(made.shrouded_bag(
                key, password, "aes128", 32, mark=b"1")), "no", "no")
            self.assertEqual(said["OpenSSL 1.1"]["opens"], "no")
        with self.subTest("PBMAC1"):
            self.row("PBMAC1", made.pbmac1(whole), "depends", "depends")


if __name__ == "__main__":
    tap.main()

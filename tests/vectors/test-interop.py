# SPDX-License-Identifier: GPL-3.0-or-later
"""What others write, we read; what we write, they read: names, chain, key and pairing stay."""
import hashlib
import shutil
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

import made
import tap
import vectors

NAME = "Größe €"
PROFILES = ("aes256", "tripledes")


def sha256(der):
    return hashlib.sha256(der).hexdigest()


class Interop(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.shop = made.Workshop()
        cls.key = serialization.load_pem_private_key((cls.shop / "leaf.key").read_bytes(), None)
        cls.leaf, cls.ca = (x509.load_pem_x509_certificate((cls.shop / name).read_bytes())
                            for name in ("leaf.crt", "ca.crt"))
        der = serialization.Encoding.DER
        cls.sums = [sha256(one.public_bytes(der)) for one in (cls.leaf, cls.ca)]

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def check(self, who, path, certificates=2, keys=1, name=None, pairings=("both",)):
        told, = vectors.tell("pfx", made.PASSWORD, path)
        self.assertNotIn("cause", told, who)
        self.assertEqual((len(told["certificates"]), told["keys"], told["unpaired"]),
                         (certificates, keys, 0), who)
        for one in told["certificates"]:
            if one["sha256"] == self.sums[0]:
                self.assertEqual(one["has_key"], keys)
                self.assertIn(one["pairing"], pairings if keys else ("none",), who)
                if name is not None:
                    self.assertEqual(one["name"], name, who)
        return told

    def test_python(self):
        private = serialization.PrivateFormat.PKCS12.encryption_builder()
        pbes = pkcs12.PBES
        for who, encryption in (
                ("usual", serialization.BestAvailableEncryption(made.PASSWORD.encode())),
                ("AES", private.key_cert_algorithm(pbes.PBESv2SHA256AndAES256CBC).hmac_hash(
                    hashes.SHA512()).kdf_rounds(5000).build(made.PASSWORD.encode())),
                ("TripleDES", private.key_cert_algorithm(pbes.PBESv1SHA1And3KeyTripleDESCBC)
                 .hmac_hash(hashes.SHA1()).build(made.PASSWORD.encode()))):
            with self.subTest(who):
                data = pkcs12.serialize_key_and_certificates(NAME.encode(), self.key, self.leaf,
                                                             [self.ca], encryption)
                # Debian 13's no longer says by a number which key is whose.
                self.check(who, self.shop.write("python.p12", data), name=NAME,
                           pairings=("both", "public key"))

    def test_gnutls(self):
        for cipher in ("aes-256", "aes-128", "3des-pkcs12", "3des", "rc2-40"):
            with self.subTest(cipher):
                made.run("certtool", "--to-p12", "--load-privkey", self.shop / "leaf.key",
                         "--load-certificate", self.shop / "chain.pem", "--p12-name", NAME,
                         "--password", made.PASSWORD, "--pkcs-cipher", cipher, "--outder",
                         "--outfile", self.shop / "gnutls.p12")
                self.check(cipher, self.shop / "gnutls.p12")

    def nss_store(self):
        folder = self.shop / "nss"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        made.run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
        return f"sql:{folder}"

    def test_nss(self):
        for cipher in ("AES-256-CBC", "DES-EDE3-CBC",
                       "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC"):
            with self.subTest(cipher):
                store = self.nss_store()
                self.shop.pfx("-name", "nick", out="in.p12")
                made.run("pk12util", "-i", self.shop / "in.p12", "-d", store, "-W", made.PASSWORD)
                made.run("pk12util", "-o", self.shop / "nss.p12", "-n", "nick", "-d", store, "-W",
                         made.PASSWORD, "-c", cipher, "-C", cipher)
                self.check(cipher, self.shop / "nss.p12", name="nick")

    def keytool(self, *words):
        return made.run("keytool", *words, "-storetype", "PKCS12", "-storepass", made.PASSWORD)

    def test_java(self):
        path = self.shop / "java.p12"
        self.shop.pfx("-name", "nick", out="in.p12")
        self.keytool("-importkeystore", "-srckeystore", self.shop / "in.p12", "-srcstoretype",
                     "PKCS12", "-srcstorepass", made.PASSWORD, "-destkeystore", path,
                     "-deststoretype", "PKCS12", "-deststorepass", made.PASSWORD)
        self.check("a key", path, name="nick")
        trusted = self.shop / "trusted.p12"
        self.keytool("-importcert", "-noprompt", "-alias", "root", "-file", self.shop / "ca.crt",
                     "-keystore", trusted)
        self.check("a trusted certificate", trusted, 1, 0)
        self.keytool("-genseckey", "-alias", "secret", "-keyalg", "AES", "-keysize", "256",
                     "-keystore", trusted)
        self.check("a secret key beside it", trusted, 1, 0)
        self.keytool("-delete", "-alias", "root", "-keystore", trusted)
        self.check("a secret key alone", trusted, 0, 0)
        two = self.shop / "two.p12"
        for alias in ("one", "two"):
            self.keytool("-genkeypair", "-alias", alias, "-dname", f"CN={alias}", "-keyalg", "RSA",
                         "-keystore", two)
        told = self.check("two keys", two, 2, 2)
        self.assertEqual(sorted(one["name"] for one in told["certificates"]), ["one", "two"])

    def test_ours_is_read(self):
        self.shop.pfx("-name", NAME, out="in.p12")
        for profile in PROFILES:
            with self.subTest(profile):
                path = self.shop / f"{profile}.p12"
                made.run(vectors.TELL, "write", profile, made.PASSWORD, self.shop / "in.p12", path)
                self.check("we", path, name=NAME)

                text = made.openssl("pkcs12", "-in", path, "-passin", f"pass:{made.PASSWORD}",
                                    "-nodes", "-info")
                self.assertEqual(text.count("BEGIN CERTIFICATE"), 2)
                self.assertEqual(text.count("BEGIN PRIVATE KEY"), 1)

                text = made.run("certtool", "--p12-info", "--inder", "--infile", path,
                                "--password", made.PASSWORD)
                self.assertEqual(text.count("BEGIN CERTIFICATE"), 2)
                self.assertIn("PRIVATE KEY", text)

                text = made.run("pk12util", "-l", path, "-W", made.PASSWORD)
                self.assertRegex(text, r"(?s)Key.*Certificate.*CN=leaf")

                text = self.keytool("-list", "-v", "-keystore", path)
                self.assertIn("PrivateKeyEntry", text)
                self.assertIn("Certificate chain length: 2", text)

                found = pkcs12.load_pkcs12(path.read_bytes(), made.PASSWORD.encode())
                self.assertEqual(found.key.private_numbers(), self.key.private_numbers())
                self.assertEqual((found.cert.certificate, found.cert.friendly_name.decode()),
                                 (self.leaf, NAME))
                self.assertEqual([one.certificate for one in found.additional_certs], [self.ca])

    def test_there_and_back(self):
        """Ours through NSS and through Java, and the same comes back."""
        self.shop.pfx("-name", "nick", out="in.p12")
        for profile in PROFILES:
            path = self.shop / "ours.p12"
            made.run(vectors.TELL, "write", profile, made.PASSWORD, self.shop / "in.p12", path)
            with self.subTest(f"{profile}, NSS"):
                store = self.nss_store()
                made.run("pk12util", "-i", path, "-d", store, "-W", made.PASSWORD)
                made.run("pk12util", "-o", self.shop / "back.p12", "-n", "nick", "-d", store, "-W",
                         made.PASSWORD)
                self.check("NSS", self.shop / "back.p12", name="nick")
            with self.subTest(f"{profile}, Java"):
                back = self.shop / "java-back.p12"
                back.unlink(missing_ok=True)
                made.run("keytool", "-importkeystore", "-srckeystore", path, "-srcstoretype",
                         "PKCS12", "-srcstorepass", made.PASSWORD, "-destkeystore", back,
                         "-deststoretype", "PKCS12", "-deststorepass", made.PASSWORD)
                self.check("Java", back, name="nick")


if __name__ == "__main__":
    tap.main()

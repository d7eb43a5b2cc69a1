# SPDX-License-Identifier: GPL-3.0-or-later
"""Others' PKCS#12 files: what python-cryptography sees in them, our reader sees as well."""
import hashlib
import unittest
import warnings

from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

import tap
import vectors

# file: password, certificates, private keys
FILES = {
    "cert-aes256cbc-no-key.p12": ("cryptography", 1, 0),
    "cert-key-aes256cbc.p12": ("cryptography", 1, 1),
    "cert-none-key-none.p12": ("cryptography", 1, 1),
    "cert-rc2-key-3des.p12": ("cryptography", 1, 1),
    "name-1-no-pwd.p12": (None, 3, 1),
    "name-1-pwd.p12": ("password", 3, 1),
    "name-2-3-no-pwd.p12": (None, 3, 1),
    "name-2-3-pwd.p12": ("password", 3, 1),
    "name-2-no-pwd.p12": (None, 3, 1),
    "name-2-pwd.p12": ("password", 3, 1),
    "name-3-no-pwd.p12": (None, 3, 1),
    "name-3-pwd.p12": ("password", 3, 1),
    "name-all-no-pwd.p12": (None, 3, 1),
    "name-all-pwd.p12": ("password", 3, 1),
    "name-unicode-no-pwd.p12": (None, 3, 1),
    "name-unicode-pwd.p12": ("password", 3, 1),
    "no-cert-key-aes256cbc.p12": ("cryptography", 0, 1),
    "no-cert-name-2-no-pwd.p12": (None, 2, 0),
    "no-cert-name-2-pwd.p12": ("password", 2, 0),
    "no-cert-name-3-no-pwd.p12": (None, 2, 0),
    "no-cert-name-3-pwd.p12": ("password", 2, 0),
    "no-cert-name-all-no-pwd.p12": (None, 2, 0),
    "no-cert-name-all-pwd.p12": ("password", 2, 0),
    "no-cert-name-unicode-no-pwd.p12": (None, 2, 0),
    "no-cert-name-unicode-pwd.p12": ("password", 2, 0),
    "no-cert-no-name-no-pwd.p12": (None, 2, 0),
    "no-cert-no-name-pwd.p12": ("password", 2, 0),
    "no-name-no-pwd.p12": (None, 3, 1),
    "no-name-pwd.p12": ("password", 3, 1),
    "no-password.p12": (None, 1, 1),
}


def opinion(path, password):
    """What python-cryptography reads: ([(SHA-256, friendly name)...], number of keys)"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")    # a new subject's old date, and such
        found = pkcs12.load_pkcs12(path.read_bytes(), password.encode() if password else None)
    certificates = ([found.cert] if found.cert else []) + found.additional_certs
    names = [(hashlib.sha256(one.certificate.public_bytes(Encoding.DER)).hexdigest(),
              (one.friendly_name or b"").decode()) for one in certificates]
    return sorted(names), int(found.key is not None)


def ours(told):
    return (sorted((one["sha256"], one["name"]) for one in told["certificates"]), told["keys"])


class Pfx(unittest.TestCase):
    def test_table_is_whole(self):
        there = {path.name for path in (vectors.FOLDER / "pkcs12").glob("*.p12")}
        self.assertLessEqual(set(FILES), there)

    def test_files(self):
        for name, (password, certificates, keys) in FILES.items():
            with self.subTest(name):
                path = vectors.FOLDER / "pkcs12" / name
                told, = vectors.tell("pfx", password or "-", path)
                self.assertEqual(told.get("error"), None)
                self.assertEqual((len(told["certificates"]), told["keys"]), (certificates, keys))
                self.assertEqual(ours(told), opinion(path, password))
                with_key = sum(one["has_key"] for one in told["certificates"])
                self.assertEqual(with_key, 1 if certificates and keys else 0)

    def test_wrong_password(self):
        for name, (password, _, _) in FILES.items():
            if password is None:
                continue
            with self.subTest(name):
                told, = vectors.tell("pfx", password + "x", vectors.FOLDER / "pkcs12" / name)
                self.assertEqual(told, {"error": vectors.WRONG_PASSWORD})

    def test_pkits(self):
        """NIST's, one key and its chain in each; one in five, all take half a minute."""
        paths = sorted((vectors.FOLDER / "x509" / "PKITS_data" / "pkcs12").glob("*.p12"))[::5]
        self.assertGreater(len(paths), 80)
        for path, told in zip(paths, vectors.tell("pfx", "password", *paths), strict=True):
            with self.subTest(path.name):
                self.assertEqual(told.get("error"), None)
                self.assertEqual(ours(told), opinion(path, "password"))


if __name__ == "__main__":
    tap.main()

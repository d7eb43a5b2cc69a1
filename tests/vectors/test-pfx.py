# SPDX-License-Identifier: GPL-3.0-or-later
"""Others' PKCS#12 files: what python-cryptography sees in them, our reader sees as well."""
import collections
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

# Certificates that take the parameters of their DSA key from their issuer's: nothing in the file
# says that the key is theirs.
INHERITED = ("DSAParametersInheritedCACert.p12", "ValidDSAParameterInheritanceTest5EE.p12")


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


def print_table(what, counts):
    """A comment of TAP: how many files of each kind."""
    for kind, n in sorted(counts.items(), key=str):
        print(f"# {what:16} {str(kind):24} {n:5}")


class Pfx(unittest.TestCase):
    def test_table_is_whole(self):
        there = {path.name for path in (vectors.FOLDER / "pkcs12").glob("*.p12")}
        self.assertLessEqual(set(FILES), there)

    def test_files(self):
        counts = collections.Counter()
        for name, (password, certificates, keys) in FILES.items():
            with self.subTest(name):
                path = vectors.FOLDER / "pkcs12" / name
                told, = vectors.tell("pfx", password or "-", path)
                self.assertEqual(told.get("cause"), None)
                self.assertEqual((len(told["certificates"]), told["keys"]), (certificates, keys))
                self.assertEqual(ours(told), opinion(path, password))
                counts[certificates, keys] += 1
                with_key = sum(one["has_key"] for one in told["certificates"])
                self.assertEqual(with_key, 1 if certificates and keys else 0)
        print_table("pkcs12", counts)

    def test_wrong_password(self):
        for name, (password, _, _) in FILES.items():
            if password is None:
                continue
            with self.subTest(name):
                told, = vectors.tell("pfx", password + "x", vectors.FOLDER / "pkcs12" / name)
                self.assertEqual(told, {"cause": "wrong password"})

    def test_pkits(self):
        """All of NIST's, one key and its chain in each."""
        paths = sorted((vectors.FOLDER / "x509" / "PKITS_data" / "pkcs12").glob("*.p12"))
        self.assertGreater(len(paths), 400)
        counts = collections.Counter()
        for path, told in zip(paths, vectors.tell("pfx", "password", *paths), strict=True):
            with self.subTest(path.name):
                self.assertEqual(told.get("cause"), None)
                self.assertEqual((told["unpaired"], told["integrity"]),
                                 (int(path.name in INHERITED), "hmac"))
                counts[len(told["certificates"]), told["keys"]] += 1
        print_table("PKITS pkcs12", counts)
        for path, told in list(zip(paths, vectors.tell("pfx", "password", *paths)))[::8]:
            with self.subTest(f"{path.name}, as others read it"):
                self.assertEqual(ours(told), opinion(path, "password"))

    def test_pkits_wrong_password(self):
        paths = sorted((vectors.FOLDER / "x509" / "PKITS_data" / "pkcs12").glob("*.p12"))
        causes = {told.get("cause") for told in vectors.tell("pfx", "Password", *paths)}
        self.assertEqual(causes, {"wrong password"})

    def test_everything_else(self):
        """What is no PFX file is called that, or has a name of its own; nothing opens."""
        paths = sorted(path for path in vectors.FOLDER.rglob("*") if path.is_file()
                       and path.suffix not in (".p12", ".py", ".pyc", ".txt", ".rsp"))
        counts = collections.Counter(told.get("cause", "opens")
                                     for told in vectors.tell("pfx", "password", *paths))
        print_table("other files", counts)
        self.assertEqual(set(counts), {"not a PFX"})


if __name__ == "__main__":
    tap.main()

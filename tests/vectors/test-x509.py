# SPDX-License-Identifier: GPL-3.0-or-later
"""Others' certificates, odd ones too: the list, the certificate's own view and python-cryptography
say the same of them."""
import collections
import hashlib
import unittest
import warnings

from cryptography import x509

import certificates
import tap
import vectors

# What the list and the certificate's own view may say differently, and why.
DIFFERENT = {
    "custom/ec_no_named_curve.pem":
        ({"key_bits": (0, 256)}, "the list knows curves by their names, and this one has none"),
}

# Why a file does not open, and how many do not for that reason, at least.
CAUSES = {
    "This file holds a certificate revocation list, not a certificate": 190,
    "This file holds a certificate request, not a certificate": 20,
    "This file holds an OCSP request, not a certificate": 9,
    "This file holds an OCSP response, not a certificate": 16,
    "This file holds a mail message: save what is attached to it, and open that": 224,
    "This file holds the inner part of a certificate, without the signature": 1,
    "Block 1 of the file: The certificate's validity is not made of two dates": 1,
    "Block 1 of the file: The certificate says that its version is 8; there are 1, 2 and 3": 1,
    "Block 1 of the file: The certificate has two extensions of one kind, X509v3 Basic "
    "Constraints, which may say different things": 1,
    "Block 1 of the file: This is not a certificate: a text in it is not UTF-8, though it says "
    "so": 1,
    "Block 1 of the file: This is not a certificate: a name in it is not text of any kind that "
    "there is": 1,
}

# What only one of both can read.
ONE_SIDED = {
    "custom/invalid_utf8_common_name.pem":
        ("summary", "OpenSSL takes no name that is not UTF-8; the list shows it, to be deleted"),
    "custom/invalid_version.pem":
        ("summary", "there is no such version; the list shows it, to be deleted"),
    "custom/two_basic_constraints.pem":
        ("summary", "nobody knows which of both holds; the list shows it, to be deleted"),
}


class X509(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = dict(certificates.every())
        cls.told = certificates.tell("x509", cls.files)

    def test_there_are_many(self):
        self.assertGreater(len(self.files), 480)

    def test_exceptions_are_there(self):
        self.assertLessEqual(set(DIFFERENT) | set(ONE_SIDED), set(self.files))

    def test_both_or_none(self):
        for name, told in self.told.items():
            with self.subTest(name):
                readers = [who for who in ("summary", "certificate") if "error" not in told[who]]
                expected = ONE_SIDED.get(name, (None,))[0]
                if expected is None:
                    self.assertIn(len(readers), (0, 2), readers)
                else:
                    self.assertEqual(readers, [expected])

    def test_same(self):
        n_same = 0
        for name, told in self.told.items():
            if "error" in told["summary"] or "error" in told["certificate"]:
                continue
            with self.subTest(name):
                different = {key: (told["summary"][key], value)
                             for key, value in told["certificate"].items()
                             if told["summary"][key] != value}
                self.assertEqual(different, DIFFERENT.get(name, ({},))[0])
                n_same += 1
        self.assertGreater(n_same, 470)

    def test_as_files(self):
        """Every file there is, whatever is in it: it opens with what can be read of it alone, or
        says why not."""
        folder = vectors.FOLDER / "x509"
        paths = sorted(path for path in folder.rglob("*")
                       if path.suffix in (".pem", ".der", ".crt", ".crl", ".p7c", ".p7m", ".eml"))
        counts = collections.Counter()
        causes = collections.Counter()
        for path, told in zip(paths, vectors.tell("file", "-", *paths), strict=True):
            name = path.relative_to(folder).as_posix()
            if name == "cryptography.io.old_header.pem":
                continue    # its label is not what certificates.every() looks for
            blocks = [one for one in self.told if one == name or one.startswith(f"{name}#")]
            good = [one for one in blocks if "error" not in self.told[one]["certificate"]]
            with self.subTest(name):
                if b"Proc-Type: 4,ENCRYPTED" in path.read_bytes():
                    self.assertEqual(told["error"], vectors.WRONG_PASSWORD)
                    counts["refused", told["error"]] += 1
                elif "error" in told:
                    self.assertIn(told["error"], (vectors.MALFORMED, vectors.UNSUPPORTED))
                    self.assertIn(told["message"], CAUSES)
                    causes[told["message"]] += 1
                    self.assertTrue(not blocks or len(good) < len(blocks), told["message"])
                    counts["refused", told["error"]] += 1
                else:
                    self.assertEqual({self.told[one]["certificate"]["sha256"] for one in blocks},
                                     {one["sha256"] for one in told["certificates"]})
                    counts["certificates", len(told["certificates"])] += 1
        for kind, n in sorted(counts.items()):
            print(f"# x509 {kind[0]:13} {kind[1]:3} {n:5}")
        for cause, n in causes.most_common():
            print(f"# x509 {n:5} {cause}")
        self.assertEqual({cause: n for cause, n in CAUSES.items() if causes[cause] < n}, {})
        self.assertGreater(sum(counts.values()), 950)

    def test_opinion(self):
        """What somebody else's reader says."""
        n_read = 0
        for name, told in self.told.items():
            if "error" in told["summary"]:
                continue
            der = self.files[name]
            with self.subTest(name), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    other = x509.load_der_x509_certificate(der)
                    before = other.not_valid_before.timestamp()
                    after = other.not_valid_after.timestamp()
                except (ValueError, x509.InvalidVersion):
                    continue    # stricter than we are
                n_read += 1
                self.assertEqual(told["summary"]["not_before"], before)
                self.assertEqual(told["summary"]["not_after"], after)
                self.assertEqual(told["summary"]["sha256"], hashlib.sha256(der).hexdigest())
                try:
                    found = other.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
                    purposes = [one.dotted_string for one in found.value]
                except x509.ExtensionNotFound:
                    purposes = []
                except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
                    continue    # another extension that it cannot read
                self.assertEqual(told["summary"]["purposes"], ",".join(purposes))
        self.assertGreater(n_read, 470)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Others' certificates on the Details page: nothing stops it, and openssl reads the same."""
import collections
import ipaddress
import re
import subprocess
import unittest
import warnings

from cryptography import x509

import certificates
import tap

# What python-cryptography does not take and others do, and what its tests do not call invalid.
NOT_INVALID = {
    "ed25519/ed25519-rfc8410.pem": "the example of RFC 8410, which writes a default out",
}

# A party's name that nobody can read, in a certificate that is not invalid for it
UNSUPPORTED = {"san_edipartyname.der"}


def is_invalid(der):
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.subject, certificate.issuer, certificate.extensions
    except x509.UnsupportedGeneralNameType:
        return False
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension):
        return True
    return False


def openssl(der):
    done = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-text", "-nameopt",
                           "utf8,sname,sep_multiline"], input=der, capture_output=True,
                          check=False)
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def names(extension):
    """DNS names and addresses as our lines have them"""
    for name in extension.value:
        if isinstance(name, x509.DNSName):
            yield f"DNS Name={name.value}"
        elif isinstance(name, x509.IPAddress) and isinstance(
                name.value, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
            yield f"IP Address={name.value}"


class Details(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = dict(certificates.every())
        told = certificates.tell("details", cls.files)
        cls.told = {name: one["fields"] for name, one in told.items() if "error" not in one}

    def field(self, name, key):
        for one in self.told[name]:
            if key in (one["name"], one["oid"]):
                return one
        return None

    def test_every_one_is_shown(self):
        self.assertGreater(len(self.told), 470)
        for name, fields in self.told.items():
            with self.subTest(name):
                self.assertEqual([one["name"] for one in fields][:3],
                                 ["version", "serial-number", "signature-algorithm"])
                self.assertIn("thumbprint", [one["name"] for one in fields])

    def test_nothing_invisible(self):
        for name, fields in self.told.items():
            for one in fields:
                with self.subTest(name, oid=one["oid"]):
                    for line in one["text"] + [one["value"]]:
                        self.assertNotRegex(line, "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")

    def test_few_cannot_be_decoded(self):
        """What our decoder gives up on, somebody else's gives up on as well."""
        n_odd = 0
        for name, fields in self.told.items():
            odd = [one["oid"] for one in fields if not one["decoded"]]
            if not odd:
                continue
            with self.subTest(name, odd=odd), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                certificate = x509.load_der_x509_certificate(self.files[name])
                # It reads all of them when one is asked for.
                with self.assertRaises((ValueError, x509.UnsupportedGeneralNameType)):
                    certificate.extensions.get_extension_for_oid(x509.ObjectIdentifier(odd[0]))
                n_odd += 1
        self.assertIn(n_odd, range(3, 8))

    def test_invalid_ones_are_named(self):
        """Whatever their tests call invalid, in the certificate or in an extension of it, is
        refused or said to be wrong on its Details page, and nothing else is."""
        counts = collections.Counter()
        for name, der in self.files.items():
            causes = sorted({one["note"] for one in self.told.get(name, []) if one["note"]})
            with self.subTest(name, causes=causes), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                invalid = is_invalid(der)
                if name in NOT_INVALID:
                    self.assertTrue(invalid)
                    self.assertEqual(causes, [])
                elif name not in self.told:
                    self.assertTrue(invalid)
                    counts["refused"] += 1
                elif invalid:
                    self.assertEqual(len(causes), 1)
                    counts[causes[0]] += 1
                elif name not in UNSUPPORTED:
                    self.assertEqual(causes, [])
        for cause, n in counts.most_common():
            print(f"# x509 invalid {n:5} {cause}")
        self.assertEqual(counts, {
            "refused": 5,
            "This extension is not what its type says: its bytes are shown as they are": 3,
            "A range of addresses in it is none: it has no mask, or one with holes": 3,
            "A timestamp in it is signed in a way that nobody can check": 2,
            "A timestamp in it is of a version that there is not": 1,
            "A number of certificates in it is negative": 1,
            "It limits a path below a certificate that issues none": 1,
        })

    def test_openssl(self):
        """A sample: version, serial number, and which extensions are critical."""
        n_compared = 0
        for name in sorted(self.told)[::8]:
            text = openssl(self.files[name])
            if text is None:
                continue
            with self.subTest(name):
                n_compared += 1
                version = re.search(r"Version: (\d+) ", text)
                if version:
                    self.assertEqual(self.field(name, "version")["value"], f"V{version[1]}")
                serial = re.search(r"Serial Number:\s+(?:\d+ \(0x([0-9a-f]+)\)"
                                   r"|((?:[0-9a-f]{2}:)+[0-9a-f]{2}))", text)
                if serial:
                    typed = (serial[1] or serial[2]).replace(":", "")
                    self.assertEqual(int(self.field(name, "serial-number")["value"], 16),
                                     int(typed, 16))
                self.assertEqual(sum(one["critical"] for one in self.told[name]),
                                 len(re.findall(r"^ {12}\S.*: critical$", text, re.M)))
        self.assertGreater(n_compared, 50)

    def test_names(self):
        n_compared = 0
        for name in self.told:
            ours = self.field(name, "2.5.29.17")
            with self.subTest(name), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    theirs = list(names(x509.load_der_x509_certificate(
                        self.files[name]).extensions.get_extension_for_class(
                            x509.SubjectAlternativeName)))
                except Exception:    # pylint: disable=broad-except  # stricter than we are
                    continue
                n_compared += 1
                for line in theirs:
                    if line.isascii() and line.isprintable():
                        self.assertIn(line, ours["text"])
        self.assertGreater(n_compared, 20)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that are odd, but certificates: each goes the whole way, from a file into a store,
into the list, into every page of what is said of it, and out again with the same bytes."""
import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import demo
import tap

MARKUP = "<b>not</b> & “bold” _x_ %s"
N_NAMES = 10000


def make(name, not_after=datetime.datetime(2027, 1, 1), names=()):
    """A certificate of a key of its own; the serial number is 5."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Odd CA")])
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)] if name else [])
    builder = (x509.CertificateBuilder().issuer_name(issuer).subject_name(subject)
               .public_key(key.public_key()).serial_number(5)
               .not_valid_before(datetime.datetime(2026, 1, 1)).not_valid_after(not_after))
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), not name)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


class OddCertificates(demo.Case):
    def shown(self, der, listed, *said):
        """What comes of one, and which of its details are said."""
        path = self.demo.home / "odd.cer"
        path.write_bytes(der)
        done = self.ctl("import-certificate", "--server", "fe01", "--path", path)
        self.assertRegex(done.lines[1], "^fe01 +done +imported, without a key$")

        sha256 = demo.openssl("x509", "-in", path, "-inform", "der", "-noout", "-fingerprint",
                              "-sha256").strip().split("=")[1].replace(":", "").lower()
        rows = self.ctl("get-store", "--server", "fe01",
                        "--json").json["servers"][0]["certificates"]
        row, = [row for row in rows if row["sha256"] == sha256]
        self.assertEqual(row["issuedTo"], listed)
        self.assertIn(listed, self.ctl("get-store", "--server", "fe01").out)

        told = self.ctl("show-certificate", "--thumbprint", sha256, "--details",
                        "--certification-path")
        for words in said:
            self.assertIn(words, told.out)
        self.assertIn("The issuer of this certificate, “Odd CA”, could not be found on fe01",
                      told.out)
        self.ctl("test-certificate", "--server", "fe01", "--type", "OAuthTokenIssuer",
                 "--thumbprint", sha256, status=4)

        out = self.demo.home / "out.cer"
        out.unlink(missing_ok=True)
        self.ctl("export-certificate", "--server", "fe01", "--thumbprint", sha256, "--path", out,
                 "--format", "der")
        self.assertEqual(out.read_bytes(), der)
        self.ctl("delete-certificate", "--server", "fe01", "--thumbprint", sha256)
        self.ctl("restore-certificate", "--server", "fe01", "--thumbprint", sha256)

    def test_empty_subject(self):
        self.shown(make("", names=["only.contoso.example"]), "only.contoso.example",
                   "DNS Name=only.contoso.example")

    def test_no_name_at_all(self):
        der = make("")
        thumbprint = hashlib.sha1(der).hexdigest().upper()
        self.shown(der, f"(no name) {thumbprint[:4]} {thumbprint[4:8]} … {thumbprint[-4:]}")

    def test_negative_serial_number(self):
        der = make("negative.contoso.example")
        at = der.index(b"\x02\x01\x05")
        self.shown(der[:at] + b"\x02\x01\xfb" + der[at + 3:], "negative.contoso.example",
                   "SerialNumber     : -05")

    def test_year_9999(self):
        """RFC 5280, 4.1.2.5: no well-defined end."""
        self.shown(make("9999.contoso.example", datetime.datetime(9999, 12, 31, 23, 59, 59)),
                   "9999.contoso.example", "31 December 9999")

    def test_markup(self):
        self.shown(make(MARKUP), MARKUP)

    def test_many_names(self):
        names = [f"host{i:05}.contoso.example" for i in range(N_NAMES)]
        self.shown(make("many.contoso.example", names=names), "many.contoso.example",
                   f"DNS Name={names[0]}", f"DNS Name={names[-1]}")


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of file that there is, a row each: how it is made, and what is read of it or why
nothing is. The bad ones are named."""
import unittest

import made
import tap
import vectors

UNICODE = "Größe€𝄞"


class Reading(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.shop = made.Workshop()

    @classmethod
    def tearDownClass(cls):
        cls.shop.close()

    def tell(self, data, password=made.PASSWORD, mode="file"):
        path = self.shop.write("told.bin", data)
        told, = vectors.tell(mode, "-" if password is None else password, path)
        return told

    def opens(self, name, data, certificates, keys, password=made.PASSWORD, **more):
        with self.subTest(name):
            told = self.tell(data, password)
            self.assertNotIn("error", told, told.get("message"))
            self.assertEqual((len(told["certificates"]), told["keys"]), (certificates, keys))
            for key, value in more.items():
                self.assertEqual(told[key], value)
            return told

    def fails(self, name, data, code, words="", password=made.PASSWORD):
        with self.subTest(name):
            told = self.tell(data, password)
            self.assertEqual(told.get("error"), code, told)
            self.assertIn(words, told["message"])

    def test_keys(self):
        """In PFX and in PEM, plain and encrypted; curves that are not NIST's are read as well."""
        kinds = [
            ("rsa", "RSA", ("-pkeyopt", "rsa_keygen_bits:3072"), "RSA 3072"),
            ("pss", "RSA-PSS", ("-pkeyopt", "rsa_keygen_bits:2048"), "RSA-PSS 2048"),
            ("p256", "EC", ("-pkeyopt", "ec_paramgen_curve:P-256"), "EC 256"),
            ("p384", "EC", ("-pkeyopt", "ec_paramgen_curve:P-384"), "EC 384"),
            ("p521", "EC", ("-pkeyopt", "ec_paramgen_curve:P-521"), "EC 521"),
            ("k256", "EC", ("-pkeyopt", "ec_paramgen_curve:secp256k1"), "EC 256"),
            ("brainpool", "EC", ("-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"), "EC 256"),
            ("ed25519", "ED25519", (), "Ed25519 256"),
            ("ed448", "ED448", (), "Ed448 456"),
        ]
        made.openssl("dsaparam", "-out", self.shop / "dsa.param", "2048")
        made.openssl("genpkey", "-paramfile", self.shop / "dsa.param", "-out",
                     self.shop / "dsa.key")
        made.openssl("req", "-x509", "-key", self.shop / "dsa.key", "-subj", "/CN=dsa", "-out",
                     self.shop / "dsa.crt")
        for name, algorithm, options, _ in kinds:
            self.shop.make_key(name, algorithm, *options)
        for name, kind in [(kind[0], kind[3]) for kind in kinds] + [("dsa", "DSA 2048")]:
            told = self.opens(f"{name} in PFX", self.shop.pfx(name=name), 2, 1, unpaired=0,
                              format="PFX", kinds=[kind])
            if told is not None:
                self.assertEqual(told["certificates"][0]["pairing"], "both")
            pem = b"".join((self.shop / f"{name}.{end}").read_bytes() for end in ("key", "crt"))
            self.opens(f"{name} in PEM", pem, 1, 1, unpaired=0, format="PEM", kinds=[kind])
            made.openssl("pkcs8", "-topk8", "-in", self.shop / f"{name}.key", "-passout",
                         "pass:secret", "-out", self.shop / "a.key")
            self.opens(f"{name} encrypted in PEM", (self.shop / "a.key").read_bytes(), 0, 1,
                       kinds=[kind])

    def test_passwords(self):
        """UTF-8, beyond 16 bits, none and empty ones, and as OpenSSL 1.0 wrote them."""
        old = UNICODE.encode().decode("latin-1")
        for name, password, arguments in (
                ("UTF-8", UNICODE, ()), ("UTF-8, old algorithms", UNICODE, ("-legacy",)),
                ("UTF-8, no MAC", UNICODE, ("-nomac", "-certpbe", "AES-256-CBC")),
                ("UTF-8, old algorithms, no MAC", UNICODE,
                 ("-legacy", "-nomac", "-certpbe", "PBE-SHA1-3DES")),
                ("64 letters", "x" * 64, ()), ("blanks", " a b ", ()), ("empty", "", ())):
            self.opens(name, self.shop.pfx(*arguments, password=password), 2, 1, password=password)
        self.opens("empty, nothing typed", self.shop.pfx(password=""), 2, 1, password=None)
        for name, arguments in (("with MAC", ("-legacy",)),
                                ("without", ("-legacy", "-nomac", "-certpbe", "PBE-SHA1-3DES"))):
            data = self.shop.pfx(*arguments, password=old)
            self.opens(f"OpenSSL 1.0 {name}", data, 2, 1, password=UNICODE)
            self.fails(f"OpenSSL 1.0 {name}, wrong", data, vectors.WRONG_PASSWORD,
                       "The password is wrong", password=UNICODE + "x")
        self.fails("a letter less", self.shop.pfx(password=UNICODE), vectors.WRONG_PASSWORD,
                   "The password is wrong", password=UNICODE[:-1])

    def test_integrity(self):
        for name, arguments, expected in (
                ("SHA-1", ("-macalg", "sha1"), "hmac"), ("SHA-256", (), "hmac"),
                ("SHA-384", ("-macalg", "sha384"), "hmac"),
                ("SHA-512", ("-macalg", "sha512"), "hmac"), ("none", ("-nomac",), "none"),
                ("nothing but a MAC", ("-keypbe", "NONE", "-certpbe", "NONE"), "hmac"),
                ("nothing at all", ("-keypbe", "NONE", "-certpbe", "NONE", "-nomac"), "none")):
            self.opens(name, self.shop.pfx(*arguments), 2, 1, integrity=expected)
        self.opens("certificates only", self.shop.pfx("-nokeys"), 2, 0, integrity="hmac")

    def test_ber(self):
        """Lengths that are not known before and strings in pieces, as NSS and others write."""
        whole = self.shop.pfx()
        self.opens("around", made.ber(whole), 2, 1, integrity="hmac")
        for name, arguments in (("within", ("-nomac", "-keypbe", "NONE")),
                                ("within, encrypted", ("-nomac", "-certpbe", "AES-256-CBC"))):
            plain = self.shop.pfx(*arguments)
            _, _, safes, _ = made.parts(plain)
            contents = b""
            for _, element, content in made.split(made.split(safes)[0][2]):
                if made.oid("data") in element[:20]:
                    (_, _, inner), = made.split(made.split(made.split(content)[1][2])[0][1])
                    element = made.sequence(made.oid("data"), made.der(
                        0xa0, made.octets(made.ber(inner))))
                contents += element
            odd = made.ber(made.with_safes(plain, made.ber(made.sequence(contents))))
            self.opens(name, odd, 2, 1, integrity="none")
        self.fails("cut", made.ber(whole)[:-2], vectors.MALFORMED)
        version, _, safes, mac = made.parts(whole)
        for depth, code in ((1, None), (4, None), (7, vectors.MALFORMED), (500, vectors.MALFORMED)):
            string = made.octets(safes)
            for _ in range(depth):
                string = made.der(0x24, string)
            odd = made.sequence(version, made.sequence(made.oid("data"), made.der(0xa0, string)),
                                mac)
            if code is None:
                self.opens(f"{depth} pieces within pieces", odd, 2, 1, integrity="hmac")
            else:
                self.fails(f"{depth} pieces within pieces", odd, code, "pieces within pieces")

    def test_version(self):
        whole = self.shop.pfx()
        for version in (0, 1, 2, 4, 127):
            self.fails(version, whole.replace(made.integer(3), made.integer(version), 1),
                       vectors.MALFORMED, "not of version 3")

    def test_pbmac1(self):
        """RFC 9579: good ones, and what its section 5 wants refused."""
        plain = self.shop.pfx()
        for name, options in (
                ("SHA-256 twice", {}), ("SHA-512 over SHA-256", {"mac": "sha512"}),
                ("SHA-512 twice", {"mac": "sha512", "prf": "sha512", "key_size": 64}),
                ("SHA-384", {"mac": "sha384", "prf": "sha384", "key_size": 48}),
                ("SHA-1 derives", {"prf": "sha1"}), ("20 bytes", {"key_size": 20}),
                ("one round", {"rounds": 1})):
            data = made.pbmac1(plain, **options)
            self.opens(name, data, 2, 1, integrity="pbmac1")
            self.fails(f"{name}, wrong password", data, vectors.WRONG_PASSWORD,
                       "The password is wrong", password="Secret")
        for name, code, odd in (
                ("another count", vectors.WRONG_PASSWORD, {"rounds": made.integer(1)}),
                ("another salt", vectors.WRONG_PASSWORD, {"salt": made.octets(b"other")}),
                ("another digest", vectors.WRONG_PASSWORD, {"digest": bytes(32)}),
                ("half a digest", vectors.MALFORMED, {"digest": bytes(16)}),
                ("no digest", vectors.MALFORMED, {"digest": b""}),
                ("no key length", vectors.MALFORMED, {"key_size": None}),
                ("19 bytes", vectors.MALFORMED, {"key_size": 19}),
                ("0 bytes", vectors.MALFORMED, {"key_size": 0}),
                ("-1 bytes", vectors.MALFORMED, {"key_size": -1}),
                ("65 bytes", vectors.MALFORMED, {"key_size": 65}),
                ("2**40 bytes", vectors.MALFORMED, {"key_size": 2 ** 40}),
                ("no count", vectors.MALFORMED, {"rounds": made.integer(0)}),
                ("a negative count", vectors.MALFORMED, {"rounds": made.integer(-5)}),
                ("an endless count", vectors.TOO_COSTLY, {"rounds": made.integer(2 ** 31 - 1)}),
                ("2**80 rounds", vectors.TOO_COSTLY, {"rounds": made.integer(2 ** 80)}),
                ("a salt that is no string", vectors.MALFORMED,
                 {"salt": made.sequence(made.oid("sha256"), made.NULL)}),
                ("no salt", vectors.MALFORMED, {"salt": made.NULL}),
                ("no parameters", vectors.MALFORMED, {"parameters": made.NULL}),
                ("unknown PRF", vectors.UNSUPPORTED, {"prf": "unknown"}),
                ("unknown MAC", vectors.UNSUPPORTED, {"mac": "unknown"}),
                ("scrypt derives", vectors.UNSUPPORTED, {"derivation": "scrypt"})):
            self.fails(name, made.pbmac1(plain, odd=odd), code,
                       "the length of its key" if "key_size" in odd else "")
        # RFC 9579's own examples are these; somebody else makes them from OpenSSL 3.4 on.
        if tuple(map(int, made.openssl("version").split()[1].split(".")[:2])) >= (3, 4):
            for prf, mac in (("sha256", "sha256"), ("sha256", "sha512"), ("sha512", "sha512")):
                self.opens(f"{prf}, {mac} by OpenSSL", self.shop.pfx(
                    "-pbmac1_pbkdf2", "-pbmac1_pbkdf2_md", prf, "-macalg", mac), 2, 1,
                    integrity="pbmac1")
        seal = made.sequence(made.sequence(made.sequence(made.oid("digest-unknown"), made.NULL),
                                           made.octets(bytes(32))), made.octets(b"salt"))
        self.fails("a MAC with an unknown digest", made.with_mac(plain, seal), vectors.UNSUPPORTED,
                   "not supported")

    def test_key_length(self):
        """NSS before 3.31 called AES-256 what it was told to use, gave it the password in UTF-16,
        and wrote the true length of the key beside it."""
        key, certificate = (made.run_bytes(*words) for words in (
            ("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", self.shop / "leaf.key", "-outform",
             "DER"),
            ("openssl", "x509", "-in", self.shop / "leaf.crt", "-outform", "DER")))
        for password in (made.PASSWORD, UNICODE):
            for name, form in (("UTF-8", password.encode()),
                               ("UTF-16", password.encode("utf-16-be") + b"\0\0")):
                for cipher, size in (("aes128", 32), ("aes128", 16), ("aes128", 24),
                                     ("aes256", 16), ("aes256", None)):
                    bags = made.sequence(made.certificate_bag(certificate),
                                         made.shrouded_bag(key, form, cipher, size))
                    plain = made.with_safes(self.shop.pfx(), made.sequence(made.sequence(
                        made.oid("data"), made.der(0xa0, made.octets(bags)))))
                    self.opens(f"{cipher}, {size} bytes, {name}",
                               made.pbmac1(plain, password=password), 1, 1, password=password,
                               unpaired=0)
        bags = made.sequence(made.shrouded_bag(key, b"secret", "aes128", 32, written=20))
        odd = made.with_safes(self.shop.pfx(), made.sequence(made.sequence(
            made.oid("data"), made.der(0xa0, made.octets(bags)))))
        self.fails("20 bytes", odd, vectors.UNSUPPORTED, "a key of a length that it cannot have")

    def test_marks(self):
        """A file pairs by localKeyID, we by the public key; both are told."""
        plain = self.shop.pfx("-nomac", "-keypbe", "NONE", "-certpbe", "NONE")
        told = self.opens("as it is", plain, 2, 1)
        self.assertEqual([one["pairing"] for one in told["certificates"]], ["both", "none"])
        # The mark of the key is the certificate's SHA-1, as OpenSSL writes it.
        mark = bytes.fromhex(made.openssl("x509", "-in", self.shop / "leaf.crt", "-noout",
                                          "-fingerprint", "-sha1").split("=")[1].replace(":", ""))
        self.assertEqual(plain.count(mark), 2)
        at = plain.rindex(mark)
        told = self.opens("another mark", plain[:at] + bytes(20) + plain[at + 20:], 2, 1,
                          unpaired=0)
        self.assertEqual([one["pairing"] for one in told["certificates"]],
                         ["contradicted", "none"])

    def test_attributes_of_other_types(self):
        """A name that is a BOOLEAN or a mark that is a string is no name and no mark."""
        plain = self.shop.pfx("-nomac", "-keypbe", "NONE", "-certpbe", "NONE", "-name", "Leaf")
        name = made.der(0x1e, "Leaf".encode("utf-16-be"))
        self.assertEqual(plain.count(name), 2)
        for kind in (0x01, 0x02, 0x05, 0x0c, 0x13, 0x30):
            for n, at in enumerate((plain.index(name), plain.rindex(name))):
                odd = plain[:at] + bytes([kind]) + plain[at + 1:]
                told = self.tell(odd)
                with self.subTest((kind, n)):
                    self.assertTrue("error" not in told or told["error"] == vectors.MALFORMED)

    def test_pem(self):
        """Keys in each form, text around, other ends of lines, no last one."""
        key, crt, ca = self.shop / "leaf.key", self.shop / "leaf.crt", self.shop / "ca.crt"
        self.shop.make_key("ec", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        certificate = crt.read_text()
        pkcs8 = key.read_text()
        pkcs1 = made.openssl("rsa", "-in", key, "-traditional")
        sec1 = made.openssl("ec", "-in", self.shop / "ec.key")
        ec = made.openssl("ecparam", "-name", "prime256v1") + sec1
        both = certificate + pkcs8
        rows = [
            ("PKCS#8", both, 1, 1), ("PKCS#1", certificate + pkcs1, 1, 1),
            ("SEC1", (self.shop / "ec.crt").read_text() + sec1, 1, 1),
            ("SEC1 with parameters", ec, 0, 1),
            ("key first", pkcs8 + certificate, 1, 1),
            ("CRLF", both.replace("\n", "\r\n"), 1, 1),
            ("no last newline", both.rstrip("\n"), 1, 1),
            ("text around", f"Subject: leaf\n\n{certificate}\nand then\n{pkcs8}bye", 1, 1),
            ("a chain", certificate + ca.read_text() + pkcs1, 2, 1),
            ("the same twice", certificate * 2 + pkcs8 * 2, 1, 1),
            ("some text for a key", certificate + "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n"
             "-----END PRIVATE KEY-----\n", 1, 0),
            ("with a byte order mark", "\ufeff" + both, 1, 1),
            ("X509 CERTIFICATE", both.replace(" CERTIFICATE", " X509 CERTIFICATE"), 1, 1),
            ("long lines", "-----BEGIN CERTIFICATE-----\n" + "".join(
                certificate.splitlines()[1:-1]) + "\n-----END CERTIFICATE-----\n", 1, 0),
            ("blanks at the ends of lines", both.replace("\n", " \n"), 1, 1),
        ]
        for arguments in (("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"),
                          ("-v2", "des3"), ("-v1", "PBE-SHA1-3DES"), ("-v1", "PBE-SHA1-RC2-40"),
                          ("-v1", "PBE-MD5-DES"), ("-scrypt", "-scrypt_N", "1024")):
            made.openssl("pkcs8", "-topk8", "-in", key, "-passout", "pass:secret", "-out",
                         self.shop / "a.key", "-provider", "default", "-provider", "legacy",
                         *arguments)
            rows.append((" ".join(arguments), (self.shop / "a.key").read_text(), 0, 1))
        for cipher in ("-aes256", "-des3"):
            made.openssl("rsa", "-in", key, "-traditional", cipher, "-passout", "pass:secret",
                         "-out", self.shop / "a.key")
            rows.append((f"PKCS#1 {cipher}", (self.shop / "a.key").read_text(), 0, 1))
        for name, text, certificates, keys in rows:
            self.opens(name, text.encode(), certificates, keys, unpaired=0 if certificates and keys
                       else keys, format="PEM")
        encrypted = rows[-1][1]
        bad = [
            ("wrong password", encrypted, vectors.WRONG_PASSWORD, "password", "Secret"),
            ("no password", encrypted, vectors.WRONG_PASSWORD, "A password is needed", None),
            ("torn", both[:-40], vectors.MALFORMED, "torn", None),
            ("not base64", both.replace("MII", "M?I", 1), vectors.MALFORMED, "base64", None),
            ("another label", certificate.replace("CERTIFICATE", "PRIVATE KEY"),
             vectors.MALFORMED, "Block 1", None),
            ("nothing in it", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
             vectors.MALFORMED, "Block 1", None),
            ("some text for a key", "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n"
             "-----END PRIVATE KEY-----\n", vectors.MALFORMED, "is none", None),
            ("a public key", made.openssl("pkey", "-in", key, "-pubout"), vectors.MALFORMED,
             "no certificate", None),
        ]
        for name, text, code, words, password in bad:
            self.fails(name, text.encode(), code, words, password)

    def test_der(self):
        """One certificate, or what else it is; the serial number of an old one is no version."""
        openssl = made.openssl
        whole = made.run_bytes("openssl", "x509", "-in", self.shop / "leaf.crt", "-outform", "DER")
        (_, _, certificate), = made.split(whole)
        (_, _, fields), *rest = made.split(certificate)
        # Without version and extensions it is of version 1; who signed it is not looked at.
        fields = [whole for tag, whole, _ in made.split(fields) if tag not in (0xa0, 0xa3)]
        for serial in (0, 1, 2):
            old = made.sequence(made.sequence(made.integer(serial), *fields[1:]),
                                *(whole for _, whole, _ in rest))
            self.opens(f"serial number {serial}", old, 1, 0, format="DER")
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-outform", "DER", "-out",
                self.shop / "sec1.der")
        openssl("rsa", "-in", self.shop / "leaf.key", "-traditional", "-outform", "DER", "-out",
                self.shop / "pkcs1.der")
        openssl("pkcs8", "-topk8", "-nocrypt", "-in", self.shop / "leaf.key", "-outform", "DER",
                "-out", self.shop / "pkcs8.der")
        for cipher in (("-v2", "aes256"), ("-v1", "PBE-SHA1-3DES")):
            openssl("pkcs8", "-topk8", *cipher, "-in", self.shop / "leaf.key", "-outform", "DER",
                    "-passout", "pass:secret", "-out", self.shop / "encrypted.der")
            self.fails(f"encrypted key, {cipher[1]}", (self.shop / "encrypted.der").read_bytes(),
                       vectors.MALFORMED, "an encrypted private key without its certificate")
        for name in ("sec1", "pkcs1", "pkcs8"):
            self.fails(name, (self.shop / f"{name}.der").read_bytes(), vectors.MALFORMED,
                       "a private key without its certificate")
        openssl("req", "-new", "-key", self.shop / "leaf.key", "-subj", "/CN=leaf", "-outform",
                "DER", "-out", self.shop / "a.der")
        self.fails("a request", (self.shop / "a.der").read_bytes(), vectors.MALFORMED,
                   "a certificate request")
        openssl("pkey", "-in", self.shop / "leaf.key", "-pubout", "-outform", "DER", "-out",
                self.shop / "a.der")
        self.fails("a public key", (self.shop / "a.der").read_bytes(), vectors.MALFORMED,
                   "This is not a certificate")

    def test_content_decides(self):
        """Whatever a file is called."""
        der = made.openssl("x509", "-in", self.shop / "leaf.crt", "-outform", "DER", "-out",
                           self.shop / "leaf.cer")
        self.assertEqual(der, "")
        for name, data, form in (("leaf.pfx", (self.shop / "leaf.crt").read_bytes(), "PEM"),
                                 ("leaf.pem", (self.shop / "leaf.cer").read_bytes(), "DER"),
                                 ("leaf.cer", self.shop.pfx(), "PFX")):
            with self.subTest(name):
                path = self.shop.write(f"told-{name}", data)
                told, = vectors.tell("file", made.PASSWORD, path)
                self.assertEqual(told.get("format"), form, told)


if __name__ == "__main__":
    tap.main()

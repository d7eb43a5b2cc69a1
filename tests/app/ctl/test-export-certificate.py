# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl export-certificate: what openssl, GnuTLS, NSS and Java read, and what is refused."""
import json
import os
import shutil
import struct
import subprocess
import unittest

import demo
import tap

VERB = "export-certificate"
NAME = "auth.contoso.example"
PASSWORD = "Geheim 1"


def other(*words):
    """What another program says of a file; LC_ALL=C for Java."""
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False,
                          timeout=demo.PATIENCE, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C"})
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode()


def serialized_store(data):
    """The certificates of a Microsoft serialized store, as PEM."""
    if data[:8] != b"\0\0\0\0CERT":
        raise AssertionError("no serialized store")
    text, at = "", 8
    while True:
        kind, _, size = struct.unpack_from("<III", data, at)
        if kind == 0:
            return text
        if kind == 32:
            text += demo.openssl("x509", "-inform", "DER", stdin=data[at + 12:at + 12 + size])
        at += 12 + size


# Root needs no user namespace, which may not be had everywhere.
NAMESPACES = "-m" if os.geteuid() == 0 else "-rm"


class ExportCertificate(demo.Case):
    def setUp(self):
        super().setUp()
        self.row = self.demo.row(NAME)
        self.out = self.demo.home / "out"
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        self.path = self.out / "auth.pfx"
        self.password = self.out / "password"
        self.password.write_text(PASSWORD + "\n")
        self.words = (VERB, "--server", "fe01", "--thumbprint", self.row["thumbprint"])

    def export(self, *words, status=0, path=None, **options):
        return self.ctl(*self.words, "--path", path or self.path, "--password-file",
                        self.password, *words, status=status, **options)

    def audit(self, what, server="fe01"):
        path = self.demo.folder / server / "audit.jsonl"
        text = path.read_text() if path.exists() else ""
        lines = [json.loads(line) for line in text.splitlines()]
        return [line for line in lines if line.get("what") == what]

    def test_with_key(self):
        for words, cipher, n in ((("--include-chain",), "AES-256-CBC", 2),
                                 (("--encryption", "tripledes-sha1"), "TripleDES", 1)):
            with self.subTest(words):
                done = self.export(*words, "--force")
                self.assertRegex(done.out, rf"^fe01: exported with its private key to .*auth.pfx, "
                                           rf"{n} certificates?\n$")
                self.assert_err(done)
                self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)
                text = demo.openssl("pkcs12", "-in", self.path, "-passin", f"pass:{PASSWORD}",
                                    "-nodes")
                self.assertEqual(text.count("BEGIN CERTIFICATE"), n)
                self.assertEqual(text.count("BEGIN PRIVATE KEY"), 1)
                info = subprocess.run(["openssl", "pkcs12", "-in", self.path, "-passin",
                                       f"pass:{PASSWORD}", "-noout", "-info"],
                                      capture_output=True, check=True).stderr.decode()
                self.assertIn(cipher, info)
                key = demo.openssl("pkey", "-pubout", stdin=text.encode())
                ours = demo.openssl("x509", "-noout", "-pubkey", stdin=text.encode())
                self.assertEqual(key, ours)
        before = [line["who"] for line in self.audit("export")]
        self.assertEqual(len(before), 2)
        self.assertEqual(self.audit("export")[0]["certificate"], self.row["sha256"])

    def test_read_by_others(self):
        """GnuTLS, NSS and Java read both encryptions."""
        for encryption in ("aes256-sha256", "tripledes-sha1"):
            with self.subTest(encryption):
                self.export("--include-chain", "--encryption", encryption, "--force")
                text = other("certtool", "--p12-info", "--inder", "--infile", self.path,
                             "--password", PASSWORD)
                self.assertIn("PRIVATE KEY", text)
                self.assertEqual(text.count("BEGIN CERTIFICATE"), 2)
                text = other("pk12util", "-l", self.path, "-W", PASSWORD)
                self.assertRegex(text, r"(?s)Key.*Certificate.*auth\.contoso\.example")
                text = other("keytool", "-list", "-v", "-storetype", "PKCS12", "-keystore",
                             self.path, "-storepass", PASSWORD)
                self.assertIn("PrivateKeyEntry", text)
                self.assertIn("Certificate chain length: 2", text)

    def test_read_back(self):
        """What one server exports, another imports."""
        self.export("--include-chain")
        done = self.ctl("import-certificate", "--server", "fe02", "--path", self.path,
                        "--password-file", self.password)
        self.assertRegex(done.out, "imported, key matches")
        self.assertEqual(self.demo.row(NAME, "fe02")["sha256"], self.row["sha256"])

    def test_without_key(self):
        """Files that hold no key: whoever may look may have them."""
        cases = (("der", (), 1), ("pem", (), 1), ("pem", ("--include-chain",), 2),
                 ("p7b", (), 1), ("p7b", ("--include-chain",), 2),
                 ("sst", ("--include-chain",), 2))
        for fmt, words, n in cases:
            with self.subTest((fmt, words)):
                path = self.out / f"auth.{fmt}"
                done = self.ctl(*self.words, "--path", path, "--format", fmt, *words, "--force")
                self.assertRegex(done.out, rf"^fe01: exported to .*, {n} certificates?\n$")
                if fmt == "p7b":
                    text = demo.openssl("pkcs7", "-inform", "DER", "-in", path, "-print_certs")
                elif fmt == "sst":
                    text = serialized_store(path.read_bytes())
                elif fmt == "der":
                    text = demo.openssl("x509", "-inform", "DER", "-in", path)
                else:
                    text = path.read_text()
                self.assertEqual(text.count("BEGIN CERTIFICATE"), n)
                self.assertNotIn("PRIVATE", text)
        self.assert_unchanged()

    def test_privacy_and_properties(self):
        self.export()
        self.assertNotIn(b"contoso", self.path.read_bytes())
        self.export("--no-privacy", "--no-properties", "--force")
        self.assertIn(b"contoso", self.path.read_bytes())
        text = demo.openssl("pkcs12", "-in", self.path, "-passin", f"pass:{PASSWORD}", "-nodes")
        self.assertNotIn("friendlyName", text)

    def test_another_store(self):
        row = self.demo.row("Contoso Demo CA", "fe01", "root")
        words = (VERB, "--server", "fe01", "--thumbprint", row["thumbprint"], "--format", "der",
                 "--path", self.path)
        self.refuses(*words, status=1, pattern="in Personal$")
        self.ctl(*words, "--store", "root")
        demo.openssl("x509", "-inform", "DER", "-in", self.path, "-noout")

    def test_never_over_another(self):
        self.path.write_text("mine")
        before = self.audit("export")
        done = self.export(status=4)
        self.assertRegex(done.err, r"There is a file “.*auth.pfx” already, and it was not "
                                   r"overwritten\nUse --force if you want it all the same\.$")
        self.assertEqual(self.path.read_text(), "mine")
        self.assertEqual(self.audit("export"), before)
        self.export("--force")
        self.assertNotEqual(self.path.read_bytes(), b"mine")

    def test_folder_gone(self):
        done = self.export(status=1, path=self.out / "none" / "auth.pfx")
        self.assert_sentence(done, "there is no folder “.*none”$")
        self.assert_unchanged()

    def test_full_disk(self):
        """A file system that is full: the error names the file, and nothing is left."""
        if os.geteuid() != 0 and not shutil.which("unshare"):
            raise unittest.SkipTest("no file system of a test's own")
        script = ('mount -t tmpfs -o size=4k none "$1" && dd if=/dev/zero of="$1/fill" bs=4096 '
                  'count=1 2>/dev/null; shift; "$@"; s=$?; ls "$FULL"; exit $s')
        full = self.out / "full"
        full.mkdir()
        done = subprocess.run(
            ["unshare", NAMESPACES, "sh", "-c", script, "sh", full, demo.CTL, "--demo", "--seed",
             "tests", "--at", demo.AT, *self.words, "--path", full / "auth.pfx",
             "--password-file", self.password], capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=demo.PATIENCE,
            env=demo.environment(self.demo.home, FULL=str(full)))
        demo.wait_for_agents()
        if b"unshare" in done.stderr or b"mount:" in done.stderr:
            raise unittest.SkipTest("no namespaces here")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr.decode(), "auth.pfx.*No space left on device")
        self.assertEqual(done.stdout.decode(), "fill\n")

    def test_what_if(self):
        done = self.export("--what-if", "--include-chain")
        self.assertRegex(done.out, r"^fe01: would be exported with its private key to .*, "
                                   r"2 certificates$")
        self.assertFalse(self.path.exists())
        self.assert_unchanged()

    def test_json(self):
        self.assertEqual(self.export("--json").json, {
            "format": 1, "verb": VERB, "whatIf": False, "server": "fe01.contoso.example",
            "sha256": self.row["sha256"], "path": str(self.path), "fileFormat": "pfx",
            "encryption": "aes256-sha256", "privateKey": True, "certificates": 1,
            "keyDeleted": False, "note": ""})

    def test_delete_key(self):
        """Refused while it is in use, before a file is made; then the file is all there is."""
        done = self.export("--delete-key", status=4)
        self.assert_sentence(done, "fe01: The private key cannot be deleted: it is in use for ")
        self.assertFalse(self.path.exists())
        self.demo.import_auth("--server", "fe03", "--exportable")
        words = (VERB, "--server", "fe03", "--thumbprint", self.row["thumbprint"], "--path",
                 self.path, "--password-file", self.password, "--delete-key")
        self.assertIs(self.ctl(*words, "--json").json["keyDeleted"], True)
        demo.openssl("pkcs12", "-in", self.path, "-passin", f"pass:{PASSWORD}", "-noout")
        self.assertIs(self.demo.row(NAME, "fe03")["hasPrivateKey"], False)
        self.assertEqual(len(self.audit("delete-key", "fe03")), 1)

    def test_not_exportable(self):
        self.demo.import_auth("--server", "fe02")
        done = self.ctl(VERB, "--server", "fe02", "--thumbprint", self.row["thumbprint"],
                        "--path", self.path, "--password-file", self.password, status=4)
        self.assert_sentence(done, "fe02: The private key is marked as not exportable: Issuant "
                                   "will not export it; root on this server still can$")
        self.assertFalse(self.path.exists())

    def test_wrong_use(self):
        key = ("--thumbprint", self.row["thumbprint"])
        path = ("--path", self.path)
        cases = (
            ((VERB, "--server", "fe01", *key), 2, "Say which file: --path FILE"),
            ((VERB, "--server", "fe01", *path), 2, "Say which certificate: --thumbprint T"),
            ((VERB, *key, *path), 2, "Say where"),
            ((VERB, "--server", "fe01,fe02", *key, *path), 2, "exported from one server"),
            ((*self.words, *path, "--format", "doc"), 2, "pfx, der, pem, p7b or sst"),
            ((*self.words, *path, "--encryption", "rc2"), 2, "aes256-sha256 or tripledes-sha1"),
            ((*self.words, *path, "--format", "der", "--include-chain"), 2, "holds one"),
            ((*self.words, *path), 2, "no terminal to ask on: use --password-file"),
        )
        for words, status, pattern in cases:
            with self.subTest(words):
                self.refuses(*words, status=status, pattern=pattern)
        self.password.write_text("\n")
        self.assert_sentence(self.export(status=2), "needs a password that is not empty")

    def test_dead_server(self):
        self.demo.lose("fe01")
        done = self.export(status=5)
        self.assert_sentence(done, "fe01.*Connection refused")
        self.assertFalse(self.path.exists())


if __name__ == "__main__":
    tap.main()

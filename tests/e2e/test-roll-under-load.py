# SPDX-License-Identifier: GPL-3.0-or-later
"""A real nginx serves the Default certificate out of live/, and rolls at the instant, while
clients come without a pause: no handshake fails, and none sees the new certificate too early.

The agent runs as a service, by the real clock, and so does what reloads nginx when something else
is published; no console is connected.
"""
import datetime
import hashlib
import os
import pathlib
import ssl
import subprocess
import tempfile
import time
import unittest

import demo
import nginx
import tap

AGENT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "agent" / "issuant-agent"
POOL = "pool01.contoso.example"
NAME = "fe01.contoso.example"
AHEAD = 8           # seconds; staging takes less


class RollUnderLoad(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="issuant-roll-")
        self.addCleanup(self.place.cleanup)
        self.home = pathlib.Path(self.place.name)
        self.root = self.home / "fe01"
        self.topology = self.home / "topology.conf"
        self.topology.write_text(
            f"[pool {POOL}]\nsip-domains=contoso.example;\n\n[server {NAME}]\npool={POOL}\n"
            f"connection=local://{self.root}\n")

    def openssl(self, *words):
        subprocess.run(["openssl", *(str(word) for word in words)], check=True, cwd=self.home,
                       capture_output=True)

    def make(self, name):
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                     f"{name}.csr", "-subj", f"/CN={NAME}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-days", "90", "-extfile", "extensions", "-out",
                     f"{name}.pem")
        self.openssl("pkcs12", "-export", "-in", f"{name}.pem", "-inkey", f"{name}.key", "-out",
                     f"{name}.pfx", "-passout", "file:password")
        der = ssl.PEM_cert_to_DER_cert((self.home / f"{name}.pem").read_text())
        return hashlib.sha256(der).hexdigest()

    def make_all(self):
        (self.home / "password").write_text("correct horse\n")
        (self.home / "extensions").write_text(
            f"subjectAltName=DNS:{NAME}\nbasicConstraints=CA:FALSE\n"
            "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n"
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                     "ca.pem", "-days", "3650", "-subj", "/CN=Roll Test CA", "-addext",
                     "keyUsage=critical,keyCertSign,cRLSign")
        return self.make("old"), self.make("new")

    def ctl(self, *words, **options):
        done = demo.run(self.home, "--topology", self.topology, *words, **options)
        self.assertEqual(done.status, 0, str(done))
        return done

    def prepare(self):
        old, new = self.make_all()
        where = ("--server", "fe01")
        self.root.mkdir()
        self.ctl("import-certificate", *where, "--path", self.home / "ca.pem", "--store", "root")
        for name in ("old", "new"):
            self.ctl("import-certificate", *where, "--path", self.home / f"{name}.pfx",
                     "--password-file", self.home / "password", "--intent", "server")
        self.ctl("set-certificate", *where, "--type", "Default", "--thumbprint", old)
        return old, new

    def test_no_handshake_fails(self):
        old, new = self.prepare()
        server = nginx.Nginx(self, self.home, self.root, "Default", NAME)
        self.assertEqual(server.start(), old)
        server.start_watching(AGENT)
        instant = datetime.datetime.fromtimestamp(int(time.time()) + AHEAD, datetime.timezone.utc)
        self.ctl("set-certificate", "--server", "fe01", "--type", "Default", "--thumbprint", new,
                 "--roll", "--effective-date", instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
                 alone=False)
        server.run(AGENT, "--service", "--root", self.root)
        deadline = time.monotonic() + nginx.PATIENCE
        shown = nginx.Shown(server, new, instant.timestamp())
        while not shown.has_rolled():
            self.assertLess(time.monotonic(), deadline, f"{len(shown.all)} handshakes")
            shown.shake()

        self.assertEqual(set(shown.all), {old, new})
        self.assertEqual(shown.all[0], old)
        self.assertEqual((self.root / "audit.jsonl").read_text().count('"roll-assignment"'), 1)
        self.assert_told(server)

    def assert_told(self, server):
        """What the watcher did, who could read the key, and the agent's record of it."""
        server.until(lambda: server.record().get("state") == "done")
        record = server.record()
        self.assertEqual((record["readable"], record["account"]), ("true", nginx.ACCOUNT))
        server.until(lambda: f'reload-Default-{record["revision"]}-nginx'
                     in (self.root / "audit.jsonl").read_text())
        shown = self.ctl("get-certificate", "--server", "fe01", "--type", "Default", alone=False)
        self.assertIn("published, nginx reloaded", shown.out)


if __name__ == "__main__":
    tap.main()

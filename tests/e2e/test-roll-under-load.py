# SPDX-License-Identifier: GPL-3.0-or-later
"""A real nginx serves the Default certificate out of live/, and rolls at the instant, while
clients come without a pause: no handshake fails, and none sees the new certificate too early.

The agent runs as a service, by the real clock; no console is connected.
"""
import ctypes
import datetime
import hashlib
import os
import pathlib
import select
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

import demo
import sshd
import tap

AGENT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "agent" / "issuant-agent"
POOL = "pool01.contoso.example"
NAME = "fe01.contoso.example"
AHEAD = 8           # seconds; staging takes less
PATIENCE = 90
ENOUGH = 40         # handshakes in a row after the roll

IN_MOVED_TO = 0x80


class Inotify:
    """What nginx's own path unit does: tells when live/.changed was put there anew."""

    def __init__(self, folder):
        libc = ctypes.CDLL(None)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if libc.inotify_add_watch(self.fd, os.fsencode(folder), IN_MOVED_TO) < 0:
            raise OSError("inotify_add_watch")

    def has_changed(self):
        if not select.select([self.fd], [], [], 0)[0]:
            return False
        return b".changed" in os.read(self.fd, 65536)


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

    def start_nginx(self):
        self.port = sshd.find_port()
        live = self.root / "live" / "Default"
        config = self.home / "nginx.conf"
        config.write_text(
            f"daemon off;\npid {self.home}/nginx.pid;\nerror_log {self.home}/nginx.log;\n"
            "worker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"
            f"client_body_temp_path {self.home}/body;\nproxy_temp_path {self.home}/proxy;\n"
            f"fastcgi_temp_path {self.home}/fastcgi;\nuwsgi_temp_path {self.home}/uwsgi;\n"
            f"scgi_temp_path {self.home}/scgi;\n"
            f"server {{ listen 127.0.0.1:{self.port} ssl; ssl_session_cache off;\n"
            f"ssl_certificate {live}/fullchain.pem;\nssl_certificate_key {live}/privkey.pem;\n"
            "return 200; } }\n")
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
        self.nginx = subprocess.Popen(["nginx", "-c", config], env={**os.environ, "PATH": path},
                                      stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      preexec_fn=sshd.end_with_parent)
        self.addCleanup(self.end, self.nginx)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.shake()
            except ConnectionRefusedError:
                self.assertIsNone(self.nginx.poll(), "nginx did not start")
                self.assertLess(time.monotonic(), deadline)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        process.wait()

    def shake(self):
        """One client: connects, checks the chain and the name, and says what it was shown."""
        context = ssl.create_default_context(cafile=self.home / "ca.pem")
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname=NAME) as secure:
                return hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()

    def test_no_handshake_fails(self):
        old, new = self.prepare()
        self.assertEqual(self.start_nginx(), old)
        instant = datetime.datetime.fromtimestamp(int(time.time()) + AHEAD, datetime.timezone.utc)
        self.ctl("set-certificate", "--server", "fe01", "--type", "Default", "--thumbprint", new,
                 "--roll", "--effective-date", instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
                 alone=False)
        service = subprocess.Popen([AGENT, "--service", "--root", self.root],
                                   stdin=subprocess.DEVNULL, preexec_fn=sshd.end_with_parent)
        self.addCleanup(self.end, service)
        changes = Inotify(self.root / "live")
        deadline = time.monotonic() + PATIENCE
        shown = []
        reloaded = False

        # While the workers change places both may answer.
        while shown[-ENOUGH:] != [new] * ENOUGH:
            self.assertLess(time.monotonic(), deadline, f"{len(shown)} handshakes")
            if changes.has_changed():
                self.assertGreaterEqual(time.time(), instant.timestamp())
                os.kill(int((self.home / "nginx.pid").read_text()), signal.SIGHUP)
                reloaded = True
            shown.append(self.shake())

        self.assertTrue(reloaded)
        self.assertEqual(set(shown), {old, new})
        self.assertEqual(shown[0], old)
        self.assertEqual((self.root / "audit.jsonl").read_text().count('"roll-assignment"'), 1)


if __name__ == "__main__":
    tap.main()

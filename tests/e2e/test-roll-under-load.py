# SPDX-License-Identifier: GPL-3.0-or-later
"""A real nginx serves the Default certificate out of live/, and rolls at the instant, while
clients come without a pause: no handshake fails, and none sees the new certificate too early.

The agent runs as a service, by the real clock, and so does what reloads nginx when something else
is published; no console is connected.
"""
import configparser
import datetime
import hashlib
import os
import pathlib
import pwd
import shutil
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
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
ACCOUNT = pwd.getpwuid(os.geteuid()).pw_name


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
        self.nginx = subprocess.Popen(["nginx", "-c", config], env={**os.environ, "PATH": PATH},
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
        self.start_watching()
        instant = datetime.datetime.fromtimestamp(int(time.time()) + AHEAD, datetime.timezone.utc)
        self.ctl("set-certificate", "--server", "fe01", "--type", "Default", "--thumbprint", new,
                 "--roll", "--effective-date", instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
                 alone=False)
        self.start("--service")
        deadline = time.monotonic() + PATIENCE
        shown = []

        # While the workers change places both may answer.
        while shown[-ENOUGH:] != [new] * ENOUGH:
            self.assertLess(time.monotonic(), deadline, f"{len(shown)} handshakes")
            shown.append(self.shake())
            if shown[-1] == new:
                self.assertGreaterEqual(time.time(), instant.timestamp())

        self.assertEqual(set(shown), {old, new})
        self.assertEqual(shown[0], old)
        self.assertEqual((self.root / "audit.jsonl").read_text().count('"roll-assignment"'), 1)
        self.assert_told()

    def start(self, *words):
        process = subprocess.Popen([AGENT, *words, "--root", self.root], stdin=subprocess.DEVNULL,
                                   preexec_fn=sshd.end_with_parent)
        self.addCleanup(self.end, process)

    def start_watching(self):
        """As root's own configuration says: nginx's master re-reads its certificate."""
        folder = self.root / "consumers"
        folder.mkdir(mode=0o755)
        config = folder / "consumers.conf"
        config.write_text(f"[nginx]\ntype=Default\naccount={ACCOUNT}\n"
                          f"command={shutil.which('nginx', path=PATH)} -c {self.home}/nginx.conf "
                          "-s reload\n")
        config.chmod(0o644)
        self.start("--watch-live")
        self.until(lambda: self.record().get("state") == "done")

    def record(self):
        conf = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        conf.read(self.root / "consumers" / "nginx.reload")
        return dict(conf["reload"]) if conf.has_section("reload") else {}

    def until(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, self.record())

    def assert_told(self):
        """What the watcher did, who could read the key, and the agent's record of it."""
        self.until(lambda: self.record().get("state") == "done")
        record = self.record()
        self.assertEqual((record["readable"], record["account"]), ("true", ACCOUNT))
        self.until(lambda: f'reload-Default-{record["revision"]}-nginx'
                   in (self.root / "audit.jsonl").read_text())
        shown = self.ctl("get-certificate", "--server", "fe01", "--type", "Default", alone=False)
        self.assertIn("published, nginx reloaded", shown.out)


if __name__ == "__main__":
    tap.main()

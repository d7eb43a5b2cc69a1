# SPDX-License-Identifier: GPL-3.0-or-later
"""Global assignment over three real sshd: imported once while a server is down, which gets it
later; rolled at an instant half a minute ahead, with nobody connected, tokens verified and clients
served by one server's nginx all the time; and a server that is built anew from nothing.

The agents run as services, by the real clock. The cases are steps of one story, in the order of
their names.
"""
import datetime
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import demo
import jwt
import nginx
import sshd
import tap

AGENT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "agent" / "issuant-agent"
POOL = "pool01.contoso.example"
TYPE = "OAuthTokenIssuer"
GLOBAL = ("--identity", "global", "--type", TYPE)
NAMES = ("fe01", "fe02", "fe03")
AHEAD = 30          # seconds
PATIENCE = 120


class Global(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="issuant-e2e-")
        cls.addClassCleanup(cls.place.cleanup)
        cls.addClassCleanup(sshd.wait_for_sessions, cls.place.name)
        cls.home = pathlib.Path(cls.place.name)
        cls.services = {}
        cls.servers = {}
        cls.addClassCleanup(cls.stop_services)
        cls.sha256 = cls.make_certificates()
        user_key = sshd.make_key(cls.home / "user")
        for name in NAMES:
            cls.servers[name] = sshd.Sshd(cls.home / f"sshd-{name}", user_key)
            cls.addClassCleanup(cls.servers[name].stop)
            agent = cls.home / f"agent-{name}"
            agent.write_text(f'#!/bin/sh\nexec "{AGENT}" --root "{cls.home}/{name}" "$@"\n')
            agent.chmod(0o755)
            cls.start_service(name)
        sshd.write_client_config(cls.home / "ssh_config", cls.home / "user",
                                 cls.servers.values())

    @classmethod
    def start_service(cls, name):
        root = cls.home / name
        root.mkdir(exist_ok=True)
        cls.services[name] = subprocess.Popen([AGENT, "--service", "--root", root],
                                              stdin=subprocess.DEVNULL,
                                              preexec_fn=sshd.end_with_parent)

    @classmethod
    def stop_service(cls, name):
        service = cls.services.pop(name)
        service.send_signal(signal.SIGTERM)
        service.wait()

    @classmethod
    def stop_services(cls):
        for name in list(cls.services):
            cls.stop_service(name)

    @classmethod
    def make_certificates(cls):
        """Two token issuers' certificates of one authority, which comes in the files with them."""
        def openssl(*words):
            subprocess.run(["openssl", *(str(word) for word in words)], check=True, cwd=cls.home,
                           capture_output=True)

        (cls.home / "password").write_text("correct horse\n")
        (cls.home / "passphrase").write_text("battery staple, correct\n")
        (cls.home / "extensions").write_text(
            "subjectAltName=DNS:contoso.example\nbasicConstraints=CA:FALSE\n"
            "keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n"
            "authorityKeyIdentifier=keyid\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                "ca.pem", "-days", "3650", "-subj", "/CN=Global Test CA", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign")
        found = {}
        for name in ("old", "new"):
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                    f"{name}.csr", "-subj", f"/CN={name}.contoso.example")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                    "-CAcreateserial", "-days", "700", "-extfile", "extensions", "-out",
                    f"{name}.pem")
            openssl("pkcs12", "-export", "-in", f"{name}.pem", "-inkey", f"{name}.key",
                    "-certfile", "ca.pem", "-out", f"{name}.pfx", "-passout", "file:password")
            text = demo.openssl("x509", "-in", cls.home / f"{name}.pem", "-noout", "-fingerprint",
                                "-sha256")
            found[name] = text.strip().split("=", 1)[1].replace(":", "").lower()
        return found

    def ctl(self, *words, status=0):
        done = demo.run(self.home, *words, alone=False)
        self.assertEqual(done.status, status, str(done))
        return done

    def signed(self, *words, status=0):
        return self.ctl(*words, "--key-password-file", self.home / "passphrase", status=status)

    def import_globally(self, name, *more, status=0):
        return self.signed("import-certificate", *GLOBAL, "--path", self.home / f"{name}.pfx",
                           "--password-file", self.home / "password", *more, status=status)

    def published(self, name):
        """(nullable): what that server publishes now"""
        live = self.home / name / "live" / TYPE
        return demo.published_sha256(self.home / name, TYPE) if live.exists() else None

    def token(self, name):
        key = (self.home / name / "live" / TYPE / "privkey.pem").read_text()
        return jwt.encode({"iss": name}, key, algorithm="RS256")

    def verify(self, name, token):
        """Whether one of the keys that this server knows has signed it."""
        for key in json.loads((self.home / name / "live" / TYPE / "jwks.json").read_text())["keys"]:
            try:
                jwt.decode(token, jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(key)),
                           algorithms=["RS256"])
                return True
            except jwt.InvalidSignatureError:
                continue
        return False

    def wait_for(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            select.select([], [], [], 0.2)

    def control(self, name, *words):
        server = self.servers[name]
        subprocess.run(["ssh", "-F", self.home / "ssh_config", "-S",
                        self.home / f"shared-{server.port}", "-p", str(server.port), *words,
                        "127.0.0.1"], check=True, capture_output=True)

    def share(self, name):
        """From now on every ssh goes through this one, but for the agents' own connections."""
        with open(self.home / "ssh_config", "a", encoding="utf-8") as config:
            config.write(f"  ControlPath {self.home}/shared-%p\n")
        self.control(name, "-M", "-f", "-N")

    def unshare(self, name):
        self.control(name, "-O", "exit")

    def test_1_enrolled(self):
        path = self.home / "config" / "issuant" / "topology.conf"
        path.parent.mkdir(parents=True)
        path.write_text(f"[ssh]\nconfig={self.home}/ssh_config\n")
        self.ctl("set-pool", POOL, "--sip-domains", "contoso.example")
        for name, server in self.servers.items():
            self.ctl("add-server", f"{name}.contoso.example", "--pool", POOL, "--connection",
                     server.uri, "--agent-path", self.home / f"agent-{name}")
        self.ctl("make-administrator-key", "alice", "--password-file", self.home / "passphrase")
        self.share("fe01")
        done = self.signed("enroll-server", "--pool", POOL)
        self.unshare("fe01")
        for name, server in self.servers.items():
            self.assertRegex(done.out, f"(?m)^{name}.contoso.example is enrolled, ssh host key "
                                       f"{re.escape(server.fingerprint)}; ")

    def test_2_imported_once_while_one_is_down(self):
        self.servers["fe03"].stop()
        done = self.import_globally("old", status=3)
        self.assertIn("for 3 of 3 servers", done.err)
        self.assertRegex(done.err, "fe03.*Connection refused")
        self.assertEqual([self.published(name) for name in NAMES],
                         [self.sha256["old"], self.sha256["old"], None])

    def test_3_joins_late(self):
        self.servers["fe03"].start()
        self.ctl("replicate")
        self.assertEqual({self.published(name) for name in NAMES}, {self.sha256["old"]})
        self.assertEqual([replica["HostKey"] for replica
                          in self.ctl("get-replication-status", "--json").json["replicas"]],
                         [self.servers[name].fingerprint for name in NAMES])

    def test_3_late_clock(self):
        """A clock that is found to be off once the roll is decided holds it, until that is
        forced."""
        agent = self.home / "agent-fe02"
        kept = agent.read_text()
        self.servers["fe02"].stop()
        self.import_globally("new", "--roll", "--effective-date",
                             time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200)),
                             "--force", status=3)
        self.servers["fe02"].start()
        agent.write_text(kept.replace('"$@"', '"$@" --at "$(($(date +%s) + 120))"'))
        done = self.ctl("replicate")
        self.assertIn("held: not armed", done.out)
        self.assertRegex(done.err, "fe02.contoso.example: Its clock is [12] min [0-9]+ s ahead, "
                                   "too far off to roll when the others do: the roll is held")
        done = self.signed("set-certificate", *GLOBAL, "--arm", "--force")
        self.assertNotIn("held", done.out + done.err)
        agent.write_text(kept)
        self.signed("remove-certificate", *GLOBAL, "--staged")

    def test_4_rolls_at_the_instant(self):
        """With nobody connected; each accepts what each other signs, before, then and after, and
        no client of fe01's nginx fails or is shown the new certificate too early."""
        server = nginx.Nginx(self, self.home, self.home / "fe01", TYPE, "contoso.example")
        self.assertEqual(server.start(), self.sha256["old"])
        server.start_watching(AGENT)
        instant = int(time.time()) + AHEAD
        text = datetime.datetime.fromtimestamp(instant, datetime.timezone.utc)
        self.import_globally("new", "--roll", "--effective-date",
                             text.strftime("%Y-%m-%dT%H:%M:%SZ"), "--force")
        rolled = set()
        shown = nginx.Shown(server, self.sha256["new"], instant)
        deadline = time.monotonic() + PATIENCE
        n = 0
        while rolled != set(NAMES) or not shown.has_rolled():
            self.assertLess(time.monotonic(), deadline, f"{rolled}, {len(shown.all)} handshakes")
            for signer in NAMES:
                token = self.token(signer)
                for name in NAMES:
                    self.assertTrue(self.verify(name, token), f"{name} refuses {signer}'s token")
                    shown.shake()
                    n += 1
                if self.published(signer) == self.sha256["new"]:
                    rolled.add(signer)
                    self.assertGreaterEqual(time.time(), instant)
        self.assertGreater(n, 9)
        self.assertEqual(shown.all[0], self.sha256["old"])
        self.assertEqual(set(shown.all), set(self.sha256.values()))
        for name in NAMES:
            audit = (self.home / name / "audit.jsonl").read_text()
            self.assertEqual(audit.count('"roll-assignment"'), 1)

    def test_5_built_anew(self):
        self.stop_service("fe02")
        shutil.rmtree(self.home / "fe02")
        self.start_service("fe02")
        server = self.servers["fe02"]
        before = server.fingerprint
        server.stop()
        server.renew_host_key()
        server.start()
        sshd.write_known_hosts(self.home / "known_hosts", self.servers.values())
        done = self.signed("enroll-server", "--server", "fe02", status=4)
        self.assertIn(f"fe02: ssh host key {server.fingerprint}; but when the server was enrolled",
                      done.err)
        self.assertIn(f": ssh host key {before}. Either it was set up anew", done.err)
        self.signed("enroll-server", "--server", "fe02", "--force")
        self.assertIn(f"ssh host key {server.fingerprint}. Version",
                      self.ctl("get-replication-status", "--details").out)
        self.wait_for(lambda: self.published("fe02") == self.sha256["new"])
        self.assertEqual(demo.openssl("x509", "-in", self.home / "fe02" / "live" / TYPE /
                                      "previous.pem", "-noout", "-subject", "-nameopt",
                                      "RFC2253").strip(),
                         "subject=CN=old.contoso.example")
        self.ctl("replicate")

    def test_6_no_key_in_the_clear(self):
        """Neither the administrator's disk nor the packages hold one."""
        for path in (self.home / "data").rglob("*"):
            if path.is_file():
                self.assertNotIn(b"PRIVATE KEY", path.read_bytes(), path)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl and issuant-agent over two real sshd: the manual path, from an empty topology to
the same certificate on both servers, and one of them falling silent.

The cases are steps of one story, in the order of their names.
"""
import datetime
import os
import pathlib
import subprocess
import tempfile
import unittest

import demo
import sshd
import tap

AGENT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "agent" / "issuant-agent"
POOL = "pool01.contoso.example"
NAME = "auth.contoso.example"
OAUTH = ("--type", "OAuthTokenIssuer")


def make_certificates(folder):
    """A small authority and two certificates of a token issuer of it, with the openssl tool."""
    def openssl(*words):
        subprocess.run(["openssl", *(str(word) for word in words)], check=True, cwd=folder,
                       capture_output=True)

    (folder / "password").write_text("correct horse\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "3650", "-subj", "/CN=Two Servers Test CA")
    (folder / "extensions").write_text(
        f"subjectAltName=DNS:{NAME},DNS:contoso.example\nbasicConstraints=CA:FALSE\n"
        "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n")
    for name in ("auth", "next"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                f"{name}.csr", "-subj", f"/CN={NAME}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "700", "-extfile", "extensions", "-out",
                f"{name}.pem")
        openssl("pkcs12", "-export", "-in", f"{name}.pem", "-inkey", f"{name}.key", "-out",
                f"{name}.pfx", "-passout", "file:password")


class TwoServers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="issuant-e2e-")
        cls.addClassCleanup(cls.place.cleanup)
        cls.addClassCleanup(sshd.wait_for_sessions, cls.place.name)
        cls.home = pathlib.Path(cls.place.name)
        make_certificates(cls.home)
        user_key = sshd.make_key(cls.home / "user")
        cls.servers = {}
        for name in ("fe01", "fe02"):
            cls.servers[name] = sshd.Sshd(cls.home / f"sshd-{name}", user_key)
            cls.addClassCleanup(cls.servers[name].stop)
            # The agent as a key's forced command starts it.
            agent = cls.home / f"agent-{name}"
            agent.write_text(f'#!/bin/sh\nexec "{AGENT}" --root "{cls.home}/{name}" "$@"\n')
            agent.chmod(0o755)
        sshd.write_client_config(cls.home / "ssh_config", cls.home / "user",
                                 cls.servers.values())
        text = demo.openssl("x509", "-in", cls.home / "auth.pem", "-noout", "-fingerprint",
                            "-sha256")
        cls.sha256 = text.strip().split("=", 1)[1].replace(":", "").lower()

    def ctl(self, *words, status=0):
        done = demo.run(self.home, *words, alone=False)
        self.assertEqual(done.status, status, str(done))
        return done

    def import_auth(self, *where):
        return self.ctl("import-certificate", "--path", self.home / "auth.pfx", "--password-file",
                        self.home / "password", *where)

    def modulus(self, name):
        live = self.home / name / "live" / "OAuthTokenIssuer"
        return (demo.openssl("x509", "-in", live / "fullchain.pem", "-noout", "-modulus"),
                demo.openssl("rsa", "-in", live / "privkey.pem", "-noout", "-modulus"))

    def test_1_pool_and_servers(self):
        path = self.home / "config" / "issuant" / "topology.conf"
        path.parent.mkdir(parents=True)
        path.write_text(f"# Two servers\n\n[ssh]\nconfig={self.home}/ssh_config\n")
        self.ctl("set-pool", POOL, "--sip-domains", "contoso.example")
        for name, server in self.servers.items():
            self.ctl("add-server", f"{name}.contoso.example", "--pool", POOL, "--connection",
                     server.uri, "--agent-path", self.home / f"agent-{name}")
        self.assertIn("# Two servers", path.read_text())
        done = self.ctl("test-server")
        for name in self.servers:
            self.assertRegex(done.out, rf"(?m)^{name} +{name} answers\.  ")
        self.assertEqual(done.err, "")

    def test_2_authority_is_trusted(self):
        self.ctl("import-certificate", "--path", self.home / "ca.pem", "--store", "root", "--pool",
                 POOL)
        found = self.ctl("get-store", "--store", "root", "--json").json["servers"]
        for server in found:
            self.assertEqual([row["issuedTo"] for row in server["certificates"]],
                             ["Two Servers Test CA"])

    def test_3_import_on_one_warns_of_the_other(self):
        done = self.import_auth("--server", "fe01")
        self.assertRegex(done.lines[1], r"^fe01 +done +imported, key matches$")
        self.assertEqual(done.err, "Warning: Manual import does not replicate. fe02 does not have "
                                   f"{NAME}.\n")

    def test_4_import_on_the_other(self):
        done = self.import_auth("--server", "fe02")
        self.assertRegex(done.lines[1], r"^fe02 +done +imported, key matches$")
        self.assertEqual(done.err, "")

    def test_5_assign_on_both(self):
        done = self.ctl("set-certificate", *OAUTH, "--thumbprint", self.sha256, "--pool", POOL)
        for line in done.lines[1:]:
            self.assertRegex(line, r"^fe0[12] +done +assigned, published$")
        self.assertEqual(done.err, f"{POOL} agrees on this certificate now.\n")

    def test_6_the_same_on_both(self):
        done = self.ctl("get-presence", *OAUTH)
        self.assertRegex(done.lines[0], "the same certificate on 2 of 2 servers")
        self.assertEqual(done.err, "")
        self.assertTrue(self.ctl("get-presence", *OAUTH, "--json").json["good"])

    def test_7_openssl_confirms(self):
        for name in self.servers:
            self.assertEqual(demo.published_sha256(self.home / name, "OAuthTokenIssuer"),
                             self.sha256)
            certificate, key = self.modulus(name)
            self.assertEqual(certificate, key)
            key_path = self.home / name / "live" / "OAuthTokenIssuer" / "privkey.pem"
            self.assertEqual(key_path.stat().st_mode & 0o077, 0)
        self.assertEqual(self.modulus("fe01"), self.modulus("fe02"))

    def test_7_clocks_apart(self):
        """A clock over a minute off is in the way of every roll, until somebody forces it."""
        apart = "issuantctl: The clocks are too far apart to roll at one instant: fe02 is [12] min"
        self.ctl("import-certificate", "--path", self.home / "next.pfx", "--password-file",
                 self.home / "password", "--pool", POOL)
        text = demo.openssl("x509", "-in", self.home / "next.pem", "-noout", "-fingerprint",
                            "-sha256")
        sha256 = text.strip().split("=", 1)[1].replace(":", "").lower()
        date = (datetime.datetime.now(datetime.timezone.utc)
                + datetime.timedelta(days=100)).strftime("%Y-%m-%dT00:00Z")
        roll = ("set-certificate", *OAUTH, "--thumbprint", sha256, "--roll", "--effective-date",
                date)
        # On one server only: it is held, as the other has nothing staged.
        self.ctl(*roll, "--server", "fe01", status=3)

        agent = self.home / "agent-fe02"
        kept = agent.read_text()
        agent.write_text(kept.replace('"$@"', '"$@" --at "$(($(date +%s) + 120))"'))
        try:
            words = ("set-certificate", *OAUTH, "--pool", POOL)
            for refused in ((*roll, "--pool", POOL), (*words, "--postpone", date),
                            (*words, "--arm")):
                self.assertRegex(self.ctl(*refused, status=4).err, apart)
            self.assertIn("held", (self.home / "fe01" / "assignments.conf").read_text())
            done = self.ctl("set-certificate", *OAUTH, "--server", "fe01", "--arm", "--except",
                            "fe02")
            self.assertRegex(done.lines[1], "^fe01 +done +armed, published. Nothing on "
                             "fe01.contoso.example will run this roll at its instant: ")
        finally:
            agent.write_text(kept)
            self.ctl("remove-certificate", *OAUTH, "--server", "fe01", "--staged")

    def test_8_silence_is_an_age(self):
        """Never is what does not answer said not to have it."""
        self.servers["fe02"].stop()
        done = self.ctl("get-presence", *OAUTH, status=3)
        line = next(line for line in done.lines if line.startswith("fe02"))
        self.assertIn("published", line)
        self.assertIn("not answering since", line)
        self.assertNotIn("missing", done.out)
        self.assertNotRegex(done.err, "fe02 does not have")
        self.assertRegex(done.err, r"(?m)^fe02: .*Connection refused$")
        cells = self.ctl("get-presence", *OAUTH, "--json", status=3).json["cells"]
        cell = next(cell for cell in cells
                    if cell["server"].startswith("fe02") and cell["slot"] == "current")
        self.assertEqual((cell["answers"], cell["verdict"], cell["sha256"]),
                         (False, "agrees", self.sha256))


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""A token without hardware (SoftHSM)."""
import pathlib
import subprocess
import tempfile

import demo

LABEL = "issuant test"
PIN = "82746153"
URI = "pkcs11:token=issuant%20test;object=auth"


class Token:
    """A token of the test's own, and certificates whose keys are in it or not."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        (self.folder / "tokens").mkdir()
        self.conf = self.folder / "softhsm2.conf"
        self.conf.write_text(f"directories.tokendir = {self.folder}/tokens\n"
                             "objectstore.backend = file\nlog.level = ERROR\n")
        self.env = {"SOFTHSM2_CONF": str(self.conf)}
        self.run("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN,
                 "--so-pin", "87654321")
        for number, name in enumerate(("auth", "other"), 1):
            self.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                     f"/CN={name}.contoso.example", "-days", "3650", "-keyout", f"{name}.key",
                     "-out", f"{name}.crt")
            self.run("softhsm2-util", "--import", f"{name}.key", "--token", LABEL, "--label",
                     name, "--id", f"{number:02}", "--pin", PIN)
        self.pin_file = self.write("pin", PIN + "\n")
        self.wrong_pin_file = self.write("wrong-pin", "11112222\n")
        self.run("openssl", "pkcs12", "-export", "-in", "auth.crt", "-inkey", "auth.key",
                 "-passout", "pass:x", "-out", "auth.pfx")
        self.password_file = self.write("password", "x")

    def run(self, *words):
        subprocess.run(words, cwd=self.folder, env={**demo.environment(self.folder), **self.env},
                       check=True, capture_output=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

# SPDX-License-Identifier: GPL-3.0-or-later
"""What other people's programs read in a file that was exported with its private key."""
import pathlib
import subprocess
import tempfile

import demo


def tool(*words):
    """What another program says of a file it could read."""
    done = subprocess.run([str(word) for word in words], check=False, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=demo.PATIENCE)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode() + done.stderr.decode()


def sha256(certificate):
    text = demo.openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
    return text.strip().split("=", 1)[1].replace(":", "").lower()


def read_pfx(case, path, password, subject, certificate):
    """The openssl tool, GnuTLS and Java all find the key, the certificate, and its issuer."""
    told = tool("openssl", "pkcs12", "-in", path, "-passin", f"pass:{password}", "-nodes",
                "-legacy")
    case.assertIn("BEGIN PRIVATE KEY", told)
    case.assertGreaterEqual(told.count("BEGIN CERTIFICATE"), 2, "the chain is not there")
    case.assertIn(subject, told)

    told = tool("certtool", "--p12-info", "--inder", "--infile", path, "--password", password)
    case.assertIn("PRIVATE KEY", told)
    case.assertIn("BEGIN CERTIFICATE", told)

    with tempfile.TemporaryDirectory(prefix="issuant-keytool-") as place:
        file = pathlib.Path(place) / "password"
        file.write_text(password + "\n")
        told = tool("keytool", "-list", "-v", "-storetype", "PKCS12", "-keystore", path,
                    "-storepass:file", file)
    case.assertIn("PrivateKeyEntry", told)
    case.assertIn(sha256(certificate).upper(), told.replace(":", ""))

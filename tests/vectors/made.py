# SPDX-License-Identifier: GPL-3.0-or-later
"""PFX and PEM files that are made for the tests: by other programs, or byte by byte where none
makes them. No private key lies in the repository."""
import hashlib
import hmac
import os
import pathlib
import subprocess
import tempfile

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PATIENCE = 120
PASSWORD = "secret"

OIDS = {
    "data": "2a864886f70d010701",
    "enveloped": "2a864886f70d010703",
    "pbmac1": "2a864886f70d01050e",
    "pbkdf2": "2a864886f70d01050c",
    "scrypt": "2b06010401da47040b",
    "sha1": "2a864886f70d0207",
    "sha256": "2a864886f70d0209",
    "sha384": "2a864886f70d020a",
    "sha512": "2a864886f70d020b",
    "unknown": "2a864886f70d0263",
    "aes128": "608648016503040102",
    "aes256": "60864801650304012a",
    "pbes2": "2a864886f70d01050d",
    "shrouded": "2a864886f70d010c0a0102",
    "certificate-bag": "2a864886f70d010c0a0103",
    "x509": "2a864886f70d01091601",
    "local-id": "2a864886f70d010915",
    "digest-sha256": "608648016503040201",
    "digest-unknown": "608648016503040263",
}


def run_bytes(*words, stdin=None):
    """What a program prints; it must end well. LC_ALL=C for Java."""
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False,
                          timeout=PATIENCE, input=stdin,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C",
                               "HOME": tempfile.gettempdir()})
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def run(*words, stdin=None):
    """The same as text."""
    return run_bytes(*words, stdin=stdin).decode(errors="replace")


def openssl(*words):
    return run("openssl", *words)


# DER, as little as it takes.

def der(tag, *parts):
    content = b"".join(parts)
    if len(content) < 0x80:
        length = bytes([len(content)])
    else:
        size = (len(content).bit_length() + 7) // 8
        length = bytes([0x80 | size]) + len(content).to_bytes(size, "big")
    return bytes([tag]) + length + content


def sequence(*parts):
    return der(0x30, *parts)


def octets(data):
    return der(0x04, data)


def oid(name):
    return der(0x06, bytes.fromhex(OIDS[name]))


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


NULL = der(0x05)


def split(data):
    """[(tag, whole, content)...] of the elements in DER."""
    found = []
    at = 0
    while at < len(data):
        tag, first = data[at], data[at + 1]
        start = at + 2
        if first >= 0x80:
            size = first & 0x7f
            start += size
            length = int.from_bytes(data[at + 2:start], "big")
        else:
            length = first
        found.append((tag, data[at:start + length], data[start:start + length]))
        at = start + length
    return found


def parts(pfx):
    """(version, authSafe, its bytes, MacData or none) of a PFX file in DER."""
    (_, _, outer), = split(pfx)
    inner = split(outer)
    safe = split(inner[1][2])
    (_, _, safes), = split(safe[1][2])
    return inner[0][1], inner[1][1], safes, inner[2][1] if len(inner) > 2 else b""


def ber(data):
    """The same in BER: lengths that are not known before, strings in two pieces."""
    out = b""
    for tag, _, content in split(data):
        if tag & 0x20:
            out += bytes([tag, 0x80]) + ber(content) + b"\0\0"
        elif tag in (0x04, 0x80):
            half = len(content) // 2
            out += (bytes([tag | 0x20, 0x80]) + octets(content[:half]) + octets(content[half:])
                    + b"\0\0")
        else:
            out += der(tag, content)
    return out


def with_mac(pfx, mac_data):
    version, safe, _, _ = parts(pfx)
    return sequence(version, safe, mac_data)


def with_safes(pfx, safes):
    """The same without a MAC, around other contents."""
    version, _, _, _ = parts(pfx)
    return sequence(version, sequence(oid("data"), der(0xa0, octets(safes))))


def pbmac1(pfx, password=PASSWORD, prf="sha256", mac="sha256", rounds=2048, salt=b"saltsalt",
           key_size=32, odd=None):
    """Sealed as RFC 9579 says; what is odd is written in place of what is used."""
    odd = odd or {}
    _, _, safes, _ = parts(pfx)
    key = hashlib.pbkdf2_hmac(prf, password.encode(), salt, rounds, key_size or 1)
    digest = hmac.new(key, safes, mac).digest()
    written_size = odd.get("key_size", key_size)
    derivation = sequence(
        odd.get("salt", octets(salt)),
        odd.get("rounds", integer(rounds)),
        integer(written_size) if written_size is not None else b"",
        sequence(oid(odd.get("prf", prf)), NULL))
    algorithm = sequence(oid("pbmac1"), odd.get("parameters", sequence(
        sequence(oid(odd.get("derivation", "pbkdf2")), derivation),
        sequence(oid(odd.get("mac", mac)), NULL))))
    # RFC 9579 section 4: the old salt and count are there and mean nothing.
    return with_mac(pfx, sequence(sequence(algorithm, octets(odd.get("digest", digest))),
                                  octets(b"NOT USED"), integer(1)))


def local_id(mark):
    """The attribute by which others find the key of a certificate."""
    return der(0x31, sequence(oid("local-id"), der(0x31, octets(mark)))) if mark else b""


def certificate_bag(certificate, mark=None):
    return sequence(oid("certificate-bag"), der(0xa0, sequence(
        oid("x509"), der(0xa0, octets(certificate)))), local_id(mark))


def shrouded_bag(key, password, cipher, size, written=None, prf="sha256", mark=None):
    """PKCS#8 encrypted with PBES2 and AES with a key of size bytes, or of what the cipher is
    called if that is None; the size is written beside it, or another one."""
    salt, vector = b"saltsalt", bytes(16)
    true_size = size or {"aes128": 16, "aes256": 32}[cipher]
    secret = hashlib.pbkdf2_hmac(prf, password, salt, 2000, true_size)
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(vector)).encryptor()
    n_padding = 16 - len(key) % 16
    encrypted = encryptor.update(key + bytes([n_padding]) * n_padding) + encryptor.finalize()
    written = written or size
    derivation = sequence(octets(salt), integer(2000), integer(written) if written else b"",
                          sequence(oid(prf), NULL))
    algorithm = sequence(oid("pbes2"), sequence(sequence(oid("pbkdf2"), derivation),
                                                sequence(oid(cipher), octets(vector))))
    return sequence(oid("shrouded"), der(0xa0, sequence(algorithm, octets(encrypted))),
                    local_id(mark))


def with_hmac(pfx, password=PASSWORD, rounds=2048):
    """The same with a MAC: SHA-256, by the derivation of RFC 7292 appendix B.2."""
    _, _, safes, _ = parts(pfx)
    salt = b"saltsalt"
    typed = password.encode("utf-16-be") + b"\0\0"
    state = bytes([3] * 64) + (salt * 8) + (typed * 64)[:-(-len(typed) // 64) * 64]
    for _ in range(rounds):
        state = hashlib.sha256(state).digest()
    digest = hmac.new(state, safes, "sha256").digest()
    algorithm = sequence(oid("digest-sha256"), NULL)
    return with_mac(pfx, sequence(sequence(algorithm, octets(digest)), octets(salt),
                                  integer(rounds)))


class Workshop:
    """A folder with an authority, a certificate that it issued, and their keys."""

    def __init__(self):
        self.place = tempfile.TemporaryDirectory(prefix="issuant-made-")
        self.folder = pathlib.Path(self.place.name)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Made CA", "-days",
                "3650", "-keyout", self / "ca.key", "-out", self / "ca.crt")
        self.issue("leaf", "-newkey", "rsa:2048")
        (self / "chain.pem").write_bytes((self / "leaf.crt").read_bytes()
                                         + (self / "ca.crt").read_bytes())

    def __truediv__(self, name):
        return self.folder / name

    def close(self):
        self.place.cleanup()

    def issue(self, name, *key):
        """A certificate of the authority's, for a key that openssl req makes or takes."""
        openssl("req", "-new", *key, "-nodes", "-subj", f"/CN={name}", "-keyout",
                self / f"{name}.key", "-out", self / "a.csr")
        openssl("x509", "-req", "-in", self / "a.csr", "-CA", self / "ca.crt", "-CAkey",
                self / "ca.key", "-CAcreateserial", "-days", "3000", "-out", self / f"{name}.crt")

    def make_key(self, name, algorithm, *options):
        """A certificate of its own for a key of any kind."""
        openssl("genpkey", "-algorithm", algorithm, *options, "-out", self / f"{name}.key")
        openssl("req", "-x509", "-key", self / f"{name}.key", "-subj", f"/CN={name}", "-days",
                "3000", "-out", self / f"{name}.crt")

    def pfx(self, *arguments, password=PASSWORD, name="leaf", out="a.p12"):
        openssl("pkcs12", "-export", "-inkey", self / f"{name}.key", "-in", self / f"{name}.crt",
                "-certfile", self / "ca.crt", "-passout", f"pass:{password}", "-out", self / out,
                *arguments)
        return (self / out).read_bytes()

    def write(self, name, data):
        path = self / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

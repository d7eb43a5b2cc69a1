# SPDX-License-Identifier: GPL-3.0-or-later
"""Every certificate of python-cryptography's tests, as DER."""
import base64
import pathlib
import re
import tempfile

import vectors


def every():
    """(name, DER) of every certificate that there is"""
    folder = vectors.FOLDER / "x509"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".crt" or (path.suffix == ".der" and "crl" not in name
                                     and not name.startswith(("ocsp", "requests"))):
            yield name, path.read_bytes()
        elif path.suffix == ".pem":
            text = path.read_bytes()
            for n, block in enumerate(re.findall(
                    rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.S)):
                yield f"{name}#{n}" if n else name, base64.b64decode(block)


def tell(verb, files):
    """What our reader says of each: {name: object}"""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for n, der in enumerate(files.values()):
            paths.append(pathlib.Path(folder) / f"{n:04}.der")
            paths[-1].write_bytes(der)
        return dict(zip(files, vectors.tell(verb, *paths), strict=True))

# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual path in the shell, from the one server that has the certificate to the same one on
every server: export, import, assign, look. What is asserted is what lies on the servers' disks,
and what other people's tools read in the exported file.
"""
import pathlib
import tempfile
import unittest

import demo
import other_readers
import tap

NAME = "auth.contoso.example"
TYPE = "OAuthTokenIssuer"
# Of ASCII: Java derives no key from other letters.
PASSWORD = "a pass phrase: 15 &c."


class ManualPath(demo.Case):
    def setUp(self):
        super().setUp()
        place = tempfile.TemporaryDirectory(prefix="issuant-export-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.password = self.place / "password"
        self.password.write_text(PASSWORD + "\n")
        self.row = self.demo.row(NAME)

    def has_it(self, server):
        store = self.demo.folder / server / "stores" / "my"
        return (store / f"{self.row['sha256']}.pem").exists()

    def export(self, name, *options):
        path = self.place / name
        self.ctl("export-certificate", "--server", "fe01", "--thumbprint", self.row["thumbprint"],
                 "--path", path, "--password-file", self.password, "--include-chain", *options)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        return path

    def assert_read_by_others(self, path):
        store = self.demo.folder / "fe01" / "stores" / "my"
        other_readers.read_pfx(self, path, PASSWORD, NAME, store / f"{self.row['sha256']}.pem")

    def test_shell(self):
        self.assertTrue(self.has_it("fe01"))
        for server in ("fe02", "fe03"):
            self.assertFalse(self.has_it(server), server)
        path = self.export("auth.pfx")
        self.assert_read_by_others(path)

        done = self.ctl("import-certificate", "--server", "fe02,fe03", "--path", path,
                        "--password-file", self.password, "--intent", "pool")
        self.assertNotIn("Manual import does not replicate", done.err)
        for server in demo.SERVERS:
            self.assertTrue(self.has_it(server), server)

        self.ctl("set-certificate", "--pool", demo.POOL, "--type", TYPE, "--thumbprint",
                 self.row["thumbprint"])
        told = self.ctl("get-presence", "--type", TYPE)
        self.assertIn(f"{TYPE}: the same certificate on 3 of 3 servers.", told.out)

        for server in demo.SERVERS:
            self.assertEqual(demo.published_sha256(self.demo.folder / server, TYPE),
                             self.row["sha256"], server)

    # For Windows Server 2016 and older.
    def test_old_profile(self):
        self.assert_read_by_others(self.export("old.pfx", "--encryption", "tripledes-sha1"))

    def test_on_one_server_only(self):
        path = self.export("auth.pfx")
        done = self.ctl("import-certificate", "--server", "fe02", "--path", path,
                        "--password-file", self.password, "--intent", "pool")
        self.assertIn("Manual import does not replicate. fe03 does not have", done.err)
        self.assertFalse(self.has_it("fe03"))


if __name__ == "__main__":
    tap.main()

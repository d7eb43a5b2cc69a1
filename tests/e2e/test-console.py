# SPDX-License-Identifier: GPL-3.0-or-later
"""The console itself, from its first page to the same certificate on every server: once with
the mouse alone, once with the keyboard alone.

What is asserted lastly is not what the window says, but what the servers have.
"""
import os
import pathlib
import tempfile
import unittest

import demo
import screen
import tap

ISSUANT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "console" / "issuant"
NAME = "auth.contoso.example"
TYPE = "OAuthTokenIssuer"
WIZARD = "Certificate Import Wizard"
ASSIGN = "Certificate Assignment Wizard"

# From GTK 4.10 on the label beside an entry goes before the name that it has itself.
FILE_ENTRY = ("File to import", "File:")


class Console(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="issuant-console-")
        self.addCleanup(place.cleanup)
        home = pathlib.Path(place.name)
        self.demo = home / "issuant" / "demo"
        env = {**os.environ, "XDG_DATA_HOME": str(home)}
        self.program = screen.Program([str(ISSUANT), "--demo", "--seed", "console", "--at",
                                       demo.AT], env)
        self.addCleanup(self.program.stop)
        self.find_main()

    def find_main(self):
        """The console's window, once it has the keys."""
        self.main = self.program.window("frame", " – Issuant")

    def live(self, server):
        """What a server has published, once the openssl tool has found its key to match."""
        return demo.published_sha256(self.demo / server, TYPE)

    def import_it(self, user):
        # The first page says what is wrong: the certificate is on fe01 alone.
        self.main.says("fe02 and fe03 do not have it")
        for server in ("fe02", "fe03"):
            self.assertFalse((self.demo / server / "live" / TYPE).exists(), server)

        user.press(self.main, "Import…", "ctrl+i")
        wizard = self.program.window("dialog", WIZARD)
        user.enter(wizard, "text", FILE_ENTRY, str(self.demo / "files" / f"{NAME}.pfx"))
        user.press(wizard, "Next")

        password = (self.demo / "files" / "auth.password").read_text().strip()
        user.enter(wizard, "password text", "Password", password)
        user.press(wizard, "Next")

        wizard.says(f"Where should {NAME}")
        wizard.says("does not have it")
        self.assertFalse(screen.has(wizard.get("check box", "fe01"), "CHECKED"))
        for server in ("fe02", "fe03"):
            user.tick(wizard, server)
        user.press(wizard, "Import")

        wizard.says("Imported on 2 of 2 servers")
        user.press(wizard, "Finish")
        self.program.gone(WIZARD)
        self.find_main()

    def assign_it(self, user):
        user.press(self.main, "Assign…")
        wizard = self.program.window("dialog", ASSIGN)
        wizard.label("Certificate Assignment")
        self.assertTrue(screen.has(wizard.get("check box", TYPE), "CHECKED"))
        self.assertTrue(screen.has(wizard.get("radio button", "On every server of"), "CHECKED"))
        user.press(wizard, "Next")

        wizard.says("Select the certificate that fe01, fe02 and fe03 should use")
        user.choose(wizard, NAME)
        user.press(wizard, "Next")

        wizard.label("Certificate Assignment Summary")
        for server in ("fe02", "fe03"):
            self.assertFalse((self.demo / server / "live" / TYPE).exists(), server)
        user.press(wizard, "Assign")

        wizard.label("Executing Commands")
        wizard.says("Assigned on 3 of 3 servers")
        wizard.says("Set-CsCertificate -Identity Global -Type OAuthTokenIssuer -Thumbprint")
        user.press(wizard, "Finish")
        self.program.gone(ASSIGN)
        self.find_main()

    def story(self, user):
        self.import_it(user)
        self.assign_it(user)
        user.show(self.main, "Presence")
        self.main.says(f"{TYPE}: the same certificate on 3 of 3 servers")

        published = {server: self.live(server) for server in demo.SERVERS}
        self.assertEqual(len(set(published.values())), 1, published)
        subject = demo.openssl("x509", "-in", self.demo / "fe02" / "live" / TYPE / "fullchain.pem",
                               "-noout", "-subject")
        self.assertIn(NAME, subject)

    def test_mouse(self):
        self.story(screen.Mouse())

    def test_keyboard(self):
        self.story(screen.Keyboard())


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The console itself, from its first page to the same certificate on every server: once with
the mouse alone, once with the keyboard alone; and once for every server instead, replicated.

What is asserted lastly is not what the window says, but what the servers have.
"""
import os
import pathlib
import tempfile
import unittest

import demo
import other_readers
import screen
import tap

ISSUANT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "console" / "issuant"
NAME = "auth.contoso.example"
TYPE = "OAuthTokenIssuer"
EXPORT = "Certificate Export Wizard"
WIZARD = "Certificate Import Wizard"
PASSWORD = "Nobody guesses 4711 of these"
ASSIGN = "Certificate Assignment Wizard"
MAKE_GLOBAL = "Make It Global"
NEXT = "next-auth.contoso.example"
PASSPHRASE = "correct horse battery staple"

# From GTK 4.10 on the label beside an entry goes before the name that it has itself.
FILE_ENTRY = ("File to import", "File:")


class Console(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="issuant-console-")
        self.addCleanup(place.cleanup)
        home = pathlib.Path(place.name)
        self.demo = home / "issuant" / "demo"
        self.file = home / "auth.pfx"
        self.password = PASSWORD
        env = {**os.environ, "XDG_DATA_HOME": str(home)}
        self.program = screen.Program([str(ISSUANT), "--demo", "--seed", "console", "--at",
                                       demo.AT], env)
        self.addCleanup(self.program.stop)
        self.find_main()

    def find_main(self):
        """The console's window, once it has the keys."""
        self.main = self.program.window("frame", " – Issuant")

    def stored(self, server):
        """The file in which a server has the certificate, if it does."""
        for path in (self.demo / server / "stores" / "my").glob("*.pem"):
            subject = demo.openssl("x509", "-in", path, "-noout", "-subject")
            if subject.endswith((f"CN = {NAME}\n", f"CN={NAME}\n")):
                return path
        return None

    def live(self, server):
        """What a server has published, once the openssl tool has found its key to match."""
        return demo.published_sha256(self.demo / server, TYPE)

    def export_it(self, user):
        # The first page says what is wrong: the certificate is on fe01 alone.
        self.main.says("fe02 and fe03 do not have it")
        user.open(self.main, "fe01", "Certificates")
        user.open(self.main, "Certificates", "Personal")
        user.show(self.main, "Personal")
        user.select(self.main, NAME)

        user.press(self.main, "Export…", "ctrl+e")
        wizard = self.program.window("dialog", EXPORT)
        user.check(wizard, "Yes, export the private key")
        user.press(wizard, "Next")
        wizard.says("Which format should the file have?")
        user.press(wizard, "Next")
        user.enter(wizard, "password text", "Password", PASSWORD)
        user.enter(wizard, "password text", "Confirm password", PASSWORD)
        user.press(wizard, "Next")
        user.enter(wizard, "text", "File name", str(self.file))
        user.press(wizard, "Next")
        wizard.says("You have specified the following settings:")
        self.assertFalse(self.file.exists())
        user.press(wizard, "Export")
        wizard.says("The export was successful")
        user.press(wizard, "Finish")
        self.program.gone(EXPORT)
        self.find_main()

        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        other_readers.read_pfx(self, self.file, PASSWORD, NAME, self.stored("fe01"))

    def import_it(self, user):
        for server in ("fe02", "fe03"):
            self.assertIsNone(self.stored(server), server)
            self.assertFalse((self.demo / server / "live" / TYPE).exists(), server)

        user.press(self.main, "Import…", "ctrl+i")
        wizard = self.program.window("dialog", WIZARD)
        user.enter(wizard, "text", FILE_ENTRY, str(self.file))
        user.press(wizard, "Next")

        user.enter(wizard, "password text", "Password", self.password)
        user.press(wizard, "Next")

        wizard.says(f"Where should {NAME}")
        wizard.says("does not have it")
        self.assertFalse(screen.has(wizard.get("check box", "fe01"), "CHECKED"))
        for server in ("fe02", "fe03"):
            user.tick(wizard, server)
        user.press(wizard, "Import")

        wizard.says("Imported on 2 of 2 servers")
        for server in demo.SERVERS:
            self.assertIsNotNone(self.stored(server), server)
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

    def enroll_them(self, user, wizard, verb):
        """From nothing: the key to sign with is made on the way."""
        wizard.says("Not every server of pool01 is enrolled yet")
        user.press(wizard, "Next")
        wizard.says("You have no key to sign with yet")
        user.enter(wizard, "password text", "Passphrase", PASSPHRASE)
        user.enter(wizard, "password text", "The same again", PASSPHRASE)
        user.press(wizard, "Enroll")
        wizard.says("3 of 3 servers are enrolled.")
        user.press(wizard, verb)

    def see_it_arrive(self, user, wizard, revision, before=None):
        """On each server, by the wizard and by the Replication page; returns what is live."""
        title = wizard.title()
        wizard.says(f"This is revision {revision} of {TYPE}, for 3 of 3 servers.")
        user.press(wizard, "Finish")
        self.program.gone(title)
        self.find_main()
        user.show(self.main, "Replication")
        self.main.says("What is assigned globally is deployed on 3 of 3 servers.")
        table = self.main.get(screen.TABLE, "Replicas")
        for server in demo.SERVERS:
            self.main.get("label", server, table)
        self.main.get("label", f"{revision}/{revision}", table)
        self.main.says("has been replicating since")
        live = {self.live(server) for server in demo.SERVERS}
        self.assertEqual(len(live), 1)
        self.assertNotEqual(live, before)
        return live

    def import_globally(self, user):
        user.press(self.main, "Import…", "ctrl+i")
        wizard = self.program.window("dialog", WIZARD)
        user.enter(wizard, "text", FILE_ENTRY, str(self.demo / "files" / f"{NEXT}.pfx"))
        user.press(wizard, "Next")
        user.enter(wizard, "password text", "Password",
                   (self.demo / "files" / "auth.password").read_text().rstrip("\n"))
        user.press(wizard, "Next")
        wizard.says(f"Where should {NEXT}")
        user.check(wizard, "On every server, replicated")
        user.press(wizard, "Next")
        self.enroll_them(user, wizard, "Import")
        return wizard

    def assign_globally(self, user):
        """What is assigned globally is changed globally: nobody has to choose that."""
        user.press(self.main, "Assign…")
        wizard = self.program.window("dialog", ASSIGN)
        user.press(wizard, "Next")
        user.choose(wizard, NAME)
        user.press(wizard, "Next")
        wizard.says("Every server of pool01 will use this certificate")
        user.press(wizard, "Next")
        user.enter(wizard, "password text", "Passphrase", PASSPHRASE)
        user.press(wizard, "Assign")
        return wizard

    def make_global(self, user):
        """What is on fe01 alone, from the banner that warns of it."""
        self.main.says("fe02 and fe03 do not have")
        user.press(self.main, "Make It Global…")
        wizard = self.program.window("dialog", MAKE_GLOBAL)
        wizard.says("Select the certificate that every server of pool01 should use")
        user.press(wizard, "Next")
        wizard.says("Every server of pool01 will use this certificate")
        user.press(wizard, "Next")
        self.enroll_them(user, wizard, "Assign")
        return wizard

    def story(self, user):
        self.import_it(user)
        self.assign_it(user)
        user.show(self.main, "Presence")
        self.main.says(f"{TYPE}: the same certificate on 3 of 3 servers")

        published = {server: self.live(server) for server in demo.SERVERS}
        self.assertEqual(published, {server: other_readers.sha256(self.stored("fe01"))
                                     for server in demo.SERVERS})

    def test_mouse(self):
        user = screen.Mouse()
        self.export_it(user)
        self.story(user)

        by_hand = {self.live(server) for server in demo.SERVERS}
        imported = self.see_it_arrive(user, self.import_globally(user), 1, by_hand)
        self.assertEqual(self.see_it_arrive(user, self.assign_globally(user), 2, imported),
                         by_hand)

    def test_keyboard(self):
        user = screen.Keyboard()
        self.export_it(user)
        self.story(user)

    def test_keyboard_global(self):
        user = screen.Keyboard()
        live = self.see_it_arrive(user, self.make_global(user), 1)
        self.assertEqual(live, {other_readers.sha256(self.stored("fe01"))})
        self.assertIsNotNone(self.stored("fe03"))
        self.assertNotIn("Manual import does not replicate.", " ".join(self.main.names()))


if __name__ == "__main__":
    tap.main()

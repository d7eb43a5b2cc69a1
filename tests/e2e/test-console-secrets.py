# SPDX-License-Identifier: GPL-3.0-or-later
"""While a password is typed into the window, it is in locked memory alone; after the import, the
export and the copy, password and key are nowhere in the memory of the console and of its agents,
which all run on, nor in a file where they do not belong, nor in what they log (all that they can);
and not one of them could leave a core file.

tests/app/test-secrets-left.py asks the same of the shell.
"""
import os
import pathlib
import tempfile
import unittest

import demo
import memory
import screen
import tap

ISSUANT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "console" / "issuant"
NAME = "secrets.contoso.example"
PASSWORD = "Gesang-Koralle-4711"
NEW_PASSWORD = "Anderes-Kennwort-0815"

IMPORT = "Certificate Import Wizard"
EXPORT = "Certificate Export Wizard"
COPY = "Copy to Servers"
FILE_ENTRY = ("File to import", "File:")


class ConsoleSecrets(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="issuant-console-")
        self.addCleanup(place.cleanup)
        self.home = pathlib.Path(place.name) / "home"
        self.given = pathlib.Path(place.name) / "given"
        self.home.mkdir()
        self.given.mkdir()
        memory.make_pair(self.given, NAME)
        (self.given / "password").write_text(PASSWORD, encoding="utf-8")
        (self.given / "new-password").write_text(NEW_PASSWORD, encoding="utf-8")
        demo.openssl("pkcs12", "-export", "-inkey", self.given / "key.pem", "-in",
                     self.given / "certificate.pem", "-passout", f"file:{self.given / 'password'}",
                     "-out", self.given / "auth.pfx")
        self.needles = {**memory.of_password(PASSWORD),
                        **{"new: " + name: needle
                           for name, needle in memory.of_password(NEW_PASSWORD).items()},
                        **memory.of_key((self.given / "key.pem").read_bytes())}

        env = {**os.environ, "XDG_DATA_HOME": str(self.home)}
        # What is freed is to stay as it was freed: nobody is to wipe it but we ourselves.
        for name in ("MALLOC_PERTURB_", "G_DEBUG"):
            env.pop(name, None)
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0:max_free_fill_size=0"
        self.log = pathlib.Path(place.name) / "log"
        # Let dump what it likes; the shell is gone when the console begins.
        start = ('ulimit -S -c "$(ulimit -H -c)"; log=$1; shift; '
                 'G_MESSAGES_DEBUG=all exec "$@" >"$log" 2>&1')
        self.program = screen.Program(["sh", "-c", start, "sh", str(self.log), str(ISSUANT),
                                       "--demo", "--seed", "console", "--at", demo.AT], env)
        self.addCleanup(self.program.stop)
        self.user = screen.Mouse()
        self.find_main()

    def find_main(self):
        self.main = self.program.window("frame", " – Issuant")

    def left(self, but_locked=False):
        """What there is in the console and in all that it has started: its agents. Their memory
        has their arguments and their environment in it."""
        found = []
        for pid in memory.family(self.program.process.pid):
            program = memory.name_of(pid).split(" ", 1)[0].rsplit("/", 1)[-1]
            found.extend(f"{program}: {what}"
                         for what in memory.scan(pid, self.needles, but_locked))
            if memory.may_dump(pid):
                found.append(f"{program}: it could leave a core file")
        said = self.log.read_bytes()
        found.extend(f"the log: {what}" for what, needle in self.needles.items() if needle in said)
        return found

    def finish(self, wizard, title):
        self.user.press(wizard, "Finish")
        self.program.gone(title)
        self.assertEqual(self.left(), [], f"left by {title}")
        self.assertEqual(memory.search_files(self.home, self.needles), [], f"left by {title}")
        self.find_main()

    def ticked(self, wizard, server):
        """Who does not have it is ticked as soon as that is known."""
        box = wizard.usable("check box", server)
        screen.until(lambda: screen.has(box, "CHECKED"), f"{server} to be ticked")
        return box

    def leave_out(self, wizard, server):
        box = self.user.click(wizard, lambda: self.ticked(wizard, server))
        screen.until(lambda: not screen.has(box, "CHECKED"), f"{server} to be left out")

    def import_it(self):
        self.user.press(self.main, "Import…")
        wizard = self.program.window("dialog", IMPORT)
        self.user.enter(wizard, "text", FILE_ENTRY, str(self.given / "auth.pfx"))
        self.user.press(wizard, "Next")
        self.user.tick(wizard, "Mark the key as exportable")
        self.user.enter(wizard, "password text", "Password", PASSWORD)
        self.assertEqual(self.left(but_locked=True), [], "the password was typed")
        self.user.press(wizard, "Next")
        wizard.says(f"Where should {NAME}")
        self.leave_out(wizard, "fe03")
        self.user.press(wizard, "Import")
        wizard.says("Imported on 2 of 2 servers")
        self.finish(wizard, IMPORT)

    def export_it(self):
        self.user.open(self.main, "fe01", "Certificates")
        self.user.open(self.main, "Certificates", "Personal")
        self.user.show(self.main, "Personal")
        self.user.select(self.main, NAME)
        self.user.press(self.main, "Export…")
        wizard = self.program.window("dialog", EXPORT)
        self.user.check(wizard, "Yes, export the private key")
        self.user.press(wizard, "Next")
        wizard.says("Which format should the file have?")
        self.user.press(wizard, "Next")
        self.user.enter(wizard, "password text", "Password", NEW_PASSWORD)
        self.user.enter(wizard, "password text", "Confirm password", NEW_PASSWORD)
        self.assertEqual(self.left(but_locked=True), [], "the password was typed twice")
        self.user.press(wizard, "Next")
        self.user.enter(wizard, "text", "File name", str(self.given / "out.pfx"))
        self.user.press(wizard, "Next")
        wizard.says("You have specified the following settings:")
        self.user.press(wizard, "Export")
        wizard.says("The export was successful")
        demo.openssl("pkcs12", "-in", self.given / "out.pfx", "-nodes", "-passin",
                     f"file:{self.given / 'new-password'}")
        self.finish(wizard, EXPORT)

    def copy_it(self):
        self.user.press(self.main, "Copy to servers…")
        wizard = self.program.window("dialog", COPY)
        self.ticked(wizard, "fe03")
        self.user.press(wizard, "Copy")
        wizard.says("Copied to 1 of 1 server")
        self.finish(wizard, COPY)
        keys = self.home / "issuant" / "demo" / "fe03" / "keys"
        self.assertTrue(any(needle in path.read_bytes() for path in keys.glob("*.pem")
                            for what, needle in self.needles.items() if "PEM" in what))

    def test_secrets(self):
        self.import_it()
        self.export_it()
        self.copy_it()
        self.assertIn(b"DEBUG", self.log.read_bytes(), "it logs what it can")


if __name__ == "__main__":
    memory.be_mighty()
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes a certificate where it is, in the console itself: delete, undo, properties, and who
may read its key; once with the mouse alone, once with the keyboard alone. What is asserted is what
lies on the server's disk.
"""
import configparser
import json
import os
import pathlib
import pwd
import struct
import tempfile
import unittest

import demo
import screen
import tap

ISSUANT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "console" / "issuant"
LAB = "lab.contoso.example"
ROOT = "Contoso Demo CA"
ROOTS = "Trusted Root Certification Authorities"

# What a question's title bar says; a screen reader is told the question. From GTK 4.14 on it
# hears of an alert.
ASKS = "Issuant"
QUESTION = ("dialog", "alert")

# Of acl(5): an entry of a named account, and the permission to read.
ACL_USER = 2
ACL_READ = 4


def read_conf(path):
    conf = configparser.ConfigParser(interpolation=None)
    conf.read_string(path.read_text(encoding="utf-8"))
    return conf


def readers(path):
    """The numbers of the accounts that an ACL lets read a file."""
    entries = os.getxattr(path, "system.posix_acl_access")[4:]
    return [number for tag, permissions, number in struct.iter_unpack("<HHI", entries)
            if tag == ACL_USER and permissions & ACL_READ]


class Changes(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="issuant-changes-")
        self.addCleanup(place.cleanup)
        self.home = pathlib.Path(place.name)
        self.server = self.home / "issuant" / "demo" / "fe02"
        env = {**os.environ, "XDG_DATA_HOME": str(self.home)}
        self.program = screen.Program([str(ISSUANT), "--demo", "--seed", "console", "--at",
                                       demo.AT], env)
        self.addCleanup(self.program.stop)
        self.find_main()
        self.main.says("fe02 and fe03 do not have it")

    def find_main(self):
        self.main = self.program.window("frame", " – Issuant")

    def ctl(self, *words):
        done = demo.run(self.home, "--demo", "--seed", "console", "--at", demo.AT, *words,
                        alone=False, env={"XDG_DATA_HOME": str(self.home)})
        self.assertEqual(done.status, 0, str(done))
        return done

    def stored(self, name, store="my"):
        """The file of a certificate of that name."""
        for path in (self.server / "stores" / store).glob("*.pem"):
            subject = demo.openssl("x509", "-in", path, "-noout", "-subject")
            if subject.endswith((f"CN = {name}\n", f"CN={name}\n")):
                return path
        self.fail(f"no {name} in {store}")

    def key_of(self, certificate):
        """The key's file, found by what the openssl tool says belongs together."""
        ours = demo.openssl("x509", "-in", certificate, "-noout", "-pubkey")
        found, = [path for path in (self.server / "keys").glob("*.pem")
                  if demo.openssl("pkey", "-in", path, "-pubout") == ours]
        return found

    def in_trash(self, certificate):
        return list((self.server / "trash").glob(f"*-{certificate.stem}"))

    def audited(self):
        """What the server's record says was done, newest last."""
        lines = (self.server / "audit.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["what"] for line in lines]

    def ask_to_delete(self, user, name, store):
        user.select(self.main, name)
        user.press(self.main, "Delete…", "Delete")
        return self.program.window(QUESTION, f"Delete “{name}” from {store} on fe02?", ASKS)

    def delete(self, user, name, store):
        question = self.ask_to_delete(user, name, store)
        user.press(question, "Delete Certificate")
        self.program.gone("Delete “")
        self.find_main()
        self.main.says(f"{name} was deleted from {store} on fe02.")

    def change_properties(self, user):
        user.open(self.main, "fe02", "Certificates")
        user.open(self.main, "Certificates", "Personal")
        user.show(self.main, "Personal")
        path = self.stored(LAB)
        key = self.key_of(path)
        user.select(self.main, LAB)
        user.press(self.main, "Properties", "alt+Return")
        dialog = self.program.window("dialog", f"Properties of {LAB}, Personal on fe02")
        user.enter(dialog, "text", "Friendly name", "of the lab")
        user.enter(dialog, "text", "Description", "for <b>tests</b> & trials")
        user.check(dialog, "For every server of the pool")
        user.untick(dialog, "May be exported")
        user.enter(dialog, "text", "Accounts that may read the key", "daemon")
        user.press(dialog, "OK", "Return")
        self.program.gone("Properties of")
        self.find_main()

        conf = read_conf(self.server / "properties" / f"{path.stem}.conf")["certificate"]
        self.assertEqual((conf["friendly-name"], conf["description"], conf["intent"]),
                         ("of the lab", "for <b>tests</b> & trials", "pool"))
        self.assertEqual(read_conf(key.with_suffix(".conf"))["key"]["exportable"], "false")
        self.assertEqual(readers(key), [pwd.getpwnam("daemon").pw_uid])

        # What cannot be given back is not offered.
        user.select(self.main, LAB)
        user.press(self.main, "Properties", "alt+Return")
        dialog = self.program.window("dialog", f"Properties of {LAB}, Personal on fe02")
        dialog.says("Issuant will not export it, now or later")
        self.assertFalse(screen.has(dialog.get("check box", "May be exported"), "SENSITIVE"))
        self.assertEqual(screen.text(dialog.get("text", "Accounts")), "daemon")
        dialog.says("By permissions.")
        user.press(dialog, "Cancel", "Escape")
        self.program.gone("Properties of")
        self.find_main()

    def delete_and_undo(self, user):
        path = self.stored(LAB)
        key = self.key_of(path)
        before = path.read_bytes(), key.read_bytes(), key.stat().st_mode

        # The safe answer is the one that has the keys.
        question = self.ask_to_delete(user, LAB, "Personal")
        question.says("The server can no longer sign or decrypt with this certificate.")
        question.says("It goes into the trash of fe02 with its private key, and can be restored "
                      "for 30 days.")
        self.assertTrue(screen.has(question.get("push button", "Cancel"), "FOCUSED"))
        user.press(question, "Cancel", "Return")
        self.program.gone("Delete “")
        self.find_main()
        self.assertTrue(path.exists())

        self.delete(user, LAB, "Personal")
        self.assertFalse(path.exists())
        self.assertEqual(len(self.in_trash(path)), 1)

        user.press(self.main, "Undo", "ctrl+z")
        self.main.cell(LAB)
        screen.until(path.exists, "the certificate to be back")
        self.assertEqual((path.read_bytes(), key.read_bytes(), key.stat().st_mode), before)
        screen.until(lambda: not self.in_trash(path), "the trash to be empty")
        self.assertEqual(self.audited()[-2:], ["delete", "restore"])

        # What another deleted and restores is seen as well, without anybody's looking anew.
        self.delete(user, LAB, "Personal")
        self.ctl("restore-certificate", "--server", "fe02", "--thumbprint", path.stem)
        self.main.cell(LAB)
        self.assertEqual(path.read_bytes(), before[0])

    def delete_root(self, user):
        """Each store has a warning of its own, and the server adds what would break."""
        user.show(self.main, ROOTS)
        path = self.stored(ROOT, "root")
        question = self.ask_to_delete(user, ROOT, ROOTS)
        question.says("Certificates issued by this root certification authority, or by "
                      "authorities below it, will no longer be trusted.")
        question.says("certification path")
        user.press(question, "Cancel", "Escape")
        self.program.gone("Delete “")
        self.assertTrue(path.exists())

    def test_mouse(self):
        user = screen.Mouse()
        self.change_properties(user)
        self.delete_and_undo(user)
        self.delete_root(user)

    def test_keyboard(self):
        user = screen.Keyboard()
        self.change_properties(user)
        self.delete_and_undo(user)


if __name__ == "__main__":
    tap.main()

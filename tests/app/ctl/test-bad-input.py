# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: one clear sentence, the right status, nothing changed, nothing lost."""
import ctypes
import fcntl
import os
import resource
import subprocess

import demo
import tap

VERB = "import-certificate"
CLONE_NEWNS = 0x20000


def der_parts(data):
    """(tag, contents) of each value in a row of DER values."""
    found = []
    while data:
        length, start = data[1], 2
        if length & 0x80:
            start = 2 + (length & 0x7f)
            length = int.from_bytes(data[2:start], "big")
        found.append((data[0], data[start:start + length]))
        data = data[start + length:]
    return found


def der(tag, contents):
    n = len(contents)
    if n < 0x80:
        return bytes([tag, n]) + contents
    size = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + contents


def with_iterations(pfx, count):
    """A PFX whose MAC asks for that many iterations."""
    (tag, contents), = der_parts(pfx)
    version, content, (mac_tag, mac) = der_parts(contents)
    digest, salt, _ = der_parts(mac)
    number = count.to_bytes(count.bit_length() // 8 + 1, "big")
    mac = der(*digest) + der(*salt) + der(2, number)
    return der(tag, der(*version) + der(*content) + der(mac_tag, mac))


class BadFile(demo.Case):
    """Files that are not what they should be."""

    def setUp(self):
        super().setUp()
        self.path = self.demo.home / "bad.pfx"
        self.path.unlink(missing_ok=True)
        self.pfx = (self.demo.files / "auth.contoso.example.pfx").read_bytes()

    def bad(self, path, pattern, status=1, password="auth.password"):
        return self.refuses(VERB, "--pool", demo.POOL, "--path", path, "--password-file",
                            self.demo.files / password, status=status, pattern=pattern)

    def test_not_a_certificate(self):
        self.bad(self.demo.files / "wrong.txt", "wrong.txt: This is not a certificate, PFX, PEM, "
                                                "PKCS#7 or SST file$")

    def test_empty(self):
        self.path.write_bytes(b"")
        self.bad(self.path, "bad.pfx.*(empty|not a certificate)")

    def test_truncated(self):
        for size in (10, len(self.pfx) // 2, len(self.pfx) - 1):
            with self.subTest(size):
                self.path.write_bytes(self.pfx[:size])
                self.bad(self.path, "bad.pfx: .*(cut short|not a certificate)")

    def test_wrong_password(self):
        self.bad(self.demo.files / "auth.contoso.example.pfx", "The password is wrong$",
                 password="wrong.txt")

    def test_altered(self):
        """A wrong password is said only when it is one."""
        middle = len(self.pfx) // 2
        self.path.write_bytes(self.pfx[:middle] + bytes([self.pfx[middle] ^ 1]) +
                              self.pfx[middle + 1:])
        self.bad(self.path, "bad.pfx: ")

    def test_costly(self):
        """Refused at once, whatever the password is."""
        for count in (2 ** 31 - 1, 2 ** 31, 2 ** 63):
            with self.subTest(count):
                self.path.write_bytes(with_iterations(self.pfx, count))
                self.bad(self.path, "bad.pfx: .*(iterations|rounds|costly)")

    def test_iterations_are_patched_right(self):
        self.path.write_bytes(with_iterations(self.pfx, 12345))
        text = demo.openssl("pkcs12", "-in", self.path, "-info", "-noout", "-nomacver", "-nokeys",
                            "-nocerts", "-password", f"file:{self.demo.files}/auth.password")
        self.assertEqual(text, "")

    def test_huge(self):
        with open(self.path, "wb") as file:
            file.write(self.pfx[:100])
            file.truncate(200 * 1024 * 1024)
        self.bad(self.path, "bad.pfx.* (large|big|MiB|MB)")

    def test_folder(self):
        self.bad(self.demo.files, "“.*files” is a folder: choose a file in it$", status=2)

    def test_missing(self):
        self.bad(self.demo.home / "none.pfx", "There is no file “.*none.pfx”$")
        link = self.demo.home / "dangling.pfx"
        if not link.is_symlink():
            link.symlink_to(self.demo.home / "none.pfx")
        self.bad(link, "“.*dangling.pfx” is not a file that can be imported$", status=2)

    def test_unreadable(self):
        """What not even root can read."""
        self.bad("/proc/self/mem", "/proc/self/mem")
        if os.geteuid() != 0:
            self.path.write_bytes(self.pfx)
            self.path.chmod(0)
            self.bad(self.path, "bad.pfx.* may not|permission")

    def test_no_file(self):
        """Neither a pipe that nobody writes to nor a device without an end holds it up."""
        os.mkfifo(self.path)
        for path in (self.path, "/dev/zero"):
            self.bad(path, "” is not a file that can be imported$", status=2)


class FullDisk(demo.Case):
    """Wholly before or wholly after, and it says which server has no room."""

    def test_limit(self):
        """No file may grow over a few bytes: as if the disk were full."""
        done = self.demo.import_auth(
            "--server", "fe02", restore_signals=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700)))
        self.assert_status(done, 1)
        self.assertRegex(done.lines[1], r"^fe02 +failed +\S")
        self.assert_no_auth()

    def test_disk(self):
        """A real one, where root may make it; it goes with this program."""
        root = self.demo.folder / "fe02"
        if not self.mount(root):
            self.assertNotEqual(os.geteuid(), 0, "root may mount a small disk")
            return
        try:
            subprocess.run(["cp", "-a", f"{self.demo.kept()}/fe02/.", f"{root}/"], check=True)
            self.ctl("test-server", "fe02")
            self.fill(root / "replica" / "filler")
            before = demo.tree(root)
            done = self.demo.import_auth("--server", "fe02")
            self.assert_status(done, 1)
            self.assertRegex(done.lines[1], r"^fe02 +failed +\S.*(?i:no space|full|no room)")
            self.assertEqual(demo.tree(root), before)
            self.assert_no_auth()
            (root / "replica" / "filler").unlink()
            self.assert_status(self.demo.import_auth("--server", "fe02"), 0)
        finally:
            subprocess.run(["umount", root], check=True)

    def mount(self, folder):
        libc = ctypes.CDLL(None)
        if libc.unshare(CLONE_NEWNS) != 0:
            return False
        return all(subprocess.run(["mount", *words], check=False).returncode == 0 for words in (
            ["--make-rprivate", "/"],
            ["-t", "tmpfs", "-o", "size=512k,mode=711", "tmpfs", str(folder)]))

    def fill(self, path):
        with open(path, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 512)
            except OSError:
                pass

    def assert_no_auth(self):
        """Neither the certificate nor its key, nor half of one."""
        listed = self.ctl("get-store", "--server", "fe02", "--json").json["servers"][0]
        self.assertNotIn("auth.contoso.example",
                         [row["issuedTo"] for row in listed["certificates"]])
        now = {name for name in demo.tree(self.demo.folder / "fe02") if "/" in name}
        self.assertEqual({name for name in now if name.startswith("stores/my/")},
                         {name[5:] for name in self.demo.first if name.startswith(
                             "fe02/stores/my/")})


class TwoConsoles(demo.Case):
    def test_busy(self):
        """Another writer has the lock for good: who, and since when."""
        lock = self.demo.folder / "fe02" / ".lock"
        before = demo.tree(self.demo.folder)
        with open(lock, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(0)
            file.write("1795348800\nalice on console2\n")
            file.flush()
            done = self.demo.import_auth("--server", "fe02,fe03")
        self.assert_status(done, 3)
        self.assertRegex(done.lines[1], r"^fe02 +failed +\S.*alice on console2.*since .*12:00")
        self.assertRegex(done.lines[2], r"^fe03 +done ")
        now = demo.tree(self.demo.folder)
        self.assertEqual({name: one for name, one in now.items() if name.startswith("fe02/")},
                         {name: one for name, one in before.items() if name.startswith("fe02/")})
        self.assert_status(self.demo.import_auth("--server", "fe02"), 0)

    def test_at_the_same_time(self):
        """Each does its own; what is the same is there once."""
        argv = [str(demo.CTL), "--demo", "--seed", "tests", "--at", demo.AT, VERB, "--server",
                "fe02,fe03"]
        auth = ["--path", str(self.demo.files / "auth.contoso.example.pfx"), "--password-file",
                str(self.demo.files / "auth.password")]
        authority = ["--path", str(self.demo.files / "ca.cer"), "--store", "trustedpeople"]
        started = [subprocess.Popen(argv + words, env=demo.environment(self.demo.home),
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                   for words in (auth, authority, auth)]
        for process in started:
            out, err = process.communicate(timeout=demo.PATIENCE)
            self.assertEqual(process.returncode, 0, (out, err))
        demo.wait_for_agents()
        for server in ("fe02", "fe03"):
            self.demo.row("auth.contoso.example", server)
            self.demo.row("Contoso Demo CA", server, "trustedpeople")


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""app/install-agent for real: on a Debian root of the test's own with its own sshd, apt and dpkg.

The cases are steps of one story, in the order of their names.
"""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest

import debian_root
import demo
import sshd
import tap

ROOT = pathlib.Path(__file__).parents[2]
HOST = "fe01.contoso.example"
ADMIN = f"root@{HOST}"
PROGRAM = "usr/libexec/issuant-agent"
SNIPPET = "etc/ssh/sshd_config.d/issuant.conf"
KEYS = "var/lib/issuant-agent/.ssh/authorized_keys"
MADE = {PROGRAM, SNIPPET, "etc/ssh/sshd_config.d", "usr/share/doc/issuant-agent",
        "usr/share/doc/issuant-agent/copyright", "usr/libexec", "var/lib/issuant", KEYS,
        "var/lib/issuant-agent", "var/lib/issuant-agent/.ssh", "usr/share/doc",
        "usr/lib/systemd", "usr/lib/systemd/system", *(
            f"usr/lib/systemd/system/issuant-agent{unit}"
            for unit in (".service", "-run-due.service", "-run-due.timer")), *(
            f"usr/lib/systemd/system/issuant-consumers{unit}"
            for unit in (".service", ".path", ".timer")),
        "etc/issuant", "etc/issuant/consumers.conf", "var/lib/issuant/consumers",
        # Where systemctl is, the units are enabled.
        "etc/systemd/system/multi-user.target.wants/issuant-agent.service",
        "etc/systemd/system/multi-user.target.wants/issuant-consumers.path",
        "etc/systemd/system/timers.target.wants",
        "etc/systemd/system/timers.target.wants/issuant-agent-run-due.timer",
        "etc/systemd/system/timers.target.wants/issuant-consumers.timer"}
CCACHE_DIR = os.environ.get("CCACHE_DIR", str(pathlib.Path.home() / ".cache" / "ccache"))
# The first call builds the agent, on a machine that may have much else to do.
BUILD_PATIENCE = 800
OTHER_KEY = "# of the monitoring\nssh-ed25519 {} monitor@desk\n"


def copy_tree(folder):
    """The sources, to be built elsewhere: nothing is written to them."""
    for name in ("app", "core", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("meson.build", "meson_options.txt"):
        shutil.copy(ROOT / name, folder)


class Installer(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="issuant-install-")
        cls.addClassCleanup(place.cleanup)
        cls.home = pathlib.Path(place.name)
        cls.home.chmod(0o755)
        cls.tree = cls.home / "issuant"
        copy_tree(cls.tree)
        cls.key = sshd.make_key(cls.home / "alice")
        sshd.make_key(cls.home / "bob")
        cls.server = debian_root.DebianRoot(cls.home / "fe01", cls.key)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.config = cls.home / "ssh_config"
        sshd.write_client_config(cls.config, cls.home / "alice", [cls.server])
        known = cls.home / "known_hosts"
        known.write_text(known.read_text().replace("[127.0.0.1]", f"[{HOST}]"))
        cls.config.write_text(f"Host {HOST}\n  HostName 127.0.0.1\n  HostKeyAlias "
                              f"[{HOST}]:{cls.server.port}\n  Port {cls.server.port}\n" +
                              cls.config.read_text())

    def install(self, *words, status=0, stdin=""):
        """Runs app/install-agent; "yes" has to be said where it is not told --yes."""
        argv = [str(self.tree / "app" / "install-agent"), "--ssh-config", str(self.config),
                *(str(word) for word in words)]
        # Another home, and the compiler's cache of who runs the test, if there is one.
        env = demo.environment(self.home, LC_ALL="C.UTF-8", CCACHE_DIR=CCACHE_DIR)
        done = subprocess.run(argv, env=env, text=True,
                              input=stdin, capture_output=True, check=False,
                              start_new_session=True, timeout=BUILD_PATIENCE)
        said = demo.Result(argv, done.returncode, done.stdout, done.stderr)
        self.assertEqual(done.returncode, status, str(said))
        return said

    def alice(self, *words, **options):
        return self.install("--key", self.home / "alice.pub", "--who", "alice", *words, **options)

    def bob(self, *words, **options):
        return self.install("--key", self.home / "bob.pub", "--who", "bob", *words, **options)

    def ssh(self, *words, account="issuant", key="alice"):
        return subprocess.run(["ssh", "-F", self.config, "-i", self.home / key, *words[:-1],
                               f"{account}@{HOST}", *words[-1:]], stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, text=True, timeout=60)

    def ctl(self, *words, status=0):
        path = self.home / "config" / "issuant" / "topology.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[ssh]\nconfig={self.config}\n\n[pool pool01.contoso.example]\n"
                        "sip-domains=contoso.example;\n\n"
                        f"[server {HOST}]\npool=pool01.contoso.example\n"
                        f"connection=ssh://issuant@{HOST}\n")
        done = demo.run(self.home, *words, alone=False)
        self.assertEqual(done.status, status, str(done))
        return done

    def keys(self):
        return self.server.path(KEYS).read_text().splitlines()

    def key_line(self, role="operator", who="alice", name="alice"):
        key = (self.home / f"{name}.pub").read_text().strip()
        return (f'restrict,command="/usr/libexec/issuant-agent --stdio --role={role} --who={who}" '
                f"{key}")

    def assert_made(self, before, *names):
        """What is there now, was not there before, and the other way round."""
        now = self.server.files()
        self.assertEqual({name for name in now.keys() | before.keys()
                          if (name in now) != (name in before)}, set(names))

    def assert_same(self, before):
        """But for who holds the lock: an agent that sshd has started may still be ending."""
        now = self.server.files()
        self.assertEqual({name: (before.get(name), now.get(name))
                          for name in now.keys() | before.keys()
                          if before.get(name) != now.get(name) and not name.endswith("/.lock")},
                         {})


class Steps:
    """What only root can try: a server of our own."""

    def add_user(self, name, sudo="", key=True):
        (self.server.path("var/lib/people")).mkdir(exist_ok=True)
        self.server.run("useradd", "--create-home", "--home-dir", f"/var/lib/people/{name}",
                        "--skel", "/var/empty", "--shell", "/bin/sh", "--password", "*", name)
        self.addCleanup(self.remove_user, name)
        if sudo:
            path = self.server.path(f"etc/sudoers.d/{name}")
            path.write_text(sudo)
            path.chmod(0o440)
        if key:
            self.server.add_login(name, self.key)

    def remove_user(self, name):
        if name not in self.server.accounts():
            return
        self.server.run("userdel", name)
        shutil.rmtree(self.server.path(f"var/lib/people/{name}"))
        self.server.path("var/lib/people").rmdir()
        self.server.path(f"etc/sudoers.d/{name}").unlink(missing_ok=True)

    def test_01_machines_that_differ(self):
        fake = self.server.path("usr/local/bin/dpkg")
        fake.parent.mkdir(parents=True, exist_ok=True)
        before = self.server.files()
        fake.write_text('#!/bin/sh\n[ "$1" = --print-architecture ] && echo arm64\n')
        fake.chmod(0o755)
        done = self.alice(ADMIN, status=4)
        self.assertRegex(done.err, rf"^install-agent: {HOST} is arm64, this machine \w+: ")
        self.assertIn("Run app/install-agent on a machine that is arm64", done.err)
        fake.unlink()

        release = self.server.path("etc/os-release")
        kept = os.readlink(release)
        release.unlink()
        release.write_text('ID=debian\nVERSION_ID="11"\nVERSION_CODENAME=bullseye\n')
        done = self.alice(ADMIN, status=4)
        self.assertRegex(done.err, rf"^install-agent: {HOST} runs Debian 11 \(bullseye\), this ")
        release.unlink()
        release.symlink_to(kept)
        self.assert_same(before)

    def test_02_shows_and_asks_first(self):
        before = self.server.files()
        shown = self.alice("--dry-run", ADMIN)
        for text in ("install issuant-agent 0.", PROGRAM, SNIPPET, "new system account",
                     "/var/lib/issuant, mode 0711", "DisableForwarding yes", KEYS,
                     f"\n    {self.key_line()}\n", f"--remove {ADMIN}\n"):
            self.assertIn(text, shown.out)
        self.assertIn("Nothing was changed (--dry-run).", shown.out)
        self.assertIn("Nobody answered", self.alice(ADMIN, status=2).err)
        self.assertIn("Nothing was changed", self.alice(ADMIN, status=4, stdin="y\n").err)
        self.assert_same(before)
        self.assertNotIn("issuant", self.server.accounts())

    def test_03_who_is_not_root(self):
        before = self.server.files()
        self.add_user("carol")
        done = self.alice(f"carol@{HOST}", status=4)
        self.assertIn(f"sudo on {HOST} asks carol for a password, and nobody is here", done.err)
        sudo = self.server.path("usr/bin/sudo")
        sudo.rename(sudo.with_name("no-sudo"))
        done = self.alice(f"carol@{HOST}", status=4)
        self.assertIn(f"carol is not root on {HOST}, and there is no sudo", done.err)
        sudo.with_name("no-sudo").rename(sudo)
        self.remove_user("carol")
        self.assert_same(before)

    def test_04_what_sshd_would_not_do(self):
        """Refused before anything is changed."""
        config = self.server.path("etc/ssh/sshd_config")
        text = config.read_text()
        self.addCleanup(config.write_text, text)
        before = self.server.files()
        for line, says in (("AllowUsers root carol", "lets in only: root carol"),
                           ("AllowGroups wheel", "lets in only: wheel"),
                           ("AuthorizedKeysFile none", "reads no key files"),
                           ("NoSuchOption yes", "finds an error in its own configuration")):
            config.write_text(f"{line}\n{text}")
            self.assertIn(says, self.alice(ADMIN, status=4).err)
        config.write_text(text)
        self.assert_same(before)

    def test_05_a_key_file_that_cannot_be_read(self):
        """Then nobody knows whose keys are in it."""
        awk = self.server.path("usr/bin/awk")
        self.add_user("issuant")
        awk.rename(awk.with_name("no-awk"))
        before = self.server.files()
        done = self.alice(ADMIN, status=1)
        self.assertIn("authorized_keys cannot be read", done.err)
        self.assert_same(before)
        awk.with_name("no-awk").rename(awk)
        self.remove_user("issuant")


class StepsWithoutProc(Steps):
    """Where no namespace may be made, no agent can work: the server is as before."""

    def test_06_what_does_not_start_is_taken_away(self):
        before = self.server.files()
        done = self.alice("--yes", ADMIN, status=1)
        self.assertIn("does not start, and was removed again: issuant-agent: ", done.err)
        self.assert_same(before)
        self.assertNotIn("issuant", self.server.accounts())
        self.assertNotIn("issuant-agent", self.server.run("dpkg", "--get-selections").stdout)


class StepsWithProc(Steps):
    """All the rest."""

    def test_05_whole_or_not_at_all(self):
        """There is an account, but its key file cannot be: what was installed goes again."""
        self.add_user("issuant", key=False)
        home = self.server.path("var/lib/people/issuant")
        (home / ".ssh").write_text("not a folder\n")
        before = self.server.files()
        done = self.alice(ADMIN, status=1, stdin="yes\n")
        self.assertRegex(done.err, r"install-agent: The key could not be written to .*authorized_")
        self.assert_same(before)
        self.remove_user("issuant")

    def test_06_installs(self):
        before = self.server.files()
        done = self.alice(ADMIN, stdin="yes\n")
        self.assertIn(f"is installed on {HOST}.\nIt answers over ssh, as operator.", done.out)
        self.assertNotIn("Note:", done.err)
        self.assertNotIn("IdentityFile", done.out)
        self.assertLessEqual({name for name in self.server.files().keys() - before.keys()
                              if not name.startswith("var/lib/issuant/")}, MADE)
        self.assertEqual(self.keys(), [self.key_line()])
        info = self.server.path("var/lib/issuant").stat()
        self.assertEqual(oct(info.st_mode), oct(0o40711))
        self.assertEqual(self.server.run("stat", "-c", "%U %G", "/var/lib/issuant").stdout,
                         "issuant issuant\n")
        # The account itself may not say who comes in.
        self.assertEqual(self.server.run("stat", "-c", "%U %a", f"/{KEYS}", f"/{KEYS}/..",
                                         check=False).stdout.splitlines()[0], "root 640")
        shadow = self.server.run("getent", "shadow", "issuant").stdout
        self.assertEqual(shadow.split(":")[1], "*")
        self.assertEqual(self.server.run("dpkg", "--verify", "issuant-agent").stdout, "")

    def test_07_answers(self):
        done = self.ctl("test-server")
        self.assertRegex(done.out, r"(?m)^fe01 +fe01 answers\. +0\.\S+ +operator")

    def test_08_second_run(self):
        before = self.server.files()
        done = self.alice(ADMIN)
        self.assertIn("nothing to do", done.out)
        self.assertIn("It answers over ssh", done.out)
        self.assert_same(before)

    def test_09_the_key_may_do_nothing_else(self):
        done = self.ssh("id >/tmp/came-in; id")
        self.assertIn("READY", done.stdout)
        self.assertNotIn("uid=", done.stdout + done.stderr)
        self.assertFalse(self.server.path("tmp/came-in").exists())
        done = self.ssh("-W", f"127.0.0.1:{self.server.port}", "")
        self.assertIn("administratively prohibited", done.stderr)
        done = self.ssh("-tt", "id")
        self.assertIn("PTY allocation request failed", done.stderr)
        done = self.ssh("-s", "sftp")
        self.assertIn("READY", done.stdout)

    def test_10_others_come_and_go(self):
        done = self.bob("--role", "viewer", ADMIN, stdin="yes\n")
        self.assertNotIn("package ", done.out)
        self.assertIn("the other key in it stays", done.out)
        self.assertIn("It answers over ssh, as viewer.", done.out)
        self.assertIn(f"IdentityFile {self.home}/bob\n", done.out)
        path = self.server.path(KEYS)
        other = OTHER_KEY.format("AAAAC3NzaC1lZDI1NTE5AAAAI" + "C" * 43)
        path.write_text(path.read_text() + other.rstrip("\n"))
        # The same key with another role is one key.
        os.rename(self.home / "bob", self.home / "away")
        done = self.bob("--yes", ADMIN)
        self.assertIn("The private half of this key is not here", done.out)
        os.rename(self.home / "away", self.home / "bob")
        both = [self.key_line(), *other.splitlines(), self.key_line(who="bob", name="bob")]
        self.assertEqual(self.keys(), both)
        self.install("--remove", "--key", self.home / "bob.pub", "--yes", ADMIN)
        self.assertEqual(self.keys(), both[:-1])
        done = self.install("--remove", "--key", self.home / "bob.pub", ADMIN)
        self.assertIn("nothing to do", done.out)

    def test_11_sshd_confines_by_itself(self):
        """Should somebody add a key without a word before it."""
        path = self.server.path(KEYS)
        kept = path.read_text()
        path.write_text(kept + (self.home / "bob.pub").read_text())
        self.assertIn("uid=", self.ssh("-o", "IdentityFile=none", "id", key="bob").stdout)
        done = self.ssh("-o", "IdentityFile=none", "-W", f"127.0.0.1:{self.server.port}", "",
                        key="bob")
        self.assertIn("administratively prohibited", done.stderr)
        path.write_text(kept)

    def test_12_updates(self):
        """Another program of the same version is replaced; nothing else is touched."""
        kept = self.keys()
        program = self.server.path(PROGRAM)
        data = program.read_bytes()
        program.write_bytes(data + b"\0")
        done = self.alice(ADMIN, stdin="yes\n")
        self.assertIn("becomes", done.out)
        self.assertEqual(program.read_bytes(), data)
        self.assertEqual(self.keys(), kept)

    def test_13_never_back(self):
        path = self.server.path("var/lib/dpkg/status")
        text = path.read_text()
        path.write_text(re.sub(r"(Package: issuant-agent\n(?:.+\n)*?Version: )\S+", r"\g<1>9.0",
                               text))
        self.assertIn("has issuant-agent 9.0 already, newer than", self.alice(ADMIN, status=4).err)
        path.write_text(text)

    def test_14_remove_keeps_certificates(self):
        demo.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                     self.home / "auth.key", "-out", self.home / "auth.pem", "-days", "30",
                     "-subj", "/CN=auth.contoso.example")
        demo.openssl("pkcs12", "-export", "-in", self.home / "auth.pem", "-inkey",
                     self.home / "auth.key", "-out", self.home / "auth.pfx", "-passout", "pass:x")
        (self.home / "password").write_text("x")
        self.ctl("import-certificate", "--path", self.home / "auth.pfx", "--password-file",
                 self.home / "password", "--server", "fe01")
        done = self.install("--remove", ADMIN, stdin="yes\n")
        self.assertIn("/var/lib/issuant, with 1 private keys and 1 certificates", done.out)
        self.assertIn("What stays there: /var/lib/issuant, the account issuant", done.out)
        self.assertFalse(self.server.path(PROGRAM).exists())
        self.assertFalse(self.server.path(SNIPPET).exists())
        self.assertEqual(len(list(self.server.path("var/lib/issuant/keys").glob("*.pem"))), 1)
        self.assertEqual([line for line in self.keys() if "issuant-agent" in line], [])
        self.assertIn("issuant", self.server.accounts())
        self.ctl("test-server", status=5)

    def test_15_comes_back_to_them(self):
        self.alice("--yes", ADMIN)
        self.assertIn("auth.contoso.example", self.ctl("get-store").out)

    def test_16_purge_names_and_asks(self):
        shown = self.install("--remove", "--purge", "--dry-run", ADMIN)
        self.assertRegex(shown.out, r"DESTROY +/var/lib/issuant: 1 private keys and 1 certificates")
        self.install("--remove", "--purge", ADMIN, status=4, stdin="yes\n")
        self.assertEqual(len(list(self.server.path("var/lib/issuant/keys").glob("*.pem"))), 1)

    def test_17_leaves_nothing(self):
        """A console that is connected is ended."""
        left = self.server.path(KEYS)
        left.write_text(self.key_line() + "\n")
        with subprocess.Popen(["ssh", "-F", self.config, f"issuant@{HOST}"], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as console:
            while "READY" not in (console.stdout.readline() or "READY"):
                pass
            done = self.install("--remove", "--purge", ADMIN, stdin=f"{HOST}\n")
            self.assertRegex(done.out, r"processes +end \d of the account issuant")
            console.stdout.read()
        self.assertNotIn("What stays", done.out)
        self.assertNotIn("issuant", self.server.accounts())
        self.assertEqual({name for name in self.server.files() if "issuant" in name}, set())
        self.assertNotIn("issuant-agent", self.server.run("dpkg", "--get-selections").stdout)
        done = self.install("--remove", ADMIN)
        self.assertIn("nothing to do", done.out)

    def test_18_an_account_made_by_hand(self):
        """Its own home is respected, with what is there, and left behind."""
        self.add_user("issuant", key=False)
        home = self.server.path("var/lib/people/issuant")
        before = self.server.files()
        self.server.add_login("issuant", OTHER_KEY.format("AAAAC3NzaC1lZDI1NTE5AAAAI" + "C" * 43))
        self.alice("--yes", ADMIN)
        keys = home / ".ssh" / "authorized_keys"
        self.assertEqual(keys.read_text().splitlines()[-1], self.key_line())
        self.assertEqual(len(keys.read_text().splitlines()), 3)
        self.assertIn("fe01 answers.", self.ctl("test-server").out)
        done = self.install("--remove", "--yes", ADMIN)
        self.assertIn("What stays there: the account issuant", done.out)
        self.assert_made(before, "var/lib/people/issuant/.ssh",
                         "var/lib/people/issuant/.ssh/authorized_keys")
        self.remove_user("issuant")

    def test_19_with_sudo(self):
        before = self.server.files()
        self.add_user("carol", "carol ALL=(ALL) NOPASSWD: ALL\n")
        done = self.alice("--yes", f"carol@{HOST}")
        self.assertIn("as carol with sudo:", done.out)
        self.assertIn("It answers over ssh", done.out)
        self.install("--remove", "--yes", f"carol@{HOST}")
        self.remove_user("carol")
        self.assert_same(before)

    def test_20_with_sudo_and_a_password(self):
        before = self.server.files()
        self.add_user("carol", "carol ALL=(ALL) ALL\n")
        self.server.run("chpasswd", stdin="carol:correct horse\n")
        said = self.at_terminal("wrong\n", status=4)
        self.assertIn(f"sudo on {HOST} does not make carol root", said)
        said = self.at_terminal("correct horse\n")
        self.assertIn("It answers over ssh", said)
        self.assertNotIn("horse", said)
        self.install("--remove", "--yes", ADMIN)
        self.remove_user("carol")
        self.assert_same(before)

    def at_terminal(self, answer, status=0):
        """Installs as carol, who is asked for her password at a terminal."""
        ours, theirs = pty.openpty()
        argv = [str(self.tree / "app" / "install-agent"), "--ssh-config", str(self.config), "--key",
                str(self.home / "alice.pub"), "--yes", f"carol@{HOST}"]
        with subprocess.Popen(argv, env=demo.environment(self.home, LC_ALL="C.UTF-8"),
                              stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True) as running:
            os.close(theirs)
            said = b""
            while b"password of carol: " not in said:
                more = running.stdout.read1(4096)
                self.assertTrue(more, said)
                said += more
            os.write(ours, answer.encode())
            said += running.stdout.read()
        os.close(ours)
        self.assertEqual(running.returncode, status, said.decode())
        return said.decode()


class Package(unittest.TestCase):
    """What anybody can try: what is sent to a server."""

    def test_is_made(self):
        with tempfile.TemporaryDirectory(prefix="issuant-install-") as place:
            tree = pathlib.Path(place) / "issuant"
            copy_tree(tree)
            made = [subprocess.run([tree / "app" / "make-agent-package"], capture_output=True,
                                   text=True, check=True).stdout for _ in range(2)]
            self.assertEqual(made[0], made[1])
            path = made[0].strip()
            listed = subprocess.run(["dpkg-deb", "-c", path], capture_output=True, text=True,
                                    check=True).stdout
            for name, mode in ((PROGRAM, "-rwxr-xr-x"), (SNIPPET, "-rw-r--r--")):
                self.assertRegex(listed, rf"(?m)^{mode} root/root .* \./{name}$")
            depends = subprocess.run(["dpkg-deb", "-f", path, "Depends"], capture_output=True,
                                     text=True, check=True).stdout
            for name in ("libc6", "libglib2.0-0", "libssl3", "passwd"):
                self.assertIn(name, depends)


# Both build it; with a server, the package is in what is tried there.
if os.geteuid() == 0:
    del Package

    class Server(StepsWithProc if debian_root.may_have_proc() else StepsWithoutProc, Installer):
        pass
del Installer


if __name__ == "__main__":
    tap.main()

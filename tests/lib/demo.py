# SPDX-License-Identifier: GPL-3.0-or-later
"""A demo pool of a test's own, and issuantctl to work on it.

One pool is made for each test program and put back as it was before each case, so that a case
may change what it likes. Keys, thumbprints and dates are the same on every machine.
"""
import atexit
import ctypes
import hashlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

CTL = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "ctl" / "issuantctl"
AT = "2026-11-22T12:00:00Z"
POOL = "pool01.contoso.example"
SERVERS = ("fe01", "fe02", "fe03")

# Whatever hangs has a defect; a slow machine with sanitizers still gets there.
PATIENCE = 100

# Made anew by whoever looks: no part of what a server has.
CACHES = ("seen", ".lock", "scheduler.lock")


PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def wait_for_agents():
    """An agent ends what it is at when its console has gone: it is this program's child then."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


class Result:
    """What a program said, and how it ended."""

    def __init__(self, argv, status, out, err):
        self.argv = argv
        self.status = status
        self.out = out
        self.err = err

    @property
    def json(self):
        found = json.loads(self.out)
        if found["format"] != 1:
            raise AssertionError(f"format {found['format']} is not the documented one")
        return found

    @property
    def lines(self):
        return self.out.splitlines()

    def __str__(self):
        words = " ".join(str(word) for word in self.argv)
        return f"$ {words}\n{self.out}--- stderr\n{self.err}--- status {self.status}"


def environment(home, **extra):
    """Nothing of whoever runs the test, but what the build wants."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("XDG_", "SSH_"))}
    env.update({"HOME": str(home), "XDG_DATA_HOME": str(home / "data"),
                "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(home / "cache"),
                "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"})
    env.update(extra)
    return env


def run(home, *words, **options):
    """Runs issuantctl without a terminal, so that it can ask nobody, until its agents end too."""
    argv = [str(CTL), *(str(word) for word in words)]
    extra = options.pop("env", {})
    alone = options.pop("alone", True)
    done = subprocess.run(argv, env=environment(home, **extra), capture_output=True,
                          stdin=options.pop("stdin", subprocess.DEVNULL), check=False,
                          start_new_session=True, timeout=PATIENCE, **options)
    if alone:
        wait_for_agents()
    return Result(argv, done.returncode, done.stdout.decode(), done.stderr.decode())


def tree(folder):
    """Every file below a folder with its mode and bytes, to be compared."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part in CACHES for part in name.split("/")):
            continue
        info = path.lstat()
        if stat.S_ISLNK(info.st_mode):
            found[name] = os.readlink(path)
        elif stat.S_ISREG(info.st_mode):
            found[name] = (stat.S_IMODE(info.st_mode),
                           hashlib.sha256(path.read_bytes()).hexdigest())
        else:
            found[name] = stat.S_IMODE(info.st_mode)
    return found


def openssl(*words, stdin=b""):
    """What the openssl tool prints; a second opinion on every file of ours."""
    done = subprocess.run(["openssl", *(str(word) for word in words)], input=stdin, check=False,
                          capture_output=True, timeout=PATIENCE)
    if done.returncode != 0:
        raise AssertionError(f"openssl {words}: {done.stderr.decode()}")
    return done.stdout.decode()


def published_sha256(root, type_name):
    """The certificate that a server has published for a type, once the key beside it matches."""
    # A roll between two looks shows another folder.
    live = (pathlib.Path(root) / "live" / type_name).resolve()
    ours = openssl("x509", "-in", live / "fullchain.pem", "-noout", "-pubkey")
    key = openssl("pkey", "-in", live / "privkey.pem", "-pubout")
    if ours != key:
        raise AssertionError(f"{live}: the key is not that of the certificate")
    text = openssl("x509", "-in", live / "fullchain.pem", "-noout", "-fingerprint", "-sha256")
    return text.strip().split("=", 1)[1].replace(":", "").lower()


class Demo:
    """The pool of three servers below one temporary folder."""

    def __init__(self):
        self.place = tempfile.TemporaryDirectory(prefix="issuant-demo-")
        self.home = pathlib.Path(self.place.name)
        self.folder = self.home / "data" / "issuant" / "demo"
        self.files = self.folder / "files"
        self.topology = self.folder / "topology.conf"
        self.trees = {}
        made = self.ctl("list-servers")
        if made.status != 0:
            raise AssertionError(f"no demo pool:\n{made}")
        # Once looked at, everything that is only made then is there.
        self.ctl("test-server")
        self.keep("made")

    @property
    def first(self):
        """Every file as it was made."""
        return self.trees["made"]

    def ctl(self, *words, **options):
        return run(self.home, "--demo", "--seed", "tests", "--at", AT, *words, **options)

    def kept(self, name="made"):
        """Where the copy is that restore(name) puts back."""
        return self.home / f"kept-{name}"

    def keep(self, name):
        """Everything as it is now, for restore(name)."""
        shutil.copytree(self.folder, self.kept(name), symlinks=True)
        self.trees[name] = tree(self.folder)

    def restore(self, name="made"):
        """Puts everything back as it was made, or kept; no server has been seen."""
        if tree(self.folder) == self.trees[name]:
            shutil.rmtree(self.folder / "seen", ignore_errors=True)
            return
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept(name), self.folder, symlinks=True)
        # The stamp of live/ tells a copy from what it is a copy of.
        self.ctl("test-server")
        shutil.rmtree(self.folder / "seen")
        self.trees[name] = tree(self.folder)

    def prepare(self, name, make):
        """Has everything as make() leaves it, which is called once."""
        if name in self.trees:
            self.restore(name)
        else:
            self.restore()
            make()
            self.keep(name)

    def thumbprint(self, name, server="fe01"):
        """SHA-1 of the one certificate of that name in a server's Personal store."""
        return self.row(name, server)["thumbprint"]

    def row(self, name, server="fe01", store="my"):
        listed = self.ctl("get-store", "--server", server, "--store", store, "--json").json
        rows = [row for row in listed["servers"][0]["certificates"] if row["issuedTo"] == name]
        if len(rows) != 1:
            raise AssertionError(f"{len(rows)} certificates {name} on {server}")
        return rows[0]

    def import_auth(self, *where, **options):
        return self.ctl("import-certificate", "--path", self.files / "auth.contoso.example.pfx",
                        "--password-file", self.files / "auth.password", *where, **options)

    def reach(self, server, connection):
        """Says in the topology that a server is reached otherwise."""
        text = self.topology.read_text()
        found, n = re.subn(rf"(\[server {server}\.[^\]]*\]\npool=[^\n]*\nconnection=)[^\n]*",
                           lambda match: match.group(1) + connection, text)
        if n != 1:
            raise AssertionError(f"{server} is not in the topology")
        self.topology.write_text(found)

    def kill(self, server):
        """It was seen, and cannot be looked at any more."""
        folder = self.folder / server
        shutil.rmtree(folder)
        folder.write_text("")

    def lose(self, server):
        """It is reached where nobody listens, and was never seen there."""
        self.reach(server, "ssh://127.0.0.1:1")


_made = []


def shared():
    """The one demo pool of this program."""
    if not _made:
        _made.append(Demo())
        atexit.register(_made[0].place.cleanup)
    return _made[0]


class Case(unittest.TestCase):
    """A test with the demo pool as it was made, and what is asserted of each answer."""

    maxDiff = None

    def setUp(self):
        self.demo = shared()
        self.demo.restore()

    def ctl(self, *words, status=0, **options):
        """Runs a verb, which ends with that status."""
        done = self.demo.ctl(*words, **options)
        self.assert_status(done, status)
        return done

    def assert_status(self, done, status):
        self.assertEqual(done.status, status, str(done))
        self.assertNotRegex(done.out + done.err, r"\(null\)|ERROR: AddressSanitizer|-CRITICAL",
                            str(done))

    def assert_err(self, done, *lines):
        """What was said, word for word, and nothing else."""
        self.assertEqual(done.err.splitlines(), list(lines), str(done))

    def assert_sentence(self, done, pattern):
        """One clear sentence of issuantctl's."""
        lines = done.err.splitlines()
        self.assertEqual(len(lines), 1, str(done))
        self.assertRegex(lines[0], r"^issuantctl: \S", str(done))
        self.assertRegex(lines[0], pattern, str(done))

    def assert_tree(self, before):
        """Every file below the demo's folder is as it was."""
        now = tree(self.demo.folder)
        self.assertEqual({name for name in now.keys() | before.keys()
                          if now.get(name) != before.get(name)}, set())

    def assert_unchanged(self):
        """Nothing of the pool is other than it was made."""
        self.assert_tree(self.demo.first)

    def refuses(self, *words, status, pattern, **options):
        """A verb ends with a status and a sentence, and has changed nothing."""
        before = tree(self.demo.folder)
        done = self.ctl(*words, status=status, **options)
        self.assert_sentence(done, pattern)
        self.assert_tree(before)
        self.assertEqual(done.out, "", str(done))
        return done

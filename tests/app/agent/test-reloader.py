# SPDX-License-Identifier: GPL-3.0-or-later
"""issuant-agent as root's watcher: reloads what root has configured, and follows nothing else.

Also covers: key-trial, reload-process, watch-live.
"""
import configparser
import os
import pathlib
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import tap

AGENT = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "agent", "issuant-agent")
AT = 1795348800     # 2026-11-22T12:00:00Z
DEADLINE = 60
IS_ROOT = os.geteuid() == 0
NOBODY = 65534
UNITS = pathlib.Path(__file__).parents[3] / "data" / "systemd"


class Reloader(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="issuant-reload-")
        self.addCleanup(self.place.cleanup)
        self.home = pathlib.Path(self.place.name)
        self.home.chmod(0o755)
        self.root = self.home / "root"
        self.log = self.home / "log"
        self.log.touch()
        self.consumers = self.root / "consumers"
        (self.root / "live" / ".made").mkdir(parents=True)
        self.publish("Default", 1)

    def publish(self, type_name, revision, key="privkey.pem"):
        """As the agent does: the folder, the link, the stamp."""
        live = self.root / "live"
        folder = live / ".made" / f"{type_name}-{revision}"
        folder.mkdir()
        (folder / key).write_text(f"key {revision}\n")
        (folder / key).chmod(0o600)
        link = live / ".new"
        link.symlink_to(f".made/{type_name}-{revision}")
        link.rename(live / type_name)
        self.stamp(revision)

    def stamp(self, what):
        stamp = self.root / "live" / ".stamp"
        stamp.write_text(f"{what}\n")
        stamp.rename(self.root / "live" / ".changed")

    def configure(self, text):
        self.consumers.mkdir(exist_ok=True)
        self.consumers.chmod(0o755)
        self.config = self.consumers / "consumers.conf"
        self.config.write_text(text)
        self.config.chmod(0o644)

    def script(self, text):
        """A program that a consumer's command may be."""
        path = self.home / "reload"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def configure_script(self, text, more=""):
        path = self.script(text)
        self.configure(f"[web]\ntype=Default\ncommand={path}\n{more}")

    def argv(self, mode, *words):
        return [AGENT, mode, "--root", self.root, *words]

    def once(self, status=0, at=AT):
        done = subprocess.run(self.argv("--reload-consumers", "--at", str(at)),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE,
                              check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, b"")
        return done.stderr.decode()

    def watch(self, *words):
        watcher = subprocess.Popen(self.argv("--watch-live", *words), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(watcher.stderr.close)
        self.addCleanup(watcher.wait)
        self.addCleanup(watcher.kill)
        return watcher

    def record(self, name="web"):
        conf = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        conf.read(self.consumers / f"{name}.reload")
        return dict(conf["reload"]) if conf.has_section("reload") else {}

    def until(self, condition):
        deadline = time.monotonic() + DEADLINE
        while not condition():
            self.assertLess(time.monotonic(), deadline, self.record())

    def count(self):
        return self.log.read_text().count("reloaded")

    def test_reloads(self):
        self.configure_script(f"echo reloaded >>{self.log}; echo fine")
        self.assertIn("web was reloaded for Default, revision 1", self.once())
        record = self.record()
        self.assertEqual((record["state"], record["revision"], record["output"]),
                         ("done", "1", "fine"))
        self.assertEqual(record["ended"], "2026-11-22T12:00:00Z")
        # Not again before something else is published.
        self.assertEqual(self.once(), "")
        self.publish("Default", 2)
        self.once()
        self.assertEqual(self.count(), 2)
        self.assertEqual(self.record()["good-revision"], "2")

    def test_made_anew(self):
        """Mended under the same revision it is another folder."""
        self.configure_script(f"echo reloaded >>{self.log}")
        self.once()
        made = self.root / "live" / ".made"
        shutil.copytree(made / "Default-1", made / "other")
        (made / "Default-1").rename(made / "old")
        (made / "other").rename(made / "Default-1")
        self.once()
        self.assertEqual(self.count(), 2)

    def test_nothing_published(self):
        self.configure(f"[web]\ntype=OAuthTokenIssuer\ncommand={self.script('exit 1')}\n")
        self.assertEqual(self.once(), "")
        self.assertEqual(self.record(), {})

    def test_watches(self):
        self.configure_script(f"echo reloaded >>{self.log}")
        self.watch()
        self.until(lambda: self.record().get("state") == "done")
        for revision in (2, 3):
            self.publish("Default", revision)
            self.until(lambda: self.record()["good-revision"] == str(revision))
        self.assertEqual(self.count(), 3)
        # The belt finds that somebody does it.
        self.assertEqual(self.once(), "")

    def test_published_meanwhile(self):
        """What changes while a reload is under way is reloaded after it."""
        gate = self.home / "gate"
        os.mkfifo(gate)
        self.configure_script(f"read line <{gate}; echo reloaded >>{self.log}")
        watcher = self.watch()
        self.until(lambda: self.record().get("state") == "running")
        self.publish("Default", 2)
        gate.write_text("go\n")
        self.until(lambda: self.record()["revision"] == "2")
        gate.write_text("go\n")
        self.until(lambda: self.record()["good-revision"] == "2")
        self.assertEqual(self.count(), 2)
        self.assertIsNone(watcher.poll())

    def test_fails(self):
        self.configure_script(f"echo reloaded >>{self.log}; echo 'no such directive' >&2; exit 3")
        said = self.once(status=1)
        self.assertIn("web was not reloaded for Default: The reload ended with status 3: "
                      "no such directive", said)
        record = self.record()
        self.assertEqual((record["state"], record["attempts"]), ("failed", "1"))
        # It is asked for once more; the watcher waits its time.
        self.once(status=1, at=AT + 10)
        self.assertEqual(self.record()["attempts"], "2")
        self.configure_script(f"echo reloaded >>{self.log}")
        self.once(at=AT + 20)
        self.assertEqual((self.record()["state"], self.record()["good-revision"]), ("done", "1"))
        self.assertEqual(self.count(), 3)

    def test_not_there(self):
        self.configure("[web]\ntype=Default\ncommand=/nonexistent/program\n")
        self.assertIn("was not reloaded", self.once(status=1))
        self.assertEqual(self.record()["state"], "failed")

    def test_killed(self):
        self.configure_script("kill -TERM $$")
        self.assertIn("ended by signal 15", self.once(status=1))

    def test_hangs(self):
        """It is killed with everything that it has started, and others are not kept waiting."""
        hanging = self.script(f"echo waiting; sh -c 'echo $$ >{self.home}/pid; read x <{self.home}"
                              f"/gate'")
        os.mkfifo(self.home / "gate")
        self.configure(f"[hanging]\ntype=Default\ncommand={hanging}\ntimeout=1\n"
                       "[other]\ntype=Default\ncommand=/bin/true\n")
        said = self.once(status=1)
        self.assertIn("other was reloaded", said)
        self.assertLess(said.index("other was reloaded"), said.index("hanging was not reloaded"))
        record = self.record("hanging")
        self.assertEqual((record["state"], record["output"]), ("timed-out", "waiting"))
        self.assertIn("within 1 second", record["reason"])
        pid = int((self.home / "pid").read_text())
        self.until(lambda: self.is_gone(pid))

    def is_gone(self, pid):
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            return True
        return stat.rsplit(")", 1)[1].split()[0] == "Z"

    def test_leaves_something_behind(self):
        """Who holds the output open does not hold up the outcome."""
        os.mkfifo(self.home / "gate")
        self.configure_script(f"(read x <{self.home}/gate) & echo fine")
        self.once()
        self.assertEqual(self.record()["state"], "done")
        (self.home / "gate").write_text("go\n")

    def test_output_is_made_harmless(self):
        self.configure_script(r"printf 'one\033[31m\n\n\t\342\200\256two\000three\377\n'; exit 1")
        said = self.once(status=1)
        self.assertEqual(self.record()["output"], "one\ufffd[31m / \ufffdtwo\ufffdthree\ufffd")
        self.assertNotIn("\x1b", said)

    def test_output_is_limited(self):
        self.configure_script("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; "
                              "echo the end; exit 1")
        self.once(status=1)
        output = self.record()["output"]
        self.assertLessEqual(len(output), 1000)
        self.assertTrue(output.endswith("line 19999 / the end"), output[-100:])

    def test_environment(self):
        self.configure_script("env; cat; pwd")
        done = subprocess.run(self.argv("--reload-consumers"), input=b"secret\n", check=True,
                              capture_output=True, env={**os.environ, "LD_PRELOAD_X": "x"})
        self.assertIn("was reloaded", done.stderr.decode())
        words = self.record()["output"].split(" / ")
        names = {word.split("=")[0] for word in words if "=" in word}
        self.assertLessEqual(names, {"PATH", "LANG", "HOME", "SYSTEMD_COLORS", "SYSTEMD_PAGER",
                                     "PWD", "_", "SHLVL", "OLDPWD"})
        self.assertEqual(words[-1], "/")

    def test_no_shell(self):
        self.configure(f"[web]\ntype=Default\ncommand=/bin/echo \"a  b\" $HOME ; > x\n")
        self.once()
        self.assertEqual(self.record()["output"], "a  b $HOME ; > x")

    def test_sigkill(self):
        """Cut off at any step, it is done by the next start."""
        os.mkfifo(self.home / "gate")
        self.configure_script(f"echo $$ >{self.home}/pid; read x <{self.home}/gate; "
                              f"echo reloaded >>{self.log}")
        for step in range(2):
            watcher = self.watch()
            self.until(lambda: self.record().get("attempts") == str(step + 1))
            self.until((self.home / "pid").exists)
            pid_text = self.home / "pid"
            self.until(lambda: pid_text.read_text() != "")
            watcher.kill()
            watcher.wait()
            pid = int(pid_text.read_text())
            # Nobody would watch its time.
            self.until(lambda: self.is_gone(pid))
            pid_text.unlink()
            self.assertEqual(self.record()["state"], "running")
        self.configure_script(f"echo reloaded >>{self.log}")
        self.once()
        self.assertEqual((self.record()["state"], self.count()), ("done", 1))

    def test_sigkill_everywhere(self):
        """Killed at every step that it writes: what the record says is true, nothing is lost."""
        self.configure_script(f"echo reloaded >>{self.log}")
        env = {**os.environ}
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        states = set()
        revision = 1
        for call in ("openat", "linkat", "renameat", "fsync", "flock"):
            for number in range(1, 60):
                before = self.count()
                inject = f"inject={call}:signal=KILL:when={number}"
                argv = ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject]
                ended = subprocess.run([*argv, *self.argv("--reload-consumers")], check=False,
                                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       timeout=DEADLINE, env=env)
                record = self.record()
                is_done = record.get("good-revision") == str(revision)
                states.add((record.get("state"), is_done))
                if is_done:
                    self.assertGreater(self.count(), before)
                self.once()
                self.assertEqual((self.record()["state"], self.record()["good-revision"]),
                                 ("done", str(revision)))
                self.assertGreater(self.count(), before)
                revision += 1
                self.publish("Default", revision)
                # It ended by itself: there are no more such calls.
                if ended.returncode == 0:
                    break
        self.assertIn(("running", False), states)
        self.assertIn(("done", True), states)

    def test_account(self):
        account = "nobody" if IS_ROOT else self.own_account()
        self.configure_script(f"echo reloaded >>{self.log}", f"account={account}\n")
        key = self.root / "live" / "Default" / "privkey.pem"
        if IS_ROOT:
            said = self.once(status=1)
            self.assertIn(f"nobody cannot read {key}: Permission denied", said)
            record = self.record()
            self.assertEqual((record["state"], record["readable"]), ("unreadable", "false"))
            self.assertEqual(self.count(), 0)
            os.chown(key, NOBODY, -1)
        self.once(at=AT + 1)
        record = self.record()
        self.assertEqual((record["state"], record["readable"], record["account"]),
                         ("done", "true", account))
        self.assertEqual(record["tried"], "2026-11-22T12:00:01Z")

    def own_account(self):
        return pwd.getpwuid(os.geteuid()).pw_name

    def test_account_search_bits(self):
        """Not the file alone: every folder on the way."""
        account = "nobody" if IS_ROOT else "root"
        self.configure_script("exit 0", f"account={account}\n")
        key = self.root / "live" / "Default" / "privkey.pem"
        if IS_ROOT:
            os.chown(key, NOBODY, -1)
            self.home.chmod(0o700)
        self.assertIn(f"{account} cannot read {key}", self.once(status=1))
        self.home.chmod(0o755)

    def test_no_such_account(self):
        self.configure_script("exit 0", "account=no-such-account\n")
        self.assertIn("There is no account no-such-account on this server", self.once(status=1))

    def test_token(self):
        """There is no file that could be read: the token decides."""
        self.publish("Default", 2, key="privkey.uri")
        self.configure_script("exit 0", "account=daemon\n")
        self.once()
        self.assertEqual(self.record()["state"], "done")
        self.assertNotIn("tried", self.record())

    def test_staged_key(self):
        """What is staged is tried before the roll, again until it can be read, and told once."""
        account = "nobody" if IS_ROOT else self.own_account()
        self.configure_script(f"echo reloaded >>{self.log}", f"account={account}\n")
        folder = self.root / "live" / ".made" / "Default-1"
        if IS_ROOT:
            os.chown(folder / "privkey.pem", NOBODY, -1)
        staged = folder / ".staged-privkey.pem"
        staged.write_text("next\n")
        staged.chmod(0o600 if IS_ROOT else 0)
        said = self.once()
        self.assertIn(f"web will not be able to use what is staged for Default: {account} cannot "
                      "read ", said)
        record = self.record()
        self.assertEqual((record["state"], record["readable"], record["staged-key-readable"]),
                         ("done", "true", "false"))
        self.assertEqual(record["staged-key-tried"], "2026-11-22T12:00:00Z")
        self.assertIn("Permission denied", record["staged-key-reason"])

        # Nothing has changed: tried again, and told already.
        self.assertNotIn("staged", self.once(at=AT + 1))
        self.assertEqual(self.record()["staged-key-tried"], "2026-11-22T12:00:01Z")

        if IS_ROOT:
            os.chown(staged, NOBODY, -1)
        staged.chmod(0o600)
        self.once(at=AT + 2)
        record = self.record()
        self.assertEqual((record["staged-key-readable"], record["staged-key-tried"]),
                         ("true", "2026-11-22T12:00:02Z"))
        self.assertEqual(self.count(), 1)
        # What could be read is left alone.
        self.once(at=AT + 3)
        self.assertEqual(self.record()["staged-key-tried"], "2026-11-22T12:00:02Z")

    def test_configuration(self):
        """Every refusal names file and line, and nothing is run."""
        cases = {
            "[web]\ntype=Default\nacount=x\n": "line 3: There is no “acount”",
            "[web]\ntype=Nonsense\n": "line 2",
            "type=Default\n": "line 1: This stands before the first [group]",
            "[web]\nnonsense\n": "line 2: This is neither",
            "[web]\ntype=Default\n": "line 1: “web” has neither “unit” nor “command”",
            "\n[web]\nunit=x.service\n": "line 2: “web” has no “type”",
            "[a/b]\n": "line 1: “a/b” cannot be the name",
            "[a]\ntype=Default\nunit=x.service\n[a]\n": "line 4: This group is there twice",
            "[a]\ntype=Default\ntype=Default\n": "line 3: This key is there twice",
            "[a]\ncommand=echo x\n": "line 2: “command” is the whole path",
            "[a]\ncommand=/bin/echo 'x\n": "line 2: “command” is the whole path",
            "[a]\nunit=--help.service\n": "line 2: “unit” is the whole name",
            "[a]\nunit=x.service\ncommand=/bin/x\n": "line 3: It has “unit” or “command”",
            "[a]\ntimeout=0\n": "line 2: “timeout” is a number",
            "[a]\naccount=-x\n": "line 2: “account”",
        }
        for text, expected in cases.items():
            with self.subTest(text):
                self.configure(text)
                said = self.once(status=1)
                self.assertIn(f"{self.config}, {expected}", said)
                self.assertIn("nothing is reloaded", said)

    def test_configuration_of_others(self):
        self.configure_script(f"echo reloaded >>{self.log}")
        self.config.chmod(0o664)
        self.assertIn("may be written by others than its owner", self.once(status=1))
        self.config.chmod(0o644)
        if IS_ROOT:
            os.chown(self.config, NOBODY, -1)
            self.assertIn("does not belong to root", self.once(status=1))
            os.chown(self.config, 0, -1)
        other = self.home / "other.conf"
        self.config.rename(other)
        self.config.symlink_to(other)
        self.assertIn("cannot be opened", self.once(status=1))
        self.assertEqual(self.count(), 0)

    def test_configuration_too_large(self):
        self.configure("#" * 70000)
        self.assertIn("is larger than 64 KiB", self.once(status=1))
        self.configure("".join(f"[a{i}]\ntype=Default\nunit=x.service\n" for i in range(65)))
        self.assertIn("more consumers than can be", self.once(status=1))

    def test_forged_links(self):
        """The folder's owner can put there what he likes: nothing is followed."""
        self.configure_script(f"echo reloaded >>{self.log}")
        live = self.root / "live"
        made = live / ".made"
        target = self.home / "target"
        target.mkdir()
        (target / "privkey.pem").write_text("somebody's\n")
        made_link = made / "Default-7"
        made_link.symlink_to(target)
        for forged in ("/etc", ".made/../../..", ".made/Default-1/..", ".made/Default-07",
                       ".made/Default-0", ".made/OAuthTokenIssuer-1", ".made/Default-1/",
                       ".made/Default-", ".made/Default-9999999999999999999999", "x",
                       ".made/Default-7", ".made/Default-8"):
            with self.subTest(forged):
                (live / "Default").unlink()
                (live / "Default").symlink_to(forged)
                self.assertIn("live/Default is not as the agent makes it", self.once(status=1))
        (live / "Default").unlink()
        (live / "Default").mkdir()
        self.assertIn("live/Default is not as the agent makes it", self.once(status=1))
        (live / "Default").rmdir()
        (live / "Default").symlink_to(".made/Default-1")
        made.rename(live / "elsewhere")
        made.symlink_to("elsewhere")
        self.assertIn("live/Default is not as the agent makes it", self.once(status=1))
        live.rename(self.root / "lives")
        live.symlink_to("lives")
        self.assertIn("The folder live cannot be opened", self.once(status=1))
        self.assertEqual(self.count(), 0)

    def test_forged_folder(self):
        """consumers/ is believed only if it is root's own."""
        self.configure_script(f"echo reloaded >>{self.log}")
        real = self.home / "real"
        self.consumers.rename(real)
        self.consumers.symlink_to(real)
        self.assertIn("The folder consumers cannot be opened", self.once(status=1))
        self.consumers.unlink()
        real.rename(self.consumers)
        self.consumers.chmod(0o777)
        self.assertIn("does not belong to root, or others may write there", self.once(status=1))
        self.consumers.chmod(0o755)
        if IS_ROOT:
            os.chown(self.consumers, NOBODY, -1)
            self.assertIn("does not belong to root", self.once(status=1))
        self.assertEqual(self.count(), 0)

    def test_forged_key(self):
        """Another file than the published one says nothing about that."""
        account = "nobody" if IS_ROOT else self.own_account()
        self.configure_script("exit 0", f"account={account}\n")
        key = self.root / "live" / "Default" / "privkey.pem"
        key.unlink()
        other = self.home / "readable"
        other.write_text("readable by all\n")
        other.chmod(0o644)
        key.symlink_to(other)
        self.assertIn("is not the file that was published", self.once(status=1))

    def test_as_confined_as_its_unit(self):
        """With no more of root's rights than the unit leaves, on a folder of somebody else's."""
        self.configure_script(f"echo reloaded >>{self.log}")
        unit = UNITS / "issuant-consumers.service"
        kept = next(line.split("=")[1] for line in unit.read_text().splitlines()
                    if line.startswith("CapabilityBoundingSet="))
        few = ",".join(["-all"] + [f"+{name.lower().removeprefix('cap_')}"
                                   for name in kept.split()])
        argv = self.argv("--reload-consumers")
        if IS_ROOT:
            text = self.config.read_text()
            self.config.write_text(f"{text}account=nobody\n")
            for path in (self.root, *self.root.rglob("*")):
                if self.consumers not in (path, *path.parents):
                    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
            self.root.chmod(0o711)
            argv = ["setpriv", "--bounding-set", few, "--no-new-privs", "--", *argv]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.record()["state"], self.count()), ("done", 1))
        if IS_ROOT:
            self.assertEqual(self.record()["readable"], "true")

    def test_records_go_with_their_consumer(self):
        self.configure_script("exit 0")
        self.once()
        self.assertTrue((self.consumers / "web.reload").exists())
        self.configure("[other]\ntype=Default\ncommand=/bin/true\n")
        self.once()
        self.assertFalse((self.consumers / "web.reload").exists())
        self.assertEqual(self.record("other")["state"], "done")

    def test_damaged_record(self):
        self.configure_script(f"echo reloaded >>{self.log}")
        for damaged in ("", "nonsense", "[reload]\nstate=done\nconsumer=other\n"):
            (self.consumers / "web.reload").write_text(damaged)
            self.once()
            self.assertEqual(self.record()["state"], "done")
        self.assertEqual(self.count(), 3)

    def test_configured_anew(self):
        """Another command is another consumer: what the old one did says nothing."""
        self.configure_script(f"echo reloaded >>{self.log}")
        self.once()
        self.configure("[web]\ntype=Default\ncommand=/bin/echo other\n")
        self.once()
        self.assertEqual(self.record()["output"], "other")

    def test_ends(self):
        self.configure_script("exit 0")
        watcher = self.watch()
        self.until(lambda: self.record().get("state") == "done")
        watcher.send_signal(signal.SIGTERM)
        self.assertEqual(watcher.wait(DEADLINE), 0)

    def test_tells_trouble(self):
        self.configure("nonsense\n")
        watcher = self.watch()
        self.assertTrue(select.select([watcher.stderr], [], [], DEADLINE)[0])
        self.assertIn("line 1", watcher.stderr.readline())
        # Mended while it watches.
        self.configure_script("exit 0")
        self.until(lambda: self.record().get("state") == "done")

    def test_one_watcher(self):
        self.configure_script("exit 0")
        self.watch()
        self.until(lambda: self.record().get("state") == "done")
        done = subprocess.run(self.argv("--watch-live"), stdin=subprocess.DEVNULL, check=False,
                              capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("watches", done.stderr.decode())

    def test_wrong_use(self):
        done = subprocess.run([AGENT, "--watch-live", "--service", "--root", self.root],
                              capture_output=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The units of the agent, as systemd reads them. No systemd runs here: it judges files only."""
import os
import pathlib
import pwd
import re
import subprocess
import tempfile
import unittest

import tap

UNITS = pathlib.Path(__file__).parents[2] / "data" / "systemd"
AGENT = os.path.join(os.environ["ISS_TEST_BUILD"], "app", "agent", "issuant-agent")
PROGRAM = "/usr/libexec/issuant-agent"
MOST_EXPOSED = 1.2
# What reloads other services is root, and becomes others for a moment.
MOST_EXPOSED_OF_ROOT = 1.4


def run(*argv, sanitizer="", **options):
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + sanitizer
    return subprocess.run(argv, capture_output=True, text=True, check=False, env=env, **options)


class Systemd(unittest.TestCase):
    def test_verify(self):
        """Every line is understood, and what a unit names is there."""
        with tempfile.TemporaryDirectory(prefix="issuant-test-") as folder:
            names = []
            for unit in sorted(UNITS.iterdir()):
                text = unit.read_text(encoding="utf-8").replace(PROGRAM, AGENT)
                names.append(os.path.join(folder, unit.name))
                pathlib.Path(names[-1]).write_text(text, encoding="utf-8")
            done = run("systemd-analyze", "verify", "--man=no", *names)
            ours = [line for line in (done.stdout + done.stderr).splitlines()
                    if "issuant" in line]
            self.assertEqual((done.returncode, ours), (0, []), done.stderr)

    def test_user_unit(self):
        """The replicator's, as it is installed: its program is the one that is built."""
        build = pathlib.Path(os.environ["ISS_TEST_BUILD"])
        text = (build / "data" / "issuant-replicate.service").read_text(encoding="utf-8")
        program = re.search(r"^ExecStart=(\S+)", text, re.M).group(1)
        self.assertTrue(program.endswith("/bin/issuantctl"), program)
        with tempfile.TemporaryDirectory(prefix="issuant-test-") as folder:
            unit = os.path.join(folder, "issuant-replicate.service")
            pathlib.Path(unit).write_text(
                text.replace(program, str(build / "app" / "ctl" / "issuantctl")),
                encoding="utf-8")
            done = run("systemd-analyze", "--user", "verify", "--man=no", unit)
            ours = [line for line in (done.stdout + done.stderr).splitlines()
                    if "issuant" in line]
            self.assertEqual(ours, [], done.stderr)

    def test_security(self):
        services = sorted(UNITS.glob("*.service"))
        self.assertGreater(len(services), 1)
        for service in services:
            with self.subTest(service.name):
                done = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                           str(service))
                found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
                self.assertIsNotNone(found, done.stderr)
                most = (MOST_EXPOSED_OF_ROOT if service.name == "issuant-consumers.service"
                        else MOST_EXPOSED)
                self.assertLessEqual(float(found.group(1)), most)

    def test_same_confinement(self):
        """What is run once is as confined as what stays."""
        kept = []
        for name in ("issuant-agent.service", "issuant-agent-run-due.service"):
            lines = (UNITS / name).read_text(encoding="utf-8").splitlines()
            wanted = re.compile(r"(User|UMask|Protect|Private|Restrict[A-Z]|System|Capab|NoNew)")
            kept.append([line for line in lines if wanted.match(line)])
        self.assertEqual(kept[0], kept[1])

    def allowed_calls(self, unit="issuant-agent.service"):
        """What the filter of the unit leaves, as systemd itself expands its sets."""
        text = (UNITS / unit).read_text(encoding="utf-8")

        def expand(name):
            if not name.startswith("@"):
                return {name}
            lines = run("systemd-analyze", "syscall-filter", name).stdout.splitlines()[1:]
            words = [line.strip() for line in lines if not line.strip().startswith("#")]
            return set().union(*(expand(word) for word in words if word))

        allowed = expand("@default")
        for value in re.findall(r"^SystemCallFilter=(.*)$", text, re.M):
            names = set().union(*(expand(word) for word in value.lstrip("~").split()))
            allowed = allowed - names if value.startswith("~") else allowed | names
        return allowed

    def test_calls(self):
        """The agent, running what is due, makes no call that its unit refuses."""
        with tempfile.TemporaryDirectory(prefix="issuant-test-") as folder:
            self.trace(folder, "--run-due", "issuant-agent.service")

    def test_calls_of_consumers(self):
        """Neither does what reloads a service, as whose account it tries to read the key."""
        with tempfile.TemporaryDirectory(prefix="issuant-test-") as folder:
            made = os.path.join(folder, "root", "live", ".made", "Default-1")
            consumers = pathlib.Path(folder, "root", "consumers")
            os.makedirs(made)
            consumers.mkdir(mode=0o755)
            pathlib.Path(made, "privkey.pem").write_text("key")
            os.symlink(".made/Default-1", os.path.join(folder, "root", "live", "Default"))
            account = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
            consumers.joinpath("consumers.conf").write_text(
                f"[a]\ntype=Default\ncommand=/bin/true\naccount={account}\n"
                "[b]\ntype=Default\ncommand=/bin/true\n")
            os.chmod(folder, 0o755)
            self.trace(folder, "--reload-consumers", "issuant-consumers.service")
            self.assertIn("state=done", consumers.joinpath("b.reload").read_text())

    def trace(self, folder, mode, unit):
        trace = os.path.join(folder, "trace")
        root = os.path.join(folder, "root")
        done = run("strace", "-f", "-qq", "-o", trace, AGENT, mode, "--root", root,
                   timeout=100, stdin=subprocess.DEVNULL, sanitizer=":detect_leaks=0")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = pathlib.Path(trace).read_text(encoding="utf-8")
        made = set(re.findall(r"^\d+ +(\w+)\(", text, re.M))
        # Those of the loader and of the sanitizers, which systemd does not filter or know.
        made -= {"execve", "exit_group"}
        # Without it GLib's threads only inherit how they are scheduled.
        made -= {"sched_setattr"}
        self.assertEqual(made - self.allowed_calls(unit), set())


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""app/run and app/need-packages, with everything they start replaced by what writes down how."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import tap

ROOT = pathlib.Path(__file__).parents[2]

# Writes its own name and arguments down, one line a start.
NOTE = '#!/bin/bash\necho "$(basename "$0") $*" >>"$NOTES"\n'


class Scripts(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.tree = pathlib.Path(place.name)
        self.bin = self.tree / "bin"
        self.notes = self.tree / "notes"
        (self.tree / "app").mkdir()
        for name in ("run", "need-packages"):
            shutil.copy(ROOT / "app" / name, self.tree / "app" / name)

    def program(self, path, text=NOTE):
        path = self.tree / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def start(self, *argv, **extra):
        env = {"PATH": f"{self.bin}:{os.environ['PATH']}", "NOTES": str(self.notes),
               "HOME": str(self.tree), "LC_ALL": "C.UTF-8", "TMPDIR": str(self.tree)}
        env.update(extra)
        return subprocess.run([str(self.tree / argv[0]), *argv[1:]], env=env, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, check=False)

    def noted(self):
        return self.notes.read_text().splitlines() if self.notes.exists() else []


class NeedPackages(Scripts):
    def have(self, *packages):
        self.program("bin/dpkg-query", "#!/bin/bash\n" + "".join(
            f"echo '{package} installed'\n" for package in packages))

    def test_nothing_is_missing(self):
        self.have("aa", "bb")
        self.program("bin/apt-get")
        done = self.start("app/need-packages", "build", "aa=one", "bb=two")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.noted(), [])

    def test_says_what_and_why_first(self):
        self.have("aa")
        self.program("bin/apt-get", NOTE + "echo noise\n")
        self.program("bin/sudo", '#!/bin/bash\nexec "$@"\n')
        done = self.start("app/need-packages", "build it", "aa=one", "bb=two", "aa-dev=three")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stderr.splitlines()
        self.assertIn("To build it,", lines[0])
        self.assertEqual([line.split() for line in lines[1:]],
                         [["bb", "two"], ["aa-dev", "three"]])
        noted = self.noted()
        self.assertEqual(len(noted), 2)
        self.assertTrue(noted[0].endswith(" update"))
        self.assertTrue(noted[1].endswith(" install -y --no-install-recommends bb aa-dev"))

    def test_failure_shows_what_apt_said(self):
        self.have()
        self.program("bin/apt-get", "#!/bin/bash\necho 'E: no network'\nexit 100\n")
        self.program("bin/sudo", '#!/bin/bash\nexec "$@"\n')
        done = self.start("app/need-packages", "build", "aa=one")
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: no network", done.stderr)


class Run(Scripts):
    """The demo pool here: fe01 has the certificate, fe02 and fe03 do not."""

    def setUp(self):
        super().setUp()
        self.program("app/need-packages", "#!/bin/bash\n")
        self.program("bin/meson")
        self.program("bin/ninja")
        self.program("bin/openssl", "#!/bin/bash\ncat >/dev/null\n"
                     "echo 'sha256 Fingerprint=AB:CD:EF'\n")
        self.built_in(self.tree)
        self.program("build/app/console/issuant")
        self.program("build/app/ctl/issuantctl", NOTE +
                     '[[ "$*" != *show-certificate*fe0[23]* ]] || exit 1\n'
                     'if [[ "$*" == *--json* ]] && grep -q set-cert "$NOTES"; then\n'
                     "echo '  \"good\": true'\nfi\n")

    def built_in(self, place):
        self.program("build/build.ninja", f" command = meson --internal regenerate {place} .\n")

    def test_with_a_display(self):
        for display in ("DISPLAY", "WAYLAND_DISPLAY"):
            done = self.start("app/run", **{display: "nowhere"})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.noted()[-1], "issuant --demo")

    def test_passes_arguments_on(self):
        self.start("app/run", "--topology", "a b", DISPLAY=":7")
        self.assertEqual(self.noted()[-1], "issuant --topology a b")
        self.start("app/run", "--demo", "get-store")
        self.assertEqual(self.noted()[-1], "issuantctl --demo get-store")

    def test_without_a_display(self):
        done = self.start("app/run")
        self.assertEqual(done.returncode, 0, done.stderr)
        files = self.tree / ".local/share/issuant/demo/files"
        said = [line for line in self.noted()
                if line.startswith("issuantctl") and "show-certificate" not in line
                and "--json" not in line]
        self.assertEqual(said, [
            "issuantctl --demo list-servers",
            "issuantctl --demo get-presence --type OAuthTokenIssuer",
            f"issuantctl --demo import-certificate --server fe02,fe03 --path {files}/"
            f"auth.contoso.example.pfx --password-file {files}/auth.password --intent pool",
            "issuantctl --demo set-certificate --server fe01,fe02,fe03 --type OAuthTokenIssuer "
            "--thumbprint ABCDEF",
            "issuantctl --demo get-presence --type OAuthTokenIssuer",
        ])

    def test_shows_lines_that_can_be_pasted(self):
        done = self.start("app/run", XDG_DATA_HOME=str(self.tree / "my data"))
        self.assertIn("\n$ issuantctl --demo import-certificate --server fe02,fe03 --path "
                      f"{self.tree}/my\\ data/issuant/demo/files/", done.stdout)

    def test_nothing_to_do(self):
        self.program("build/app/ctl/issuantctl", NOTE + "echo '  \"good\": true'\n")
        done = self.start("app/run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("as it should be already", done.stdout)
        self.assertFalse(any("set-cert" in line for line in self.noted()))

    def test_not_good_in_the_end(self):
        self.program("build/app/ctl/issuantctl")
        done = self.start("app/run")
        self.assertEqual(done.returncode, 1)
        self.assertIn("still not the same", done.stderr)

    def test_begins_anew(self):
        done = self.start("app/run", "--demo", "--reset")
        self.assertEqual(done.returncode, 0, done.stderr)
        said = [line for line in self.noted() if line.startswith("issuantctl")]
        self.assertEqual(said[0], "issuantctl --demo --reset list-servers")
        self.assertFalse(any("--reset" in line for line in said[1:]))

    def test_a_folder_built_elsewhere_is_built_anew(self):
        for place in (self.tree.parent / "elsewhere", f"{self.tree}2"):
            self.built_in(place)
            self.program("bin/meson", NOTE + "[[ ! -e build ]] || exit 1\nexit 1\n")
            self.assertEqual(self.start("app/run").returncode, 1)
            self.assertEqual(self.noted()[-1], "meson setup build")

    def test_is_built_once(self):
        self.start("app/run")
        self.assertFalse(any(line.startswith("meson") for line in self.noted()))

    def test_a_failed_build_says_why(self):
        self.program("bin/ninja", "#!/bin/bash\necho 'error: no such thing'\nexit 1\n")
        done = self.start("app/run")
        self.assertEqual(done.returncode, 1)
        self.assertIn("error: no such thing", done.stderr)
        self.assertFalse(any(line.startswith("issuantctl") for line in self.noted()))

    def test_a_failed_import_is_a_failure(self):
        self.program("build/app/ctl/issuantctl", NOTE +
                     '[[ "$*" == *list-servers* || "$*" == *set-cert* ]] || exit 1\n')
        done = self.start("app/run")
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(any("set-certificate" in line for line in self.noted()))


if __name__ == "__main__":
    tap.main()

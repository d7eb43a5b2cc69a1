# SPDX-License-Identifier: GPL-3.0-or-later
"""The command lines of the article that explains the server-to-server certificate, in the spelling
of its cmdlets. What is not built yet says so, and what to do instead.

Also covers: fetch, roll."""
import os
import shlex
import subprocess

import demo
import tap

SECRET = "P@ssw0rd"
WARNING = ("Warning: -Password could be read in the list of processes and stays in the shell's "
           "history: use --password-file")


class Article(demo.Case):
    def shell(self, script):
        """What an administrator types, in the shell itself."""
        ctl = shlex.join([str(demo.CTL), "--demo", "--seed", "tests", "--at", demo.AT])
        done = subprocess.run(
            ["sh", "-c", f'issuantctl() {{ {ctl} "$@"; }}\n{script}'], capture_output=True,
            stdin=subprocess.DEVNULL, env=demo.environment(self.demo.home), check=False,
            start_new_session=True, timeout=demo.PATIENCE)
        demo.wait_for_agents()
        return demo.Result(["sh", "-c", script], done.returncode, done.stdout.decode(),
                           done.stderr.decode())

    def test_is_one_assigned(self):
        """Get-CsCertificate -Type OAuthTokenIssuer"""
        done = self.shell("issuantctl Get-CsCertificate -Type OAuthTokenIssuer")
        self.assert_status(done, 0)
        self.assertIn("auth.contoso.example", done.lines[1])
        ours = self.ctl("get-certificate", "--type", "OAuthTokenIssuer")
        self.assertEqual((done.out, done.err), (ours.out, ours.err))
        other = self.shell("issuantctl get-CSCERTIFICATE -TYPE oauthtokenissuer")
        self.assertEqual((other.out, other.status), (ours.out, 0))

    def test_none_is_assigned(self):
        """Nothing is printed then, as there."""
        done = self.shell("issuantctl Get-CsCertificate -Type AudioVideoAuthentication")
        self.assert_status(done, 0)
        self.assertEqual(done.out, "")

    def enroll(self):
        """What global assignment needs, once: an administrator's key, and servers that know it."""
        passphrase = self.demo.home / "passphrase"
        passphrase.write_text("correct horse battery\n")
        self.ctl("make-administrator-key", "alice", "--password-file", passphrase)
        self.ctl("enroll-server", "--pool", demo.POOL, "--key-password-file", passphrase)
        return f"--key-password-file {passphrase}"

    def test_import_once_globally(self):
        """Import-CsCertificate -Identity global -Type … -Path … -Password …"""
        key = self.enroll()
        password = (self.demo.files / "auth.password").read_text().rstrip("\n")
        path = self.demo.files / "auth.contoso.example.pfx"
        done = self.shell("issuantctl Import-CsCertificate -Identity global -Type OAuthTokenIssuer"
                          f" -Path '{path}' -Password '{password}' {key}")
        self.assert_status(done, 0)
        self.assertEqual(done.err.splitlines()[0], WARNING)
        self.assertNotIn(password, done.out + done.err)
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        for server in demo.SERVERS:
            self.assertEqual(demo.published_sha256(self.demo.folder / server, "OAuthTokenIssuer"),
                             sha256)
        status = self.shell("issuantctl Get-CsManagementStoreReplicationStatus")
        self.assert_status(status, 0)
        self.assertEqual(len([line for line in status.lines if "up to date" in line]), 3)

    def test_import_globally_without_a_key(self):
        """Nobody is an administrator here yet: said, and nothing is changed."""
        done = self.shell("issuantctl Import-CsCertificate -Identity global -Type OAuthTokenIssuer"
                          f" -Path '{self.demo.files / 'auth.contoso.example.pfx'}'"
                          f" --password-file '{self.demo.files / 'auth.password'}'")
        self.assert_status(done, 1)
        self.assert_sentence(done, "make one with “issuantctl --demo make-administrator-key”")

    def test_import_on_every_server(self):
        """What to do instead: the same with -Pool."""
        password = (self.demo.files / "auth.password").read_text().rstrip("\n")
        done = self.demo.ctl("Import-CsCertificate", "-Pool", demo.POOL, "-Type",
                             "OAuthTokenIssuer", "-Path",
                             self.demo.files / "auth.contoso.example.pfx", "-Password", password)
        self.assert_status(done, 0)
        self.assertEqual(done.err.splitlines()[0], WARNING)
        self.assertNotIn(password, done.out + done.err)
        sha256 = self.demo.row("auth.contoso.example")["sha256"]
        for server in demo.SERVERS:
            self.assertEqual(demo.published_sha256(self.demo.folder / server, "OAuthTokenIssuer"),
                             sha256)

    def alone(self):
        """A pool of one front end: what is asked for without a scope is there."""
        for server in ("fe02", "fe03"):
            self.ctl("remove-server", f"{server}.contoso.example")

    def test_default_s_thumbprint_globally(self):
        """$x = (Get-CsCertificate -Type Default).Thumbprint, Set-CsCertificate -Identity global"""
        self.alone()
        key = self.enroll()
        done = self.shell(f"""x=$(issuantctl Get-CsCertificate -Type Default -Property Thumbprint)
            issuantctl Set-CsCertificate -Identity global -Type OAuthTokenIssuer -Thumbprint $x \
            {key}""")
        self.assert_status(done, 0)
        self.assertEqual(demo.published_sha256(self.demo.folder / "fe01", "OAuthTokenIssuer"),
                         self.demo.row("sip.contoso.example")["sha256"])
        self.assert_status(self.shell("issuantctl Remove-CsCertificate -Identity global -Type "
                                      f"OAuthTokenIssuer -Force {key}"), 0)

    def test_default_s_thumbprint(self):
        """The same with what to do instead."""
        done = self.shell("""
            x=$(issuantctl Get-CsCertificate -Server fe01 -Type Default -Property Thumbprint)
            issuantctl Set-CsCertificate -Server fe01 -Type OAuthTokenIssuer -Thumbprint $x""")
        self.assert_status(done, 0)
        self.assertRegex(done.lines[1], "^fe01 +done +assigned, published$")
        self.assertEqual(demo.published_sha256(self.demo.folder / "fe01", "OAuthTokenIssuer"),
                         self.demo.row("sip.contoso.example")["sha256"])

    def test_default_s_thumbprint_is_not_one(self):
        """Each server has its own Default: refused where it is asked, so that $x never holds
        three, and nothing is assigned."""
        done = self.shell(f"""x=$(issuantctl Get-CsCertificate -Type Default -Property Thumbprint)
            issuantctl Set-CsCertificate -Pool {demo.POOL} -Type OAuthTokenIssuer -Thumbprint $x""")
        self.assert_status(done, 2)
        self.assertIn("There are 3 different values of Thumbprint, and none was printed. Say which "
                      "is meant:\n  --server fe01 --type Default: ", done.err)
        self.assertIn("-Thumbprint needs a value", done.err)
        self.assert_unchanged()

    def test_roll(self):
        """Set-CsCertificate … -EffectiveDate "7/1/2015" -Roll"""
        self.alone()
        done = self.shell("""x=$(issuantctl Get-CsCertificate -Type Default -Property Thumbprint)
            issuantctl Set-CsCertificate -Identity global -Type OAuthTokenIssuer -Thumbprint $x \
            -EffectiveDate "7/1/2015" -Roll""")
        self.assert_status(done, 2)
        self.assertIn("7 January 2015", done.err)
        self.assertIn("1 July 2015", done.err)
        key = self.enroll()
        self.ctl("import-certificate", "--identity", "global", "--type", "OAuthTokenIssuer",
                 "--path", self.demo.files / "auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password", *key.split())
        done = self.shell(f"""x=$(issuantctl Get-CsCertificate -Type Default -Property Thumbprint)
            issuantctl Set-CsCertificate -Identity global -Type OAuthTokenIssuer -Thumbprint $x \
            -EffectiveDate "2027-07-01" -Roll {key}""")
        self.assert_status(done, 0)
        self.assertIn(self.demo.row("sip.contoso.example")["sha256"],
                      (self.demo.folder / "fe01" / "assignments.conf").read_text())

    def test_roll_of_a_pool(self):
        """The same with what to do instead: it works, on every server, once all are ready."""
        self.alone()
        done = self.shell(f"""x=$(issuantctl Get-CsCertificate -Type Default -Property Thumbprint)
            issuantctl Set-CsCertificate -Pool {demo.POOL} -Type OAuthTokenIssuer -Thumbprint $x \
            -EffectiveDate "2027-07-01" -Roll""")
        self.assert_status(done, 0)
        self.assertRegex(done.lines[1], "^fe01 +done +staged, published. Nothing on fe01")
        self.assertIn("Armed on 1 of 1 server.", done.err)

    def test_half_a_roll(self):
        """-Roll without a date fails there too."""
        for words, pattern in ((("-Roll",), "--roll needs --effective-date"),
                               (("-EffectiveDate", "2027-07-01"),
                                "--effective-date goes with --roll")):
            self.refuses("Set-CsCertificate", "-Pool", demo.POOL, "-Type", "OAuthTokenIssuer",
                         "-Thumbprint", "0" * 40, *words, status=2, pattern=pattern)
            self.refuses("Import-CsCertificate", "-Pool", demo.POOL, "-Path", "a.pfx", *words,
                         status=2, pattern=pattern)
        self.refuses("Import-CsCertificate", "-Pool", demo.POOL, "-Path", "a.pfx", "-Roll",
                     "-EffectiveDate", "2027-07-01", status=2, pattern="--roll needs to know")

    def test_scope_is_never_guessed(self):
        """There, a cmdlet without -Identity works on the computer where it is typed."""
        self.refuses("Set-CsCertificate", "-Type", "OAuthTokenIssuer", "-Thumbprint", "0" * 40,
                     status=2, pattern="Say where: --server fe01,fe02,fe03, or --pool")
        self.refuses("Remove-CsCertificate", "-Type", "OAuthTokenIssuer", "-Previous",
                     status=2, pattern="Say where")

    def test_not_a_cmdlet_of_ours(self):
        self.refuses("Get-CsUser", status=2, pattern="There is no verb “get-csuser”")
        self.refuses("Request-CsCertificate", "-New", status=4, pattern="Not yet")

    def test_one_password(self):
        self.refuses("import-certificate", "--server", "fe01", "--path",
                     self.demo.files / "auth.contoso.example.pfx", "-Password", SECRET, status=2,
                     pattern="There is no option -Password")
        done = self.ctl("Import-CsCertificate", "-Server", "fe01", "-Path",
                        self.demo.files / "auth.contoso.example.pfx", "-Password", SECRET,
                        "--password-file", self.demo.files / "auth.password", status=2)
        self.assertIn("Say one password only", done.err)

    def test_password_leaves_argv(self):
        """While it runs, who lists processes does not read it any more."""
        fifo = self.demo.home / "slow.pfx"
        os.mkfifo(fifo)
        with subprocess.Popen(
                [str(demo.CTL), "--demo", "--seed", "tests", "--at", demo.AT,
                 "Import-CsCertificate", "-Server", "fe01", "-Path", str(fifo), "-Password",
                 SECRET], env=demo.environment(self.demo.home), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as ctl:
            # The warning comes after the password has been taken.
            self.assertIn(b"-Password", ctl.stderr.readline())
            with open(f"/proc/{ctl.pid}/cmdline", "rb") as file:
                words = file.read()
            self.assertIn(b"-Password", words)
            self.assertNotIn(SECRET.encode(), words)
            ctl.kill()
        fifo.unlink()
        demo.wait_for_agents()


if __name__ == "__main__":
    tap.main()

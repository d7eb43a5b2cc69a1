# SPDX-License-Identifier: GPL-3.0-or-later
"""After import, assign, export and copy, password and key are nowhere but where they belong.

Not in the memory of issuantctl and of the agents, in the instant they end, with what they have
freed; not in what they were started with, print, log (all that they can) or write. Only the reader
of files (issuant-parser), which ends with the file, may end with it in its memory. Not one of them
could have left a core file.
"""
import pathlib
import subprocess
import unittest

import demo
import memory
import tap

PASSWORD = "Grüne-Kennwörter-4711"
NEW_PASSWORD = "Anderes-Kennwort-0815"
PROGRAMS = ("issuantctl", "issuant-agent", "issuant-parser")
NAME = "secrets.contoso.example"


class SecretsLeft(demo.Case):
    def setUp(self):
        super().setUp()
        self.given = pathlib.Path(self.demo.home) / "given"
        self.given.mkdir(exist_ok=True)
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", self.given], check=True))
        self.write("password", PASSWORD)
        self.write("new-password", NEW_PASSWORD)
        memory.make_pair(self.given, NAME)
        demo.openssl("pkcs12", "-export", "-legacy", "-inkey", self.given / "key.pem",
                     "-in", self.given / "certificate.pem", "-passout",
                     f"file:{self.given / 'password'}", "-out", self.given / "auth.pfx")
        (self.given / "clear.pem").write_bytes((self.given / "certificate.pem").read_bytes() +
                                               (self.given / "key.pem").read_bytes())
        demo.openssl("pkcs8", "-topk8", "-in", self.given / "key.pem", "-v2", "aes256",
                     "-passout", f"file:{self.given / 'password'}",
                     "-out", self.given / "locked-key.pem")
        (self.given / "locked.pem").write_bytes((self.given / "certificate.pem").read_bytes() +
                                                (self.given / "locked-key.pem").read_bytes())
        self.needles = {**memory.of_password(PASSWORD),
                        **{"new: " + name: needle
                           for name, needle in memory.of_password(NEW_PASSWORD).items()},
                        **memory.of_key((self.given / "key.pem").read_bytes())}

    def write(self, name, text):
        (self.given / name).write_text(text, encoding="utf-8")

    def watch(self, *words):
        """Runs issuantctl; what is left in which process when it ends."""
        env = demo.environment(self.demo.home)
        # What is freed is to stay as it was freed: nobody is to wipe it but we ourselves.
        for name in ("MALLOC_PERTURB_", "G_DEBUG"):
            env.pop(name, None)
        env["G_MESSAGES_DEBUG"] = "all"
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0:max_free_fill_size=0"
        argv = [str(demo.CTL), "--demo", "--seed", "tests", "--at", demo.AT, *map(str, words)]
        ended, left = [], []

        def at_exit(pid, command):
            program = command.split(" ", 1)[0].rsplit("/", 1)[-1]
            ended.append(program)
            if program in PROGRAMS and memory.may_dump(pid):
                left.append(f"{program}: it could leave a core file")
            if program != "issuant-parser":
                left.extend(f"{program}: {what}" for what in memory.scan(pid, self.needles))

        with open(self.given / "said", "w+b") as said:
            process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=said,
                                       stderr=said, start_new_session=True,
                                       preexec_fn=memory.trace_me)
            status = memory.run_to_the_end(process, at_exit)
            said.seek(0)
            text = said.read()
        self.assertEqual(status, 0, text.decode())
        self.assertIn("issuantctl", ended)
        self.assertIn("issuant-agent", ended)
        for what, needle in self.needles.items():
            self.assertNotIn(needle, text, what)
        self.assertEqual(left, [], f"{len(left)} left by issuantctl {words[0]}")
        return ended

    def check_files(self):
        """Everything below the home, but the files we gave and the keys of the servers."""
        found = memory.search_files(self.demo.home, self.needles)
        self.assertEqual([line for line in found if " in given/" not in line], [])

    def drive(self, file, *options):
        where = ("--server", "fe01,fe02")
        ended = self.watch("import-certificate", *where, "--path", self.given / file, *options,
                           "--intent", "pool", "--exportable")
        self.assertEqual(ended.count("issuant-parser"), 4,
                         "each server looks at the seal and reads the file")
        self.ctl("import-certificate", *where, "--path", self.given / "certificate.pem",
                 "--store", "root", "--force")
        thumbprint = self.demo.thumbprint(NAME)
        self.watch("set-certificate", *where, "--type", "OAuthTokenIssuer", "--thumbprint",
                   thumbprint, "--force")
        self.watch("export-certificate", "--server", "fe01", "--thumbprint", thumbprint, "--path",
                   self.given / "out.pfx", "--password-file", self.given / "new-password")
        demo.openssl("pkcs12", "-in", self.given / "out.pfx", "-nodes", "-passin",
                     f"file:{self.given / 'new-password'}")
        self.watch("copy-certificate", "--from", "fe01", "--server", "fe03", "--thumbprint",
                   thumbprint, "--exportable")
        self.assertTrue(self.demo.row(NAME, "fe03")["hasPrivateKey"])
        self.check_files()

    def test_pfx(self):
        self.drive("auth.pfx", "--password-file", self.given / "password")

    def test_clear_pem(self):
        self.drive("clear.pem")

    def test_locked_pem(self):
        self.drive("locked.pem", "--password-file", self.given / "password")

    def test_finds(self):
        """The search itself: it finds what is there."""
        content = b"".join(self.needles.values())
        with subprocess.Popen(["/usr/bin/python3", "-c",
                               "import sys; kept = sys.stdin.buffer.read(); print(flush=True);"
                               "sys.stdin = open('/dev/stderr')\nimport signal; signal.pause()"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(content)
            process.stdin.close()
            process.stdout.readline()
            found = memory.scan(process.pid, self.needles)
            process.kill()
        for what in self.needles:
            self.assertTrue(any(line.startswith(what + " at ") for line in found), what)


if __name__ == "__main__":
    memory.be_root()
    tap.main()

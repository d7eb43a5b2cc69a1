# SPDX-License-Identifier: GPL-3.0-or-later
"""A real nginx on 127.0.0.1 that serves TLS out of a server's live/, root's watcher that reloads
it when something else is published there, and the clients that come to it."""
import configparser
import hashlib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import time

import sshd

ACCOUNT = pwd.getpwuid(os.geteuid()).pw_name
ENOUGH = 40         # handshakes in a row after the roll
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PATIENCE = 90


def end(process):
    process.send_signal(signal.SIGTERM)
    process.wait()


class Nginx:
    """One that runs once start() has answered; its files are in home, beside the ca.pem that its
    clients trust. case ends what is started."""

    def __init__(self, case, home, root, kind, name):
        self.case = case
        self.home = home
        self.root = root
        self.kind = kind
        self.name = name
        self.port = sshd.find_port()

    def start(self):
        """Says what the first client was shown."""
        live = self.root / "live" / self.kind
        config = self.home / "nginx.conf"
        config.write_text(
            f"daemon off;\npid {self.home}/nginx.pid;\nerror_log {self.home}/nginx.log;\n"
            "worker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"
            f"client_body_temp_path {self.home}/body;\nproxy_temp_path {self.home}/proxy;\n"
            f"fastcgi_temp_path {self.home}/fastcgi;\nuwsgi_temp_path {self.home}/uwsgi;\n"
            f"scgi_temp_path {self.home}/scgi;\n"
            f"server {{ listen 127.0.0.1:{self.port} ssl; ssl_session_cache off;\n"
            f"ssl_certificate {live}/fullchain.pem;\nssl_certificate_key {live}/privkey.pem;\n"
            "return 200; } }\n")
        process = self.run("nginx", "-c", config, env={**os.environ, "PATH": PATH},
                           stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.shake()
            except ConnectionRefusedError:
                self.case.assertIsNone(process.poll(), "nginx did not start")
                self.case.assertLess(time.monotonic(), deadline)

    def run(self, *words, **options):
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                   preexec_fn=sshd.end_with_parent, **options)
        self.case.addCleanup(end, process)
        return process

    def shake(self):
        """One client: connects, checks the chain and the name, and says what it was shown."""
        context = ssl.create_default_context(cafile=self.home / "ca.pem")
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname=self.name) as secure:
                return hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()

    def start_watching(self, agent):
        """As root's own configuration says: nginx's master re-reads its certificate."""
        folder = self.root / "consumers"
        folder.mkdir(mode=0o755)
        config = folder / "consumers.conf"
        config.write_text(f"[nginx]\ntype={self.kind}\naccount={ACCOUNT}\n"
                          f"command={shutil.which('nginx', path=PATH)} -c {self.home}/nginx.conf "
                          "-s reload\n")
        config.chmod(0o644)
        self.run(agent, "--watch-live", "--root", self.root)
        self.until(lambda: self.record().get("state") == "done")

    def record(self):
        conf = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        conf.read(self.root / "consumers" / "nginx.reload")
        return dict(conf["reload"]) if conf.has_section("reload") else {}

    def until(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.case.assertLess(time.monotonic(), deadline, self.record())


class Shown:
    """What clients were shown, one after the other, before and after a roll at an instant."""

    def __init__(self, nginx, new, instant):
        self.nginx = nginx
        self.new = new
        self.instant = instant
        self.all = []

    def shake(self):
        self.all.append(self.nginx.shake())
        if self.all[-1] == self.new:
            self.nginx.case.assertGreaterEqual(time.time(), self.instant)

    def has_rolled(self):
        """While nginx's workers change places both may answer: not yet."""
        return self.all[-ENOUGH:] == [self.new] * ENOUGH

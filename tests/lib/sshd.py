# SPDX-License-Identifier: GPL-3.0-or-later
"""Real sshd on 127.0.0.1, with keys, ports and a client configuration of their own."""
import base64
import ctypes
import getpass
import hashlib
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
PR_SET_PDEATHSIG = 1


def end_with_parent():
    """A test that fails must not leave a server behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def find_port():
    """Free when it is asked for; sshd wants it a moment later."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_key(path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", path],
                   check=True)
    return path.with_name(path.name + ".pub").read_text()


def wait_for_sessions(folder):
    """Until every program is gone that was started with a path in a folder: what sshd has
    started ends by itself once its client is gone, and sshd does not wait for it."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            named = str(folder).encode() in path.read_bytes()
            process = os.pidfd_open(int(path.parent.name)) if named else None
        except (FileNotFoundError, ProcessLookupError):
            continue
        if process is not None:
            ended = select.select([process], [], [], 60)[0]
            os.close(process)
            if not ended:
                raise AssertionError(f"process {path.parent.name} does not end")


class Sshd:
    """One server, to which whoever runs the test logs in with the key it is given."""

    def __init__(self, folder, user_key):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o700)
        self.port = find_port()
        self.host_key = make_key(self.folder / "host")
        (self.folder / "authorized_keys").write_text(user_key)
        self.config = self.folder / "sshd_config"
        self.config.write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {self.folder}/host\n"
            "PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nPermitRootLogin yes\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nLogLevel INFO\n")
        self.start()

    def renew_host_key(self):
        """As after the server was set up anew; where it runs, from the next start on."""
        for name in ("host", "host.pub"):
            (self.folder / name).unlink()
        self.host_key = make_key(self.folder / "host")

    @property
    def fingerprint(self):
        """As ssh shows it: "ssh-ed25519 SHA256:…"."""
        kind, key = self.host_key.split()[:2]
        digest = hashlib.sha256(base64.b64decode(key)).digest()
        return f"{kind} SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

    def start(self):
        """Again after stop(): on the same port, with the same key."""
        # Where sshd lives when root starts it by hand.
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.config],
                                        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                        preexec_fn=end_with_parent)
        for line in self.process.stderr:
            if b"Server listening" in line:
                return
        raise AssertionError("sshd did not start")

    @property
    def uri(self):
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}"

    @property
    def known_host(self):
        kind, key = self.host_key.split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def stop(self):
        """Nobody listens any more."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.process.stderr.close()


def write_known_hosts(path, servers):
    path.write_text("".join(server.known_host for server in servers))


def write_client_config(path, user_key_path, servers):
    """What the topology's [ssh] names: it knows these servers and nobody else."""
    known = path.with_name("known_hosts")
    write_known_hosts(known, servers)
    path.write_text(
        f"Host *\n  UserKnownHostsFile {known}\n  GlobalKnownHostsFile none\n"
        f"  IdentityFile {user_key_path}\n  IdentitiesOnly yes\n  IdentityAgent none\n"
        "  StrictHostKeyChecking yes\n  UpdateHostKeys no\n")

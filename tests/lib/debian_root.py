# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian server of a test's own: a folder with the files of this machine's essential packages,
its own accounts, its own dpkg, and Debian's own sshd on a port of 127.0.0.1. Nothing is fetched.
Needs root. It has a /proc and processes of its own where namespaces may be made."""
import os
import pathlib
import re
import shutil
import subprocess

import sshd

# What nobody here looks at.
LEFT_OUT = re.compile(r"/usr/share/(doc|man|locale|info|lintian|bug|zoneinfo|bash-completion)/|"
                      r"/usr/lib/python|/boot/")
STARTS = ("apt", "openssh-server", "passwd", "sudo")
LIBRARIES = re.compile(r"(libglib2\.0-0|libssl3|libacl1|libp11-kit0|libseccomp2)(t64)?")

PRIORITIES = ("required", "important", "standard", "optional", "extra")

# What changes by itself, by triggers of Debian's own packages, or what anybody who adds an account
# changes.
NOT_COMPARED = re.compile(
    r"(dev|proc|run|tmp|var/(log|cache|tmp|backups)|"
    r"var/lib/(apt|dpkg|sudo|systemd|shells\.state))(/|$)|"
    r"etc/(\.pwd\.lock|passwd-?|shadow-?|group-?|gshadow-?|subuid-?|subgid-?|ld\.so\.cache)$")

# Without and with what only a privileged container may do.
IN_NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
                 'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec "$@"')

PAM = {"common-auth": "auth required pam_unix.so\n",
       "common-account": "account required pam_unix.so\n",
       "common-password": "password required pam_unix.so\n",
       "common-session": "session required pam_unix.so\n",
       "common-session-noninteractive": "session required pam_unix.so\n"}


def may_have_proc():
    """Whether namespaces may be made here, so that a server has its own /proc. Without, an agent
    cannot work: a file that is made is linked to its name through /proc/self/fd."""
    return subprocess.run([*IN_NAMESPACES, "/", "true"], check=False,
                          capture_output=True).returncode == 0


def read_packages():
    """The paragraphs of the packages that are installed here, by name."""
    found = {}
    for paragraph in pathlib.Path("/var/lib/dpkg/status").read_text().split("\n\n"):
        fields = dict(re.findall(r"^([\w-]+): *(.*)$", paragraph, re.M))
        if fields.get("Status") == "install ok installed":
            found[fields["Package"]] = (fields, paragraph)
    return found


def choose_packages(packages):
    """The essential ones, what a server has to have, and all that those depend on."""
    provided = {}
    # Of several that provide the same, the one that Debian installs first.
    for name, (fields, _) in sorted(packages.items(), key=lambda item:
                                    PRIORITIES.index(item[1][0].get("Priority", "extra"))):
        for word in fields.get("Provides", "").split(","):
            provided.setdefault(word.split("(")[0].strip(), name)
    chosen = set()
    wanted = [name for name, (fields, _) in packages.items()
              if fields.get("Essential") == "yes" or name in STARTS or LIBRARIES.fullmatch(name)]
    while wanted:
        name = wanted.pop()
        if name in chosen:
            continue
        chosen.add(name)
        fields = packages[name][0]
        for group in f"{fields.get('Pre-Depends', '')},{fields.get('Depends', '')}".split(","):
            choices = [re.split(r"[ (:]", choice.strip())[0] for choice in group.split("|")]
            there = [choice if choice in packages else provided.get(choice) for choice in choices]
            wanted.extend([choice for choice in there if choice][:1])
    return chosen


def list_files(packages, chosen):
    """What these packages have on the disk, /etc apart."""
    names = [f"{name}:{packages[name][0]['Architecture']}"
             if packages[name][0].get("Multi-Arch") == "same" else name for name in chosen]
    found = set()
    for name in names:
        listed = pathlib.Path(f"/var/lib/dpkg/info/{name}.list").read_text().splitlines()
        for path in listed:
            # /bin/sh is in /usr/bin, whatever its package says.
            path = re.sub(r"^/(s?bin|lib(?:32|64|x32)?)(?=/)", r"/usr/\1", path)
            if not path.startswith(("/etc", "/var", "/.")) and not LEFT_OUT.match(path + "/") and \
                    os.path.lexists(path):
                found.add(path)
    return sorted(found)


class DebianRoot:
    def __init__(self, folder, admin_key):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o755)
        self.process = None
        packages = read_packages()
        chosen = choose_packages(packages)
        self.copy("/", "\0".join(path[1:] for path in list_files(packages, chosen)))
        self.copy("/", "etc", "--exclude=etc/shadow*", "--exclude=etc/gshadow*",
                  "--exclude=etc/passwd-", "--exclude=etc/group-", "--exclude=etc/ssh/ssh_host*",
                  "--exclude=etc/ssh/sshd_config.d/*", "--exclude=etc/sudoers.d/*",
                  "--exclude=etc/ssl", recursive=True)
        self.make_dpkg(packages, chosen)
        self.make_accounts()
        self.make_devices()
        self.port = sshd.find_port()
        self.host_key = sshd.make_key(self.folder / "etc" / "ssh" / "ssh_host_ed25519_key")
        shutil.copy(self.folder / "usr/share/openssh/sshd_config", self.folder / "etc/ssh")
        self.add_login("root", admin_key)

    def copy(self, place, names, *options, recursive=False):
        depth = () if recursive else ("--no-recursion",)
        reader = subprocess.Popen(["tar", "-C", place, *depth, "--null", *options,
                                   "--files-from=-", "-cf", "-"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        writer = subprocess.Popen(["tar", "-C", self.folder, "-xpf", "-"], stdin=reader.stdout)
        reader.stdout.close()
        reader.stdin.write(names.encode())
        reader.stdin.close()
        reader.wait()
        if writer.wait() != 0:
            raise AssertionError("the files of the packages could not be copied")

    def make_dpkg(self, packages, chosen):
        for path in ("root", "home", "proc", "dev", "run/sshd", "tmp", "var/tmp", "var/log/apt",
                     "var/backups", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial",
                     "var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers",
                     "var/lib/dpkg/parts", "var/lib/dpkg/alternatives"):
            (self.folder / path).mkdir(parents=True, exist_ok=True)
        (self.folder / "root").chmod(0o700)
        # What update-alternatives has made is in no package.
        awk = next(name for name in ("mawk", "gawk", "original-awk")
                   if (self.folder / "usr" / "bin" / name).exists())
        (self.folder / "usr" / "bin" / "awk").symlink_to(awk)
        for name in ("bin", "sbin", "lib", "lib64"):
            if os.path.islink("/" + name) and not os.path.lexists(self.folder / name):
                (self.folder / name).symlink_to(os.readlink("/" + name))
        database = self.folder / "var" / "lib" / "dpkg"
        (database / "status").write_text("".join(packages[name][1] + "\n\n"
                                                 for name in sorted(chosen)))
        (database / "available").write_text("")
        for path in pathlib.Path("/var/lib/dpkg/info").iterdir():
            if re.split(r"[:.](?=\w+(?:\.\w+)?$)", path.name)[0] in chosen or \
                    path.name.rsplit(".", 1)[0].split(":")[0] in chosen or path.name == "format":
                shutil.copy2(path, database / "info")

    def make_accounts(self):
        etc = self.folder / "etc"
        master = self.folder / "usr" / "share" / "base-passwd"
        shutil.copy(master / "passwd.master", etc / "passwd")
        shutil.copy(master / "group.master", etc / "group")
        for name, text in PAM.items():
            (etc / "pam.d" / name).write_text(text)
        (etc / "shadow").touch(mode=0o640)
        (etc / "hosts").write_text("127.0.0.1 localhost fe01\n")
        self.run("pwconv")
        self.run("grpconv")
        self.run("useradd", "--system", "--home-dir", "/run/sshd", "--shell", "/usr/sbin/nologin",
                 "sshd")
        self.run("ldconfig")

    def make_devices(self):
        for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9), ("tty", None)):
            path = self.folder / "dev" / name
            device = os.makedev(5, 0) if minor is None else os.makedev(1, minor)
            os.mknod(path, 0o666 | 0o020000, device)
            path.chmod(0o666)

    def run(self, *words, check=True, stdin=None):
        done = subprocess.run(["chroot", self.folder, *words], check=False, capture_output=True,
                              text=True, input=stdin, env={"PATH": "/usr/sbin:/usr/bin",
                                                           "LC_ALL": "C", "HOME": "/"})
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
        return done

    def path(self, name):
        return self.folder / name.lstrip("/")

    def add_login(self, name, key):
        """A key that may come in to an account."""
        home = self.run("sh", "-c", f"echo ~{name}").stdout.strip()
        folder = self.path(home) / ".ssh"
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / "authorized_keys").open("a") as keys:
            keys.write(key)
        self.run("chown", "-R", f"{name}:", f"{home}/.ssh")

    def start(self):
        """Debian's own sshd with Debian's own configuration; only the port is another."""
        spaces = [*IN_NAMESPACES, self.folder] if may_have_proc() else []
        self.process = subprocess.Popen(
            [*spaces, "chroot", self.folder, "/usr/sbin/sshd", "-D", "-e", "-o",
             f"Port={self.port}", "-o", "ListenAddress=127.0.0.1"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=sshd.end_with_parent)
        said = b""
        for line in self.process.stderr:
            said += line
            if b"Server listening" in line:
                return
        raise AssertionError(f"sshd did not start: {said.decode()}")

    @property
    def known_host(self):
        kind, key = self.host_key.split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def stop(self):
        if self.process is not None:
            # unshare waits for its child whatever asks it to end; what is below goes with it.
            self.process.kill()
            self.process.wait()
            self.process.stderr.close()

    def files(self):
        """All that is there, by path, with owner, mode and size; what changes by itself apart."""
        found = {}
        for place, folders, names in os.walk(self.folder):
            inside = os.path.relpath(place, self.folder)
            for name in folders + names:
                path = os.path.normpath(os.path.join(inside, name))
                if NOT_COMPARED.match(path):
                    continue
                info = os.lstat(os.path.join(place, name))
                size = info.st_size if name in names else 0
                found[path] = (info.st_uid, info.st_gid, oct(info.st_mode), size)
            folders[:] = [name for name in folders
                          if not NOT_COMPARED.match(os.path.normpath(os.path.join(inside, name)))]
        return found

    def accounts(self):
        return [line.split(":")[0] for line in self.path("etc/passwd").read_text().splitlines()]

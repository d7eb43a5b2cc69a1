# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for secrets in the memory of programs: while they run, and in the instant they end.

Our programs do not let themselves be looked at by anybody but root: be_root() comes first.
"""
import ctypes
import datetime
import os
import re
import resource
import signal
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
EVENT_EXIT = 6
# fork, vfork, clone, exec, exit; and all of them end when this program does
OPTIONS = 0x2 | 0x4 | 0x8 | 0x10 | 0x40 | 0x100000
WALL = 0x40000000

REGION = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+) *(.*)$")
# A sanitizer's map of the memory, most of it never touched
MOST_REGION = 16 << 30
CHUNK = 4 << 20
PART = 24

# Where the key belongs on a server.
KEY_PLACES = ("keys", ".made")

DATES = datetime.datetime(2026, 1, 1), datetime.datetime(2028, 1, 1)

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def be_root(mapped="--map-root-user"):
    """Starts this program again as the root of a world of its own where it is not root."""
    if os.geteuid() != 0 and not os.environ.get("ISS_TEST_ROOT_OF_ITS_OWN"):
        os.environ["ISS_TEST_ROOT_OF_ITS_OWN"] = "1"
        os.execvp("unshare", ["unshare", mapped, "--keep-caps", sys.executable, *sys.argv])


def be_mighty():
    """The same, and still who it is: a session bus takes nobody else."""
    be_root("--map-current-user")


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request} of {pid}")


def make_pair(folder, common_name):
    """certificate.pem of a token issuer that is its own authority, and key.pem, known to nobody
    else."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 4711, *DATES)
    names = x509.SubjectAlternativeName([x509.DNSName("contoso.example")])
    certificate = builder.add_extension(names, False).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))


def of_password(text):
    """As it was typed, and as PKCS#12 wants it (RFC 7292, B.1)."""
    return {"the password": text.encode(), "the password in UTF-16": text.encode("utf-16-be")}


def of_key(pem):
    """Out of the middle of an RSA key as files have it, and of its numbers as files and as
    processors have them."""
    key = serialization.load_pem_private_key(pem, None)
    numbers = key.private_numbers()
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                            serialization.NoEncryption())
    found = {}
    for name, number in (("d", numbers.d), ("p", numbers.p), ("q", numbers.q),
                         ("d mod p - 1", numbers.dmp1)):
        big = number.to_bytes((number.bit_length() + 7) // 8, "big")
        for form, content in (("", big), (", as limbs", big[::-1])):
            found[name + form] = content[len(content) // 2:][:PART]
    lines = pem.split(b"\n")
    for line in (2, len(lines) // 2, len(lines) - 4):
        found[f"line {line} of the PEM file"] = lines[line]
    found["the middle of the PKCS#8"] = der[len(der) // 2:][:PART]
    return found


def regions(pid):
    """What is mapped, readable and touched: (start, end, name, whether it is locked)."""
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as file:
        region, rss = None, 0
        for line in file:
            match = REGION.match(line)
            if match:
                region = int(match[1], 16), int(match[2], 16), match[3], match[5]
            elif line.startswith("Rss:"):
                rss = int(line.split()[1])
            elif line.startswith("VmFlags:") and rss > 0:
                start, end, access, name = region
                readable = access[0] == "r" and name not in ("[vvar]", "[vsyscall]")
                of_file = name.startswith("/") and access[1] != "w"
                if readable and not of_file and end - start < MOST_REGION:
                    yield start, end, name, "lo" in line.split()


def scan(pid, needles, but_locked=False):
    """Which of the needles are in a process: one sentence each, with the place. Where a secret may
    be while it is needed can be left out: that is memory that is locked."""
    longest = max(len(needle) for needle in needles.values())
    found = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name, is_locked in regions(pid):
            if but_locked and is_locked:
                continue
            at, tail = start, b""
            while at < end:
                memory.seek(at)
                try:
                    chunk = memory.read(min(CHUNK, end - at))
                except OSError:
                    break
                if not chunk:
                    break
                text = tail + chunk
                for what, needle in needles.items():
                    place = text.find(needle)
                    if place >= 0:
                        found.append(f"{what} at {at - len(tail) + place:#x} in {name or 'a heap'}")
                tail = text[-(longest - 1):]
                at += len(chunk)
    return found


def may_dump(pid):
    """Whether the process could leave a core file, were it to crash now."""
    with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
        return not re.search(r"(?m)^Max core file size +0 +0 ", file.read())


def let_dump():
    """For preexec_fn: who is started may leave core files, of any size that we could have."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def search_files(folder, needles):
    """Which of the needles are in files below a folder, but for a server's keys."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        is_key = path.suffix == ".pem" and any(place in name.parts for place in KEY_PLACES)
        found.extend(f"{what} in {name}" for what, needle in needles.items()
                     if needle in content and not (is_key and "PEM" in what))
    return found


def is_leader(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return f"\nTgid:\t{pid}\n" in file.read()


def family(pid):
    """A process and those that it has started and that still run."""
    found = [pid]
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == pid:
                    found.append(int(name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def name_of(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read().replace(b"\0", b" ").decode(errors="replace").strip()


def trace_me():
    """For preexec_fn of what is given to run_to_the_end(). It has been let dump what it likes."""
    let_dump()
    ptrace(TRACEME, 0)


def run_to_the_end(process, at_exit):
    """Runs a Popen that called trace_me(), and what it starts, and calls at_exit(pid, command) of
    each process when everything it does is done and its memory is still there."""
    known = {process.pid}
    status_of_first = None
    while known:
        pid, status = os.waitpid(-1, WALL)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            known.discard(pid)
            if pid == process.pid:
                status_of_first = os.waitstatus_to_exitcode(status)
            continue
        number = os.WSTOPSIG(status)
        event = status >> 16
        if pid == process.pid and status_of_first is None and event == 0 and \
                number == signal.SIGTRAP:
            ptrace(SETOPTIONS, pid, OPTIONS)
        if event == EVENT_EXIT and is_leader(pid):
            at_exit(pid, name_of(pid))
        deliver = number
        if event != 0 or number == signal.SIGTRAP or (number == signal.SIGSTOP and
                                                     pid not in known):
            deliver = 0
        known.add(pid)
        ptrace(CONT, pid, deliver)
    process.returncode = status_of_first
    return status_of_first

# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the code that a script can check. check.py prints what breaks them.

Each rule is a function of (path, text, tree), or of the tree alone, that yields
(path, line, message). A tree is a dict of the text of every file by its path from the root.
"""
import pathlib
import re
import sys

# A room may include from itself and from those before it.
CORE_ROOMS = ["base", "certificate", "formats", "store", "assignment", "replication", "agent",
              "pool", "central"]

OPENSSL_ALLOWED = re.compile(
    r"core/(certificate|formats|central)/|core/replication/package\.[ch]$|"
    r"core/store/(key|token)[a-z0-9-]*\.[ch]$|core/base/(error|secret)\.[ch]$|tests/")

# PKCS#11 modules are other people's code: one door, which only a process of its own opens.
P11_KIT_ALLOWED = re.compile(r"(tests/)?core/store/(test-)?token-[a-z]+\.c$")

TOOLKIT = re.compile(r"<(gtk|gdk|gsk|adwaita|pango|cairo|graphene)")

PROGRAMS = {"console": "issuant", "ctl": "issuantctl", "agent": "issuant-agent",
            "askpass": "issuant-askpass"}

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
MOST_COLUMNS = 100
MOST_LINES = 1000
MANY_LINES = 600

# What core may not do, and the files that may.
CORE_BANS = [
    (r"g_print|g_printerr|printf|puts|putchar|fprintf|vprintf|perror", "prints", r"$^"),
    (r"g_message|g_warning|g_critical|g_info|g_log|g_log_structured", "logs", r"$^"),
    (r"g_error|abort|exit|_exit", "ends the program", r"core/base/secret\.c$"),
    (r"g_get_real_time|g_date_time_new_now\w*|time|gettimeofday|clock_gettime",
     "reads the clock", r"core/base/clock\.c$"),
    (r"g_getenv|getenv|g_get_environ|secure_getenv", "reads the environment", r"$^"),
]

SLEEPS = {
    ".c": r"\b(g_usleep|usleep|sleep|nanosleep|clock_nanosleep|thrd_sleep)\s*\(",
    ".py": r"\bsleep\s*\(|\bimport\s+sleep\b|\.wait\(timeout=0\.",
    ".sh": r"(^|[;&|]|\b(do|then)\b)\s*sleep\s",
}
SLEEPS[".h"] = SLEEPS[".c"]


def strip_code(text):
    """C without its comments and the insides of its strings, every line where it was."""
    out = []
    i = 0
    while i < len(text):
        two = text[i:i + 2]
        if two in ("/*", "//"):
            end = text.find("*/" if two == "/*" else "\n", i + 2)
            end = len(text) if end < 0 else end + (2 if two == "/*" else 0)
            out.append(re.sub(r"[^\n]", " ", text[i:end]))
            i = end
        elif text[i] in "\"'":
            quote = text[i]
            end = i + 1
            while end < len(text) and text[end] not in (quote, "\n"):
                end += 2 if text[end] == "\\" else 1
            out.append(quote + " " * (min(end, len(text)) - i - 1) + quote)
            i = end + 1
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def kind(path, text):
    """The ending that says what a file is; scripts without one are told by their first line."""
    suffix = pathlib.PurePosixPath(path).suffix
    if not suffix and re.match(r"#!.*\b(ba)?sh\b", text):
        return ".sh"
    return suffix


def in_rooms(path):
    return path.startswith(("core/", "ui/", "app/"))


def includes(text):
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]+(["<][^">]+[">])', text, re.M):
        yield line_of(text, match.start()), match.group(1)


def layers(path, text, tree):
    """Arrows point down only, and each library is behind its door."""
    if kind(path, text) not in (".c", ".h"):
        return
    parts = path.split("/")
    for line, name in includes(text):
        what = name.strip('"<>')
        if name.startswith('"'):
            target = what.split("/")
            if len(target) < 2 or target[0] not in ("core", "ui", "app", "tests", "data"):
                yield path, line, f"{name}: include by the path from the root"
                continue
            if parts[0] != "tests" and target[0] == "tests":
                yield path, line, f"{name}: nothing includes tests"
            if parts[0] == "core" and target[0] in ("ui", "app"):
                yield path, line, f"{name}: core is below {target[0]}"
            if parts[0] == "ui" and target[0] == "app":
                yield path, line, f"{name}: ui is below app"
            if parts[0] == "app" and target[0] == "app" and parts[1] != target[1]:
                yield path, line, f"{name}: a program does not include another"
            if parts[0] == "app" and parts[1] in ("agent", "ctl") and target[0] == "ui":
                yield path, line, f"{name}: {PROGRAMS[parts[1]]} is without ui"
            if parts[0] == "core" and target[0] == "core":
                own, other = parts[1], target[1]
                if own not in CORE_ROOMS or other not in CORE_ROOMS:
                    yield path, line, f"{name}: no such room in core"
                elif CORE_ROOMS.index(other) > CORE_ROOMS.index(own):
                    yield path, line, f"{name}: core/{own} is below core/{other}"
        else:
            if what.startswith("openssl/") and not OPENSSL_ALLOWED.match(path):
                yield path, line, f"{name}: OpenSSL is not for this file"
            if what.startswith("p11-kit/") and not P11_KIT_ALLOWED.match(path):
                yield path, line, f"{name}: p11-kit is not for this file"
            if path.startswith("ui/") and what.startswith(("gio/gunix", "gio-unix")):
                yield path, line, f"{name}: ui is without gio/gunix"
            if TOOLKIT.match(name) and path.startswith(("core/", "app/agent/", "app/ctl/")):
                yield path, line, f"{name}: no toolkit here"


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def types_of(text):
    """The types that a header declares."""
    code = strip_code(text)
    found = re.findall(r"\bG_DECLARE_\w*(?:TYPE|INTERFACE)\s*\(\s*(\w+)", code)
    found += re.findall(r"^\}\s*(\w+)\s*;", code, re.M)
    found += re.findall(r"\btypedef\s+(?:const\s+)?(?:struct|enum|union)\s+\w+\s+(\w+)\s*;", code)
    return found


def without_macros(code):
    """Without preprocessor lines, and without the macros that stand where declarations do."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",
                  lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M)
    code = re.sub(r"\bG_(BEGIN|END)_DECLS\b", lambda m: " " * len(m.group(0)), code)
    code = re.sub(r"\bG_GNUC_(BEGIN|END)_IGNORE_DEPRECATIONS\b",
                  lambda m: " " * len(m.group(0)), code)
    while True:
        match = re.search(r"^[ \t]*G_(DEFINE|DECLARE|STATIC_ASSERT)\w*\s*\(", code, re.M)
        if match is None:
            return code
        end = match.end()
        depth = 1
        while end < len(code) and depth > 0:
            depth += {"(": 1, ")": -1}.get(code[end], 0)
            end += 1
        code = code[:match.start()] + re.sub(r"[^\n]", " ", code[match.start():end]) + code[end:]


def declarations(text):
    """(position, declaration, whether a body follows) for what stands outside all braces."""
    code = without_macros(strip_code(text))
    start = 0
    depth = 0
    for i, char in enumerate(code):
        if char == "{":
            if depth == 0:
                yield start, code[start:i], True
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
            if depth == 0:
                start = i + 1
        elif char == ";" and depth == 0:
            yield start, code[start:i], False
            start = i + 1


def functions(text):
    """(line, name, whether static, whether defined) for each function declared outside braces."""
    for position, declaration, defined in declarations(text):
        if re.match(r"\s*typedef\b", declaration) or "(" not in declaration:
            continue
        head = declaration.split("(")[0]
        match = re.search(r"(\w+)\s*$", head)
        if match is None or "=" in head or len(head.split()) < 2:
            continue
        yield (line_of(text, position + match.start(1)), match.group(1),
               re.search(r"\bstatic\b", head) is not None, defined)


def prefixes(path, tree):
    """What the functions of a file may begin with: the file's name, or that of a type in its
    header. A file that widens another (x-actions.c beside x.h) may begin as that one."""
    pure = pathlib.PurePosixPath(path)
    room = pure.parent
    stem = pure.stem.removesuffix("-private")
    own = "iss"
    if path.startswith("app/"):
        own = path.split("/")[1]
    found = [f"{own}_{stem.replace('-', '_')}"]

    words = stem.split("-")
    for n in range(1, len(words) + 1):
        shorter = "-".join(words[:n])
        for header in (f"{room}/{shorter}.h", f"{room}/{shorter}-private.h"):
            if header in tree:
                if n < len(words):
                    found.append(f"{own}_{shorter.replace('-', '_')}")
                found.extend(snake(name) for name in types_of(tree[header]))
    return found


def symbols(path, text, tree):
    """Every function that is not static begins with the name of its file."""
    if kind(path, text) not in (".c", ".h"):
        return
    if not in_rooms(path) and not path.startswith("tests/lib/"):
        return
    allowed = prefixes(path, tree)
    for line, name, static, defined in functions(text):
        if static and not defined:
            yield path, line, f"{name}: a forward declaration; put callees first"
        if static or name == "main" and path.startswith(("app/", "tests/")):
            continue
        if not any(name == prefix or name.startswith(prefix + "_") for prefix in allowed):
            yield path, line, f"{name}: does not begin with {allowed[0]}_"


def spelling(path, text, tree):
    """No tabs, no blanks at a line's end, one newline at the end."""
    if kind(path, text) in (".md", ""):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield path, number, "a tab"
        if line != line.rstrip():
            yield path, number, "blanks at the end of the line"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield path, text.count("\n") + 1, "the file does not end with one newline"


def columns(path, text, tree):
    """No long lines."""
    if kind(path, text) in (".c", ".h", ".py", ".sh", ".build"):
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > MOST_COLUMNS:
                yield path, number, f"{len(line)} columns, at most {MOST_COLUMNS}"


def licence(path, text, tree):
    """The first line names the licence."""
    what = kind(path, text)
    first = (text.split("\n") + [""])[:2]
    if what in (".c", ".h"):
        if first[0] != f"/* {SPDX} */":
            yield path, 1, f"the first line is not /* {SPDX} */"
    elif what in (".py", ".sh"):
        if f"# {SPDX}" not in (first[1] if first[0].startswith("#!") else first[0]):
            yield path, 1, f"the first line is not # {SPDX}"


def flow(path, text, tree):
    """No goto, and no #if inside a function."""
    if kind(path, text) not in (".c", ".h"):
        return
    code = strip_code(text)
    for match in re.finditer(r"\bgoto\b", code):
        yield path, line_of(code, match.start()), "a goto"
    depth = 0
    continued = False
    for number, line in enumerate(code.split("\n"), 1):
        if continued or line.lstrip().startswith("#"):
            if depth > 0 and not continued and re.match(r"\s*#\s*(if|ifdef|ifndef)\b", line):
                yield path, number, "#if inside braces"
            continued = line.endswith("\\")
            continue
        depth += line.count("{") - line.count("}")


def headers(path, text, tree):
    """A header is read once."""
    if kind(path, text) == ".h" and not re.search(r"^#pragma once$", text, re.M):
        yield path, 1, "no #pragma once"


def sleeps(path, text, tree):
    """Nothing waits for time to pass: it waits for the event, with a deadline."""
    what = kind(path, text)
    if what not in SLEEPS:
        return
    code = strip_code(text) if what in (".c", ".h") else re.sub(r"#[^\n]*", "", text)
    for match in re.finditer(SLEEPS[what], code, re.M):
        yield path, line_of(code, match.start()), f"a sleep: {match.group(0).strip()}"


def purity(path, text, tree):
    """Core does not print, log, or look at the clock or the environment."""
    if not path.startswith("core/") or kind(path, text) not in (".c", ".h"):
        return
    code = without_macros(strip_code(text))
    for names, what, excepted in CORE_BANS:
        if re.match(excepted, path):
            continue
        for match in re.finditer(rf"(?<![\w.>])({names})\s*\(", code):
            yield path, line_of(code, match.start()), f"core {what}: {match.group(1)}"


def places(path, text, tree):
    """No path of somebody's machine."""
    root = tree.get("", "")
    bad = r"/home/(?!alice\b)\w+|/Users/\w+|/root/|[A-Z]:\\\\?Users"
    if root.count("/") >= 2:
        bad += "|" + re.escape(root)
    for match in re.finditer(bad, text):
        yield path, line_of(text, match.start()), f"a path of one machine: {match.group(0)}"
    if in_rooms(path) and kind(path, text) in (".c", ".h"):
        for match in re.finditer(r'"/(tmp|var/tmp|mnt|media|srv)\b', text):
            yield path, line_of(text, match.start()), f"a fixed place: {match.group(0)[1:]}"


def lengths(path, text, tree):
    """A file over a thousand lines is several files."""
    if kind(path, text) in (".c", ".h", ".py", ".sh", ".ui", ".build"):
        n = text.count("\n")
        if n > MOST_LINES:
            yield path, n, f"{n} lines, at most {MOST_LINES}"


def long_files(tree):
    """What may soon have to be split; only told, not refused."""
    for path, text in sorted(tree.items()):
        n = text.count("\n")
        if kind(path, text) in (".c", ".h", ".py", ".sh", ".ui") and MANY_LINES < n <= MOST_LINES:
            yield path, n, f"{n} lines: time to split it"


def ui_pairs(tree):
    """Every .ui has its .c."""
    for path in sorted(tree):
        if path.endswith(".ui") and in_rooms(path) and path[:-3] + ".c" not in tree:
            yield path, 1, f"there is no {path[:-3]}.c"


def registered(tree):
    """Every test program is in the lists of tests/meson.build."""
    build = tree.get("tests/meson.build", "")
    lists = dict.fromkeys(re.findall(r"^  '([\w/-]+)': \[", build, re.M), "")
    for room, names in re.findall(r"^  '([\w/-]+)': \[([^]]*)\]", build, re.M):
        lists[room] += names
    for path in sorted(tree):
        match = re.fullmatch(r"tests/(.+)/test-([^/]+)\.(c|py)", path)
        if match and f"'{match.group(2)}'" not in lists.get(match.group(1), ""):
            yield path, 1, "is not in the lists of tests/meson.build: nobody runs it"


def covered(tree):
    """What tests cover beside the file they are named for: "Also covers: a, b" in their first
    comment names files of the same room, and including a header of the rooms says so, too."""
    found = set()
    for path, text in tree.items():
        match = re.fullmatch(r"tests/(.+)/test-[^/]+\.(c|py)", path)
        if match is None:
            continue
        also = re.search(r"Also covers:([^.]*)\.", text[:2000])
        if also:
            found.update(name if "/" in name else f"{match.group(1)}/{name}"
                         for name in re.findall(r"[a-z][\w/-]*", also.group(1)))
        found.update(re.findall(r'#include "((?:core|ui|app)/[\w/-]+)\.h"', text))
    return found


def test_pairs(tree):
    """Every .c has its test; a main is named by a test that runs the program."""
    others = covered(tree)
    for path in sorted(tree):
        match = re.fullmatch(r"((?:core|ui|app)/.+)/([^/]+)\.c", path)
        if match is None:
            continue
        room, stem = match.groups()
        if any(f"tests/{room}/test-{stem}{suffix}" in tree for suffix in (".c", ".py")):
            continue
        if f"{room}/{stem}" in others:
            continue
        program = PROGRAMS.get(room.removeprefix("app/"))
        if stem == "main" and program is not None:
            word = re.compile(rf"(?<![\w-]){program}(?![\w-])")
            if any(word.search(text) for other, text in tree.items()
                   if other.startswith(("tests/e2e/", f"tests/{room}/"))):
                continue
            yield path, 1, f"no test in tests/e2e names {program}"
        else:
            yield path, 1, f"there is no tests/{room}/test-{stem}.c"


FILE_RULES = [layers, symbols, spelling, columns, licence, flow, headers, sleeps, purity, places,
              lengths]
TREE_RULES = [ui_pairs, registered, test_pairs]

# The checker and its table of bad snippets break every rule on purpose.
EXEMPT = {"sleeps": ("tests/style/",), "places": ("tests/style/",)}


def read_tree(root):
    """Every text file of the rooms and of the root, by path; the root itself under ""."""
    root = pathlib.Path(root).resolve()
    tree = {"": str(root)}
    tops = [root / name for name in ("app", "core", "data", "tests", "ui", ".ci")]
    files = [path for path in root.iterdir() if path.is_file() and path.name != ".git"]
    for top in tops:
        files.extend(path for path in top.rglob("*") if path.is_file())
    for path in files:
        name = path.relative_to(root).as_posix()
        if "__pycache__" in name or path.suffix in (".png", ".pyc", ".mo") or path.is_symlink():
            continue
        try:
            tree[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue    # corpora and other bytes
    return tree


def check(rule, tree):
    """What breaks one rule, as lines to read."""
    if rule in TREE_RULES:
        found = list(rule({path: text for path, text in tree.items() if path}))
    else:
        found = []
        for path in sorted(tree):
            if path and not path.startswith(EXEMPT.get(rule.__name__, ("\n",))):
                found.extend(rule(path, tree[path], tree))
    return [f"{path}:{line}: {message}" for path, line, message in found]


def main():
    tree = read_tree(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = [line for rule in FILE_RULES + TREE_RULES for line in check(rule, tree)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

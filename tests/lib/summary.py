# SPDX-License-Identifier: GPL-3.0-or-later
"""summary.py BUILD: counts the single cases of the last `meson test` in BUILD, shows what failed,
and says "N passed, N failed" in the last line. What was skipped, or never came to run, failed.

summary.py --select BUILD NAME...: the names of the tests which contain a NAME."""
import json
import pathlib
import re
import sys

LINE = re.compile(r"(not )?ok\b\s*\d*\s*(?:- )?([^#]*)(?:#\s*(\w+)\s*(.*))?$")
PLAN = re.compile(r"1\.\.(\d+)")
MOST_LINES = 300


def judge(test):
    """(number of cases passed, what is wrong as a list of lines) for one entry of testlog.json"""
    passed = 0
    wrong = []
    planned = None
    seen = 0
    for line in (test.get("stdout") or "").splitlines():
        plan = PLAN.match(line)
        case = LINE.match(line)
        if plan:
            planned = int(plan.group(1))
        elif case:
            seen += 1
            name = case.group(2).strip()
            directive = (case.group(3) or "").upper()
            if directive == "SKIP":
                wrong.append(f"{name}: skipped, {case.group(4) or 'without a reason'}")
            elif case.group(1) or directive == "TODO":
                wrong.append(f"{name}: failed")
            else:
                passed += 1

    if planned is not None and seen < planned:
        wrong.extend(["a case did not come to run"] * (planned - seen))
    if test["result"] != "OK" and not wrong:
        wrong.append(f"the program: {test['result']}, status {test.get('returncode')}")
    if passed == 0 and not wrong:
        wrong.append("the program has no case")

    return passed, wrong


def short(text):
    lines = text.splitlines()
    if len(lines) <= MOST_LINES:
        return text.rstrip("\n")
    half = MOST_LINES // 2
    return "\n".join(lines[:half] + [f"[{len(lines) - MOST_LINES} lines]"] + lines[-half:])


def read_log(path):
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace") as log:
        return [json.loads(line) for line in log]


def summarise(build, out):
    tests = read_log(build / "meson-logs" / "testlog.json")
    n_passed = 0
    n_failed = 0

    for test in tests:
        passed, wrong = judge(test)
        n_passed += passed
        n_failed += len(wrong)
        if wrong:
            print(f"\n==== {test['name']} ====", file=out)
            for stream in ("stdout", "stderr"):
                if test.get(stream):
                    print(f"---- {stream}\n{short(test[stream])}", file=out)
            print("---- failed", file=out)
            for line in dict.fromkeys(wrong):
                many = wrong.count(line)
                print(f"{line} ({many} times)" if many > 1 else line, file=out)

    if not tests:
        print("No test was run.", file=out)
        n_failed = 1

    shots = sorted((build / "shots").glob("*.png"))
    if shots and n_failed > 0:
        print("\nPictures to look at:", *shots, sep="\n  ", file=out)

    print(f"{n_passed} passed, {n_failed} failed", file=out)
    return 0 if n_failed == 0 else 1


def select(build, wanted):
    with (build / "meson-info" / "intro-tests.json").open(encoding="utf-8") as info:
        names = sorted({test["name"] for test in json.load(info)})
    wanted = [re.sub(r"^(\./)?tests/|\.(c|py)$", "", name) for name in wanted]
    return [name for name in names if any(part in name for part in wanted)]


def main():
    if sys.argv[1] == "--select":
        print("\n".join(select(pathlib.Path(sys.argv[2]), sys.argv[3:])))
        return 0
    return summarise(pathlib.Path(sys.argv[1]), sys.stdout)


if __name__ == "__main__":
    sys.exit(main())

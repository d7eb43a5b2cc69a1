# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's unittest cases and speaks TAP: `if __name__ == "__main__": tap.main()`.

Names given as arguments run only the cases whose name contains one of them.
"""
import sys
import traceback
import unittest


class Result(unittest.TestResult):
    """Prints one TAP line a case, what went wrong to the standard error."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.failed_part = None

    def _line(self, ok, test, directive="", detail=""):
        self.number += 1
        name = test.id().removeprefix("__main__.").replace("#", "no. ")
        print(f"{'ok' if ok else 'not ok'} {self.number} - {name}{directive}")
        sys.stdout.flush()
        # Meson shows this of a failed program, and not comments.
        if detail:
            print(f"{name}:\n{detail}", file=sys.stderr, flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.failed_part = None

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line(True, test)

    def _wrong(self, test, err):
        self._line(False, test, detail="".join(traceback.format_exception(*err)))

    def addError(self, test, err):
        super().addError(test, err)
        self._wrong(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._wrong(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line(True, test, f" # SKIP {reason}")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._line(False, test, " # TODO expected to fail")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._line(False, test, detail="expected to fail, but passed")

    def addSubTest(self, test, subtest, err):
        # Only failed parts are told of; a case with one gets no line of success by itself.
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._wrong(subtest, err)


def cases(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases(test)
        else:
            yield test


def main(module="__main__", notes=()):
    wanted = sys.argv[1:]
    suite = unittest.TestLoader().loadTestsFromModule(sys.modules[module])
    chosen = unittest.TestSuite(
        test for test in cases(suite) if not wanted or any(w in test.id() for w in wanted))
    print("TAP version 13")
    for note in notes:
        print(f"# {note}")
    result = Result()
    # unittest writes nothing itself; what the cases print must not be taken for TAP.
    chosen.run(result)
    print(f"1..{result.number}")
    sys.exit(0 if result.wasSuccessful() and result.number > 0 else 1)

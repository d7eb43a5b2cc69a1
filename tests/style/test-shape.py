# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be unfinished on a branch but not at its end: no file without its test, no long line."""
import unittest

import check
import tap


class Tree(unittest.TestCase):
    tree = check.read_tree(check.pathlib.Path(__file__).parents[2])

    def assert_rule(self, rule):
        found = check.check(rule, self.tree)
        self.assertFalse(len(found), "\n" + "\n".join(found))

    def test_pairs(self):
        self.assert_rule(check.test_pairs)

    def test_columns(self):
        self.assert_rule(check.columns)


if __name__ == "__main__":
    tap.main()

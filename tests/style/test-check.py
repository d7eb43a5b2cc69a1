# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker finds what breaks a rule and leaves alone what does not; then the tree itself."""
import unittest

import check
import tap

C = f"/* {check.SPDX} */\n"
PY = f"# {check.SPDX}\n"
GOTO = "go" + "to"

# rule, path, text, how many lines break the rule
SNIPPETS = [
    (check.layers, "core/store/a.c", '#include "core/base/text.h"\n', 0),
    (check.layers, "core/store/a.c", '#include "core/store/b.h"\n', 0),
    (check.layers, "core/store/a.c", '#include "core/agent/b.h"\n', 1),
    (check.layers, "core/base/a.c", '  #  include "core/certificate/b.h"\n', 1),
    (check.layers, "core/pool/a.c", '#include "core/central/b.h"\n', 1),
    (check.layers, "core/cellar/a.c", '#include "core/base/b.h"\n', 1),
    (check.layers, "core/pool/a.c", '#include "ui/window/b.h"\n', 1),
    (check.layers, "core/pool/a.c", '#include "b.h"\n', 1),
    (check.layers, "core/pool/a.c", '#include "tests/lib/b.h"\n', 1),
    (check.layers, "core/pool/a.c", "#include <gtk/gtk.h>\n", 1),
    (check.layers, "core/pool/a.c", "#include <gdk-pixbuf/gdk-pixbuf.h>\n", 1),
    (check.layers, "core/pool/a.c", "#include <gio/gio.h>\n#include <gio/gunixfdlist.h>\n", 0),
    (check.layers, "ui/window/a.c", '#include "core/pool/b.h"\n#include <gtk/gtk.h>\n', 0),
    (check.layers, "ui/window/a.c", '#include "app/console/b.h"\n', 1),
    (check.layers, "ui/window/a.c", "#include <openssl/x509.h>\n", 1),
    (check.layers, "ui/window/a.c", "#include <gio/gunixinputstream.h>\n", 1),
    (check.layers, "app/ctl/a.c", '#include "core/pool/b.h"\n#include "app/ctl/c.h"\n', 0),
    (check.layers, "app/ctl/a.c", '#include "app/agent/b.h"\n', 1),
    (check.layers, "app/ctl/a.c", '#include "ui/window/b.h"\n', 1),
    (check.layers, "app/agent/a.c", "#include <gtk/gtk.h>\n", 1),
    (check.layers, "app/console/a.c", '#include "ui/window/b.h"\n#include <gtk/gtk.h>\n', 0),
    (check.layers, "core/certificate/a.c", "#include <openssl/x509.h>\n", 0),
    (check.layers, "core/formats/a.h", "#include <openssl/x509.h>\n", 0),
    (check.layers, "core/store/key-file.c", "#include <openssl/x509.h>\n", 0),
    (check.layers, "core/store/import.c", "#include <openssl/x509.h>\n", 1),
    (check.layers, "core/base/error.c", "#include <openssl/err.h>\n", 0),
    (check.layers, "core/base/text.c", "#include <openssl/err.h>\n", 1),
    (check.layers, "core/replication/package.c", "#include <openssl/cms.h>\n", 0),
    (check.layers, "core/replication/ladder.c", "#include <openssl/cms.h>\n", 1),
    (check.layers, "tests/core/store/test-a.c", '#include <openssl/x509.h>\n'
     '#include "core/central/b.h"\n#include "tests/lib/c.h"\n', 0),

    (check.symbols, "core/store/a-b.c", "void\niss_a_b_do (void)\n{\n}\n", 0),
    (check.symbols, "core/store/a-b.c", "void\niss_a_b (void)\n{\n}\n", 0),
    (check.symbols, "core/store/a-b.c", "void\niss_a_bc (void)\n{\n}\n", 1),
    (check.symbols, "core/store/a-b.c", "void\ndo_it (void)\n{\n}\n", 1),
    (check.symbols, "core/store/a-b.c", "static void\ndo_it (void)\n{\n  f (1);\n}\n", 0),
    (check.symbols, "core/store/a-b.c", "static void do_it (void);\n", 1),
    (check.symbols, "core/store/a-b.c", "static int x = f (1);\nstatic const T y[] = { g (1) };\n",
     0),
    (check.symbols, "core/store/a-b.c", "G_DEFINE_TYPE_WITH_CODE (X, x, Y,\n"
     "  G_IMPLEMENT_INTERFACE (Z, z_init))\n\nvoid\nother (void)\n{\n}\n", 1),
    (check.symbols, "core/store/a-b.h", "G_BEGIN_DECLS\n\nvoid iss_a_b_do (int x);\n"
     "int iss_c (void) G_GNUC_PRINTF (1, 2);\n", 1),
    (check.symbols, "core/store/a-b.h", "typedef void (* IssFunc) (void);\n"
     "#define iss_macro(x) \\\n  other (x)\n", 0),
    (check.symbols, "core/store/typed.c", "void\niss_thing_do (void)\n{\n}\n"
     "void\niss_item_do (void)\n{\n}\nvoid\niss_node_do (void)\n{\n}\n", 0),
    (check.symbols, "core/store/typed.c", "void\niss_other_do (void)\n{\n}\n", 1),
    (check.symbols, "core/store/typed-actions.c", "void\niss_typed_act (void)\n{\n}\n", 0),
    (check.symbols, "app/ctl/output.c", "void\nctl_output_table (void)\n{\n}\n", 0),
    (check.symbols, "app/ctl/output.c", "void\niss_output_table (void)\n{\n}\n", 1),
    (check.symbols, "app/ctl/main.c", "int\nmain (int argc, char **argv)\n{\n}\n", 0),
    (check.symbols, "core/pool/main.c", "int\nmain (int argc, char **argv)\n{\n}\n", 1),

    (check.spelling, "core/a.c", "int a;\n", 0),
    (check.spelling, "core/a.c", "\tint a;\n", 1),
    (check.spelling, "ui/a.ui", "\t<a/>\n", 1),
    (check.spelling, "core/a.c", "int a; \n", 1),
    (check.spelling, "core/a.c", "int a;", 1),
    (check.spelling, "core/a.c", "int a;\n\n", 1),

    (check.columns, "core/a.c", "x" * 100 + "\n" + "é" * 100 + "\n", 0),
    (check.columns, "core/a.c", "x" * 101 + "\n", 1),
    (check.columns, "app/run", "#!/bin/bash\n" + "x" * 101 + "\n", 1),

    (check.licence, "core/a.c", C, 0),
    (check.licence, "core/a.c", "\n" + C, 1),
    (check.licence, "core/a.h", "#pragma once\n", 1),
    (check.licence, "tests/a.py", PY, 0),
    (check.licence, "tests/a.py", "#!/usr/bin/python3\n" + PY, 0),
    (check.licence, "tests/a.py", "import re\n" + PY, 1),
    (check.licence, "app/run", "#!/bin/bash\nset -e\n", 1),

    (check.flow, "core/a.c", f"static int\nf (void)\n{{\n  {GOTO} out;\n}}\n", 1),
    (check.flow, "core/a.c", f"/* {GOTO} */ const char *s = \"{GOTO} x\";\n", 0),
    (check.flow, "core/a.c", "#if A\n#define B 1\n#endif\nint x;\n", 0),
    (check.flow, "core/a.c", "int\nf (void)\n{\n#if A\n  g ();\n#endif\n}\n", 1),
    (check.flow, "core/a.c", "int\nf (void)\n{\n  g (\"}\");\n  # ifdef A\n  # endif\n}\n", 1),
    (check.flow, "core/a.c", "#define A { \\\n  1\n#ifdef B\n#endif\n", 0),

    (check.headers, "core/a.h", C + "#pragma once\n", 0),
    (check.headers, "core/a.h", C + "#ifndef A\n", 1),

    (check.sleeps, "core/a.c", "int\nf (void)\n{\n  g_us" + "leep (5);\n}\n", 1),
    (check.sleeps, "core/a.c", "/* sleep (5) */ int asleep (void);\n", 0),
    (check.sleeps, "tests/e2e/test-a.py", "import time\ntime.sl" + "eep(1)\n", 1),
    (check.sleeps, "tests/e2e/test-a.py", "from time import sl" + "eep\n", 1),
    (check.sleeps, "tests/e2e/test-a.py", "def sleeper(): pass  # sleep(1)\n", 0),
    (check.sleeps, "app/run", "#!/bin/bash\nwhile true; do sl" + "eep 1; done\n", 1),
    (check.sleeps, "app/run", "#!/bin/bash\n# a sleep 1\necho asleep 1\n", 0),

    (check.purity, "core/pool/a.c", "int\nf (void)\n{\n  g_print (\"x\");\n}\n", 1),
    (check.purity, "core/pool/a.c", "int\nf (void)\n{\n  g_warning (\"x\");\n}\n", 1),
    (check.purity, "core/pool/a.c", "int\nf (void)\n{\n  t = time (NULL);\n}\n", 1),
    (check.purity, "core/pool/a.c", "int\nf (void)\n{\n  t = g_get_real_time ();\n}\n", 1),
    (check.purity, "core/base/clock.c", "int\nf (void)\n{\n  t = g_get_real_time ();\n}\n", 0),
    (check.purity, "core/pool/a.c", "int\nf (void)\n{\n  g_getenv (\"HOME\");\n}\n", 1),
    (check.purity, "core/pool/a.c", "int\nf (void)\n{\n  s->time (1);\n  x_printf (\"\");\n}\n", 0),
    (check.purity, "app/ctl/a.c", "int\nf (void)\n{\n  g_print (\"x\");\n}\n", 0),

    (check.places, "core/a.c", 'const char *s = "/home/' + 'joe/x";\n', 1),
    (check.places, "core/a.c", 'const char *s = "/tm' + 'p/x";\n', 1),
    (check.places, "core/a.c", 'const char *s = "/usr/libexec/x";\n', 0),
    (check.places, "README.md", "see /far/away/tree/x\n", 1),
    (check.places, "README.md", "see /far/away\n", 0),

    (check.lengths, "core/a.c", "\n" * 1000, 0),
    (check.lengths, "core/a.c", "\n" * 1001, 1),
]

# What the snippets stand among.
AROUND = {
    "": "/far/away/tree",
    "core/store/typed.h": "typedef struct _IssNode IssNode;\ntypedef struct\n{\n  int a;\n} "
                          "IssItem;\nG_DECLARE_FINAL_TYPE (IssThing, iss_thing, ISS, T, GObject)\n",
}

LISTS = "py_tests = {\n  'core/store': [\n    'a',\n  ],\n  'e2e': [\n    'b',\n  ],\n}\n"

# rule, tree, how many lines break it
TREES = [
    (check.ui_pairs, {"ui/window/a.ui": "", "ui/window/a.c": ""}, 0),
    (check.ui_pairs, {"ui/window/a.ui": "", "ui/pool/a.c": ""}, 1),
    (check.ui_pairs, {"tests/shots/a.ui": ""}, 0),
    (check.registered, {"tests/meson.build": LISTS, "tests/core/store/test-a.c": "",
                        "tests/e2e/test-b.py": ""}, 0),
    (check.registered, {"tests/meson.build": LISTS, "tests/core/store/test-b.c": ""}, 1),
    (check.registered, {"tests/meson.build": LISTS, "tests/core/pool/test-a.c": ""}, 1),
    (check.test_pairs, {"core/store/a.c": "", "tests/core/store/test-a.c": ""}, 0),
    (check.test_pairs, {"app/ctl/a.c": "", "tests/app/ctl/test-a.py": ""}, 0),
    (check.test_pairs, {"core/store/a.c": "", "tests/core/pool/test-a.c": ""}, 1),
    (check.test_pairs, {"ui/window/a.c": ""}, 1),
    (check.test_pairs, {"app/ctl/main.c": "", "tests/e2e/test-a.py": "run('issuantctl')"}, 0),
    (check.test_pairs, {"app/console/main.c": "", "tests/e2e/test-a.py": "'issuantctl'"}, 1),
    (check.test_pairs, {"app/agent/main.c": "", "tests/e2e/test-a.py": "'issuant'"}, 1),
    (check.test_pairs, {"tests/lib/a.c": ""}, 0),
]

# The others are in test-shape.py.
RULES = [rule for rule in check.FILE_RULES + check.TREE_RULES
         if rule not in (check.columns, check.test_pairs)]


class Checker(unittest.TestCase):
    def test_snippets(self):
        for rule, path, text, expected in SNIPPETS:
            with self.subTest(rule=rule.__name__, path=path, text=text):
                tree = dict(AROUND)
                tree[path] = text
                found = list(rule(path, text, tree))
                self.assertEqual(len(found), expected, found)

    def test_trees(self):
        for rule, tree, expected in TREES:
            with self.subTest(rule=rule.__name__, tree=tree):
                found = list(rule(tree))
                self.assertEqual(len(found), expected, found)

    def test_each_rule_can_fail(self):
        for rule in check.FILE_RULES + check.TREE_RULES:
            with self.subTest(rule.__name__):
                self.assertTrue(any(entry[0] is rule and entry[-1] > 0
                                    for entry in SNIPPETS + TREES))

    def test_lines(self):
        text = C + "\nint x;\n\nvoid\nodd (void)\n{\n}\n"
        found = list(check.symbols("core/store/a.c", text, {}))
        self.assertEqual(found, [("core/store/a.c", 6, "odd: does not begin with iss_a_")])


class Tree(unittest.TestCase):
    """One case a rule."""

    tree = check.read_tree(check.pathlib.Path(__file__).parents[2])


def add_rules(case, rules):
    for rule in rules:
        def test(self, rule=rule):
            found = check.check(rule, self.tree)
            self.assertFalse(len(found), "\n" + "\n".join(found))
        setattr(case, f"test_{rule.__name__}", test)


add_rules(Tree, RULES)

if __name__ == "__main__":
    tap.main(notes=["%s:%d: %s" % warned for warned in check.long_files(Tree.tree)])

# SPDX-License-Identifier: GPL-3.0-or-later
"""A window as a person has it: found and read through AT-SPI, as by a screen reader, and worked
by real key strokes and mouse clicks under a window manager.

Nothing waits for a time to pass: until() waits for what is to be seen, with a deadline.
"""
import itertools
import os
import re
import subprocess
import time
import warnings

# A warning is fatal in the program that is watched, and not in who watches it: AT-SPI's library
# warns of every program that ends.
_debug = os.environ.pop("G_DEBUG", None)

import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

import listing  # noqa: E402

if _debug is not None:
    os.environ["G_DEBUG"] = _debug
warnings.simplefilter("ignore", DeprecationWarning)

# A slow machine with sanitizers still gets there.
PATIENCE = 60

# Ways that lead nowhere end.
MAX_TABS = 60
MAX_PANES = 8

# How many looks are short ones.
THOROUGH = 8

# What a person types into.
TYPED = ("text", "password text")

# What a view with columns is called.
TABLE = "tree table"


def until(condition, what, patience=PATIENCE):
    """Waits until a condition holds, and returns what it returned. What takes a while to be said
    is a function, asked only if it is needed."""
    end = time.monotonic() + patience
    context = GLib.MainContext.default()
    found = last = None
    while not found and time.monotonic() < end:
        try:
            found = last = condition()
        except GLib.Error as error:
            found, last = None, error      # it went away while it was looked at
        if not found:
            GLib.timeout_add(50, lambda: GLib.SOURCE_REMOVE)
            context.iteration(True)
    if not found:
        said = what() if callable(what) else what
        raise AssertionError(f"waited in vain for {said}, last {last!r}")
    return found


def xdotool(*words, stdin=None):
    done = subprocess.run(["xdotool", *(str(word) for word in words)], input=stdin, check=False,
                          text=True, capture_output=True, timeout=PATIENCE)
    return done.stdout.strip() if done.returncode == 0 else ""


def children(node):
    found = (node.get_child_at_index(i) for i in range(node.get_child_count()))
    return [child for child in found if child is not None]


def is_shown(node):
    """Pages of a stack that were not shown yet are there all the same, without a size."""
    if not has(node, "VISIBLE"):
        return False
    component = node.get_component_iface()
    if component is None:
        return True
    box = component.get_extents(Atspi.CoordType.WINDOW)
    return box.width > 0 and box.height > 0 or node.get_role_name() == "panel"


def walk(node):
    if not is_shown(node):
        return
    yield node
    for child in children(node):
        yield from walk(child)


def is_below(node, above):
    while node is not None and node != above:
        node = node.get_parent()
    return node is not None


def spoken(said, kind):
    """What a person is told: GTK 4.8 calls a button "_Next Next", a check box "E_xport"."""
    for i, letter in enumerate(said):
        if letter == " " and said[:i].replace("_", "", 1) == said[i + 1:]:
            return said[i + 1:]
    return said.replace("_", "", 1) if kind in ("check box", "radio button") else said


def name(node):
    return spoken(node.get_name(), node.get_role_name())


def older(kind):
    """The role's older name: from at-spi2-core 2.50 on some are called otherwise."""
    return {"button": "push button", "entry": "text"}.get(kind, kind)


def role(node):
    return older(node.get_role_name())


def text(node):
    iface = node.get_text_iface()
    # By its class, because an accessible has a method of that name in newer versions.
    return Atspi.Text.get_text(iface, 0, Atspi.Text.get_character_count(iface)) if iface else None


def has(node, *states):
    found = node.get_state_set()
    return all(found.contains(getattr(Atspi.StateType, state)) for state in states)


class Program:
    """A program that was started, and its windows."""

    def __init__(self, argv, env):
        Atspi.init()
        self.bus = listing.connect()
        quiet = {key: value for key, value in env.items() if key != "G_DEBUG"}
        self.manager = subprocess.Popen(["xfwm4", "--compositor=on"], env=quiet,
                                        stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(argv, env=env)
        self.root = until(self._find, f"{argv[0]} on the accessibility bus")

    def _find(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}")
        for found in children(Atspi.get_desktop(0)):
            if found.get_process_id() == self.process.pid:
                found.set_cache_mask(Atspi.Cache.NONE)
                return found
        return None

    def stop(self):
        ended = self.process.poll()
        for process in (self.process, self.manager):
            process.terminate()
            process.wait(PATIENCE)
        if ended:
            raise AssertionError(f"the program had ended before, with {ended}")

    def window(self, role, said, title=None):
        """A window that is open and gets the keys, by the beginning or the end of what it is
        called; where its title bar says something else, by that as well."""
        roles = (role,) if isinstance(role, str) else role

        def find():
            for found in children(self.root):
                called = found.get_name()
                if found.get_role_name() not in roles or \
                   not (called.startswith(said) or called.endswith(said)):
                    continue
                there = title or called
                if xdotool("getactivewindow", "getwindowname") == there:
                    return Window(self, found, title)
                # A window that came before its manager has to be given the keys.
                xdotool("search", "--onlyvisible", "--name", f"^{re.escape(there)}$",
                        "windowactivate")
                return None
            return None
        return until(find, lambda: f"the {role} {said!r} in "
                     f"{[(node.get_role_name(), node.get_name()) for node in children(self.root)]}")

    def gone(self, said):
        """Until a window is closed, by the beginning of what it is called."""
        until(lambda: not any(found.get_name().startswith(said) for found in children(self.root)),
              f"the end of {said!r}")


class Window:
    """One window of it. The methods of a test's user wait for what they use."""

    def __init__(self, program, root, title=None):
        self.program = program
        self.root = root
        self.fixed_title = title

    def title(self):
        """What its title bar says."""
        return self.fixed_title or self.root.get_name()

    def _nodes(self, fits, within=None):
        """The nodes that are shown and for which fits(role, name) holds, in their order."""
        within = within or self.root
        items = listing.read(self.program.bus, within)
        for line in listing.lines(items, lambda item: fits(older(item.role),
                                                           spoken(item.name, item.role))):
            nodes = listing.nodes(within, line)
            # It may have changed since.
            if nodes and all(is_shown(node) for node in nodes) and \
               fits(role(nodes[-1]), name(nodes[-1])):
                yield nodes[-1]

    def find(self, wanted, said, within=None):
        """By its role, or one of several, and the beginning of its name."""
        roles = (wanted,) if isinstance(wanted, str) else wanted
        return next(self._nodes(lambda kind, called: kind in roles and called.startswith(said),
                                within), None)

    def get(self, wanted, said, within=None):
        return until(lambda: self.find(wanted, said, within),
                     lambda: f"{wanted} {said!r} in {self.names()}")

    def usable(self, wanted, said, within=None):
        """The same, once it can be used."""
        def find():
            node = self.find(wanted, said, within)
            return node if node is not None and has(node, "SENSITIVE") else None
        return until(find, lambda: f"{wanted} {said!r} to be usable in {self.names()}")

    def label(self, said):
        return self.get("label", said)

    def says(self, part):
        """A text that is shown, by a part of it. Most are called what they say; the others, as
        some are in GTK 4.18, are found by going through all of them now and then."""
        turns = itertools.count(1)

        def find():
            nodes = self._nodes(lambda kind, called: part in called or kind in TYPED)
            found = next((said for said in map(text, nodes) if part in (said or "")), None)
            if found is None and next(turns) % THOROUGH == 0:
                found = next((text(node) for node in walk(self.root)
                              if part in (text(node) or "")), None)
            return found
        return until(find, lambda: f"{part!r} in {self.names()}")

    def cell(self, said):
        """A cell of a table, by its whole text."""
        def find():
            labels = self._nodes(lambda kind, called: kind == "label" and called == said)
            return next((node for node in labels if role(node.get_parent()) == "table cell"), None)
        return until(find, lambda: f"a cell {said!r} in {self.names()}")

    def focused(self):
        items = listing.read(self.program.bus, self.root)
        for line in listing.lines(items, listing.is_focused):
            nodes = listing.nodes(self.root, line)
            if nodes and has(nodes[-1], "FOCUSED"):
                return nodes[-1]
        return None

    def focus(self):
        """The same, where a list that is being read anew may have nothing for a moment."""
        return until(self.focused, lambda: f"something to have the keys in {self.names()}")

    def focused_names(self):
        return [f"{node.get_role_name()} {node.get_name()!r}" for node in walk(self.root)
                if has(node, "FOCUSED")]

    def names(self):
        """For what is said of a wait that was in vain; a busy program answers none of it."""
        try:
            return [f"{node.get_role_name()} {node.get_name()!r}" for node in walk(self.root)
                    if node.get_name()]
        except GLib.Error as error:
            return [str(error)]


def extents(node):
    """Where something is; None once it has gone."""
    component = node.get_component_iface()
    box = component and component.get_extents(Atspi.CoordType.WINDOW)
    return box and (box.x, box.y, box.width, box.height)


class Mouse:
    """Clicks on everything. Words alone are typed."""

    def click(self, window, find):
        """On what is found, once nothing moves it any more: answers that arrive push others down,
        and lists that are read anew have other rows."""
        def there():
            # A search ends in an error when another window goes away meanwhile.
            found = xdotool("search", "--onlyvisible", "--name",
                            f"^{re.escape(window.title())}$").split()
            return found[0] if len(found) == 1 else None
        seen = []

        def aim():
            node = seen[-1][0] if seen and seen[-1][1] else find()
            seen.append((node, extents(node)))
            if None in seen[-1] or len(seen) < 3 or seen[-3:] != [seen[-1]] * 3:
                return None
            x, y, width, height = seen[-1][1]
            place = until(there, f"one window {window.title()!r}")
            xdotool("mousemove", "--window", place, x + width // 2, y + height // 2)
            return node if extents(node) == seen[-1][1] else None
        node = until(aim, "what is to be clicked to stand still")
        xdotool("click", "1")
        return node

    def press(self, window, said, accelerator=None):
        self.click(window, lambda: window.usable("push button", said))

    def tick(self, window, said):
        box = self.click(window, lambda: window.usable("check box", said))
        until(lambda: has(box, "CHECKED"), f"{said} to be ticked")

    def untick(self, window, said):
        box = self.click(window, lambda: window.usable("check box", said))
        until(lambda: not has(box, "CHECKED"), f"{said} not to be ticked")

    def enter(self, window, role, said, words):
        entry = self.click(window, lambda: window.usable(role, said))
        until(lambda: has(entry, "FOCUSED"), f"{said} to be focused")
        write(entry, words)

    def choose(self, window, said):
        self.click(window, lambda: window.usable("list item", said))

    def check(self, window, said):
        button = self.click(window,
                            lambda: window.usable(("radio button", "check box"), said))
        until(lambda: has(button, "CHECKED"), f"{said} to be chosen")

    def select(self, window, said):
        """A row of the table, by one of its cells."""
        self.click(window, lambda: window.cell(said))
        until(lambda: has(window.cell(said).get_parent().get_parent(), "SELECTED"),
              f"the row of {said} to be selected")

    def open(self, window, said, inside):
        """Opens a node of the tree, until one is to be seen that is inside."""
        self.show(window, said)
        tree = window.get("list", "Pools and servers")
        self.click(window, lambda: window.get("label", said, tree))
        xdotool("click", "--repeat", "2", "1")
        window.get("label", inside, tree)

    def show(self, window, said):
        tree = window.get("list", "Pools and servers")
        self.click(window, lambda: window.get("label", said, tree))
        until(lambda: window.title().startswith(said), f"the page {said!r}")


class Keyboard:
    """Presses keys, and never has a mouse."""

    def key(self, *keys):
        xdotool("key", *keys)

    def go_to(self, window, node):
        """Tab takes one everywhere."""
        for _ in range(MAX_TABS):
            if has(node, "FOCUSED"):
                return
            before = window.focused()
            self.key("Tab")
            until(lambda: window.focused() not in (None, before), "Tab to lead on")
        raise AssertionError(f"Tab does not lead to {name(node)!r} in {window.names()}")

    def press(self, window, said, accelerator=None):
        button = window.usable("push button", said)
        if accelerator is not None:
            self.key(accelerator)
            return
        self.go_to(window, button)
        self.key("space")

    def tick(self, window, said):
        box = window.usable("check box", said)
        self.go_to(window, box)
        self.key("space")
        until(lambda: has(box, "CHECKED"), f"{said} to be ticked")

    def untick(self, window, said):
        box = window.usable("check box", said)
        self.go_to(window, box)
        self.key("space")
        until(lambda: not has(box, "CHECKED"), f"{said} not to be ticked")

    def enter(self, window, role, said, words):
        entry = window.usable(role, said)
        self.go_to(window, entry)
        write(entry, words)

    def choose(self, window, said):
        row = window.usable("list item", said)
        rows = [node for node in walk(row.get_parent()) if node.get_role_name() == "list item"]
        self.go_to(window, rows[0])
        while not has(row, "FOCUSED"):
            before = window.focus()
            self.key("Down")
            until(lambda was=before: window.focused() not in (None, was), "the next row")
        self.key("space")

    def go_into(self, window, pane):
        """F6 goes from pane to pane. Lists that are read anew are others then: asked each time."""
        for _ in range(MAX_PANES):
            before = window.focused()
            if is_below(before, pane()):
                return
            self.key("F6")
            until(lambda was=before: window.focused() not in (None, was), "F6 to lead on")
        raise AssertionError(f"F6 does not lead to {name(pane())!r}")

    def show(self, window, said):
        here = window.title()
        self.go_into(window, lambda: window.get("list", "Pools and servers"))
        if window.title() != here:
            raise AssertionError(f"F6 has led from the page {here!r} to {window.title()!r}")
        self.go_down(window, lambda: name(window.focus()) == said, f"the node {said!r}")
        until(lambda: window.title().startswith(said), f"the page {said!r}")

    def go_down(self, window, is_there, what):
        """From the first row of a list to the row that is meant; here already, or not."""
        for key in ("Home", *["Down"] * MAX_TABS):
            if is_there():
                return
            before = window.focus()
            self.key(key)
            # The first row may be the one that has the keys.
            until(lambda was=before, key=key: window.focused() not in (None, was) or
                  key == "Home" and was.get_index_in_parent() == 0, f"{key} to lead on")
        raise AssertionError(f"Down does not lead to {what}")

    def open(self, window, said, inside):
        """Right opens a node of the tree, and its page is shown by then."""
        self.show(window, said)
        self.key("Right")
        window.get("label", inside, window.get("list", "Pools and servers"))

    def check(self, window, said):
        """Tab leads to the one of a group that is chosen, and the arrows to the others."""
        button = window.usable(("radio button", "check box"), said)
        group = [node for node in children(button.get_parent()) if role(node) == role(button)]
        chosen = [node for node in group if has(node, "CHECKED")]
        self.go_to(window, chosen[0] if chosen else button)
        while not has(button, "FOCUSED"):
            before = window.focus()
            self.key("Down" if group.index(button) > group.index(before) else "Up")
            until(lambda was=before: window.focused() not in (None, was), "the next of the group")
        self.key("space")
        until(lambda: has(button, "CHECKED"), f"{said} to be chosen")

    def select(self, window, said):
        """F6 leads to a row of the table, and the arrows to all others."""
        window.cell(said)
        self.go_into(window, lambda: window.get(TABLE, "Certificates"))
        if window.focus().get_role_name() != "table row":
            raise AssertionError(f"F6 leads to {window.focused_names()}")
        self.go_down(window, lambda: has(window.cell(said).get_parent().get_parent(), "FOCUSED"),
                     f"the row of {said!r}")
        # The arrows select, but F6 does not.
        if not has(window.focus(), "SELECTED"):
            self.key("space")
        until(lambda: has(window.cell(said).get_parent().get_parent(), "SELECTED"),
              f"the row of {said} to be selected")


def write(entry, words):
    """Types words into an entry that is focused, over what is proposed there. Of a password a
    screen reader is told nothing but how long it is."""
    told = "*" * len(words) if role(entry) == "password text" else words
    xdotool("key", "ctrl+a")
    xdotool("type", "--file", "-", stdin=words)
    until(lambda: text(entry) == told, "what was typed")

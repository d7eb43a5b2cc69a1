# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a program shows to screen readers, asked for at once: the children of all widgets of
a level in one go, and what they are in one call. Asked one by one, six times for each widget, a
window of 200 takes seven times as long.
"""
import collections

from gi.repository import Atspi, Gio, GLib

CACHE = "/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems"
CHILDREN = "org.a11y.atspi.Accessible", "GetChildren"
PATIENCE_MS = 60000

# A node: its parent, its place there, and what it is.
Item = collections.namedtuple("Item", "path parent index role name states")


def connect():
    """The bus that screen readers listen at."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    address, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress",
                                 None, None, Gio.DBusCallFlags.NONE, PATIENCE_MS, None).unpack()
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
        Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


def children(bus, name, paths):
    """The paths of the children of each; of one that has gone meanwhile none."""
    found = {}

    def answered(bus, result, path):
        try:
            said, = bus.call_finish(result).unpack()
        except GLib.Error:
            said = ()
        found[path] = [child for _, child in said]
    for path in paths:
        bus.call(name, path, *CHILDREN, None, None, Gio.DBusCallFlags.NONE, PATIENCE_MS, None,
                 answered, path)
    while len(found) < len(paths):
        GLib.MainContext.default().iteration(True)
    return found


def read(bus, root):
    """What there is below a node, by path, level by level."""
    name = root.app.bus_name
    places = {}
    level = [root.path]
    while level:
        below = children(bus, name, level)
        level = []
        for parent, paths in below.items():
            for index, path in enumerate(paths):
                if path not in places:
                    places[path] = parent, index
                    level.append(path)
    # What nobody has asked for yet is not in this list.
    said, = bus.call_sync(name, *CACHE, None, None, Gio.DBusCallFlags.NONE, PATIENCE_MS,
                          None).unpack()
    there = {path: (Atspi.role_get_name(Atspi.Role(role)), called, states)
             for (_, path), _, _, _, _, _, called, role, _, states in said}
    return {path: Item(path, *place, *there[path]) for path, place in places.items()
            if path in there}


def is_focused(item):
    return bool(item.states[0] >> int(Atspi.StateType.FOCUSED) & 1)


def line_to(items, item):
    """The items that lead down to one."""
    line = []
    while item is not None:
        line.insert(0, item)
        item = items.get(item.parent)
    return line


def lines(items, fits):
    """Those that lead to each item that fits, in the order of the tree."""
    found = [line_to(items, item) for item in items.values() if fits(item)]
    return sorted(found, key=lambda line: [item.index for item in line])


def nodes(root, line):
    """The nodes along a line from a node, or none if it leads there no more."""
    found = []
    for item in line:
        steps = way(root, item)
        if not steps:
            return []
        found += steps
        root = steps[-1]
    return found


def below(node):
    there = (node.get_child_at_index(i) for i in range(node.get_child_count()))
    return [child for child in there if child is not None]


def way(node, item):
    """From a node to its child. Those of a stack are asked for as children of its pages."""
    found = node.get_child_at_index(item.index)
    if found is not None and found.path == item.path:
        return [found]
    for child in below(node):
        if child.path == item.path:
            return [child]
        for grandchild in below(child) if child.get_name() == "GtkStackPage" else ():
            if grandchild.path == item.path:
                return [child, grandchild]
    return []

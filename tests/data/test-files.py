# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop reads of us: desktop file, catalogue entry, icons, resource lists."""
import configparser
import pathlib
import re
import subprocess
import unittest
from xml.etree import ElementTree

import tap

ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "data"
ICONS = DATA / "icons" / "hicolor"
SVG = "{http://www.w3.org/2000/svg}"

# What the window draws, in the words of its code.
WANTED = {
    "console", "pool", "server", "server-off", "store", "certificate", "certificate-key",
    "assignment", "presence", "replication", "task", "log", "state-published", "state-in-store",
    "state-missing", "state-different", "state-expired", "state-not-yet", "state-unknown",
}


def drawings():
    return sorted((ICONS / "scalable" / "actions").glob("*.svg"))


def run(*argv):
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def draws_filled_only(path):
    """GTK colours the fill of a symbolic icon, and nothing else of it."""
    root = ElementTree.parse(path).getroot()
    wrong = []
    for element in root.iter():
        if element.tag not in {SVG + name for name in ("svg", "g", "path", "rect", "circle")}:
            wrong.append(element.tag)
        for name in ("stroke", "style", "class", "opacity", "filter"):
            if name in element.attrib:
                wrong.append(f"{name}={element.get(name)}")
        if element.get("fill", "#2e3436") != "#2e3436":
            wrong.append(f"fill={element.get('fill')}")
    size = [root.get(name) for name in ("width", "height", "viewBox")]
    if size != ["16", "16", "0 0 16 16"]:
        wrong.append(f"size {size}")
    return wrong


class Files(unittest.TestCase):
    def test_xml_is_well_formed(self):
        names = [path for place in ("data", "ui", "core", "tests")
                 for suffix in ("ui", "xml", "svg")
                 for path in (ROOT / place).rglob(f"*.{suffix}")]
        self.assertTrue(names)
        for path in names:
            with self.subTest(path.relative_to(ROOT)):
                ElementTree.parse(path)

    def test_desktop_file(self):
        path = DATA / "org.issuant.Issuant.desktop"
        done = run("desktop-file-validate", str(path))
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        entry = configparser.ConfigParser(interpolation=None)
        entry.optionxform = str
        entry.read(path)
        self.assertEqual(entry["Desktop Entry"]["Exec"].split()[0], "issuant")
        icon = entry["Desktop Entry"]["Icon"]
        self.assertTrue((ICONS / "scalable" / "apps" / f"{icon}.svg").exists())
        self.assertTrue((ICONS / "symbolic" / "apps" / f"{icon}-symbolic.svg").exists())

    def test_metainfo(self):
        path = DATA / "org.issuant.Issuant.metainfo.xml"
        done = run("appstreamcli", "validate", "--no-net", "--no-color", str(path))
        wrong = [line for line in done.stdout.splitlines() if re.match("[EW]:", line)
                 and "url-homepage-missing" not in line]    # there is none yet
        self.assertEqual((wrong, done.stderr), ([], ""))
        root = ElementTree.parse(path).getroot()
        self.assertTrue((DATA / root.findtext("launchable")).exists())
        version = re.search(r"^  version: '([^']+)'", (ROOT / "meson.build").read_text(), re.M)
        self.assertEqual(root.find("releases/release").get("version"), version.group(1))

    def test_icons_are_all_there(self):
        names = {path.name.removeprefix("iss-").removesuffix("-symbolic.svg")
                 for path in drawings()}
        self.assertEqual(names, WANTED)

    def test_icons_are_in_the_resource(self):
        root = ElementTree.parse(DATA / "issuant.gresource.xml").getroot()
        listed = {element.get("alias"): DATA / element.text for element in root.iter("file")}
        for path in drawings():
            self.assertEqual(listed.get(path.name), path)
        self.assertTrue(all(path.exists() for path in listed.values()))

    def test_icons_take_a_colour(self):
        for path in drawings():
            with self.subTest(path.name):
                self.assertEqual(draws_filled_only(path), [])

    def test_icons_that_are_used_exist(self):
        names = {path.stem for path in drawings()}
        for path in sorted((ROOT / "ui").rglob("*")) + sorted((ROOT / "app").rglob("*")):
            if path.suffix in (".c", ".h", ".ui"):
                used = re.findall(r"\biss-[a-z-]+-symbolic\b", path.read_text(encoding="utf-8"))
                with self.subTest(path.relative_to(ROOT)):
                    self.assertEqual(set(used) - names, set())


if __name__ == "__main__":
    tap.main()

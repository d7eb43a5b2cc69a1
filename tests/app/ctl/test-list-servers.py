# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl list-servers: pools and servers as the topology has them, nobody asked."""
import unittest

import demo
import tap


class ListServers(demo.Case):
    def test_table(self):
        done = self.ctl("list-servers")
        self.assert_err(done)
        self.assertEqual(done.lines[0].split(), ["Server", "Pool", "Connection", "Last", "seen"])
        self.assertEqual([line.split() for line in done.lines[1:]], [
            [f"{name}.contoso.example", demo.POOL, f"local://{self.demo.folder}/{name}", "never"]
            for name in demo.SERVERS])

    def test_last_seen(self):
        self.ctl("test-server", "fe02")
        lines = self.ctl("list-servers").lines
        self.assertTrue(lines[1].endswith("never"))
        self.assertTrue(lines[2].endswith("22 November 2026, 12:00 (UTC)"), lines[2])

    def test_json(self):
        found = self.ctl("list-servers", "--json").json
        self.assertEqual(found, {"format": 1, "pools": [{
            "pool": demo.POOL, "sipDomains": ["contoso.example"],
            "servers": [{"server": f"{name}.contoso.example",
                         "connection": f"local://{self.demo.folder}/{name}", "seen": None}
                        for name in demo.SERVERS]}]})

    def test_pool(self):
        self.assertEqual(len(self.ctl("list-servers", "--pool", demo.POOL).lines), 4)
        self.refuses("list-servers", "--pool", "pool02", status=2,
                     pattern="There is no pool “pool02”")

    def test_asks_nobody(self):
        for server in demo.SERVERS:
            self.demo.kill(server)
        self.ctl("list-servers")

    def test_no_topology_yet(self):
        done = demo.run(self.demo.home, "list-servers")
        self.assert_status(done, 0)
        self.assertEqual(done.out, "")
        self.assertRegex(done.err, r"^There is no pool yet in \S*/config/issuant/topology.conf: "
                                   r"begin with set-pool and add-server, or look around with "
                                   r"--demo\.\n$")


class TopologyWithErrors(unittest.TestCase):
    """Errors of the file name it and the line."""

    CASES = {
        "no group": ("pool=x\n", 1),
        "pool of server missing": ("[server fe01.example]\npool=p\nconnection=local:///x\n", 2),
        "bad connection": ("[pool p.example]\nsip-domains=a.example;\n\n[server fe01.example]\n"
                           "pool=p.example\nconnection=http://x\n", 6),
        "host with dash": ("[pool p.example]\nsip-domains=a.example;\n\n[server fe01.example]\n"
                           "pool=p.example\nconnection=ssh://-oProxyCommand=x\n", 6),
        "twice": ("[pool p.example]\nsip-domains=a.example;\n\n[pool p.example]\n"
                  "sip-domains=a.example;\n", 4),
    }

    def test_file_and_line(self):
        home = demo.shared().home
        path = home / "broken.conf"
        for name, (text, line) in self.CASES.items():
            with self.subTest(name):
                path.write_text(text)
                done = demo.run(home, "--topology", path, "list-servers")
                self.assertEqual(done.status, 1, str(done))
                self.assertRegex(done.err, rf"^issuantctl: {path}, line {line}: [^\n]+\n$")
                self.assertEqual(path.read_text(), text)

    def test_not_text(self):
        home = demo.shared().home
        path = home / "bytes.conf"
        path.write_bytes(b"\xff\xfe\0\0")
        done = demo.run(home, "--topology", path, "list-servers")
        self.assertEqual(done.status, 1, str(done))
        self.assertRegex(done.err, rf"^issuantctl: [^\n]*{path}[^\n]*\n$")


if __name__ == "__main__":
    tap.main()

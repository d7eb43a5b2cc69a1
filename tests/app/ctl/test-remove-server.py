# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl remove-server: a server leaves the topology; on the server nothing changes."""
import demo
import tap


class RemoveServer(demo.Case):
    def test_removes(self):
        before = demo.tree(self.demo.folder / "fe02")
        done = self.ctl("remove-server", "fe02")
        self.assertEqual((done.out, done.err), (
            "", "fe02.contoso.example was removed from the topology. Its certificates and "
                "assignments are still on it.\n"))
        servers = self.ctl("list-servers", "--json").json["pools"][0]["servers"]
        self.assertEqual([server["server"] for server in servers],
                         ["fe01.contoso.example", "fe03.contoso.example"])
        self.assertEqual(demo.tree(self.demo.folder / "fe02"), before)
        self.assertIn("# The demo pool of Issuant", self.demo.topology.read_text())

    def test_what_if(self):
        done = self.ctl("remove-server", "fe02.contoso.example", "--what-if")
        self.assertEqual(done.err,
                         "fe02.contoso.example would be removed from the topology.\n")
        self.assert_unchanged()

    def test_wrong(self):
        self.refuses("remove-server", status=2, pattern="Say which server: remove-server ")
        self.refuses("remove-server", "fe09", status=2,
                     pattern="There is no server “fe09”. There are: fe01,fe02,fe03$")
        self.refuses("remove-server", "fe09", "--what-if", status=2,
                     pattern="There is no server “fe09”")
        self.refuses("remove-server", "fe01", "fe02", status=2, pattern="“fe02”")


if __name__ == "__main__":
    tap.main()

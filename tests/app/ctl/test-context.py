# SPDX-License-Identifier: GPL-3.0-or-later
"""Where issuantctl works: the demo pool, a topology file, the servers that are named."""
# Also covers: context-certificate, context-servers.
import demo
import tap


class Context(demo.Case):
    def own(self, *words, status):
        done = demo.run(self.demo.home, *words)
        self.assert_status(done, status)
        return done

    def test_options_that_exclude_each_other(self):
        for words, pattern in {
                ("--demo", "--topology", "x", "list-servers"):
                    "--demo and --topology exclude each other",
                ("--seed", "x", "list-servers"): "--seed and --reset go with --demo",
                ("--reset", "list-servers"): "--seed and --reset go with --demo",
                ("--at", demo.AT, "list-servers"): "--at goes with --demo only",
                ("--demo", "--at", "7/1/2027", "list-servers"): "--at: ",
                ("--demo", "--at", "", "list-servers"): "--at: "}.items():
            with self.subTest(words):
                self.assert_sentence(self.own(*words, status=2), pattern)
        self.assert_unchanged()

    def test_demo_is_the_same_everywhere(self):
        """A seed and an instant give the same thumbprints on every machine."""
        self.assertRegex(self.demo.row("auth.contoso.example")["sha256"], "^3f3fc3385568594c")

    def test_demo_made_anew(self):
        (self.demo.folder / "fe01" / "server-id").unlink()
        (self.demo.files / "mine.txt").write_text("kept\n")
        self.ctl("--reset", "list-servers")
        self.assertEqual((self.demo.files / "mine.txt").read_text(), "kept\n")
        self.demo.row("auth.contoso.example")

    def test_topology(self):
        text = self.demo.topology.read_text()
        path = self.demo.home / "own.conf"
        path.write_text(text)
        done = self.own("--topology", path, "list-servers", status=0)
        self.assertEqual(len(done.lines), 4)
        done = self.own("--topology", self.demo.home / "none.conf", "get-store", status=2)
        self.assert_sentence(done, "There is no pool yet in .*none.conf: begin with set-pool")

    def test_lines_are_for_the_same_topology(self):
        """What is shown to be typed works as it is: also where an arrow stands before it."""
        path = self.demo.home / "a pool.conf"
        path.write_text(self.demo.topology.read_text())
        done = self.own("--topology", path, "get-run-sheet", status=1)
        for verb, before in (("get-presence", "      → "), ("set-certificate", "  ")):
            self.assertIn(f"\n{before}issuantctl --topology '{path}' {verb} --pool {demo.POOL} ",
                          done.out)
            self.assertIn(f"\n{before}issuantctl --demo {verb} --pool {demo.POOL} ",
                          self.ctl("get-run-sheet", status=1).out)

    def test_several_pools(self):
        """Without a word the only pool is meant; with two of them it must be said."""
        self.ctl("set-pool", "pool02.contoso.example", "--sip-domains", "contoso.example")
        self.refuses("get-store", status=2, pattern="Say where: --server fe01,fe02,fe03, or --pool")
        self.refuses("get-store", "--pool", "pool02.contoso.example", status=2,
                     pattern="Pool pool02.contoso.example has no servers yet")
        self.ctl("add-server", "be01.contoso.example", "--pool", "pool02.contoso.example")
        self.refuses("get-store", "--server", "fe01,be01", status=2, pattern="one pool at a time")

    def test_thumbprint_is_looked_for_where_it_was_said(self):
        auth = self.demo.thumbprint("auth.contoso.example")
        self.refuses("show-certificate", "--server", "fe02", "--thumbprint", auth, status=1,
                     pattern="No server that answers has a certificate with the thumbprint")

    def test_sentences_name_the_server(self):
        """Whatever ssh or the system said, it is said of whom."""
        self.demo.lose("fe02")
        for words in (("get-store",), ("get-certificate",), ("get-presence",)):
            with self.subTest(words[0]):
                done = self.ctl(*words, status=3)
                last = done.err.splitlines()[-1]
                self.assertRegex(last, r"^fe02: \S.*Connection refused$")
                self.assertEqual(last.count("fe02"), 1)


if __name__ == "__main__":
    tap.main()

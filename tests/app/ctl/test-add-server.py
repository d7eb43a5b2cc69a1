# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl add-server: a server joins a pool in the topology; nobody is asked."""
import demo
import tap


class AddServer(demo.Case):
    def setUp(self):
        super().setUp()
        self.path = self.demo.home / "own.conf"
        self.path.write_text("# ours\n\n[pool p.example]\nsip-domains=a.example;\n")

    def own(self, *words, status=0):
        done = demo.run(self.demo.home, "--topology", self.path, *words)
        self.assert_status(done, status)
        return done

    def servers(self):
        found = self.own("list-servers", "--json").json
        return {server["server"]: server["connection"] for pool in found["pools"]
                for server in pool["servers"]}

    def test_to_the_only_pool(self):
        done = self.own("add-server", "fe01.example")
        self.assertEqual(done.err, "fe01.example was added to p.example, reached by "
                                   "ssh://fe01.example. Try it with test-server.\n")
        self.assertEqual(self.servers(), {"fe01.example": "ssh://fe01.example"})
        self.assertIn("# ours", self.path.read_text())

    def test_reached_otherwise(self):
        self.own("add-server", "fe01.example", "--pool", "p.example", "--connection",
                 "ssh://issuant@127.0.0.1:2222", "--agent-path", "/opt/issuant-agent")
        self.assertEqual(self.servers(), {"fe01.example": "ssh://issuant@127.0.0.1:2222"})
        self.assertIn("agent=/opt/issuant-agent", self.path.read_text())

    def test_which_pool(self):
        self.own("set-pool", "q.example", "--sip-domains", "a.example")
        self.assert_sentence(self.own("add-server", "fe01.example", status=2),
                             "Say which pool it joins: --pool P")
        self.own("add-server", "fe01.example", "--pool", "q.example")

    def test_what_if(self):
        before = self.path.read_bytes()
        done = self.own("add-server", "fe01.example", "--what-if")
        self.assertIn("would be added to p.example", done.err)
        self.assertEqual(self.path.read_bytes(), before)

    def test_wrong(self):
        self.own("add-server", "fe01.example")
        before = self.path.read_bytes()
        for words, status, pattern in (
                (("add-server",), 2, "Say which server: add-server "),
                (("add-server", "fe02.example", "--pool", "none"), 1, "“?none"),
                (("add-server", "FE01.example"), 1, "(?i)fe01.example"),
                (("add-server", "-oProxyCommand=x"), 2, "-oProxyCommand"),
                (("add-server", "--", "-oProxyCommand=x"), 2, "-oProxyCommand=x"),
                (("add-server", "fe02.example", "--connection", "ssh://-x"), 2, "-x"),
                (("add-server", "fe02.example", "--connection", "telnet://a"), 2, "telnet://a"),
                (("add-server", "fe02 example"), 2, "fe02 example")):
            with self.subTest(words):
                self.assert_sentence(self.own(*words, status=status), pattern)
                self.assertEqual(self.path.read_bytes(), before)


if __name__ == "__main__":
    tap.main()

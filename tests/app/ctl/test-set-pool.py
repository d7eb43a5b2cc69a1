# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl set-pool: makes a pool, changes its SIP domains, and keeps what people wrote."""
import demo
import tap


class SetPool(demo.Case):
    def setUp(self):
        super().setUp()
        self.path = self.demo.home / "own.conf"
        self.path.unlink(missing_ok=True)

    def own(self, *words, status=0):
        done = demo.run(self.demo.home, "--topology", self.path, *words)
        self.assert_status(done, status)
        return done

    def test_makes_one(self):
        done = self.own("set-pool", "pool02.example", "--sip-domains", "a.example, b.example")
        self.assertEqual(done.out, "")
        self.assertRegex(done.err, r"^pool02\.example has the SIP domains [^\n]+\.\n$")
        found = self.own("list-servers", "--json").json
        self.assertEqual(found["pools"], [{"pool": "pool02.example", "servers": [],
                                           "sipDomains": ["a.example", "b.example"]}])

    def test_in_the_usual_place(self):
        done = demo.run(self.demo.home, "set-pool", "p.example", "--sip-domains", "a.example")
        self.assert_status(done, 0)
        self.assertTrue((self.demo.home / "config" / "issuant" / "topology.conf").exists())
        (self.demo.home / "config" / "issuant" / "topology.conf").unlink()

    def test_changes_one_and_keeps_comments(self):
        self.path.write_text("# ours\n\n[pool p.example]\n# two\nsip-domains=a.example;\n"
                             "note=kept\n")
        self.own("set-pool", "p.example", "--sip-domains", "b.example")
        text = self.path.read_text()
        for kept in ("# ours", "# two", "note=kept", "sip-domains=b.example;"):
            self.assertIn(kept, text)
        self.assertNotIn("a.example", text)

    def test_what_if(self):
        done = self.own("set-pool", "p.example", "--sip-domains", "a.example", "--what-if")
        self.assertIn("would have the SIP domains a.example", done.err)
        self.assertFalse(self.path.exists())

    def test_wrong(self):
        for words, pattern in {
                ("set-pool",): "Say which pool, and its SIP domains: set-pool ",
                ("set-pool", "p.example"): "Say which pool, and its SIP domains: set-pool ",
                ("set-pool", "p q", "--sip-domains", "a.example"): "p q",
                ("set-pool", "p.example", "--sip-domains", "a b"): "a b",
                ("set-pool", "p.example", "--sip-domains", ""): "SIP domain",
                ("set-pool", "p.example", "q", "--sip-domains", "a.example"): "“q”"}.items():
            with self.subTest(words):
                self.assert_sentence(self.own(*words, status=2), pattern)
                self.assertFalse(self.path.exists())

    def test_what_if_judges_as_well(self):
        """What would be refused is refused when it is only asked."""
        done = self.own("set-pool", "p q", "--sip-domains", "a.example", "--what-if", status=2)
        self.assert_sentence(done, "p q")


if __name__ == "__main__":
    tap.main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl test-server: does it answer, and if not, why and what to do."""
import demo
import tap


class TestServer(demo.Case):
    def test_table(self):
        done = self.ctl("test-server")
        self.assert_err(done)
        self.assertEqual(done.lines[0].split(), ["Server", "State", "Agent", "Role", "Clock"])
        for line, name in zip(done.lines[1:], demo.SERVERS, strict=True):
            self.assertRegex(line, rf"^{name}    {name} answers\.  \d+\.\d+\.\d+\S*  operator  "
                                   r"\+0\.0 s$")

    def test_one(self):
        for word in ("fe02", "fe02.contoso.example", "FE02"):
            with self.subTest(word):
                self.assertEqual(len(self.ctl("test-server", word).lines), 2)
        self.assertEqual(len(self.ctl("test-server", "--server", "fe01,fe02").lines), 3)

    def test_json(self):
        for found in self.ctl("test-server", "--json").json["servers"]:
            self.assertEqual(set(found), {"server", "answers", "state", "reason", "remedy",
                                          "version", "role", "clockOffsetSeconds",
                                          "clockOffsetMilliseconds", "trouble",
                                          "confinement"})
            self.assertIsNone(found["trouble"])
            self.assertTrue(found["answers"])
            self.assertIsNone(found["reason"])
            self.assertIsNone(found["remedy"])
            self.assertEqual((found["role"], found["clockOffsetSeconds"]), ("operator", 0))

    def test_wrong(self):
        self.refuses("test-server", "fe09", status=2,
                     pattern="There is no server “fe09”. There are: fe01,fe02,fe03$")
        self.refuses("test-server", "fe01", "fe02", status=2, pattern="“fe02”")
        self.refuses("test-server", "fe01", "--server", "fe02", status=2, pattern="--server")

    def test_nobody_listens(self):
        self.demo.lose("fe02")
        done = self.ctl("test-server", status=3)
        self.assertRegex(done.out, r"(?m)^fe02 +fe02 does not answer\.$")
        said = done.err.splitlines()
        self.assertEqual(len(said), 2, done.err)
        self.assertRegex(said[0], r"^fe02: .*Connection refused$")
        self.assertRegex(said[1], r"^fe02: .*Try “ssh .*127\.0\.0\.1”")
        self.ctl("test-server", "fe02", status=5)
        found = self.ctl("test-server", "fe02", "--json", status=5).json["servers"][0]
        self.assertFalse(found["answers"])
        self.assertRegex(found["reason"], "Connection refused")
        self.assertIsNone(found["version"])

    def test_something_else_there(self):
        """What stands in the folder's place is named, and stays."""
        self.demo.kill("fe02")
        done = self.ctl("test-server", status=3)
        self.assertRegex(done.out, r"(?m)^fe02 +fe02 cannot be looked at\.$")
        self.assertEqual(done.err, f"fe02: {self.demo.folder}/fe02 is not a folder\n")
        self.ctl("test-server", "fe02", status=5)


if __name__ == "__main__":
    tap.main()

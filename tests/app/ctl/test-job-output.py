# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each server: one line, one outcome, one reason."""
import demo
import tap

VERB = ("set-certificate", "--type", "OAuthTokenIssuer")


class JobOutput(demo.Case):
    def test_every_outcome_in_one(self):
        weak = self.demo.row("lab.contoso.example", "fe02")["sha256"]
        self.demo.lose("fe03")
        done = self.ctl(*VERB, "--thumbprint", weak, "--pool", demo.POOL, status=1)
        self.assertEqual(done.lines[0].split(), ["Server", "Outcome"])
        self.assertEqual([line.split()[:2] for line in done.lines[1:]],
                         [["fe01", "failed"], ["fe02", "failed"], ["fe03", "failed"]])
        for line in done.lines[1:]:
            name, _, text = line.split(maxsplit=2)
            self.assertFalse(text.startswith(f"{name}: "), f"the name is there twice: {line}")

    def test_json_and_table_say_the_same(self):
        weak = self.demo.row("lab.contoso.example", "fe02")["sha256"]
        words = (*VERB, "--thumbprint", weak, "--server", "fe02")
        table = self.ctl(*words, status=4)
        found = self.ctl(*words, "--json", status=4).json["servers"][0]
        self.assertEqual(found["outcome"], "failed")
        self.assertTrue(table.lines[1].endswith(found["text"]), found)

    def test_force_is_offered_once(self):
        """Only where it would help."""
        words = ("remove-certificate", "--type", "Default", "--pool", demo.POOL)
        done = self.ctl(*words, status=4)
        self.assert_err(done, "Use --force if you want it all the same.")
        self.assertEqual(len(done.lines), 4)
        self.assert_unchanged()
        self.assert_err(self.ctl(*words, "--force"))


if __name__ == "__main__":
    tap.main()

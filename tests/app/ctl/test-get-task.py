# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-task: what servers do at an instant, and what became of it."""
import configparser

import demo
import tap

DUE = "2026-11-30T12:00:00Z"


class GetTask(demo.Case):
    def stage(self, server, at):
        """As another program would: assignments.conf is the only truth of what is due."""
        path = self.demo.folder / server / "assignments.conf"
        conf = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        conf.optionxform = str
        conf.read(path)
        if not conf.has_section("OAuthTokenIssuer"):
            conf.add_section("OAuthTokenIssuer")
        group = conf["OAuthTokenIssuer"]
        group["revision"] = str(int(group.get("revision", "0")) + 1)
        group["staged"] = self.demo.row("auth.contoso.example", server)["sha256"].lower()
        group["staged-at"] = at
        with path.open("w", encoding="utf-8") as file:
            conf.write(file, space_around_delimiters=False)

    def setUp(self):
        super().setUp()
        self.demo.import_auth("--server", "fe02")

    def test_nothing(self):
        self.assertEqual(self.ctl("get-task", "--server", "fe02").out, "Nothing is scheduled.\n")
        found = self.ctl("get-task", "--json", "--server", "fe02").json
        self.assertEqual(found["tasks"], [])
        self.assertEqual(found["servers"], [{"server": "fe02.contoso.example",
                                             "residentSince": None}])

    def test_waiting(self):
        self.stage("fe02", DUE)
        done = self.ctl("get-task", "--server", "fe02")
        self.assertRegex(done.lines[0], r"^Server +Task +Type +Due +State +Last result$")
        self.assertRegex(done.lines[1], r"^fe02 +roll +OAuthTokenIssuer +30 November 2026, 12:00 "
                                        r"\(UTC\) +due +–$")
        self.assertIn("Nothing on fe02 will run a task at its instant: start "
                      "issuant-agent.service", done.err)
        task = self.ctl("get-task", "--json", "--server", "fe02").json["tasks"][0]
        self.assertEqual((task["task"], task["state"], task["due"], task["lastTry"]),
                         ("roll", "due", DUE, None))

    def test_missed(self):
        """The console's own agent runs what was missed, as soon as it is there."""
        self.stage("fe02", "2026-11-22T11:00:00Z")
        self.ctl("get-task", "--server", "fe02")
        demo.wait_for_agents()
        tasks = self.ctl("get-task", "--json", "--server", "fe02").json["tasks"]
        rolls = [task for task in tasks if task["task"] == "roll"]
        self.assertEqual([(task["state"], task["late"]) for task in rolls], [("done", 3600)])
        log = self.ctl("get-log", "--server", "fe02", "--json").json["entries"]
        self.assertEqual([entry["what"] for entry in log].count("roll-assignment"), 1)

    def test_unreachable(self):
        self.demo.lose("fe03")
        self.ctl("get-task", status=3)
        self.ctl("get-task", "--server", "fe03", status=5)
        self.refuses("get-task", "--server", "fe09", status=2, pattern="fe09")


if __name__ == "__main__":
    tap.main()

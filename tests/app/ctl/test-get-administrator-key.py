# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl get-administrator-key: which key signs."""
import pathlib

import administrator
import tap


class GetAdministratorKey(administrator.Case):
    def test_shows_it(self):
        made = self.make("alice@laptop", "--json").json
        self.assertEqual((made["format"], made["name"]), (1, "alice@laptop"))
        self.assertEqual(pathlib.Path(made["key"]).parent, self.folder)
        self.assertEqual(self.local("get-administrator-key", "--json").json, made)
        text = self.local("get-administrator-key").out
        for part in ("alice@laptop", made["thumbprint"], made["sha256"], made["certificate"]):
            self.assertIn(part, text)


if __name__ == "__main__":
    tap.main()

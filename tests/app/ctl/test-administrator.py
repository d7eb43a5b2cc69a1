# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the administrator's key is, as issuantctl looks for it."""
import administrator
import tap


class Administrator(administrator.Case):
    def test_demo_has_its_own(self):
        self.make("alice@laptop")
        self.assert_sentence(self.local("--demo", "get-administrator-key", status=1),
                             "issuantctl --demo make-administrator-key")

    def test_none_yet(self):
        self.assert_sentence(self.local("get-administrator-key", status=1),
                             "“issuantctl make-administrator-key”")


if __name__ == "__main__":
    tap.main()

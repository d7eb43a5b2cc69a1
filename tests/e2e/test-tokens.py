# SPDX-License-Identifier: GPL-3.0-or-later
"""A roll as those see it whom it is for: tokens that the openssl program signs with what is live
on one server, and that another library verifies with what another server publishes.

No token that should verify fails, at no moment of the roll; none signed by a removed key verifies.
"""
import base64
import json
import os
import pathlib
import subprocess

import jwt

import demo
import tap

AGENT = pathlib.Path(os.environ["ISS_TEST_BUILD"]) / "app" / "agent" / "issuant-agent"
AT = 1795348800     # demo.AT
DAY = 24 * 3600
INSTANT = AT + 2 * DAY
DATE = "2026-11-24T12:00:00Z"
WHERE = ("--pool", demo.POOL)
TYPE = ("--type", "OAuthTokenIssuer")


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Tokens(demo.Case):
    def setUp(self):
        super().setUp()
        self.demo.import_auth(*WHERE)
        self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint",
                 self.demo.thumbprint("auth.contoso.example"))
        self.ctl("import-certificate", *WHERE, "--path",
                 self.demo.files / "next-auth.contoso.example.pfx", "--password-file",
                 self.demo.files / "auth.password")
        self.next = self.demo.thumbprint("next-auth.contoso.example")

    def live(self, server, name):
        return pathlib.Path(self.demo.folder) / server / "live" / "OAuthTokenIssuer" / name

    def sign(self, server):
        """A token as a service on that server makes it: by files alone."""
        der = subprocess.run(["openssl", "x509", "-in", self.live(server, "cert.pem"), "-outform",
                              "DER"], check=True, capture_output=True).stdout
        sha1 = subprocess.run(["openssl", "dgst", "-sha1", "-binary"], input=der, check=True,
                              capture_output=True).stdout
        header = {"alg": "RS256", "typ": "JWT", "x5t": base64url(sha1)}
        claims = {"iss": server, "aud": "contoso.example"}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign",
                                    self.live(server, "privkey.pem")], input=text.encode(),
                                   check=True, capture_output=True).stdout
        return f"{text}.{base64url(signature)}"

    def keys(self, server):
        """What a partner fetches and keeps for a while."""
        return jwt.PyJWKSet.from_json(self.live(server, "jwks.json").read_text())

    def verify(self, token, keys):
        wanted = jwt.get_unverified_header(token)["x5t"]
        fitting = [key for key in keys.keys if key.key_id == wanted]
        if len(fitting) != 1:
            raise jwt.InvalidTokenError(f"{len(fitting)} keys are {wanted}")
        return jwt.decode(token, fitting[0].key, algorithms=["RS256"],
                          audience="contoso.example")["iss"]

    def run_due(self, server, at):
        demo.wait_for_agents()
        subprocess.run([AGENT, "--run-due", "--root", pathlib.Path(self.demo.folder) / server,
                        "--at", str(at)], stdin=subprocess.DEVNULL, check=True)

    def certificate(self, server):
        return self.live(server, "cert.pem").read_text()

    def test_before_across_and_after(self):
        self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint", self.next, "--roll",
                 "--effective-date", DATE)
        before = {server: self.sign(server) for server in demo.SERVERS}
        kept = {server: self.keys(server) for server in demo.SERVERS}
        old = self.certificate("fe01")

        # One server after the other, as their clocks will have it: at every step each verifies
        # the tokens of all, with what it publishes now and with what was fetched before.
        for n in range(len(demo.SERVERS) + 1):
            for signer in demo.SERVERS:
                for verifier in demo.SERVERS:
                    with self.subTest(rolled=n, signer=signer, verifier=verifier):
                        for token in (before[signer], self.sign(signer)):
                            self.assertEqual(self.verify(token, self.keys(verifier)), signer)
                            self.assertEqual(self.verify(token, kept[verifier]), signer)
            if n < len(demo.SERVERS):
                self.run_due(demo.SERVERS[n], INSTANT - 1)
                self.assertEqual(self.certificate(demo.SERVERS[n]), old)
                self.run_due(demo.SERVERS[n], INSTANT)
                self.assertNotEqual(self.certificate(demo.SERVERS[n]), old)

        after = self.sign("fe01")
        self.assertNotEqual(jwt.get_unverified_header(after)["x5t"],
                            jwt.get_unverified_header(before["fe01"])["x5t"])

        # The keys of one server are nobody's else: a changed token is refused.
        text, _, signature = after.rpartition(".")
        with self.assertRaises(jwt.InvalidTokenError):
            self.verify(f"{text}.{before['fe01'].rpartition('.')[2]}", self.keys("fe02"))
        self.assertEqual(len(signature), 342)

    def test_removed(self):
        """Before the last token has ended the old key stays; removed, it verifies nothing."""
        token = self.sign("fe02")
        self.ctl("set-certificate", *WHERE, *TYPE, "--thumbprint", self.next, "--force")
        self.assertEqual(self.verify(token, self.keys("fe02")), "fe02")
        self.ctl("remove-certificate", "--server", "fe02", *TYPE, "--previous", "--force",
                 status=4)
        self.assertEqual(self.verify(token, self.keys("fe02")), "fe02")

        demo.wait_for_agents()
        later = demo.run(self.demo.home, "--demo", "--seed", "tests", "--at",
                         "2026-11-23T12:00:00Z", "remove-certificate", "--server", "fe02", *TYPE,
                         "--previous")
        self.assert_status(later, 0)
        with self.assertRaises(jwt.InvalidTokenError):
            self.verify(token, self.keys("fe02"))
        self.assertEqual(self.verify(self.sign("fe02"), self.keys("fe02")), "fe02")
        self.assertEqual(self.verify(self.sign("fe02"), self.keys("fe03")), "fe02")


if __name__ == "__main__":
    tap.main()

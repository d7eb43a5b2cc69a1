# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl show-certificate: what one certificate is, as openssl knows it too."""
import demo
import tap


class ShowCertificate(demo.Case):
    NAMES = ["Server", "Store", "IssuedTo", "IssuedBy", "Subject", "Issuer", "NotBefore",
             "NotAfter", "SerialNumber", "AlternativeNames", "Thumbprint", "Sha256", "PublicKey",
             "PrivateKey", "FriendlyName", "Use", "Intent", "Origin", "Purposes", "OnServers"]

    def test_table(self):
        thumbprint = self.demo.thumbprint("auth.contoso.example")
        done = self.ctl("show-certificate", "--thumbprint", thumbprint)
        self.assert_err(done)
        self.assertEqual([line.split(":")[0].strip() for line in done.lines], self.NAMES)
        self.assertIn("Server           : fe01.contoso.example\n", done.out)
        self.assertIn("AlternativeNames : auth.contoso.example, contoso.example\n", done.out)
        self.assertIn("PrivateKey       : on this server, exportable\n", done.out)
        self.assertIn("Intent           : for every server of the pool\n", done.out)

    def test_json(self):
        row = self.demo.row("auth.contoso.example")
        found = self.ctl("show-certificate", "--thumbprint", row["sha256"], "--json").json
        self.assertEqual([name for name in found if name != "format"], self.NAMES)
        path = self.demo.folder / "fe01" / "stores" / "my" / f"{row['sha256']}.pem"
        serial = demo.openssl("x509", "-in", path, "-noout", "-serial")
        self.assertEqual(serial.strip().split("=")[1].lower(), found["SerialNumber"])
        self.assertEqual(found["Thumbprint"], row["thumbprint"])
        self.assertEqual(found["Sha256"], row["sha256"])

    def test_on_servers(self):
        """What the dialog says of the pool, in one line."""
        thumbprint = self.demo.thumbprint("auth.contoso.example")
        done = self.ctl("show-certificate", "--thumbprint", thumbprint)
        self.assertIn("OnServers        : fe01: published; fe02: does not have it; "
                      "fe03: does not have it\n", done.out)
        self.assertIn("Purposes         : Server Authentication, Client Authentication\n", done.out)

    def test_details(self):
        thumbprint = self.demo.thumbprint("auth.contoso.example")
        done = self.ctl("show-certificate", "--thumbprint", thumbprint, "--details")
        self.assert_err(done)
        self.assertIn("\nKey Usage (critical):\n    Digital Signature (80)\n", done.out)
        self.assertIn("\nSubject Alternative Name:\n    DNS Name=auth.contoso.example\n"
                      "    DNS Name=contoso.example\n", done.out)
        self.assertIn(f"\nThumbprint:\n    {thumbprint}\n", done.out)

        found = self.ctl("show-certificate", "--thumbprint", thumbprint, "--details",
                         "--json").json
        fields = {field["oid"] or field["name"]: field for field in found["Details"]}
        self.assertEqual(fields["2.5.29.15"],
                         {"name": "extension", "kind": "extension", "oid": "2.5.29.15",
                          "label": "Key Usage", "critical": True, "decoded": True,
                          "text": "Digital Signature (80)"})
        self.assertEqual(fields["version"]["kind"], "version-1")
        self.assertEqual(fields["thumbprint"]["text"], thumbprint)
        self.assertNotIn("CertificationPath", found)

    def test_path(self):
        thumbprint = self.demo.thumbprint("auth.contoso.example")
        done = self.ctl("show-certificate", "--thumbprint", thumbprint, "--certification-path")
        self.assert_err(done)
        self.assertTrue(done.out.endswith(
            "\nCertification path, as fe01 builds it:\n"
            "    Contoso Demo CA: This certificate is OK.\n"
            "        auth.contoso.example: This certificate is OK.\n"), done.out)

        found = self.ctl("show-certificate", "--thumbprint", thumbprint, "--certification-path",
                         "--json").json
        self.assertEqual([link["status"] for link in found["CertificationPath"]], ["ok", "ok"])
        self.assertEqual(found["CertificationPath"][0]["thumbprint"], thumbprint)

        issuer = found["CertificationPath"][1]["thumbprint"]
        done = self.ctl("show-certificate", "--thumbprint", issuer, "--store", "root")
        self.assertIn("IssuedTo         : Contoso Demo CA\n", done.out)
        self.assertIn("OnServers        : \n", done.out)
        self.refuses("show-certificate", "--thumbprint", issuer, "--store", "nowhere", status=2,
                     pattern="nowhere")

    def test_thumbprint_as_it_is_pasted(self):
        """With blanks, in any case, with the mark that Windows copies before it."""
        typed = self.demo.thumbprint("auth.contoso.example")
        pairs = " ".join(typed[i:i + 2] for i in range(0, 40, 2))
        for pasted in (pairs, typed.lower(), "\u200e" + pairs.lower()):
            with self.subTest(pasted):
                done = self.ctl("show-certificate", "--thumbprint", pasted)
                self.assertIn(typed, done.out)

    def test_wrong(self):
        self.refuses("show-certificate", status=2, pattern="Say which certificate: --thumbprint T")
        self.refuses("show-certificate", "--thumbprint", "xyz", status=2,
                     pattern="“xyz” is not a thumbprint")
        self.refuses("show-certificate", "--thumbprint", "AB", status=2,
                     pattern="“AB” is not a thumbprint")
        self.refuses("show-certificate", "--thumbprint", "0" * 40, status=1,
                     pattern="No server that answers has a certificate with the thumbprint 0{40}")
        self.refuses("show-certificate", "--thumbprint", "0" * 64, status=1,
                     pattern="No server that answers has a certificate with the thumbprint 0{64}")

    def test_no_server_answers(self):
        thumbprint = self.demo.thumbprint("auth.contoso.example")
        for server in demo.SERVERS:
            self.demo.lose(server)
        done = self.ctl("show-certificate", "--thumbprint", thumbprint, status=5)
        self.assert_sentence(done, "fe01")


if __name__ == "__main__":
    tap.main()

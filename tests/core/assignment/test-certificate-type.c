/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/certificate-type.h"

#include "core/base/error.h"

/* Every name that the documentation of the cmdlets lists, by group. */
static void
test_certificate_type_table (void)
{
  static const char *const documented[] =
  {
    "Default", "WebServicesInternal", "WebServicesExternal", "AudioVideoAuthentication",
    "OAuthTokenIssuer", "AccessEdgeExternal", "DataEdgeExternal", "External", "Internal",
    "iPhoneAPNService", "iPadAPNService", "MPNService", "PICWebService", "ProvisionService",
    "WsFedTokenTransfer", "LogRetentionService", "SMPDNSWebService", "TenantAdmin",
    "UpgradeEngineService", "XMPPServer",
  };
  g_autoptr(GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  const char *last_group = "";

  g_assert_cmpuint (iss_certificate_type_get_n (), ==, G_N_ELEMENTS (documented));

  for (gsize i = 0; i < G_N_ELEMENTS (documented); i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (documented[i]);

      g_test_message ("%s", documented[i]);
      g_assert_nonnull (type);
      g_assert_cmpstr (type->name, ==, documented[i]);
    }

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);

      g_assert_cmpstr (iss_certificate_type_get_label (type), !=, "");
      g_assert_true (iss_certificate_type_find (type->name) == type);
      g_assert_cmpuint (type->rules.min_rsa_bits, >=, 1024);

      /* What can be rolled is what issues tokens, and only that is for the whole pool. */
      g_assert_cmpint (type->rollable, ==, type->token_lifetime > 0);
      g_assert_cmpint (type->pool_wide, ==, g_str_equal (type->name, "OAuthTokenIssuer"));

      /* The types of one group stand together. */
      if (!g_str_equal (type->group, last_group))
        g_assert_true (g_hash_table_add (groups, (char *) type->group));
      last_group = type->group;
    }
}

static void
test_certificate_type_rules (void)
{
  const IssCertificateType *oauth = iss_certificate_type_find ("OAuthTokenIssuer");
  const IssCertificateType *av = iss_certificate_type_find ("AudioVideoAuthentication");
  const IssCertificateType *server = iss_certificate_type_find ("Default");

  g_assert_cmpint (oauth->token_lifetime, ==, 86400);
  g_assert_cmpuint (oauth->rules.min_rsa_bits, ==, 2048);
  g_assert_true (oauth->rules.rsa_only);
  g_assert_true (oauth->rules.must_sign);
  g_assert_true (oauth->rules.sip_domain);
  g_assert_false (oauth->rules.server_auth);
  g_assert_cmpstr (oauth->group, ==, "OAuthTokenIssuer");

  g_assert_cmpint (av->token_lifetime, ==, 28800);
  g_assert_true (av->rollable);

  g_assert_cmpstr (server->group, ==, "Default certificate");
  g_assert_cmpstr (iss_certificate_type_get_label (server), ==, "Server default");
  g_assert_cmpuint (server->rules.min_rsa_bits, ==, 1024);
  g_assert_cmpuint (server->rules.good_rsa_bits, ==, 2048);
  g_assert_true (server->rules.server_auth);
  g_assert_false (server->rollable);
}

static void
test_certificate_type_find (void)
{
  const IssCertificateType *oauth = iss_certificate_type_find ("OAuthTokenIssuer");

  g_assert_true (iss_certificate_type_find ("oauthtokenissuer") == oauth);
  g_assert_true (iss_certificate_type_find ("OAUTHTOKENISSUER") == oauth);
  g_assert_null (iss_certificate_type_find ("OAuthTokenIssuer "));
  g_assert_null (iss_certificate_type_find (""));
  g_assert_null (iss_certificate_type_find (NULL));
}

static void
test_certificate_type_parse (void)
{
  static const char *const wrong[] =
  {
    "", "OAuth", "OAuthTokenIssuer,Default", "Server default", "\xff\xfe", "Def\nault",
  };
  g_autoptr(GError) none = NULL;

  g_assert_true (iss_certificate_type_parse ("default", &none) == iss_certificate_type_get (0));
  g_assert_no_error (none);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_certificate_type_parse (wrong[i], &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "OAuthTokenIssuer"));
      g_assert_nonnull (strstr (error->message, "XMPPServer"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\n'));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate-type/table", test_certificate_type_table);
  g_test_add_func ("/certificate-type/rules", test_certificate_type_rules);
  g_test_add_func ("/certificate-type/find", test_certificate_type_find);
  g_test_add_func ("/certificate-type/parse", test_certificate_type_parse);

  return g_test_run ();
}

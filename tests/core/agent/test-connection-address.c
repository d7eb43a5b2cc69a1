/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/connection-address.h"

#include "core/base/error.h"

static void
test_good (void)
{
  const struct
    {
      const char *uri;
      IssConnectionKind kind;
      const char *user;
      const char *host;
      guint port;
      const char *folder;
      const char *canonical;
    } cases[] =
    {
      { "ssh://fe01", ISS_CONNECTION_SSH, NULL, "fe01", 0, NULL, NULL },
      { "ssh://issuant@fe01.contoso.example", ISS_CONNECTION_SSH,
        "issuant", "fe01.contoso.example", 0, NULL, NULL },
      { "ssh://a.b_c-d+e@fe01:2222", ISS_CONNECTION_SSH, "a.b_c-d+e", "fe01", 2222, NULL, NULL },
      { "ssh://192.0.2.7:1", ISS_CONNECTION_SSH, NULL, "192.0.2.7", 1, NULL, NULL },
      { "ssh://root@[2001:db8::7]", ISS_CONNECTION_SSH, "root", "2001:db8::7", 0, NULL, NULL },
      { "ssh://[::1]:65535", ISS_CONNECTION_SSH, NULL, "::1", 65535, NULL, NULL },
      { "local:///srv/fe01", ISS_CONNECTION_LOCAL, NULL, NULL, 0, "/srv/fe01", NULL },
      { "local:///srv/fe01//", ISS_CONNECTION_LOCAL, NULL, NULL, 0, "/srv/fe01",
        "local:///srv/fe01" },
      { "local:///srv/fe%2001", ISS_CONNECTION_LOCAL, NULL, NULL, 0, "/srv/fe 01", NULL },
      { "local:///srv/fe 01", ISS_CONNECTION_LOCAL, NULL, NULL, 0, "/srv/fe 01",
        "local:///srv/fe%2001" },
      { "local:///srv/..hidden", ISS_CONNECTION_LOCAL, NULL, NULL, 0, "/srv/..hidden", NULL },
      { "local:///srv/Zürich", ISS_CONNECTION_LOCAL, NULL, NULL, 0, "/srv/Zürich", NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssConnectionAddress) address = NULL;
      g_autoptr(IssConnectionAddress) again = NULL;

      g_test_message ("%s", cases[i].uri);
      address = iss_connection_address_parse (cases[i].uri, &error);
      g_assert_no_error (error);
      g_assert_cmpint (iss_connection_address_get_kind (address), ==, cases[i].kind);
      g_assert_cmpstr (iss_connection_address_get_user (address), ==, cases[i].user);
      g_assert_cmpstr (iss_connection_address_get_host (address), ==, cases[i].host);
      g_assert_cmpuint (iss_connection_address_get_port (address), ==, cases[i].port);
      g_assert_cmpstr (iss_connection_address_get_folder (address), ==, cases[i].folder);
      g_assert_cmpstr (iss_connection_address_get_uri (address), ==,
                       cases[i].canonical != NULL ? cases[i].canonical : cases[i].uri);

      again = iss_connection_address_parse (iss_connection_address_get_uri (address), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (iss_connection_address_get_uri (again), ==,
                       iss_connection_address_get_uri (address));
    }
}

static void
test_bad (void)
{
  const char *const cases[] =
    {
      "", "fe01", "/srv/fe01", "http://fe01", "SSH://fe01", "ssh:fe01", "ssh:/fe01",
      "ssh://", "ssh://@fe01", "ssh://user@", "ssh://:22",
      /* taken for an option */
      "ssh://-oProxyCommand=id", "ssh://-fe01", "ssh://-l@fe01", "ssh://[-oProxyCommand=id]",
      "ssh://fe01-", "ssh://root@-fe01:22",
      /* read by a shell */
      "ssh://fe 01", "ssh://fe01;id", "ssh://fe01`id`", "ssh://$(id)@fe01", "ssh://a b@fe01",
      "ssh://a'b@fe01", "ssh://%72oot@fe01", "ssh://fe01%20", "ssh://a\\b@fe01",
      "ssh://a@b@fe01", "ssh://root:secret@fe01",
      "ssh://fe01\n", "ssh://fe\t01", "ssh://fe\xE2\x80\xAE" "01", "ssh://fe\xFF" "01",
      "ssh://fe01/", "ssh://fe01/srv", "ssh://fe01?a=b", "ssh://fe01#a",
      "ssh://fe01:", "ssh://fe01:0", "ssh://fe01:65536", "ssh://fe01:+22", "ssh://fe01: 22",
      "ssh://fe01:22:23", "ssh://fe01:ssh", "ssh://::1", "ssh://[::1", "ssh://[::1]22",
      "ssh://[::1]x:22", "ssh://[fe01]", "ssh://[fe80::1%eth0]", "ssh://[192.0.2.7]",
      "local://", "local:///", "local:////", "local://fe01/srv", "local:srv", "local://./srv",
      "local:///srv/../etc", "local:///..", "local:///srv/.", "local:///srv/%2e%2e/etc",
      "local:////srv", "local:///srv%00", "local:///srv/%0A", "local:///srv/%zz",
      "local:///srv?x", "local:///srv#x", "local:///srv/%FF", "local:///srv/%E2%80%AE",
    };
  g_autofree char *padding = g_strnfill (5000, 'a');
  g_autofree char *too_long = g_strconcat ("local:///", padding, NULL);
  g_autoptr(GError) long_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i]);
      g_assert_null (iss_connection_address_parse (cases[i], &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_false (g_str_has_suffix (error->message, "."));
      /* It may have been a password. */
      g_assert_null (strstr (error->message, "secret"));
    }

  g_assert_null (iss_connection_address_parse (too_long, &long_error));
  g_assert_error (long_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (strlen (long_error->message), <, 300);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connection-address/good", test_good);
  g_test_add_func ("/connection-address/bad", test_bad);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/replication-warning.h"

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define LEAD "Manual import does not replicate. "

typedef struct
{
  const char *name;
  const char *lines[5];
  const char *text;       /* NULL: nothing to warn of */
} Case;

static const Case cases[] =
{
  { "as designed", { "+Ap", "-A", "!-A" },
    LEAD "fe02 does not have auth.contoso.example. "
    "fe03 has not answered since 13:58; it did not have it at 13:41." },
  { "several missing", { "+Ap", "-A", "+A", "-A" },
    LEAD "fe02 and fe04 do not have auth.contoso.example." },
  { "silent only", { "+Ap", "+A", "!-A" },
    LEAD "fe03 has not answered since 13:58; it did not have auth.contoso.example at 13:41." },
  { "never seen", { "+Ap", "-A", "!?" },
    LEAD "fe02 does not have auth.contoso.example. "
    "fe03 has not answered since 13:58; it was never looked at." },
  { "not looked at", { "+Ap", "-A", "?" },
    LEAD "fe02 does not have auth.contoso.example. fe03 was not looked at yet." },
  { "not asked", { "+Ap", "" },
    LEAD "fe02 was not looked at for auth.contoso.example yet." },
  { "silent had it", { "+Ap", "+Ap", "!+A" }, NULL },
  { "not meant for the pool", { "+A", "-A" }, NULL },
  { "the silent one holds it", { "-A", "!+Ap" },
    LEAD "fe01 does not have auth.contoso.example." },
};

static void
test_replication_warning_find (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(IssPool) pool = iss_pool_fixture_new (test->lines, 0, 0);
  g_autoptr(GPtrArray) warnings = iss_replication_warning_find (pool, NOW, NULL);
  IssReplicationWarning *warning;

  if (test->text == NULL)
    {
      g_assert_cmpuint (warnings->len, ==, 0);
      return;
    }

  g_assert_cmpuint (warnings->len, ==, 1);
  warning = g_ptr_array_index (warnings, 0);
  g_assert_cmpstr (warning->text, ==, test->text);
}

static void
test_replication_warning_new_for (void)
{
  const char *const lines[] = { "-A", "-A", "!-A", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 0, 0);
  g_autoptr(GPtrArray) ticked = g_ptr_array_new ();
  g_autoptr(IssReplicationWarning) warning = NULL;
  g_autoptr(IssReplicationWarning) none = NULL;
  guint8 sha256[32];

  iss_pool_fixture_get_sha256 ('A', sha256);
  g_ptr_array_add (ticked, iss_pool_get_server (pool, 1));
  warning = iss_replication_warning_new_for (pool, sha256, NULL, "auth", ticked, NOW, NULL);
  g_assert_cmpstr (warning->text, ==,
                   LEAD "fe01 does not have auth. "
                   "fe03 has not answered since 13:58; it did not have it at 13:41.");
  g_assert_cmpuint (warning->holders->len, ==, 1);

  g_ptr_array_add (ticked, iss_pool_get_server (pool, 0));
  g_ptr_array_add (ticked, iss_pool_get_server (pool, 2));
  none = iss_replication_warning_new_for (pool, sha256, NULL, "auth", ticked, NOW, NULL);
  g_assert_null (none);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/replication-warning/find/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_replication_warning_find);
    }
  g_test_add_func ("/replication-warning/new-for", test_replication_warning_new_for);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service.h"

#include <string.h>

#include "core/agent/agent-client.h"
#include "core/base/error.h"
#include "core/store/row-table.h"
#include "tests/core/agent/service-fixture.h"

static GVariant *
list (IssServiceFixture  *self,
      const char         *store,
      guint64             snapshot,
      guint               offset,
      guint               limit,
      GError            **error)
{
  return iss_service_fixture_call (self, "ListRows",
                                   g_variant_new ("(stuu)", store, snapshot, offset, limit),
                                   error);
}

/* Pages of one snapshot belong together; a new first page makes the others old. */
static void
test_pages (IssServiceFixture *self,
            gconstpointer      unused)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autoptr(IssCertificate) one = iss_server_folder_hold (self->folder, "one", NULL);
  g_autoptr(IssCertificate) two = iss_server_folder_hold (self->folder, "two", NULL);
  g_autoptr(GVariant) first = NULL;
  g_autoptr(GVariant) second = NULL;
  g_autoptr(GVariant) anew = NULL;
  g_autoptr(GVariant) rows = NULL;
  g_autoptr(GError) error = NULL;
  guint64 snapshot, later;
  guint32 total, foreign;

  first = list (self, "my", 0, 0, 1, &error);
  g_assert_no_error (error);
  g_variant_get (first, "(tuu@*)", &snapshot, &total, &foreign, NULL);
  g_assert_cmpuint (total, ==, 2);
  g_assert_cmpuint (foreign, ==, 0);

  second = list (self, "my", snapshot, 1, 1, &error);
  g_assert_no_error (error);
  rows = g_variant_get_child_value (second, 3);
  g_assert_cmpuint (g_variant_n_children (rows), ==, 1);

  anew = list (self, "my", 0, 0, ISS_ROW_PAGE_MAX, &error);
  g_assert_no_error (error);
  g_variant_get_child (anew, 0, "t", &later);
  g_assert_cmpuint (later, !=, snapshot);
  g_assert_null (list (self, "my", snapshot, 1, 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
}

static void
test_arguments (IssServiceFixture *self,
                gconstpointer      unused)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  const struct { const char *store; guint64 snapshot; guint limit; int code; } cases[] =
    {
      { "nonsense", 0, 1, ISS_ERROR_INVALID_ARGUMENT },
      { "my", 0, 0, ISS_ERROR_INVALID_ARGUMENT },
      { "my", 0, ISS_ROW_PAGE_MAX + 1, ISS_ERROR_INVALID_ARGUMENT },
      { "my", 7, 1, ISS_ERROR_CHANGED },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_null (list (self, cases[i].store, cases[i].snapshot, 0, cases[i].limit, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
    }
}

static GVariant *
new_import (const char *job,
            gboolean    what_if)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "what-if", "b", what_if);

  return g_variant_new ("(s@ay@a{sv})", job,
                        g_variant_new_array (G_VARIANT_TYPE_BYTE, NULL, 0),
                        g_variant_dict_end (&options));
}

/* A job without a name of its own could not be cancelled. */
static void
test_job_names (IssServiceFixture *self,
                gconstpointer      unused)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autofree char *lengthy = g_strnfill (65, 'x');
  const char *const names[] = { "", "a\nb", lengthy };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_service_fixture_call (self, "Import", new_import (names[i], TRUE),
                                               &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "a name of its own"));
    }
}

/* To cancel what is not there is no error: it may just have ended. */
static void
test_cancel (IssServiceFixture *self,
             gconstpointer      unused)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = iss_service_fixture_call (self, "Cancel",
                                                        g_variant_new ("(s)", "nothing"), &error);

  g_assert_no_error (error);
}

/* A viewer may try, and not do. */
static void
test_viewer (IssServiceFixture *self,
             gconstpointer      role)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autoptr(GVariant) rows = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_service_fixture_call (self, "Import", new_import ("job", FALSE), &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, "alice may look at this server, but not change it"));
  g_clear_error (&error);

  rows = list (self, "my", 0, 0, 1, &error);
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  const struct
    {
      const char *path;
      const char *role;
      void     (* test) (IssServiceFixture *self,
                         gconstpointer      role);
    } tests[] =
    {
      { "/agent-service-calls/pages", NULL, test_pages },
      { "/agent-service-calls/arguments", NULL, test_arguments },
      { "/agent-service-calls/job-names", NULL, test_job_names },
      { "/agent-service-calls/cancel", NULL, test_cancel },
      { "/agent-service-calls/viewer", "viewer", test_viewer },
    };

  if (iss_service_fixture_is_helper (argc, argv))
    return 1;

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssServiceFixture, tests[i].role, iss_service_fixture_set_up,
                tests[i].test, iss_service_fixture_tear_down);

  return g_test_run ();
}

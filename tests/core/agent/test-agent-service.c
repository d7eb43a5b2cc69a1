/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service.h"

#include <string.h>

#include "core/agent/agent-client.h"
#include "core/agent/parser-confinement.h"
#include "core/base/error.h"
#include "tests/core/agent/service-fixture.h"
#include "tests/lib/wait.h"

static GVariant *
new_hashes (void)
{
  return g_variant_new ("(@aay)", g_variant_new_array (G_VARIANT_TYPE_BYTESTRING, NULL, 0));
}

/* What it says of itself, and to whom secrets are sealed. */
static void
test_hello (IssServiceFixture *self,
            gconstpointer      unused)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autoptr(GVariant) again = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autoptr(GVariant) seal = g_variant_lookup_value (told, "seal", G_VARIANT_TYPE_BYTESTRING);
  g_autoptr(GVariant) seal_again = g_variant_lookup_value (again, "seal",
                                                           G_VARIANT_TYPE_BYTESTRING);
  g_autoptr(GBytes) der = g_variant_get_data_as_bytes (seal);
  g_autoptr(IssCertificate) recipient = NULL;
  g_autoptr(GError) error = NULL;
  const char *id, *role, *zone, *scheduler;
  guint32 lacks;
  gint64 time;

  g_assert_true (g_variant_lookup (told, "server-id", "&s", &id));
  g_assert_cmpstr (id, ==, iss_root_folder_get_server_id (self->folder->root));
  g_assert_true (g_variant_lookup (told, "role", "&s", &role));
  g_assert_cmpstr (role, ==, "operator");
  g_assert_true (g_variant_lookup (told, "zone", "&s", &zone));
  g_assert_cmpstr (zone, ==, "Europe/Berlin");
  g_assert_true (g_variant_lookup (told, "scheduler", "&s", &scheduler));
  g_assert_cmpstr (scheduler, ==, "none");
  g_assert_true (g_variant_lookup (told, "time", "x", &time));
  g_assert_cmpint (time, ==, ISS_SERVER_FOLDER_NOW);
  g_assert_true (g_variant_lookup (told, "parser-lacks", "u", &lacks));
  g_assert_cmpuint (lacks, ==, iss_parser_confinement_get_lacks ());

  recipient = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (seal, seal_again);
}

/* Nothing is answered before, or to another protocol. */
static void
test_hello_first (IssServiceFixture *self,
                  gconstpointer      unused)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GVariant) reply = NULL;
      g_autoptr(GVariant) told = NULL;
      g_autoptr(GError) error = NULL;

      reply = iss_service_fixture_call (self, "Observe", new_hashes (), &error);
      g_assert_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL);
      g_assert_null (reply);
      told = iss_service_fixture_hello (self, i == 0 ? ISS_AGENT_PROTOCOL + 1
                                                     : ISS_AGENT_PROTOCOL);
    }

  {
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply = iss_service_fixture_call (self, "Observe", new_hashes (), &error);

    g_assert_no_error (error);
  }
}

static void
changed_cb (GDBusConnection *connection,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *signal,
            GVariant        *parameters,
            gpointer         user_data)
{
  (*(guint *) user_data)++;
}

/* Somebody else has changed something: whoever has said Hello is told. */
static void
test_changed (IssServiceFixture *self,
              gconstpointer      unused)
{
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  g_autoptr(IssCertificate) held = NULL;
  guint n = 0;
  guint id = g_dbus_connection_signal_subscribe (self->ours, NULL, NULL, "Changed", NULL, NULL,
                                                 G_DBUS_SIGNAL_FLAGS_NONE, changed_cb, &n, NULL);

  held = iss_server_folder_hold (self->folder, "one", "contoso.example");
  iss_wait_until (n > 0);
  g_dbus_connection_signal_unsubscribe (self->ours, id);
}

int
main (int    argc,
      char **argv)
{
  if (iss_service_fixture_is_helper (argc, argv))
    return 1;

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/agent-service/hello", IssServiceFixture, NULL, iss_service_fixture_set_up,
              test_hello, iss_service_fixture_tear_down);
  g_test_add ("/agent-service/hello-first", IssServiceFixture, NULL, iss_service_fixture_set_up,
              test_hello_first, iss_service_fixture_tear_down);
  g_test_add ("/agent-service/changed", IssServiceFixture, NULL, iss_service_fixture_set_up,
              test_changed, iss_service_fixture_tear_down);

  return g_test_run ();
}

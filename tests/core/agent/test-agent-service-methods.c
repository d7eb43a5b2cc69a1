/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service.h"

#include <string.h>

#include "core/agent/agent-client.h"
#include "core/agent/org.issuant.Agent1.h"
#include "core/base/error.h"
#include "tests/core/agent/service-fixture.h"

/* Have handlers of their own; see test-agent-service-calls.c. */
static const char *const others[] = { "Hello", "ListRows", "Observe", "Import", "Cancel", NULL };

/* Any arguments of the right types: all are empty or 0. */
static GVariant *
new_arguments (const GDBusMethodInfo *method,
               gboolean               what_if)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; method->in_args != NULL && method->in_args[i] != NULL; i++)
    {
      const GVariantType *type = G_VARIANT_TYPE (method->in_args[i]->signature);

      if (g_variant_type_equal (type, G_VARIANT_TYPE_VARDICT))
        {
          GVariantDict dict;

          g_variant_dict_init (&dict, NULL);
          g_variant_dict_insert (&dict, "what-if", "b", what_if);
          g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
        }
      else if (g_variant_type_is_array (type))
        {
          g_variant_builder_add_value (
            &builder, g_variant_new_array (g_variant_type_element (type), NULL, 0));
        }
      else if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
        {
          g_variant_builder_add (&builder, "s", "");
        }
      else
        {
          g_autofree char *text = g_strdup_printf ("@%s 0", method->in_args[i]->signature);

          g_variant_builder_add_value (&builder, g_variant_new_parsed (text));
        }
    }

  return g_variant_builder_end (&builder);
}

static guint
call_all (IssServiceFixture *self,
          GHashTable        *codes)
{
  GDBusMethodInfo **methods = iss_dbus_agent_interface_info ()->methods;
  guint n = 0;

  for (guint i = 0; methods[i] != NULL; i++)
    {
      g_autoptr(GVariant) reply = NULL;
      g_autoptr(GError) error = NULL;
      int code = -1;

      if (g_strv_contains (others, methods[i]->name))
        continue;

      reply = iss_service_fixture_call (self, methods[i]->name,
                                        new_arguments (methods[i], FALSE), &error);
      g_test_message ("%s: %s", methods[i]->name, error != NULL ? error->message : "answered");
      if (error != NULL)
        {
          g_assert_cmpuint (error->domain, ==, ISS_ERROR);
          code = error->code;
        }
      g_hash_table_insert (codes, (gpointer) methods[i]->name, GINT_TO_POINTER (code));
      n++;
    }

  return n;
}

static int
get_code (GHashTable *codes,
          const char *method)
{
  gpointer code;

  g_assert_true (g_hash_table_lookup_extended (codes, method, NULL, &code));

  return GPOINTER_TO_INT (code);
}

/* Every method of the contract has somebody who answers it, and none before Hello. */
static void
test_all (IssServiceFixture *self,
          gconstpointer      role)
{
  g_autoptr(GHashTable) before = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) after = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GVariant) told = NULL;
  GHashTableIter iter;
  gpointer name, code;

  g_assert_cmpuint (call_all (self, before), >, 20);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &name, &code))
    g_assert_cmpint (GPOINTER_TO_INT (code), ==, ISS_ERROR_PROTOCOL);

  told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  call_all (self, after);
  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &name, &code))
    {
      g_assert_cmpint (GPOINTER_TO_INT (code), !=, ISS_ERROR_PROTOCOL);
      g_assert_cmpint (GPOINTER_TO_INT (code), !=, ISS_ERROR_PERMISSION);
    }
  g_assert_cmpint (get_code (after, "GetTasks"), ==, -1);
  g_assert_cmpint (get_code (after, "GetCertificate"), ==, ISS_ERROR_INVALID_ARGUMENT);
}

/* A viewer looks, and changes nothing. */
static void
test_viewer (IssServiceFixture *self,
             gconstpointer      role)
{
  static const char *const changing[] =
    {
      "ChangeAssignments", "DeleteKey", "Export", "SealFor", "Delete", "SetKeyAccess", "SetKeyUri",
      "SetProperties", "Restore", "Enroll", "PinAdministrators", "DeliverPackage", "ArmRoll",
      "SealForReplicas", NULL
    };
  g_autoptr(GHashTable) codes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GVariant) told = iss_service_fixture_hello (self, ISS_AGENT_PROTOCOL);
  GHashTableIter iter;
  gpointer name, code;

  call_all (self, codes);
  g_hash_table_iter_init (&iter, codes);
  while (g_hash_table_iter_next (&iter, &name, &code))
    {
      g_test_message ("%s", (const char *) name);
      g_assert_true ((GPOINTER_TO_INT (code) == ISS_ERROR_PERMISSION) ==
                     g_strv_contains (changing, name));
    }
}

int
main (int    argc,
      char **argv)
{
  if (iss_service_fixture_is_helper (argc, argv))
    return 1;

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/agent-service-methods/all", IssServiceFixture, NULL, iss_service_fixture_set_up,
              test_all, iss_service_fixture_tear_down);
  g_test_add ("/agent-service-methods/viewer", IssServiceFixture, "viewer",
              iss_service_fixture_set_up, test_viewer, iss_service_fixture_tear_down);

  return g_test_run ();
}

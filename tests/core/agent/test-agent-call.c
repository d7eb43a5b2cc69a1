/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-call.h"

#include "core/base/error.h"

/* Also covers: agent-client-call. */

static gpointer
read_number (GVariant  *reply,
             GVariant  *parameters,
             GError   **error)
{
  const char *asked;
  guint32 number;

  g_variant_get (parameters, "(&s)", &asked);
  g_variant_get (reply, "(u)", &number);
  if (number == 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, "No %s", asked);
      return NULL;
    }

  return g_strdup_printf ("%u %s", number, asked);
}

static void
test_plain (void)
{
  g_autoptr(IssAgentCall) call = iss_agent_call_new ("Count", g_variant_new ("(s)", "keys"),
                                                     "(u)", read_number, g_free);
  g_autoptr(IssAgentCall) again = iss_agent_call_ref (call);
  g_autoptr(GVariant) three = g_variant_ref_sink (g_variant_new ("(u)", 3));
  g_autoptr(GVariant) none = g_variant_ref_sink (g_variant_new ("(u)", 0));
  g_autoptr(GError) error = NULL;
  g_autofree char *read = iss_agent_call_read (again, three, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read, ==, "3 keys");
  g_assert_null (iss_agent_call_read (call, none, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);

  g_assert_cmpstr (iss_agent_call_get_method (call), ==, "Count");
  g_assert_cmpstr (iss_agent_call_get_reply_type (call), ==, "(u)");
  g_assert_null (iss_agent_call_get_secret (call));
  g_assert_true (iss_agent_call_get_result_free (call) == g_free);
}

static void
test_secret (void)
{
  g_autoptr(IssSecret) secret = iss_secret_new ("one", 3);
  g_autoptr(IssAgentCall) call =
    iss_agent_call_new_with_secret ("Count", secret, g_variant_new ("(s)", "keys"), "(u)",
                                    read_number, g_free);

  g_assert_true (iss_agent_call_get_secret (call) == secret);
  g_assert_cmpuint (g_variant_n_children (iss_agent_call_get_parameters (call)), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-call/plain", test_plain);
  g_test_add_func ("/agent-call/secret", test_secret);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client against agents that lie. This program is both: with --fake MODE it is the agent,
 * which speaks the protocol and answers what no honest one would. */
#include "core/agent/agent-client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/agent/agent-log.h"
#include "core/agent/agent-stream.h"
#include "core/agent/agent-wire.h"
#include "core/agent/org.issuant.Agent1.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/seal.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

#define RIGHT_TO_LEFT "\342\200\256"
#define MILLION_LETTERS (1024 * 1024)

typedef struct
{
  const char *mode;
  GIOStream  *stream;
  guint       n_pages;
  gboolean    ended;
} Fake;

static GVariant *
new_text (gsize size)
{
  g_autoptr(GString) text = g_string_new (RIGHT_TO_LEFT);

  while (text->len < size)
    g_string_append (text, "abcdefgh");
  return g_variant_new_string (text->str);
}

static GVariant *
new_hello (Fake *fake)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(GBytes) garbage = g_bytes_new_static ("no certificate", 14);
  GBytes *seal = g_str_equal (fake->mode, "hello-garbage") ? garbage
                                                           : iss_certificate_get_der (recipient);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  if (!g_str_equal (fake->mode, "hello-nameless"))
    g_variant_dict_insert_value (&dict, "server-id",
                                 g_str_equal (fake->mode, "hello-long")
                                   ? new_text (MILLION_LETTERS) : g_variant_new_string ("fake"));
  g_variant_dict_insert_value (&dict, "version", new_text (100));
  if (!g_str_equal (fake->mode, "hello-timeless"))
    g_variant_dict_insert (&dict, "time", "x", (gint64) 5);
  g_variant_dict_insert (&dict, "owner", "i", 5);
  if (!g_str_equal (fake->mode, "hello-sealless"))
    g_variant_dict_insert_value (&dict, "seal", iss_agent_wire_new_bytes (seal));
  return g_variant_new ("(u@a{sv})", g_str_equal (fake->mode, "protocol") ? 2 : 1,
                        g_variant_dict_end (&dict));
}

static GVariant *
new_rows (Fake  *fake,
          guint  n)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));
  for (guint i = 0; i < n; i++)
    {
      guint8 hash[ISS_SHA256_SIZE] = { (guint8) fake->n_pages, (guint8) i, (guint8) (i >> 8) };

      g_variant_builder_add (&rows, "(@ay@aysssssssxxuubbu)",
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, 32, 1),
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, 20, 1),
                             "a", "b", "c", "", "", "", "", (gint64) 1, (gint64) 2, 0, 0, FALSE,
                             FALSE, 0);
    }
  return g_variant_builder_end (&rows);
}

static GVariant *
new_page (Fake *fake)
{
  const struct
    {
      const char *mode;
      guint64     snapshot;
      guint       total;
      guint       n;
    } pages[] =
    {
      { "list-endless", 1, 1000000, 1 },
      { "list-vast", 1, G_MAXUINT32, 1 },
      { "list-less", 1, 0, 1 },
      { "list-stops", 1, 5, 0 },
      { "list-crowded", 1, 10000, 5001 },
      { "list-no-snapshot", 0, 1, 1 },
    };

  fake->n_pages++;
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      if (g_str_equal (pages[i].mode, fake->mode))
        return g_variant_new ("(tuu@a" ISS_ROW_VARIANT_TYPE ")", pages[i].snapshot,
                              pages[i].total, 0, new_rows (fake, pages[i].n));
    }

  /* list-moves: each page is of another snapshot. */
  return g_variant_new ("(tuu@a" ISS_ROW_VARIANT_TYPE ")", (guint64) fake->n_pages, 5, 0,
                        new_rows (fake, 1));
}

/* An answer of another type, or of the right one that makes no sense. GDBus itself would not
 * send what the interface does not allow. */
static void
return_log (Fake                  *fake,
            GDBusConnection       *connection,
            GDBusMethodInvocation *invocation)
{
  GDBusMessage *call = g_dbus_method_invocation_get_message (invocation);
  g_autoptr(GDBusMessage) reply = g_dbus_message_new_method_reply (call);
  GVariant *body;

  if (g_str_equal (fake->mode, "log-type"))
    body = g_variant_new ("(s)", "good");
  else if (g_str_equal (fake->mode, "log-order"))
    body = g_variant_new_parsed ("(@t 0, [(@t 1, @u 1, @ay []), (2, 1, [])], @a{ss} {})");
  else
    body = g_variant_new_parsed ("({'entries': <@t 3>, 'faults': <@t 0>, 'fault': <@u 9>},)");

  g_dbus_message_set_body (reply, body);
  g_dbus_connection_send_message (connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (invocation);
}

static GVariant *
new_observation (Fake *fake)
{
  gsize size = ISS_AGENT_WIRE_MAX_REPLY + 1;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", (gint64) 5);
  g_variant_dict_insert_value (&dict, "types", g_variant_new_parsed ("@a(sstta(ayux)) []"));
  g_variant_dict_insert_value (&dict, "certificates",
                               g_variant_new_parsed ("@a(ayayssssxxuuu) []"));
  if (g_str_equal (fake->mode, "observe-text"))
    g_variant_dict_insert_value (&dict, "reconcile-error", new_text (MILLION_LETTERS));
  if (g_str_equal (fake->mode, "observe-large"))
    g_variant_dict_insert_value (&dict, "more",
                                 g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING,
                                                          g_malloc0 (size), size, TRUE, g_free,
                                                          NULL));
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&dict));
}

static void
return_observation (Fake                  *fake,
                    GDBusMethodInvocation *invocation)
{
  if (g_str_equal (fake->mode, "observe-half"))
    {
      GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (fake->stream));

      /* Our half is closed, the answer will never come; we stay. */
      g_assert_no_errno (shutdown (g_socket_get_fd (socket), SHUT_WR));
      g_object_unref (invocation);
    }
  else if (g_str_equal (fake->mode, "observe-error"))
    {
      g_dbus_method_invocation_return_error (invocation, ISS_ERROR, ISS_ERROR_UNREACHABLE,
                                             RIGHT_TO_LEFT "it\nis not there");
    }
  else
    {
      g_dbus_method_invocation_return_value (invocation, new_observation (fake));
    }
}

static void
method_called_cb (GDBusConnection       *connection,
                  const char            *sender,
                  const char            *path,
                  const char            *interface,
                  const char            *method,
                  GVariant              *parameters,
                  GDBusMethodInvocation *invocation,
                  gpointer               user_data)
{
  Fake *fake = user_data;

  if (g_str_equal (method, "Hello"))
    g_dbus_method_invocation_return_value (invocation, new_hello (fake));
  else if (g_str_equal (method, "GetLog") || g_str_equal (method, "VerifyLog"))
    return_log (fake, connection, invocation);
  else if (g_str_equal (method, "ListRows"))
    g_dbus_method_invocation_return_value (invocation, new_page (fake));
  else
    return_observation (fake, invocation);
}

static void
closed_cb (GDBusConnection *connection,
           gboolean         vanished,
           GError          *error,
           Fake            *fake)
{
  fake->ended = TRUE;
}

static int
be_agent (const char *mode)
{
  const GDBusInterfaceVTable vtable = { .method_call = method_called_cb };
  Fake fake = { .mode = mode };
  g_autoptr(GIOStream) stream = iss_agent_stream_take_stdio (NULL);
  g_autoptr(GDBusConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  fake.stream = stream;
  if (iss_error_quark () == 0 || !iss_agent_stream_greet (stream, &error))
    return EXIT_FAILURE;

  connection = iss_agent_stream_accept (stream, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), &fake);
  g_dbus_connection_register_object (connection, ISS_AGENT_WIRE_PATH,
                                     iss_dbus_agent_interface_info (), &vtable, &fake, NULL,
                                     &error);
  g_assert_no_error (error);
  g_dbus_connection_start_message_processing (connection);
  while (!fake.ended)
    g_main_context_iteration (NULL, TRUE);

  return EXIT_SUCCESS;
}

static void
set_up (IssAgentFixture *fixture,
        const char      *mode)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *script = g_strdup_printf ("exec '%s' --fake %s", own, mode);

  g_test_message ("%s", mode);
  iss_agent_fixture_set_up (fixture);
  iss_agent_fixture_script (fixture, script);
}

static void
test_hello (void)
{
  const struct
    {
      const char *mode;
      IssError    code;
      const char *message;
    } cases[] =
    {
      { "protocol", ISS_ERROR_PROTOCOL, "speaks protocol 2, this console needs 1" },
      { "hello-nameless", ISS_ERROR_PROTOCOL, "does not introduce itself" },
      { "hello-timeless", ISS_ERROR_PROTOCOL, "does not introduce itself" },
      { "hello-sealless", ISS_ERROR_PROTOCOL, "does not introduce itself" },
      { "hello-garbage", ISS_ERROR_MALFORMED, "" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssAgentFixture fixture = { NULL };
      g_autoptr(GError) error = NULL;

      set_up (&fixture, cases[i].mode);
      g_assert_null (iss_agent_fixture_try_open (&fixture, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      iss_agent_fixture_tear_down (&fixture);
    }
}

static void
test_long_names (void)
{
  IssAgentFixture fixture = { NULL };

  set_up (&fixture, "hello-long");
  iss_agent_fixture_open (&fixture);
  g_assert_true (iss_text_is_clean (iss_agent_client_get_server_id (fixture.client), 256));
  g_assert_true (iss_text_is_clean (iss_agent_client_get_version (fixture.client), 256));
  g_assert_cmpstr (iss_agent_client_get_owner (fixture.client), ==, "");
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_lists (void)
{
  const struct
    {
      const char *mode;
      IssError    code;
      gboolean    closes;
    } cases[] =
    {
      { "list-endless", ISS_ERROR_TOO_LARGE, TRUE },
      { "list-vast", ISS_ERROR_TOO_LARGE, TRUE },
      { "list-crowded", ISS_ERROR_TOO_LARGE, TRUE },
      { "list-less", ISS_ERROR_MALFORMED, FALSE },
      { "list-stops", ISS_ERROR_MALFORMED, FALSE },
      { "list-no-snapshot", ISS_ERROR_MALFORMED, FALSE },
      { "list-moves", ISS_ERROR_MALFORMED, FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssAgentFixture fixture = { NULL };
      g_autoptr(GError) error = NULL;

      set_up (&fixture, cases[i].mode);
      iss_agent_fixture_open (&fixture);
      g_clear_object (&fixture.result);
      iss_agent_client_list_rows_async (fixture.client, ISS_STORE_MY, NULL,
                                        iss_agent_fixture_result_cb, &fixture);
      g_assert_null (iss_agent_client_list_rows_finish (fixture.client,
                                                        iss_agent_fixture_wait (&fixture),
                                                        &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_cmpint (iss_agent_client_is_closed (fixture.client), ==, cases[i].closes);
      iss_agent_fixture_tear_down (&fixture);
    }
}

/* What is called by the frame of agent-call is checked like all else. */
static void
test_log (void)
{
  const struct
    {
      const char *mode;
      gboolean    verify;
    } cases[] =
    {
      { "log-type", FALSE },
      { "log-type", TRUE },
      { "log-order", FALSE },
      { "log-lie", TRUE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const IssAgentLogQuery query = { .limit = 10 };
      g_autoptr(IssAgentCall) call = cases[i].verify ? iss_agent_log_new_verify ()
                                                     : iss_agent_log_new_get (&query);
      IssAgentFixture fixture = { NULL };
      g_autoptr(GError) error = NULL;

      set_up (&fixture, cases[i].mode);
      iss_agent_fixture_open (&fixture);
      g_clear_object (&fixture.result);
      iss_agent_client_call_async (fixture.client, call, NULL, iss_agent_fixture_result_cb,
                                   &fixture);
      g_assert_null (iss_agent_client_call_finish (fixture.client,
                                                   iss_agent_fixture_wait (&fixture), &error));
      g_assert_cmpint (error->domain, ==, ISS_ERROR);
      g_test_message ("%s", error->message);
      g_assert_true (error->code == ISS_ERROR_MALFORMED || error->code == ISS_ERROR_PROTOCOL);
      iss_agent_fixture_tear_down (&fixture);
    }
}

static void
keep_reason_cb (IssAgentClient *client,
                GError         *reason,
                GError        **out_reason)
{
  g_assert_null (*out_reason);
  *out_reason = g_error_copy (reason);
}

/* Nobody keeps 16 MiB of a server's talk: the connection is closed, and why is said. */
static void
test_large (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) reason = NULL;

  set_up (&fixture, "observe-large");
  iss_agent_fixture_open (&fixture);
  g_signal_connect (fixture.client, "closed", G_CALLBACK (keep_reason_cb), &reason);
  g_assert_null (iss_agent_fixture_observe (&fixture, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "larger than 16 MiB"));
  iss_wait_until (reason != NULL);
  g_assert_error (reason, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_true (iss_agent_client_is_closed (fixture.client));
  iss_agent_fixture_tear_down (&fixture);
}

/* The agent's half is closed while it stays: no answer can come, so nobody waits for one. */
static void
test_half_close (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) reason = NULL;

  set_up (&fixture, "observe-half");
  iss_agent_fixture_open (&fixture);
  g_signal_connect (fixture.client, "closed", G_CALLBACK (keep_reason_cb), &reason);
  g_assert_null (iss_agent_fixture_observe (&fixture, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CLOSED);
  iss_wait_until (reason != NULL);
  g_assert_error (reason, ISS_ERROR, ISS_ERROR_CLOSED);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_texts (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssObservation) observation = NULL;
  const char *shown;
  g_autoptr(GError) error = NULL;

  set_up (&fixture, "observe-text");
  iss_agent_fixture_open (&fixture);
  observation = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  shown = iss_observation_get_reconcile_error (observation);
  g_assert_true (iss_text_is_clean (shown, 1024));
  g_assert_null (strstr (shown, RIGHT_TO_LEFT));
  iss_agent_fixture_tear_down (&fixture);
}

/* An agent that answers cannot say of itself that it does not. */
static void
test_error (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;

  set_up (&fixture, "observe-error");
  iss_agent_fixture_open (&fixture);
  g_assert_null (iss_agent_fixture_observe (&fixture, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_true (iss_text_is_clean (error->message, 100));
  g_assert_nonnull (strstr (error->message, "is not there"));
  g_assert_false (iss_agent_client_is_closed (fixture.client));
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--fake"))
    return be_agent (argv[2]);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hostile-agent/hello", test_hello);
  g_test_add_func ("/hostile-agent/long-names", test_long_names);
  g_test_add_func ("/hostile-agent/lists", test_lists);
  g_test_add_func ("/hostile-agent/log", test_log);
  g_test_add_func ("/hostile-agent/large", test_large);
  g_test_add_func ("/hostile-agent/half-close", test_half_close);
  g_test_add_func ("/hostile-agent/texts", test_texts);
  g_test_add_func ("/hostile-agent/error", test_error);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/agent/service-fixture.h"

#include <gio/gunixconnection.h>
#include <sys/socket.h>

#include "core/agent/agent-wire.h"
#include "tests/lib/wait.h"

static GIOStream *
new_stream (int fd)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GDBusConnection **connection = user_data;
  g_autoptr(GError) error = NULL;

  *connection = g_dbus_connection_new_finish (result, &error);
  g_assert_no_error (error);
}

static void
connect_both (IssServiceFixture *self)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr(GIOStream) their_stream = NULL;
  g_autoptr(GIOStream) our_stream = NULL;
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  their_stream = new_stream (fds[0]);
  our_stream = new_stream (fds[1]);
  g_dbus_connection_new (their_stream, guid,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
                         G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING, NULL, NULL,
                         connected_cb, &self->theirs);
  g_dbus_connection_new (our_stream, NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                         NULL, connected_cb, &self->ours);
  iss_wait_until (self->theirs != NULL && self->ours != NULL);
}

gboolean
iss_service_fixture_is_helper (int    argc,
                               char **argv)
{
  static const char *const options[] = { "--vet", "--parse", "--token", NULL };

  return argc > 1 && g_strv_contains (options, argv[1]);
}

void
iss_service_fixture_set_up (IssServiceFixture *self,
                            gconstpointer      role)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_SERVER_FOLDER_NOW);
  g_autoptr(GError) error = NULL;

  self->folder = iss_server_folder_new ();
  connect_both (self);
  self->service = iss_agent_service_new (self->folder->root, clock, "Europe/Berlin",
                                         role != NULL ? role : "operator", "alice");
  g_assert_true (iss_agent_service_export (self->service, self->theirs, &error));
  g_assert_no_error (error);
}

void
iss_service_fixture_tear_down (IssServiceFixture *self,
                               gconstpointer      role)
{
  iss_wait_until (!iss_agent_service_is_busy (self->service));
  g_assert_true (g_dbus_connection_close_sync (self->ours, NULL, NULL));
  iss_wait_until (g_dbus_connection_is_closed (self->theirs));
  g_clear_object (&self->ours);
  g_clear_object (&self->theirs);
  iss_wait_for_idle ();
  g_assert_finalize_object (self->service);
  iss_server_folder_free (self->folder);
}

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

GVariant *
iss_service_fixture_call (IssServiceFixture  *self,
                          const char         *method,
                          GVariant           *parameters,
                          GError            **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  g_dbus_connection_call (self->ours, NULL, ISS_AGENT_WIRE_PATH, ISS_AGENT_WIRE_INTERFACE, method,
                          parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, called_cb, &result);
  iss_wait_until (result != NULL);

  return g_dbus_connection_call_finish (self->ours, result, error);
}

GVariant *
iss_service_fixture_hello (IssServiceFixture *self,
                           guint              protocol)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply =
    iss_service_fixture_call (self, "Hello", g_variant_new ("(u@a{sv})", protocol,
                                                            g_variant_new ("a{sv}", NULL)),
                              &error);

  g_assert_no_error (error);

  return g_variant_get_child_value (reply, 1);
}

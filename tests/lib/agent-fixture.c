/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/agent-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>

#include "core/base/error.h"
#include "tests/lib/wait.h"

#define DAY (24 * 60 * 60)

/* Returns: (transfer full): the path of the program that was built */
char *
iss_agent_fixture_dup_program (void)
{
  const char *build = g_getenv ("ISS_TEST_BUILD");

  g_assert_nonnull (build);
  return g_build_filename (build, "app", "agent", "issuant-agent", NULL);
}

/* Nothing runs yet. */
void
iss_agent_fixture_set_up (IssAgentFixture *self)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;

  signal (SIGPIPE, SIG_IGN);
  self->temp = iss_temp_folder_new ();
  self->root = iss_temp_folder_dup_path (self->temp, "root");
  uri = g_strconcat ("local://", self->root, NULL);
  self->address = iss_connection_address_parse (uri, &error);
  g_assert_no_error (error);
  self->launch = iss_launch_new (program);
  self->launch->at = ISS_AGENT_FIXTURE_NOW;
  self->launch->who = g_strdup ("tester");
}

void
iss_agent_fixture_tear_down (IssAgentFixture *self)
{
  if (self->client != NULL)
    iss_agent_client_close (self->client);
  g_clear_object (&self->result);
  g_clear_object (&self->client);
  iss_wait_for_idle ();
  g_clear_pointer (&self->address, iss_connection_address_unref);
  g_clear_pointer (&self->launch, iss_launch_free);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->temp, iss_temp_folder_free);
}

/* A shell script takes the agent's place; $AGENT in it is the real one. */
void
iss_agent_fixture_script (IssAgentFixture *self,
                          const char      *text)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\nAGENT='%s'\n%s\n", program, text);

  g_free (self->launch->local_agent);
  self->launch->local_agent = iss_temp_folder_write (self->temp, "agent.sh", script, -1);
  g_assert_no_errno (g_chmod (self->launch->local_agent, 0755));
}

void
iss_agent_fixture_result_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  IssAgentFixture *self = user_data;

  g_set_object (&self->result, result);
}

GAsyncResult *
iss_agent_fixture_wait (IssAgentFixture *self)
{
  iss_wait_until (self->result != NULL);
  return self->result;
}

IssAgentClient *
iss_agent_fixture_try_open (IssAgentFixture  *self,
                            GError          **error)
{
  g_clear_object (&self->result);
  iss_agent_client_open_async (self->address, self->launch, NULL, iss_agent_fixture_result_cb,
                               self);
  return iss_agent_client_open_finish (iss_agent_fixture_wait (self), error);
}

void
iss_agent_fixture_open (IssAgentFixture *self)
{
  g_autoptr(GError) error = NULL;

  self->client = iss_agent_fixture_try_open (self, &error);
  g_assert_no_error (error);
}

GBytes *
iss_agent_fixture_make_file (const char      *label,
                             IssCertificate **out_certificate)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("agent-fixture");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssSecret) key_pem = NULL;
  g_autofree char *pem = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  const char *const names[] = { "auth.contoso.example", "contoso.example", NULL };
  const IssMakerSpec spec =
    {
      .subject_cn = "auth.contoso.example",
      .dns_names = names,
      .not_before = ISS_AGENT_FIXTURE_NOW - 30 * DAY,
      .not_after = ISS_AGENT_FIXTURE_NOW + 700 * DAY,
      .rsa_bits = 2048,
      .token_issuer = TRUE,
      .key_label = label,
    };

  certificate = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
  g_assert_no_error (error);
  key_pem = iss_private_key_dup_pem (key, &error);
  g_assert_no_error (error);
  pem = iss_certificate_dup_pem (certificate);
  g_string_append (text, pem);
  g_string_append_len (text, iss_secret_get_data (key_pem, NULL), iss_secret_get_size (key_pem));
  if (out_certificate != NULL)
    *out_certificate = g_steal_pointer (&certificate);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

GPtrArray *
iss_agent_fixture_import (IssAgentFixture  *self,
                          GBytes           *file,
                          IssSecret        *password,
                          gboolean          what_if,
                          GError          **error)
{
  const IssImportOptions options =
    {
      .automatic_store = TRUE,
      .exportable = TRUE,
      .intent = ISS_INTENT_POOL,
      .what_if = what_if,
    };

  g_clear_object (&self->result);
  iss_agent_client_import_async (self->client, file, password, &options, NULL,
                                 iss_agent_fixture_result_cb, self);
  return iss_agent_client_import_finish (self->client, iss_agent_fixture_wait (self), error);
}

IssObservation *
iss_agent_fixture_observe (IssAgentFixture  *self,
                           GPtrArray        *asked,
                           GError          **error)
{
  g_clear_object (&self->result);
  iss_agent_client_observe_async (self->client, asked, NULL, iss_agent_fixture_result_cb, self);
  return iss_agent_client_observe_finish (self->client, iss_agent_fixture_wait (self), error);
}

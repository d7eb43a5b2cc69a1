/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/pool/agents-fixture.h"

#include "core/certificate/maker.h"
#include "core/formats/pfx-writer.h"
#include "tests/lib/wait.h"

#define NOW ISS_AGENTS_FIXTURE_NOW
#define DAY 86400
#define POOL "pool01.contoso.example"

static void
make_pfx (IssAgentsFixture *self)
{
  static const char *const names[] = { "auth.contoso.example", NULL };
  g_autoptr(IssMaker) maker = iss_maker_new (ISS_AGENTS_FIXTURE_SEED);
  g_autoptr(IssPrivateKey) ca_key = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);
  g_autoptr(GError) error = NULL;
  IssMakerSpec ca_spec = { .subject_cn = "Test CA", .not_before = NOW - DAY,
                           .not_after = NOW + DAY * 3650, .rsa_bits = 2048, .is_ca = TRUE,
                           .key_label = "ca" };
  IssMakerSpec spec = { .subject_cn = names[0], .dns_names = names, .not_before = NOW - DAY,
                        .not_after = NOW + DAY * 700, .rsa_bits = 2048, .token_issuer = TRUE,
                        .key_label = "auth" };

  self->authority = iss_maker_make (maker, &ca_spec, NULL, NULL, &ca_key, &error);
  g_assert_no_error (error);
  self->certificate = iss_maker_make (maker, &spec, self->authority, ca_key, &key, &error);
  g_assert_no_error (error);

  iss_bundle_add_certificate (bundle, self->authority, NULL);
  iss_bundle_add_certificate (bundle, self->certificate, "Auth");
  iss_bundle_add_key (bundle, key);
  self->password = iss_secret_new ("geheim", 6);
  self->pfx = iss_pfx_writer_write_with (bundle, ISS_PFX_PROFILE_AES256_SHA256, TRUE, 2048,
                                         self->password, &error);
  g_assert_no_error (error);
}

static void
add_server (IssAgentsFixture *self,
            const char       *name,
            const char       *connection)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_workspace_add_server (self->workspace, POOL, name, connection, NULL, &error));
  g_assert_no_error (error);
  g_ptr_array_add (self->servers,
                   g_object_ref (iss_workspace_find_server (self->workspace, name, NULL)));
}

/**
 * iss_agents_fixture_set_up:
 * @self: a fixture
 * @n_servers: how many servers its pool has, as a pointer
 */
void
iss_agents_fixture_set_up (IssAgentsFixture *self,
                           gconstpointer     n_servers)
{
  static const char *const domains[] = { "contoso.example", NULL };
  g_autofree char *agent = g_build_filename (g_getenv ("ISS_TEST_BUILD"),
                                             "app/agent/issuant-agent", NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new (agent);
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);
  g_autofree char *topology = NULL;
  g_autofree char *cache = NULL;
  g_autoptr(GError) error = NULL;

  launch->at = NOW;
  self->folder = iss_temp_folder_new ();
  topology = iss_temp_folder_dup_path (self->folder, "topology.conf");
  cache = iss_temp_folder_dup_path (self->folder, "cache");
  self->workspace = iss_workspace_open (topology, cache, launch, clock, &error);
  g_assert_no_error (error);
  g_assert_true (iss_workspace_set_pool (self->workspace, POOL, domains, &error));
  g_assert_no_error (error);
  self->pool = iss_workspace_find_pool (self->workspace, POOL);
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 1; i <= GPOINTER_TO_UINT (n_servers); i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u.contoso.example", i);
      g_autofree char *connection = g_strdup_printf ("local://%s/fe%02u",
                                                     iss_temp_folder_get_path (self->folder), i);

      add_server (self, name, connection);
    }

  make_pfx (self);
}

/**
 * iss_agents_fixture_tear_down:
 * @self: a fixture
 * @unused: nothing
 */
void
iss_agents_fixture_tear_down (IssAgentsFixture *self,
                              gconstpointer     unused)
{
  for (guint i = 0; i < self->servers->len; i++)
    iss_server_disconnect (self->servers->pdata[i]);
  iss_wait_for_idle ();

  g_ptr_array_unref (self->servers);
  g_assert_finalize_object (self->workspace);
  g_bytes_unref (self->pfx);
  iss_secret_unref (self->password);
  g_object_unref (self->certificate);
  g_object_unref (self->authority);
  iss_temp_folder_free (self->folder);
}

/**
 * iss_agents_fixture_add_dead:
 * @self: a fixture
 * @name: the server's name
 *
 * Adds a server whose folder is a file, so that its agent ends at once.
 */
void
iss_agents_fixture_add_dead (IssAgentsFixture *self,
                             const char       *name)
{
  g_autofree char *path = iss_temp_folder_write (self->folder, "dead", "", 0);
  g_autofree char *connection = g_strconcat ("local://", path, NULL);

  add_server (self, name, connection);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

/**
 * iss_agents_fixture_run:
 * @job: a job
 *
 * Runs it to its end.
 */
void
iss_agents_fixture_run (IssJob *job)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  iss_job_run_async (job, NULL, run_cb, &result);
  iss_wait_until (result != NULL);
  g_assert_true (iss_job_run_finish (job, result, &error));
  g_assert_no_error (error);
}
